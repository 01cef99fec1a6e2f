"""The values that cross the seam to a store. All are frozen.

Arrays are aligned: entry `i` of each column belongs to candidate `i`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from embeddings import ModelIdentity, Vectors
from qa.types import Document, Filters, Problem, Span

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A question's words as the store indexes words.

    `terms` are in order and may repeat. `weights` has each of them once with its inverse document
    frequency, 0 where no passage has it. `finder` maps a text to those of the terms that it has,
    each with the first word that has it; a name that the question has in capitals ("ICE", "US") is
    not found in a word of small letters ("ice", "us").
    """

    terms: tuple[str, ...]
    weights: Mapping[str, float]
    finder: Callable[[str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a long question that asks or describes one thing: its text, its unit vector,
    `(dimension,)`, and its terms."""

    text: str
    vector: Vectors
    words: Analysis


@dataclass(frozen=True, slots=True)
class Question:
    """A question, analysed once for every stage that reads it.

    `vector` is its unit vector, `(dimension,)`; `words` its terms; `asks_quantity` whether it asks
    how many or how much; `publishers` are those that it names; `clauses` are its parts, none if it
    is short or has no joints; `days` are those it names, as proleptic Gregorian ordinals;
    `asks_now` whether it asks for how things are now.
    """

    text: str
    vector: Vectors
    words: Analysis
    asks_quantity: bool
    publishers: frozenset[str]
    filters: Filters
    clauses: tuple[Clause, ...] = ()
    days: frozenset[int] = frozenset()
    asks_now: bool = False


@dataclass(frozen=True, slots=True)
class ClauseScores:
    """The scores of all candidates for one clause: `cosines`, `article_cosines` and `bm25`,
    `(n,)` each, and `sentence_cosines`, `(s,)`, as the columns of `Candidates`."""

    cosines: Scores
    article_cosines: Scores
    bm25: Scores
    sentence_cosines: Scores


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer a question, with everything that ranking needs to know of them.

    Of `n` passages: `passage_ids`, `doc_ids`, `publishers`, `sha256` (of the quote, 32 bytes),
    `spans` `(n, 2)`, `vectors` `(n, dimension)`, and the scores `cosines` (question and passage),
    `article_cosines` (question and article) and `bm25`, `(n,)` each.

    Of their `s` sentences, passage by passage, those of passage `i` from `first_sentence[i]` on:
    `sentence_spans` `(s, 2)`, `sentence_cosines` `(s,)`, and `has_quantity` `(s,)`, whether the
    sentence states a quantity.

    `of_clauses` has the same scores for each clause of the question, in order.
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
    of_clauses: tuple[ClauseScores, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that shapes the bytes of an index; read from the index, never from flags.

    `loading`, `splitting` and `analyzer` name versions of rules. `capacity` is the length of the
    longest passage in word pieces. `roots` are the folders and files that were indexed;
    `follow_links` says whether links that lead out of them were followed.
    """

    model: ModelIdentity
    loading: str
    splitting: str
    capacity: int
    analyzer: str
    roots: tuple[str, ...]
    follow_links: bool = False

    def same_bytes(self, other: Self) -> bool:
        """Whether both make the same index of the same articles."""
        mine, others = (replace(one, roots=(), follow_links=False) for one in (self, other))
        return mine == others

    def same_rules(self, other: Self) -> bool:
        """Whether both read and split an article alike."""
        return (self.loading, self.splitting, self.capacity) == (
            other.loading,
            other.splitting,
            other.capacity,
        )


Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage ("checking", "reading", "embedding", "writing"), how much of it is done, and
of how much."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the next state differs from the committed one, as document ids in the order of documents.

    `updated` documents have another text or other facts. `files` says whether anything about the
    files differs: their content, their problems, which there are.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    files: bool = False

    def any(self) -> bool:
        """Whether there is something to commit."""
        return bool(self.added or self.updated or self.removed or self.files)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some passages without vectors: how many, and the distinct sentences that must be embedded.

    Sentences that the store has a vector of are not among `texts`. `key` is the store's own.
    """

    passages: int
    texts: tuple[str, ...]
    key: object


@dataclass(frozen=True, slots=True)
class Committed:
    """A committed state: its name, what it holds, its size in bytes, the problems of its files."""

    state: str
    documents: int
    passages: int
    sentences: int
    bytes: int
    problems: tuple[Problem, ...]
