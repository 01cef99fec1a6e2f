"""The values that flow between the stages: all frozen, all named as in the JSON output.

Offsets count Unicode code points of `Document.text`, half open: `text[start:end]`.
Dates are ISO 8601 calendar dates with the precision that is known: `2019-04-26`, `2019-04`, `2019`.
"""

from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
FileState = Literal["same", "changed", "gone"]
Verdict = Literal["answered", "perhaps", "silent"]
"""Whether the articles answer a question: they do; they may, or something near it; they do not."""
Relation = Literal["same", "rounded", "over_time", "differ"]
"""How the values that articles give for one thing relate: they are one value; one value, written
more or less exactly; values of different times; different values for one time."""
AsOfFrom = Literal["sentence", "published"]


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its extracted text and everything that is known about it.

    `doc_id` is unique within an index. `published_from` says in words where `published` came
    from ("front matter", "JSON-LD datePublished", "byline ..."); both are None when the article
    does not tell its date. `line` is the 1-based line of a .jsonl file, None for other files.
    """

    doc_id: str
    title: str
    text: str
    source: str | None
    author: str | None
    published: str | None
    published_from: str | None
    url: str | None
    path: str
    line: int | None
    encoding: str | None
    file_sha256: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class IndexedDocument(Document):
    """An article as an index holds it, and whether the file at `path` is still the indexed one.

    `start` and `end` are the place of the passage by whose id it was asked for, else None.
    """

    file: FileState
    start: int | None
    end: int | None


ProblemKind = Literal["unread", "duplicate", "skipped", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or one line of it, that is not in the index as it should be, and why (a sentence).

    `kind` is "unread" for an article that is missing, "duplicate" for one that is missing because
    another has its id, "skipped" for a file of a kind that nkqa does not read, "warning" for an
    article that is indexed although something of it was lost.
    """

    path: str
    line: int | None
    reason: str
    kind: ProblemKind = "unread"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: `text[start:end]`, with each sentence's span."""

    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer; None leaves a side open.

    `since` and `until` are ISO dates, both included. An article dated to the month passes when
    any day of that month would; one without a date passes only when neither is given. `source`
    is a part of the publisher's name, in any case, with or without accents; an empty or blank one
    is None, because forms and language models send it for "any publisher".
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", (self.source or "").strip() or None)


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
class Citation:
    """A passage that answers, with all that is needed to check it.

    `quote` is `text[start:end]` of the document, to the character; `sha256` is that of its UTF-8
    bytes; `sentences` are the places of its sentences in the document. `because` says in plain
    words why it was found. `line` is that of a .jsonl file, and `file` says whether the file at
    `path` is still the one that was indexed. `close` is false when no sentence of the passage is
    near the question in meaning: then it hardly answers.
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

    `values` are what the articles give for a figure or a date that is asked for, the value of the
    best answer first, or of the latest where the question asks for now. `relation` says how they
    relate, None where nothing can be said. `timeline` has a statement for each time, in order,
    where the values are of three or more.

    `undated` counts the articles that `since` or `until` left out because they tell no date.
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
    generation: str
    timings: Timings


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one `build_index` did. `embedded` counts sentences that went through the model.

    `seconds` is wall-clock time, `embed_seconds` the part spent in the model.
    """

    path: str
    generation: str
    changed: bool
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    documents: int
    passages: int
    sentences: int
    embedded: int
    bytes: int
    seconds: float
    embed_seconds: float
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What can be asked of an index: how many articles, from which publishers, of which days."""

    documents: int
    sources: tuple[str, ...]
    oldest: str | None
    newest: str | None


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds and how it was made; dates are of the oldest and newest article.

    `trouble` says why a newer generation is not served, where a server went on with this one.
    """

    path: str
    generation: str
    created: str
    generations: tuple[str, ...]
    roots: tuple[str, ...]
    model: str
    model_fingerprint: str
    documents: int
    passages: int
    sentences: int
    sources: int
    dated: int
    oldest: str | None
    newest: str | None
    bytes: int
    problems: tuple[Problem, ...]
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify_index` checked, and each fault in one sentence; none means sound."""

    path: str
    generation: str
    files: int
    passages: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a quotation departs from the text: what it has, and what is said there.

    Either may be empty: something added to the text, or left out of it.
    """

    quoted: str
    said: str


QuoteVerdict = Literal["verbatim", "typography", "elsewhere", "different", "unknown"]


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Whether a quotation stands in the passage or article that is cited for it.

    `verdict`: "verbatim", to the character; "typography", the same words and figures but for
    quotation marks, dashes, spaces, the case of the first letter, or an ellipsis that joins
    verbatim parts; "elsewhere", in the article but not in that passage; "different", in neither;
    "unknown", the index has no such article or passage. `text` is the article's text at
    `[start, end)`: where the quotation stands, else what is most like it, with `differences` in
    their order; None when nothing is. `sha256` is that of the cited passage's or article's UTF-8
    bytes, and `indexed` whether the index holds it as it is cited: an article that has changed may
    have its passages cut elsewhere.

    Without a quotation the verdict is "verbatim" for what the index holds, else "unknown".
    """

    cited: str
    quotation: str | None
    verdict: QuoteVerdict
    doc_id: str | None
    start: int | None
    end: int | None
    text: str | None
    differences: tuple[Difference, ...]
    indexed: bool
    sha256: str | None

    @property
    def stands(self) -> bool:
        """Whether the quotation is what the cited passage or article says."""
        return self.verdict in ("verbatim", "typography")
