"""A model's reply against the passages it was given: every number and every quotation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from qa.assistant.sources import Source
from qa.text.invisible import line_of
from qa.text.quotations import MAX_QUOTATION, closest, find
from qa.types import Span

# A number in brackets, several of them, or a range; also the brackets that some models write.
_CITED = re.compile(r"[\[【](\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)(?:†[^\]】\n]*)?[\]】](?!\()")
_QUOTED = re.compile(r"“([^“”]+)”|(?<!\w)\"([^\"]+)\"(?!\w)|«([^«»]+)»|„([^„“”]+)[“”]")
# Where a sentence ends; a number in brackets after the full stop belongs to it still.
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"’)]*\s+(?![\[【])")
# So many quotations in a row may share the numbers after the last of them.
_TOGETHER = 4
# So many quotations of a reply are compared.
MOST_QUOTATIONS = 200
# Fewer words than these are a name or a turn of phrase, not a quotation.
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in a reply that its sources do not bear out.

    `kind`: "not retrieved", a number that no passage has; "not said", a quotation that no passage
    has; "not cited", one that stands in another passage, not in the cited ones; "not compared",
    more than two hundred quotations. `told` says it in a sentence, with what is said instead where
    something is.
    """

    kind: Literal["not retrieved", "not said", "not cited", "not compared"]
    number: int | None
    quotation: str | None
    told: str


@dataclass(frozen=True, slots=True)
class ReplyCheck:
    """The sources that a reply cites, in their order, how many quotations were compared, and
    what is wrong with them."""

    cited: tuple[Source, ...]
    quotations: int
    flags: tuple[Flag, ...]


def check_reply(reply: str, sources: Iterable[Source], questions: Iterable[str] = ()) -> ReplyCheck:
    """Every cited number and every quotation of three words or more, checked.

    A quotation belongs to the numbers that follow it in its sentence, else to those before it
    there; without any, it may stand in any source. `questions` are what the person wrote, whose
    words a reply may repeat between quotation marks.
    """
    known = {source.number: source for source in sources}
    numbers = sorted(set(_all_numbers(reply)))
    flags = [
        Flag("not retrieved", n, None, f"[{n}] is cited, but no passage has that number.")
        for n in numbers
        if n not in known
    ]
    compared = 0
    for quotation, cited in _quotations(reply):
        if compared == MOST_QUOTATIONS:
            told = f"Only the first {compared} quotations were compared."
            flags.append(Flag("not compared", None, None, told))
            break
        compared += 1
        flag = _flag(quotation, [known[n] for n in cited if n in known], known, list(questions))
        if flag is not None:
            flags.append(flag)
    return ReplyCheck(tuple(known[n] for n in numbers if n in known), compared, tuple(flags))


def _numbers(told: str) -> list[int]:
    """What "1, 3-5" means; a range is no longer than a hundred."""
    numbers: list[int] = []
    for part in re.split(r"\s*[,;]\s*", told):
        first, *last = (int(digits) for digits in re.split(r"\s*[–-]\s*", part))
        numbers += range(first, min(last[-1] if last else first, first + 100) + 1)
    return numbers


def _quotations(reply: str) -> Iterable[tuple[str, list[int]]]:
    """Each quotation with the numbers that are cited for it."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*[-*•\d])", reply):
        quoted = [
            (match.span(), text)
            for match in _QUOTED.finditer(paragraph)
            if _is_quotation(text := next(filter(None, match.groups())))
        ]
        for at, (_, text) in enumerate(quoted):
            yield text, _cited_for(paragraph, quoted, at)


def _cited_for(paragraph: str, quoted: list[tuple[Span, str]], at: int) -> list[int]:
    """The numbers after the quotation in its sentence, else those of the next quotation in it,
    else those before it in its sentence."""
    for later in range(at, min(at + _TOGETHER, len(quoted))):  # “One”, “two” and “three” [1]
        (_, end), text = quoted[later]
        last = later + 1 == len(quoted)
        tail = paragraph[end : None if last else quoted[later + 1][0][0]]
        # A full stop inside the marks ends the sentence, too, unless the number comes after them.
        ended = re.search(r"[.!?]$", text) and not re.match(r"\s*[\[【]", tail)
        pieces = [""] if ended else _SENTENCE_END.split(tail)
        if numbers := _all_numbers(pieces[0]):
            return numbers
        if ended or len(pieces) > 1:
            break
    before = _SENTENCE_END.split(paragraph[quoted[at - 1][0][1] if at else 0 : quoted[at][0][0]])
    # With another quotation earlier in the sentence, the numbers between are that one's.
    return [] if at and len(before) == 1 else _all_numbers(before[-1])


def _all_numbers(text: str) -> list[int]:
    return [number for match in _CITED.finditer(text) for number in _numbers(match[1])]


def _is_quotation(text: str) -> bool:
    """Whether it is long enough to be one; scripts without letter case may set no spaces."""
    words = [word for word in text.split() if re.search(r"\w", word)]
    uncased = [c for c in text if c.isalpha() and c.lower() == c.upper()]
    return len(words) >= FEWEST_WORDS or len(uncased) >= 2 * FEWEST_WORDS


def _flag(
    quotation: str, cited: list[Source], known: dict[int, Source], questions: list[str]
) -> Flag | None:
    if len(quotation) > MAX_QUOTATION:
        quotation = quotation[:MAX_QUOTATION]
    if any(_stands(quotation, source) for source in cited):
        return None
    others = [source for source in known.values() if _stands(quotation, source)]
    if others and not cited:
        return None
    short = line_of(quotation)
    if others:
        numbers = "".join(f"[{source.number}]" for source in others)
        instead = "".join(f"[{source.number}]" for source in cited)
        told = f"“{short}” stands in {numbers}, not in {instead}."
        return Flag("not cited", others[0].number, quotation, told)
    if any(find(text, quotation, (0, len(text))) for text in questions):
        return None
    return Flag(
        "not said",
        None,
        quotation,
        f"No passage says “{short}”.{_instead(quotation, cited or list(known.values()))}",
    )


def _stands(quotation: str, source: Source) -> bool:
    """Whether the passage, or the title over it, says so."""
    return any(
        find(text, quotation, (0, len(text))) is not None
        for text in (source.citation.quote, source.citation.title)
    )


def _instead(quotation: str, sources: list[Source]) -> str:
    """What the passages say that is most like it."""
    near = [
        (len(found.differences), source, found)
        for source in sources
        if (found := closest(source.citation.quote, quotation, (0, len(source.citation.quote))))
    ]
    if not near:
        return ""
    _, source, found = min(near, key=lambda one: one[0])
    return f" [{source.number}] says: “{line_of(source.citation.quote[slice(*found.span)])}”."
