"""Articles, their passages, and which of them may answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
FileState = Literal["same", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its extracted text and everything that is known about it.

    `doc_id` is unique within an index. `published_from` says in words where `published` came
    from ("front matter", "JSON-LD datePublished", "byline ..."); both are None when the article
    does not tell its date. `line` is the 1-based line where the article begins, None for a file
    that holds a single article.
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

    `since` and `until` are dates, both included, as `qa.text.typed_dates` reads them. An article
    dated to the month passes when any day of that month would; one without a date passes only when
    neither is given. `source` is a part of a publisher's name, or several, of which one must
    match; `qa.text.folding.having` says how. It is a tuple once made. Blank names are left out,
    because forms and language models send them for "any publisher".
    """

    since: str | None = None
    until: str | None = None
    source: str | Sequence[str] | None = ()

    def __post_init__(self) -> None:
        given = (self.source,) if isinstance(self.source, str) else self.source or ()
        names = (name.strip() for name in given)
        object.__setattr__(self, "source", tuple(dict.fromkeys(name for name in names if name)))

    @property
    def sources(self) -> tuple[str, ...]:
        """The names in `source`; none leaves the publisher open."""
        return tuple(self.source or ())
