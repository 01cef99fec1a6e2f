"""An answer: its verdict, short answer and values, and the citations with their scores."""

from dataclasses import dataclass
from typing import Literal

from qa.types.articles import FileState, Span

Verdict = Literal["answered", "perhaps", "silent"]
"""Whether the articles answer a question: they do; they may, or something near it; they do not."""
Relation = Literal["same", "rounded", "over_time", "differ"]
"""How the values that articles give for one thing relate: they are one value; one value, written
more or less exactly; values of different times; different values for one time."""
AsOfFrom = Literal["sentence", "published"]


@dataclass(frozen=True, slots=True)
class Scores:
    """Why a passage stands where it does; each grows with relevance.

    `fused` (0 to about 2) orders the citations: a weighted sum of `bm25` and of the cosines, each
    side divided by its largest value for this question, 0.12 for a publisher that the question
    names, and for the best what a second look at their sentences adds. `bm25` (0 upwards) rates
    shared words; `cosine_passage`, `cosine_sentence` and `cosine_article` (-1 to 1) likeness of
    meaning to the whole passage, to its best sentence and to the article. They compare passages for
    one question; they are not probabilities.
    """

    fused: float
    bm25: float
    cosine_passage: float
    cosine_sentence: float
    cosine_article: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, and why it stands where it does."""

    passage_id: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Highlight:
    """An answering sentence: offsets into the document's text, and the text there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where else a copy of a passage stands."""

    doc_id: str
    passage_id: str
    title: str
    source: str | None
    published: str | None
    url: str | None
    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CitedStory:
    """The story that a cited article is part of, and which other publishers have it.

    `story_id` is the id of the story's oldest article; `others` are in the order in which they
    first wrote about it.
    """

    story_id: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that answers, with all that is needed to check it.

    `quote` is `text[start:end]` of the document, to the character; `sha256` is that of its UTF-8
    bytes; `sentences` are the places of its sentences in the document. `because` says in plain
    words why it was found. `line` is where the article begins in a file of several, and `file` says
    whether the file at `path` is still the one that was indexed. `close` is false when no sentence
    of the passage is near the question in meaning: then it hardly answers. `newer_version` is the
    rank of the citation that has a newer version of this text, None when no such one is cited.
    `story` is None where no other publisher's article is about the same event.
    """

    rank: int
    doc_id: str
    passage_id: str
    title: str
    source: str | None
    author: str | None
    published: str | None
    published_from: str | None
    url: str | None
    path: str
    line: int | None
    file: FileState
    start: int
    end: int
    quote: str
    sentences: tuple[Span, ...]
    highlights: tuple[Highlight, ...]
    span: Highlight | None
    answers: bool | None
    close: bool
    scores: Scores
    sha256: str
    also_in: tuple[Place, ...]
    newer_version: int | None
    story: CitedStory | None
    because: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds of wall-clock time a question took, by stage."""

    encode: float
    search: float
    read: float
    answer: float
    total: float


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The words of an article that answer a question: `text` is the document's `text[start:end]`.

    `sentence` is the sentence that they stand in (or the sentences), `rank` that of their citation,
    `source` and `published` who says so and since when.
    """

    text: str
    start: int
    end: int
    sentence: Highlight
    rank: int
    doc_id: str
    source: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A place where an article gives a value: `text` is the document's `text[start:end]`.

    `sentence` is the sentence around it, and `rank` that of the citation that has the passage, None
    where none has. `said_by` is whom the sentence names as its source, in its own words. `as_of` is
    the date of which the sentence speaks, and `as_of_from` whether it names that date or it is the
    date of publication. `expected`: the sentence says that it may be or will be so.
    """

    text: str
    start: int
    end: int
    sentence: Highlight
    rank: int | None
    doc_id: str
    title: str
    source: str | None
    published: str | None
    said_by: str | None
    as_of: str | None
    as_of_from: AsOfFrom | None
    expected: bool


@dataclass(frozen=True, slots=True)
class Value:
    """One value for what is asked, with every statement of it, in order of time.

    `text` is the most exact of the statements. A quantity has `low` and `high` in base units
    (dollars, not millions), which are equal unless it is a range, and its `unit`, None for a count.
    """

    text: str
    low: float | None
    high: float | None
    unit: str | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The citations for a question, best first, and the generation of the index they are from.

    `verdict` says whether the articles answer; `answer` is the best short answer, given unless they
    are silent, and `probability` (0 to 1, calibrated) that it is right. `missing` are the names and
    figures of the question that no passage read has. Without a reader the first three are None.

    `values` are what the articles give for a figure that is asked for, the value of the
    best answer first, or of the latest where the question asks for now. `relation` says how they
    relate, None where nothing can be said. `timeline` has a statement for each time, in order,
    where the values are of three or more.

    `undated` counts the articles that `since` or `until` left out because they tell no date,
    `sourceless` those that `source` left out because they name no publisher. An article that tells
    neither counts in both where both are asked for.
    """

    question: str
    verdict: Verdict | None
    probability: float | None
    answer: ShortAnswer | None
    missing: tuple[str, ...]
    values: tuple[Value, ...]
    relation: Relation | None
    timeline: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    undated: int
    sourceless: int
    generation: str
    timings: Timings
