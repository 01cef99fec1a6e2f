"""The dates that a text names with their year, at the precision of a day, a month or a year."""

import re
from dataclasses import dataclass

from qa.text.days import MONTH, month_number, spans_of_days
from qa.text.quantities import quantities
from qa.types import Span

_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_MONTH_YEAR = re.compile(rf"\b(?P<month>{MONTH}),?\s+(?:of\s+)?(?P<year>{_YEAR})(?![\w%]|[.,]\d)")
# Part of a range of years ("2003-2010"), but not of a season ("2019-20") or of a longer number.
_ONE_YEAR = re.compile(
    rf"(?<![\w.,$€£#/:@+-])(?P<first>{_YEAR})(?:[-–](?P<last>{_YEAR}))?+(?![\w%/]|[.,:]\d|[-–]\w)"
)
# Before the year of an event; "2000 houses" after another word are houses.
_BEFORE = re.compile(
    r"(?:^|[(,;:—–]|\b(?:in|since|until|till|by|from|the|a|an|this|that|its"
    r"|their|his|her|our|before|after|during|between|through|around|about|circa|early|late|mid|year|spring"
    r"|summer|autumn|fall|winter|season|election|census|as of|mid-|['’]s))\s*$",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"(\w[\w'’.-]{0,30})\s+$")
_PLURAL_AFTER = re.compile(r"\s+[a-z]+s\b")
_WINDOW = 32


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text: `date` is YYYY, YYYY-MM or YYYY-MM-DD, as precise as the text."""

    start: int
    end: int
    date: str


def dates(text: str) -> tuple[DateMention, ...]:
    """The dates of the text in its order, none inside of another one.

    A day or month without its year is none, nor are "10/7/2023", a decade and a season ("2019-20").
    A bare number from 1500 to 2099 is a year unless it counts, measures or is part of a name.
    """
    days = sorted(spans_of_days(text))
    found = [DateMention(*span, day.isoformat()) for span, day in days]
    taken = [span for span, _ in days]
    months = [
        DateMention(*match.span(), f"{match['year']}-{month_number(match['month']):02}")
        for match in _MONTH_YEAR.finditer(text)
    ]
    months = _outside(months, taken)
    taken = sorted([*taken, *((one.start, one.end) for one in months)])
    counted = [(one.start, one.end) for one in quantities(text)]
    years = _outside(_years(text), sorted([*taken, *counted]))
    return tuple(sorted([*found, *months, *years], key=lambda one: one.start))


def _years(text: str) -> list[DateMention]:
    return [
        DateMention(*match.span(part), match[part])
        for match in _ONE_YEAR.finditer(text)
        if _is_year(text, *match.span())
        for part in ("first", "last")
        if match[part]
    ]


def _is_year(text: str, start: int, end: int) -> bool:
    before = text[max(start - _WINDOW, 0) : start]
    if _BEFORE.search(before):
        return True
    word = _WORD_BEFORE.search(before)
    # "Blade Runner 2049", "built 1800 houses".
    return not (word and word[1][0].isupper()) and not _PLURAL_AFTER.match(text, end, end + _WINDOW)


def _outside(mentions: list[DateMention], taken: list[Span]) -> list[DateMention]:
    """The mentions that none of the spans, which are in order, overlaps."""
    kept, at = [], 0
    for one in mentions:
        while at < len(taken) and taken[at][1] <= one.start:
            at += 1
        if at == len(taken) or one.end <= taken[at][0]:
            kept.append(one)
    return kept
