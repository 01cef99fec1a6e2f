"""The seam to a store: the values that cross it, and the verbs that a store answers to.

Retrieval, answers and indexing know a store by this module alone. A store keeps documents, their
passages, one vector a sentence and the words of each passage; how it keeps and searches them is
its own affair. Arrays are aligned: entry `i` of each column belongs to candidate `i`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from embeddings import ModelIdentity, Vectors
from qa.types import Document, Filters, IndexStatus, Span

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A question's words as the store indexes words.

    `terms` are in order and may repeat. `weights` has each of them once with its inverse document
    frequency, 0 where no passage has it. `finder` maps a text to those of the terms that it has,
    each with the first word that has it.
    """

    terms: tuple[str, ...]
    weights: Mapping[str, float]
    finder: Callable[[str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, analysed once for every stage that reads it.

    `vector` is its unit vector, `(dimension,)`; `words` its terms; `asks_quantity` whether it asks
    how many or how much; `publishers` are those that it names.
    """

    text: str
    vector: Vectors
    words: Analysis
    asks_quantity: bool
    publishers: frozenset[str]
    filters: Filters


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer a question, with everything that ranking needs to know of them.

    Of `n` passages: `passage_ids`, `doc_ids`, `publishers`, `sha256` (of the quote, 32 bytes),
    `spans` `(n, 2)`, `vectors` `(n, dimension)`, and the scores `cosines` (question and passage),
    `article_cosines` (question and article) and `bm25`, `(n,)` each.

    Of their `s` sentences, passage by passage, those of passage `i` from `first_sentence[i]` on:
    `sentence_spans` `(s, 2)`, `sentence_cosines` `(s,)`, and `has_quantity` `(s,)`, whether the
    sentence states a quantity.
    """

    passage_ids: tuple[str, ...]
    doc_ids: tuple[str, ...]
    publishers: tuple[str | None, ...]
    sha256: tuple[bytes, ...]
    spans: Ints
    vectors: Vectors
    cosines: Scores
    article_cosines: Scores
    bm25: Scores
    first_sentence: Ints
    sentence_spans: Ints
    sentence_cosines: Scores
    has_quantity: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.passage_ids)

    def sentences(self, place: int) -> slice:
        """Where the sentences of candidate `place` are in the columns of sentences."""
        last = place + 1 == len(self)
        return slice(
            int(self.first_sentence[place]),
            len(self.sentence_cosines) if last else int(self.first_sentence[place + 1]),
        )

    def span(self, place: int) -> Span:
        """The place of a candidate in its document."""
        start, end = self.spans[place].tolist()
        return start, end

    def spans_of_sentences(self, place: int) -> tuple[Span, ...]:
        """The places of a candidate's sentences in its document."""
        return tuple(
            (start, end) for start, end in self.sentence_spans[self.sentences(place)].tolist()
        )


@dataclass(frozen=True, slots=True)
class Article:
    """A document, and the cosines of a question with the sentences of its first passage."""

    document: Document
    opening: Scores


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it was stored: its unit vector `(dimension,)`, and of each passage the spans
    and the unit vectors `(sentences, dimension)` of its sentences."""

    document: Document
    vector: Vectors
    passages: tuple[tuple[tuple[Span, ...], Vectors], ...]


@dataclass(frozen=True, slots=True)
class Canary:
    """A sentence and the vector that the index's encoder gave it, to notice another encoder."""

    text: str
    vector: tuple[float, ...]


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
        BM25, each once and with all scores, among those that pass the question's filters."""
        ...

    def articles(self, doc_ids: Collection[str], vector: Vectors) -> dict[str, Article]:
        """The documents of these ids, which the store holds, and how they open, by id."""
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

    def status(self) -> IndexStatus:
        """What the state holds and how it was made."""
        ...

    def scan(self) -> Iterator[StoredDocument]:
        """Every document in the order of addition: for evaluation, and to fill another store."""
        ...

    def close(self) -> None: ...
