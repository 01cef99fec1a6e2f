"""The sentences of a reply or a draft in Markdown or plain text, and what each of them cites."""

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.text.citation_marks import cited_ids, cited_numbers, marks
from qa.text.sentences import sentence_spans
from qa.types import Span

# What is no prose: front matter, fenced code, comments, headings.
_NO_PROSE = re.compile(
    r"\A---[^\S\n]*\n(?:(?!---[^\S\n]*\n).*\n)*?---[^\S\n]*(?:\n|\Z)"
    r"|^(?P<fence>```|~~~).*\n(?:(?!(?P=fence)).*\n)*(?:(?P=fence).*)?"
    r"|<!--(?:(?!-->)[^<])*-->|^[^\S\n]{0,3}#{1,6}[^\S\n].*$",
    re.MULTILINE,
)
# "[1]: seeds/putin.md#0-512", a list of sources below a text.
_REFERENCE = re.compile(r"^[^\S\n]*\[(\d{1,3})\]:?[^\S\n]+(\S.*)$", re.MULTILINE)
_ITEM = re.compile(r"^[^\S\n]*(?:>[^\S\n]*)*(?:(?:[-*+•]|\d{1,3}[.)])[^\S\n]+)?", re.MULTILINE)
# A line break in a paragraph whose lines are wrapped at a width: behind forty characters and more
# without the end of a sentence, and in front of a line that begins no item, table or heading.
_WRAP = re.compile(r"(?<=[^\n]{39}[^\n.!?:;…|])\n(?=[^\S\n]*[^\s|])")
_EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)")
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]{1,500}\)")
_BRACKET = re.compile(r"[\[\]]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at `[start, end)` of a text, `text` without markup and citations, and the numbers
    and ids of passages that it cites."""

    start: int
    end: int
    text: str
    numbers: tuple[int, ...]
    ids: tuple[str, ...]


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of the prose in the text. A citation behind a full stop belongs to the sentence
    in front of it; a number that a list of sources below the text explains stands for its id."""
    references, prose = _references(_blanked(_NO_PROSE, text))
    prose = _blanked(_LINK_TARGET, prose)
    cited = marks(prose)
    plain = _without(cited, prose)
    begins_item = {match.start() for match in _ITEM.finditer(plain) if match[0].strip()}
    plain = _WRAP.sub(lambda end: "\n" if end.end() in begins_item else " ", plain)
    for markup in (_ITEM, _EMPHASIS, _BRACKET):
        plain = _blanked(markup, plain)
    spans = [span for span in sentence_spans(plain) if re.search(r"\w", plain[slice(*span)])]
    of_sentence: list[list[str]] = [[] for _ in spans]
    for start, end in cited:
        if (at := _sentence_of(start, spans, plain)) is not None:
            of_sentence[at].append(prose[start:end])
    return tuple(
        _sentence(span, plain, " ".join(cited), references)
        for span, cited in zip(spans, of_sentence, strict=True)
    )


def _sentence(span: Span, plain: str, cited: str, references: dict[int, list[str]]) -> Sentence:
    numbers = cited_numbers(cited)
    ids = [*cited_ids(cited), *(one for number in numbers for one in references.get(number, ()))]
    unexplained = tuple(number for number in numbers if number not in references)
    text = " ".join(plain[slice(*span)].split())
    return Sentence(*span, text, unexplained, tuple(dict.fromkeys(ids)))


def _sentence_of(mark: int, spans: list[Span], plain: str) -> int | None:
    """The sentence to which the mark at this place belongs."""
    before = bisect.bisect_right(spans, (mark, len(plain)))
    if before and "\n" not in plain[spans[before - 1][1] : mark]:
        return before - 1
    return before if before < len(spans) else None


def _references(text: str) -> tuple[dict[int, list[str]], str]:
    """The list of sources in the text, and the text without it."""
    found = {
        match.span(): (int(match[1]), ids)
        for match in _REFERENCE.finditer(text)
        if (ids := cited_ids(match[2]))
    }
    return dict(found.values()), _without(found, text)


def _without(spans: Iterable[Span], text: str) -> str:
    """The text with spaces in place of the spans, which are in order."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - max(start, at))]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with spaces in place of the matches, so that offsets stay; lines stay as well."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
