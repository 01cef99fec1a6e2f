"""Values for the templates: text in paragraphs with marked parts, dates, addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.output.links import article_link
from qa.text.days import day_range, in_words
from qa.types import Citation, Span, Statement

_GAP = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, marked or not; `first` is set on the first marked run."""

    text: str
    marked: bool
    first: bool


Paragraph = tuple[Run, ...]


def paragraphs(text: str, spans: Sequence[Span]) -> tuple[Paragraph, ...]:
    """The text split at blank lines, with `spans` marked: sorted, disjoint, in code points."""
    edges = [0]
    for gap in _GAP.finditer(text):
        edges += gap.span()
    edges.append(len(text))
    made = []
    seen = False
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        runs = []
        for a, b, marked in _cut(start, end, spans):
            runs.append(Run(text[a:b], marked, marked and not seen))
            seen = seen or marked
        if runs:
            made.append(tuple(runs))
    return tuple(made)


def _cut(start: int, end: int, spans: Sequence[Span]) -> list[tuple[int, int, bool]]:
    pieces = []
    at = start
    for low, high in spans:
        low, high = max(low, at), min(high, end)
        if low < high:
            pieces += [(at, low, False)] if at < low else []
            pieces.append((low, high, True))
            at = high
    return pieces + ([(at, end, False)] if at < end else [])


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage split into the paragraphs that answer, and those before and after them."""

    before: tuple[Paragraph, ...]
    answering: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]


def quoted(citation: Citation) -> Quoted:
    """The passage of a citation, with its answering sentences marked."""
    spans = [(one.start - citation.start, one.end - citation.start) for one in citation.highlights]
    made = paragraphs(citation.quote, spans)
    marked = [i for i, each in enumerate(made) if any(run.marked for run in each)]
    first, last = marked[0], marked[-1] + 1
    return Quoted(made[:first], made[first:last], made[last:])


def in_article(citation: Citation) -> str:
    """The address of the article, opened at the answering sentences."""
    first, last = citation.highlights[0], citation.highlights[-1]
    return article_link(citation.doc_id, first.start, last.end)


def day(date: str | None) -> str:
    """The date as newspapers write it, "26 April 2019"; "date unknown" without a date."""
    if not date:
        return "date unknown"
    month, *days, year = in_words(date).split() if "-" in date else ("", date)
    return " ".join([*days, month, year]).strip()


@dataclass(frozen=True, slots=True)
class Point:
    """A statement on a timeline: `x` is 0 at the first time and 1 at the last."""

    x: float
    statement: Statement


def points(timeline: Sequence[Statement]) -> tuple[Point, ...]:
    """The statements of a timeline, which are in order, in proportion to their days."""
    days = [day_range(one.as_of)[0] for one in timeline if one.as_of]
    first, length = min(days, default=0), max(days, default=0) - min(days, default=0)
    return tuple(
        Point((at - first) / length if length else 0.0, one)
        for at, one in zip(days, timeline, strict=True)
    )


def place_of(statement: Statement) -> str:
    """The address of a statement: its citation on the page, else its place in the article."""
    if statement.rank:
        return f"#citation-{statement.rank}"
    return article_link(statement.doc_id, statement.start, statement.end)
