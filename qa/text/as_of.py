"""The time of which a sentence speaks: "as of June 1", "on Friday", "in October 2018"."""

import calendar
import datetime
import re
from typing import NamedTuple

from qa.text.days import MONTH, day_range, month_number
from qa.types import AsOfFrom


class AsOf(NamedTuple):
    """A calendar date of known precision (`2019-04-26`, `2019-04`, `2019`), and whether the
    sentence names it or it is the day on which the article was published."""

    date: str
    come_from: AsOfFrom


_MONTH = rf"(?P<month>{MONTH})"


class TimeNamed(NamedTuple):
    """A time that a sentence names at `[start, end)`; parts that it leaves out are None.

    `weekday` is a day of the week from 0, Monday, to 6.
    """

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    weekday: int | None


_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_WEEKDAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_IN = (
    r"\b(?:in|by|as\s+of|during|(?:the\s+)?end\s+of|early|late|mid)[\s-]+"
    r"(?:early\s+|late\s+|mid-)?"
)
# From the most exact to the least. "May" and "March" are months where a day, a year or "in" says
# so.
_FORMS = (
    re.compile(rf"(?<![\w-]){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])"),
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?(?!\w|[,.]?\d)", re.IGNORECASE),
    re.compile(rf"(?<![\w.,-]){_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?(?!\w)", re.IGNORECASE),
    re.compile(rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)}|yesterday|today|tonight)\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}(?:\s+of)?,?\s+{_YEAR}(?!\w|-\d)", re.IGNORECASE),
    re.compile(rf"{_IN}{_MONTH}(?![\w-])", re.IGNORECASE),
    re.compile(rf"{_IN}{_YEAR}(?!\w|[-,.]\d)", re.IGNORECASE),
)
# "since Russia invaded on Thursday" dates an event, not what the sentence states.
_SINCE = re.compile(r"\bsince\b[^,;.]{0,40}$", re.IGNORECASE)
# A month or day without a year is the last one before the article, or a few days after it.
_AHEAD = 7
_LONGEST = 1_000


def as_of(sentence: str, at: int, published: str | None) -> AsOf | None:
    """The time of which the sentence speaks at the character `at`: the time that it names nearest
    to that place, of the most exact form, else the day of publication; None where both are unknown.

    Days without a year and days of the week are those before or at the publication.
    """
    if len(sentence) <= _LONGEST:
        for form in _FORMS:
            found = sorted(
                (abs(match.start() - at), date)
                for match in form.finditer(sentence)
                if not _SINCE.search(sentence[: match.start()])
                and (date := _date(match.groupdict(), published))
            )
            if found:
                return AsOf(found[0][1], "sentence")
    return AsOf(published, "published") if published else None


def times_named(sentence: str) -> tuple[TimeNamed, ...]:
    """The times that the sentence names, in its order; none inside of another one. "Today" and
    "yesterday" are none: they mean another day in each text."""
    found: list[TimeNamed] = []
    for form in _FORMS if len(sentence) <= _LONGEST else ():
        for match in form.finditer(sentence):
            if all(match.end() <= one.start or one.end <= match.start() for one in found):
                found += _time(match)
    return tuple(sorted(found))


def _time(match: re.Match[str]) -> list[TimeNamed]:
    parts = match.groupdict()
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    weekday = _WEEKDAYS.get((parts.get("weekday") or "").casefold())
    if not (year or month or weekday is not None):
        return []
    number = (int(month) if month.isdigit() else month_number(month)) if month else None
    date = (int(year) if year else None, number, int(day) if day else None)
    return [TimeNamed(*match.span(), *date, weekday)]


def _date(parts: dict[str, str | None], published: str | None) -> str | None:
    last = datetime.date.fromordinal(day_range(published)[1]) if published else None
    exact = published is not None and len(published) == len("2019-04-26")
    if weekday := parts.get("weekday"):
        return _of_weekday(weekday.casefold(), last) if last and exact else None
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    number = (int(month) if month.isdigit() else month_number(month)) if month else 0
    try:
        if year:
            return _iso(int(year), number, int(day or 0))
        if last is None:
            return None
        found = datetime.date(last.year, number, int(day or 1))
        if found > last + datetime.timedelta(_AHEAD if day else 0):
            found = datetime.date(last.year - 1, number, int(day or 1))
        return _iso(found.year, found.month, int(day or 0))
    except ValueError:  # "February 30"
        return None


def _of_weekday(name: str, last: datetime.date) -> str:
    if name in _WEEKDAYS:
        return (last - datetime.timedelta((last.weekday() - _WEEKDAYS[name]) % 7)).isoformat()
    return (last - datetime.timedelta(name == "yesterday")).isoformat()


def _iso(year: int, month: int, day: int) -> str:
    if day:
        return datetime.date(year, month, day).isoformat()
    return f"{year:04d}-{month:02d}" if month else f"{year:04d}"
