"""What the templates are given: text in paragraphs with parts of it marked, dates, addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.output.links import article_link
from qa.text.days import in_words
from qa.types import Citation, Span

_GAP = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `first` for the first one that is marked."""

    text: str
    marked: bool
    first: bool


Paragraph = tuple[Run, ...]


def paragraphs(text: str, spans: Sequence[Span]) -> tuple[Paragraph, ...]:
    """The text, cut where blank lines are, with its `spans` marked: in order, none overlapping."""
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
    """A passage: the paragraphs that answer, and those of it before and after."""

    before: tuple[Paragraph, ...]
    answering: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]


def quoted(citation: Citation) -> Quoted:
    """The passage with its answering sentences marked."""
    spans = [(one.start - citation.start, one.end - citation.start) for one in citation.highlights]
    made = paragraphs(citation.quote, spans)
    marked = [i for i, each in enumerate(made) if any(run.marked for run in each)]
    first, last = marked[0], marked[-1] + 1
    return Quoted(made[:first], made[first:last], made[last:])


def in_article(citation: Citation) -> str:
    """The address of the answering sentences in their article."""
    first, last = citation.highlights[0], citation.highlights[-1]
    return article_link(citation.doc_id, first.start, last.end)


def day(date: str | None) -> str:
    """The date as a newspaper has it, "26 April 2019", or that there is none."""
    if not date:
        return "date unknown"
    month, *days, year = in_words(date).split() if "-" in date else ("", date)
    return " ".join([*days, month, year]).strip()
