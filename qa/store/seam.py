"""The interface of a store: the methods that every store implements.

Retrieval, answers and indexing use a store only through this module and `values`. A store contains
documents, their passages, one vector per sentence and the terms of each passage. Each
implementation chooses how to store and search them.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol, Self

from embeddings import ModelIdentity, Vectors
from qa.store.source_files import Stamp
from qa.store.values import (
    Analysis,
    Article,
    Batch,
    Canary,
    Candidates,
    Changes,
    Committed,
    Progress,
    Question,
    Recipe,
    StoredDocument,
    StoredStory,
)
from qa.types import Coverage, Document, Filters, IndexStatus, Passage, Problem, Span


class PassageStore(Protocol):
    """One committed state of an index, open for reading. Safe to use from several threads.

    An open reader keeps its state; later commits do not change it. If stored data is damaged, every
    method raises `IndexDamaged` instead of returning wrong data.
    """

    @property
    def state(self) -> str:
        """The name of the committed state, different for every commit."""
        ...

    @property
    def model(self) -> ModelIdentity:
        """The encoder that the sentences were embedded with."""
        ...

    @property
    def canary(self) -> Canary: ...

    @property
    def publishers(self) -> Sequence[str]:
        """The publishers of all documents, sorted."""
        ...

    def load(self) -> None:
        """Checks the state and prepares it for search. Call it once, before every other method."""
        ...

    def analyse(self, question: str) -> Analysis:
        """The terms of a question and their weights in this state."""
        ...

    def candidates(self, question: Question, depth: int) -> Candidates:
        """The union of two lists, restricted by the question's filters: the `depth` passages most
        similar in meaning and the `depth` passages with the highest BM25. Each passage occurs once
        and has all scores, those for each clause of the question included. Clauses find no
        passages of their own."""
        ...

    def articles(self, doc_ids: Collection[str], vector: Vectors) -> dict[str, Article]:
        """The documents with these ids, by id, with the cosines of `vector` (see `Article`).

        All ids must exist. `vector` is the question's unit vector, `(dimension,)`.
        """
        ...

    def days(self, doc_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """The first and the last day that the date of each of these documents may mean, by id.

        Days are proleptic Gregorian ordinals. All ids must exist. A document without a date is
        left out.
        """
        ...

    def newest_day(self, filters: Filters) -> int | None:
        """The first day that the date of the newest document within the filters may mean, as in
        `days`; None when none has a date."""
        ...

    def document(self, doc_id: str) -> Document | None:
        """The document with this id; None for an unknown id."""
        ...

    def passages_of(self, doc_id: str) -> tuple[Span, ...]:
        """The spans of a document's passages, in order; empty for an unknown id."""
        ...

    def story_of(self, doc_ids: Collection[str]) -> dict[str, StoredStory]:
        """The stories of these documents, by id. All ids must exist; a document that is part of no
        story is left out."""
        ...

    def stories(self, filters: Filters) -> tuple[StoredStory, ...]:
        """The stories with an article within the filters, sorted by id.

        At each commit the store groups all documents by `qa.stories`, or as if it did.
        """
        ...

    def stamp(self, path: str) -> tuple[int, int]:
        """Size in bytes and modification time in nanoseconds of a file when it was indexed."""
        ...

    def undated(self, filters: Filters) -> int:
        """The number of documents that a date filter excludes because they have no date. Those of
        another publisher than the filters ask for do not count."""
        ...

    def sourceless(self, filters: Filters) -> int:
        """The number of documents that a publisher filter excludes because they have no publisher.
        Those of another date than the filters ask for do not count."""
        ...

    def doc_ids(self, filters: Filters) -> Sequence[str]:
        """The ids of the documents within the filters, newest first and those without a date last;
        of one day by id. The day is the first that the date may mean."""
        ...

    def counts(self, filters: Filters) -> dict[str | None, int]:
        """The number of documents within the filters from each publisher; None is the key of those
        without one."""
        ...

    def coverage(self) -> Coverage:
        """The documents, publishers and dates that questions can be about."""
        ...

    def status(self) -> IndexStatus:
        """The contents of the state and how it was built."""
        ...

    def scan(self) -> Iterator[StoredDocument]:
        """Every document in insertion order, for evaluation and for copying to another store."""
        ...

    def close(self) -> None: ...


class StoreWriter(Protocol):
    """The only writer of a store: builds the next state and commits it; a context manager.

    After `begin`, reading methods return the next state, which starts as a copy of the committed
    state. `commit` makes all changes visible to readers at once. If a writer is killed, the
    committed state is unchanged, and the next writer reuses the vectors saved so far.
    """

    @property
    def analyzer(self) -> str:
        """The versioned name of this store's text analyzer."""
        ...

    def committed(self, *, rebuild: bool = False) -> Recipe | None:
        """The recipe of the committed state; None if there is no committed state.

        Raises `IndexDamaged` if the recipe or the documents are damaged. With `rebuild` it does not
        raise, and returns None if the recipe cannot be read.
        """
        ...

    def begin(self, recipe: Recipe, *, rebuild: bool = False) -> bool:
        """Starts the next state; with `rebuild` it starts empty.

        Returns whether its initial documents were read and split by the rules of `recipe`.
        """
        ...

    def files(self) -> dict[str, tuple[str, str]]:
        """Every known file, including files that could not be read: path to `(doc_id, sha256)`."""
        ...

    def file(self, path: str) -> tuple[str, str] | None:
        """The `(doc_id, sha256)` of a known file; None for an unknown path."""
        ...

    def waits(self, path: str) -> bool:
        """Whether an article of the file was left out because another article has its id."""
        ...

    def doc_ids(self, path: str) -> list[str]:
        """The ids of the documents from a file."""
        ...

    def document(self, doc_id: str) -> Document | None: ...

    def put_file(
        self, path: str, doc_id: str, sha256: str, problems: Sequence[Problem], stamp: Stamp | None
    ) -> None:
        """Stores the facts about a file; for `stamp` see `source_files.stamp`."""
        ...

    def drop_file(self, path: str) -> None: ...

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        """Adds a document, or replaces the document with the same id."""
        ...

    def describe_document(self, document: Document) -> None:
        """Replaces everything about a document except its text, which must be unchanged."""
        ...

    def drop_document(self, doc_id: str) -> None: ...

    def changes(self) -> Changes:
        """How the next state differs from the committed one."""
        ...

    def problems(self, path: str | None = None) -> tuple[Problem, ...]:
        """The problems of the file at `path`; of all files if `path` is None."""
        ...

    def due(self, changes: Changes) -> bool:
        """Whether the next state must be committed: it contains changes, its recipe is different,
        or files of the committed state are damaged."""
        ...

    def without_vectors(self) -> int:
        """The number of passages without vectors."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The passages without vectors. Pass each batch to `put_vectors` before taking the next."""
        ...

    def put_vectors(self, batch: Batch, vectors: Vectors) -> None:
        """Stores the unit vectors of a batch's texts, `(texts, dimension)`."""
        ...

    def commit(self, canary: Canary, progress: Progress) -> Committed:
        """Makes the next state the committed state. It is on disk when this returns."""
        ...

    def current(self) -> Committed:
        """The committed state."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
