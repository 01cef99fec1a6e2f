"""The arguments and results of a store's methods. All are frozen.

Arrays are aligned: entry `i` of each column belongs to candidate `i`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

import qa.stories
from embeddings import ModelIdentity, Vectors
from qa.types import Document, Filters, Problem, Span

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The terms of a question, from the store's text analyzer.

    `terms` are in order and may repeat. `weights` maps each distinct term to its inverse document
    frequency, 0 if no passage contains it. `finder` maps a text and the code of its language to the
    terms it contains, each with the first matching word; a term that the question has in capitals
    ("ICE", "US") does not match a word of small letters.
    """

    terms: tuple[str, ...]
    weights: Mapping[str, float]
    finder: Callable[[str, str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a long question that asks or describes one thing: its text, its unit vector,
    `(dimension,)`, and its terms."""

    text: str
    vector: Vectors
    words: Analysis


@dataclass(frozen=True, slots=True)
class Question:
    """A question, analysed once for all stages.

    `vector` is its unit vector, `(dimension,)`; `words` its terms; `asks_quantity` whether it asks
    how many or how much; `publishers` the publishers it names; `clauses` its parts, none if it is
    short or has no joints; `days` the days it names, as proleptic Gregorian ordinals; `asks_now`
    whether it asks for how things are now; `known_languages` the codes of the languages that the
    model of `vector` was trained for, None if they are not known.
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
    known_languages: frozenset[str] | None = None


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
    """Passages that may answer a question, with all data needed to rank them.

    Per passage, `n` entries: `passage_ids`, `doc_ids`, `languages` (the code of the article's
    language), `publishers`, `sha256` (of the quote, 32
    bytes), `spans` `(n, 2)`, `vectors` `(n, dimension)`, and the scores `cosines` (question and
    passage), `article_cosines` (question and article) and `bm25`, `(n,)` each.

    Per sentence, `s` entries, passage by passage; the sentences of passage `i` start at
    `first_sentence[i]`: `sentence_spans` `(s, 2)`, `sentence_cosines` `(s,)`, and `has_quantity`
    `(s,)`, whether the sentence states a quantity.

    `of_clauses` has the same scores for each clause of the question, in order.
    """

    passage_ids: tuple[str, ...]
    doc_ids: tuple[str, ...]
    languages: tuple[str, ...]
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
        """The slice of candidate `place` in the sentence columns."""
        last = place + 1 == len(self)
        return slice(
            int(self.first_sentence[place]),
            len(self.sentence_cosines) if last else int(self.first_sentence[place + 1]),
        )

    def span(self, place: int) -> Span:
        """The span of candidate `place` in its document."""
        start, end = self.spans[place].tolist()
        return start, end

    def spans_of_sentences(self, place: int) -> tuple[Span, ...]:
        """The spans of the sentences of candidate `place` in its document."""
        return tuple(
            (start, end) for start, end in self.sentence_spans[self.sentences(place)].tolist()
        )


@dataclass(frozen=True, slots=True)
class Article:
    """A document and `opening`, the cosine of a question with each sentence of its first passage,
    `(sentences,)`."""

    document: Document
    opening: Scores


@dataclass(frozen=True, slots=True)
class StoredStory:
    """The articles of one event, from several publishers: `(doc_id, publisher, day)`, oldest first.

    Days are proleptic Gregorian ordinals. `story_id` is the id of the first article.
    """

    story_id: str
    articles: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as stored: its unit vector `(dimension,)`, and for each passage the spans and the
    unit vectors `(sentences, dimension)` of its sentences."""

    document: Document
    vector: Vectors
    passages: tuple[tuple[tuple[Span, ...], Vectors], ...]


@dataclass(frozen=True, slots=True)
class Canary:
    """A sentence and its vector from the index's encoder, to detect a different encoder."""

    text: str
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All settings that determine the bytes of an index; read from the index, never from flags.

    `loading`, `splitting`, `analyzer` and `stories` are versions of rules. `capacity` is the
    maximum length of a passage in word pieces. `roots` are the indexed folders and files.
    `follow_links`: whether links that lead out of them were followed.
    """

    model: ModelIdentity
    loading: str
    splitting: str
    capacity: int
    analyzer: str
    roots: tuple[str, ...]
    follow_links: bool = False
    stories: str = qa.stories.RULE

    def same_bytes(self, other: Self) -> bool:
        """Whether both build the same index from the same articles."""
        mine, others = (replace(one, roots=(), follow_links=False) for one in (self, other))
        return mine == others

    def same_rules(self, other: Self) -> bool:
        """Whether both read and split articles by the same rules."""
        return (self.loading, self.splitting, self.capacity) == (
            other.loading,
            other.splitting,
            other.capacity,
        )


Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage ("checking", "reading", "embedding", "writing"), the work done in it, and the
total work."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the next state differs from the committed state, as document ids in document order.

    `updated`: documents whose text or facts changed. `files`: whether the set of files, their
    content or their problems changed.
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
    """A number of passages without vectors, and the distinct sentences to embed for them.

    `texts` omits sentences whose vectors the store already has. `key` is for the store's own use.
    """

    passages: int
    texts: tuple[str, ...]
    key: object


@dataclass(frozen=True, slots=True)
class Committed:
    """A committed state: its name, counts, size in bytes, and the problems of its files."""

    state: str
    documents: int
    passages: int
    sentences: int
    bytes: int
    problems: tuple[Problem, ...]
