"""Calendar dates of known precision: `2019-04-26`, `2019-04`, `2019`; days that questions name."""

import calendar
import contextlib
import datetime
import re
from collections.abc import Iterator

from embeddings.errors import UsageError
from qa.types import Span

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
MONTH_NUMBERS = {
    name.casefold(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {"sept": 9}
# "September", "Sept.", "Sep".
MONTH = rf"(?:{'|'.join(sorted(map(str.title, MONTH_NUMBERS), key=len, reverse=True))})\.?"
_MONTH = f"(?P<month>{MONTH})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NOW = re.compile(r"\b(?:current|currently|this week|now|latest|(?<!\bUSA )today)\b", re.IGNORECASE)
# Days as people write them: 2023-10-07, October 7, 2023, 7 October 2023, the 7th of October 2023.
# "10/7/2023" is a day in October or in July, so it is none.
_NAMED = [
    re.compile(rf"(?<![\w-]){form}(?!\w*\d|-\d)", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:T[\d:.]++)?+",
        rf"{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})",
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})",
    )
]


def in_words(date: str) -> str:
    """The date as articles and questions write it: "April 26 2019", "April 2019", "2019"."""
    year, month, day = (int(part) if part else 0 for part in _parts(date))
    named = [calendar.month_name[month]] if month else []
    return " ".join([*named, *([str(day)] if day else []), str(year)])


def asks_now(question: str) -> bool:
    """Whether the question asks for how things are now, and names no day of its own."""
    return _NOW.search(question) is not None and not named_days(question)


def named_days(text: str) -> frozenset[int]:
    """The days that a text names with their year, as proleptic Gregorian ordinals."""
    return frozenset(day.toordinal() for _, day in spans_of_days(text))


def spans_of_days(text: str) -> Iterator[tuple[Span, datetime.date]]:
    """The days that a text names with their year, each with its span; grouped by form."""
    for match in (match for form in _NAMED for match in form.finditer(text)):
        with contextlib.suppress(ValueError):  # "February 30, 2023".
            month = match["month"]
            number = int(month) if month.isdecimal() else month_number(month)
            yield match.span(), datetime.date(int(match["year"]), number, int(match["day"]))


def month_number(name: str) -> int:
    """The number of a month that `MONTH` matches."""
    return MONTH_NUMBERS[name.rstrip(".").casefold()]


def _parts(date: str) -> tuple[str | None, ...]:
    match = _ISO.fullmatch(date.strip())
    if match is None:
        raise ValueError("not of that form")
    return match.groups()


def day_range(date: str) -> tuple[int, int]:
    """The first and last day that `date` may mean, as proleptic Gregorian ordinals.

    Raises `UsageError` if it is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD.
    """
    try:
        year, month, day = (int(part) if part else 0 for part in _parts(date))
        first = datetime.date(year, month or 1, day or 1)
        last_month = month or 12
        last = datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError as error:
        # Explain a wrong month or day; for any other form, the expected form is enough.
        why = f" ({error})" if _ISO.fullmatch(date.strip()) else ""
        raise UsageError(
            f"{date!r} is not a date; expected YYYY-MM-DD, such as 2019-04-26, or YYYY-MM, or YYYY"
            f"{why}."
        ) from error
    return first.toordinal(), last.toordinal()
