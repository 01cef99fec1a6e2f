"""The seam to a store: the verbs that a store answers to.

Retrieval, answers and indexing know a store by this module and `values` alone. A store keeps
documents, their passages, one vector a sentence and the words of each passage; how it keeps and
searches them is its own affair.
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
)
from qa.types import Coverage, Document, Filters, IndexStatus, Passage, Problem, Span


class PassageStore(Protocol):
    """One committed state of an index, open for reading. Safe to use from several threads.

    What a reader sees does not change while it is open, whatever is committed meanwhile. Every
    method raises `IndexDamaged` rather than return what was not stored.
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
        """Checks the state and makes it ready to search; called once, before every other verb."""
        ...

    def analyse(self, question: str) -> Analysis:
        """The terms of a question and their weights in this state."""
        ...

    def candidates(self, question: Question, depth: int) -> Candidates:
        """The `depth` passages most like the question in meaning and the `depth` with the highest
        BM25, each once and with all scores, among those that pass the question's filters.

        They are scored for each clause of the question as well; clauses find no passages."""
        ...

    def articles(self, doc_ids: Collection[str], vector: Vectors) -> dict[str, Article]:
        """The documents of these ids, which the store holds, and how they open, by id."""
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
        """The document of an id, None when the store holds none."""
        ...

    def passages_of(self, doc_id: str) -> tuple[Span, ...]:
        """The places of a document's passages, in order; none for an unknown id."""
        ...

    def stamp(self, path: str) -> tuple[int, int]:
        """Size in bytes and time of modification in nanoseconds of a file when it was indexed."""
        ...

    def undated(self, filters: Filters) -> int:
        """How many documents a date filter leaves out because they have no date."""
        ...

    def coverage(self) -> Coverage:
        """What can be asked here."""
        ...

    def status(self) -> IndexStatus:
        """What the state holds and how it was made."""
        ...

    def scan(self) -> Iterator[StoredDocument]:
        """Every document in the order of addition: for evaluation, and to fill another store."""
        ...

    def close(self) -> None: ...


class StoreWriter(Protocol):
    """The only writer of a store, from the committed state to the next; a context manager.

    After `begin` the verbs that read show the next state, which starts as the committed one.
    Nothing is visible to readers before `commit`, and everything after it. A writer that is
    killed leaves the committed state as it was, and what it embedded to the next writer.
    """

    @property
    def analyzer(self) -> str:
        """The name of the rules by which this store cuts words."""
        ...

    def committed(self, *, rebuild: bool = False) -> Recipe | None:
        """The recipe of the committed state; None where there is none, and with `rebuild` where it
        is damaged. Raises `IndexDamaged` otherwise."""
        ...

    def begin(self, recipe: Recipe, *, rebuild: bool = False) -> bool:
        """Starts the next state, from nothing with `rebuild`. Returns whether the documents that it
        starts with were read and split by the rules of `recipe`."""
        ...

    def files(self) -> dict[str, tuple[str, str]]:
        """Every file that was read or refused: path to its `(doc_id, sha256)`."""
        ...

    def file(self, path: str) -> tuple[str, str] | None:
        """The `(doc_id, sha256)` of one of them; None for an unknown path."""
        ...

    def waits(self, path: str) -> bool:
        """Whether an article of the file is missing because another file has its id."""
        ...

    def doc_ids(self, path: str) -> list[str]:
        """The ids of the documents from a file."""
        ...

    def document(self, doc_id: str) -> Document | None: ...

    def put_file(
        self, path: str, doc_id: str, sha256: str, problems: Sequence[Problem], stamp: Stamp | None
    ) -> None:
        """Stores what is known of a file; see `source_files.stamp`."""
        ...

    def drop_file(self, path: str) -> None: ...

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        """Adds a document, or replaces the one of its id."""
        ...

    def describe_document(self, document: Document) -> None:
        """Replaces everything about a document but its text, which must be the same."""
        ...

    def drop_document(self, doc_id: str) -> None: ...

    def changes(self) -> Changes:
        """How the next state differs from the committed one."""
        ...

    def problems(self, path: str | None = None) -> tuple[Problem, ...]:
        """What is wrong with all files, or with one of them."""
        ...

    def due(self, changes: Changes) -> bool:
        """Whether the next state is to be committed: it has changes, was made by another recipe, or
        replaces damaged files."""
        ...

    def without_vectors(self) -> int:
        """How many passages lack vectors."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The passages that lack vectors, to be passed to `put_vectors` one by one."""
        ...

    def put_vectors(self, batch: Batch, vectors: Vectors) -> None:
        """Stores the unit vectors of a batch's texts, `(texts, dimension)`."""
        ...

    def commit(self, canary: Canary, progress: Progress) -> Committed:
        """Makes the next state the committed one. It is on the disk when this returns."""
        ...

    def current(self) -> Committed:
        """The committed state."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
