"""Dates as people type them into a filter: `2019-04`, `April 2019`, `yesterday`, `last week`.

Each means a range of days: `since` takes its first and `until` its last. What has two readings is
refused with both, as `04/05/2019`; nothing is guessed. Weeks begin on Monday (ISO 8601). English
only, and without a library: dateparser takes 04/05/2019 for April, 2019 for a day, and over a
second for a word that is no date.
"""

import calendar
import datetime
import re
from collections.abc import Callable

from embeddings.errors import UsageError
from qa.text.days import MONTH_NUMBERS

Days = tuple[datetime.date, datetime.date]

# Characters of a wrong date that a message repeats.
_SHOWN = 60


class _TwoReadings(Exception):
    """A date that may be either of two."""


_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTH_NUMBERS, key=len, reverse=True))})\.?"
_UNIT = r"(?P<unit>day|week|month|year)"
_UP_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve".split()
_COUNTS = {"a": 1, "an": 1} | {name: number for number, name in enumerate(_UP_TO_TWELVE, 1)}
_COUNT = rf"(?P<count>\d{{1,4}}|{'|'.join(_COUNTS)})"
_WEEKDAYS = [name.lower() for name in calendar.day_name]


def days_of(typed: str, today: datetime.date) -> Days:
    """The first and the last day that is meant, as of `today`.

    Raises `UsageError` with both readings for a date that has two, and with what is expected for
    anything that is no date.
    """
    text = " ".join(typed.casefold().replace(",", " ").split())
    shown, why = typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}...", ""
    try:
        for form, read in _FORMS:
            if found := form.fullmatch(text):
                return read(found, today)
    except _TwoReadings as two:
        first, second = two.args
        raise UsageError(f"{shown!r} may be {first} or {second}; write one of these.") from None
    except (ValueError, OverflowError) as error:
        why = f" ({error})"
    raise UsageError(
        f"{shown!r} is not a date{why}; expected one such as 2019-04-26, 2019-04, 2019, April "
        "2019, 26 April 2019, yesterday, last month or 3 days ago."
    )


def _iso(found: re.Match[str], _: datetime.date) -> Days:
    year, month, day = (int(found[name] or 0) for name in ("year", "month", "day"))
    if found["day"]:
        return _one(datetime.date(year, month, day))
    if found["month"]:
        return _month_of(datetime.date(year, month, 1))
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _named(found: re.Match[str], _: datetime.date) -> Days:
    parts = found.groupdict()
    year, month = int(parts["year"]), MONTH_NUMBERS[parts["month"]]
    if day := parts.get("day"):
        return _one(datetime.date(year, month, int(day)))
    return _month_of(datetime.date(year, month, 1))


def _without_year(found: re.Match[str], today: datetime.date) -> Days:
    month, day = MONTH_NUMBERS[found["month"]], found.groupdict().get("day")
    named = f"{day or ''} {calendar.month_name[month]}".strip()
    last = today.year if month <= today.month else today.year - 1
    raise _TwoReadings(f"{named} {last}", f"{named} {last - 1}")


def _two_numbers(found: re.Match[str], _: datetime.date) -> Days:
    """Two numbers of which each may be the day, or only one."""
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    readings = [
        datetime.date(year, month, day)
        for day, month in dict.fromkeys(((one, two), (two, one)))
        if month <= 12
    ]
    if not readings:
        raise ValueError("month must be in 1..12")
    if len(readings) > 1:
        raise _TwoReadings(
            *(f"{date} ({date.day} {calendar.month_name[date.month]})" for date in readings)
        )
    return _one(readings[0])


def _month_number(found: re.Match[str], _: datetime.date) -> Days:
    return _month_of(datetime.date(int(found["year"]), int(found["one"]), 1))


def _today(_: re.Match[str], today: datetime.date) -> Days:
    return _one(today)


def _yesterday(found: re.Match[str], today: datetime.date) -> Days:
    return _one(today - datetime.timedelta(1 + found[0].count("before")))


def _ago(found: re.Match[str], today: datetime.date) -> Days:
    return _one(_back(today, _count(found), found["unit"]))


def _past(found: re.Match[str], today: datetime.date) -> Days:
    """So many days up to today."""
    return _back(today, _count(found), found["unit"]), today


def _calendar_unit(found: re.Match[str], today: datetime.date) -> Days:
    """This week, month or year, or the one before it."""
    unit = found["unit"]
    day = _back(today, 1, unit) if found["which"] in ("last", "previous") else today
    if unit == "week":
        monday = day - datetime.timedelta(day.weekday())
        return monday, monday + datetime.timedelta(6)
    if unit == "month":
        return _month_of(day)
    return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)


def _weekday(found: re.Match[str], today: datetime.date) -> Days:
    """The last day of that name, unless it may be the one before."""
    back = (today.weekday() - _WEEKDAYS.index(found["weekday"])) % 7
    if found["last"]:
        # On a Wednesday, "last Monday" was two days ago or in the week before.
        back = back or 7
        two = back <= today.weekday()
    else:
        two = not back
    day = today - datetime.timedelta(back)
    if two:
        raise _TwoReadings(day.isoformat(), (day - datetime.timedelta(7)).isoformat())
    return _one(day)


def _one(day: datetime.date) -> Days:
    return day, day


def _month_of(day: datetime.date) -> Days:
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


def _count(found: re.Match[str]) -> int:
    count = found["count"] or "a"
    return _COUNTS.get(count) or int(count)


def _back(day: datetime.date, count: int, unit: str) -> datetime.date:
    """The day so many units before; where a month has no such day, its last."""
    if unit in ("day", "week"):
        return day - datetime.timedelta(count * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 - count * (12 if unit == "year" else 1), 12)
    first = datetime.date(year, month + 1, 1)
    return first.replace(day=min(day.day, calendar.monthrange(year, month + 1)[1]))


_FORMS: list[tuple[re.Pattern[str], Callable[[re.Match[str], datetime.date], Days]]] = [
    (re.compile(form, re.ASCII), read)
    for form, read in (
        (rf"{_YEAR}(?:(?P<sep>[-/.])(?P<month>\d{{1,2}})(?:(?P=sep)(?P<day>\d{{1,2}}))?)?", _iso),
        (rf"{_MONTH} {_YEAR}", _named),
        (rf"{_YEAR} {_MONTH}", _named),
        (rf"{_MONTH} {_DAY} {_YEAR}", _named),
        (rf"(?:the )?{_DAY}[ -](?:of )?{_MONTH}[ -]{_YEAR}", _named),
        (rf"{_MONTH}(?: {_DAY})?", _without_year),
        (rf"(?:the )?{_DAY} (?:of )?{_MONTH}", _without_year),
        (rf"(?P<one>\d{{1,2}})(?P<sep>[-/.])(?P<two>\d{{1,2}})(?P=sep){_YEAR}", _two_numbers),
        (rf"(?P<one>\d{{1,2}})[-/.]{_YEAR}", _month_number),
        (r"today|now", _today),
        (r"yesterday|(?:the )?day before yesterday", _yesterday),
        (rf"{_COUNT} {_UNIT}s? ago", _ago),
        (rf"(?:the )?(?:past|last) {_COUNT} {_UNIT}s?", _past),
        (rf"(?:the )?past (?P<count>){_UNIT}", _past),
        (r"(?:the )?(?P<which>this|last|previous) (?P<unit>week|month|year)", _calendar_unit),
        (rf"(?:on )?(?P<last>last )?(?P<weekday>{'|'.join(_WEEKDAYS)})", _weekday),
    )
]
