"""Calendar dates of known precision: `2019-04-26`, `2019-04`, `2019`."""

import calendar
import datetime
import re

from embeddings.errors import UsageError

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def in_words(date: str) -> str:
    """The date as articles and questions write it: "April 26 2019", "April 2019", "2019"."""
    year, month, day = (int(part) if part else 0 for part in _parts(date))
    named = [calendar.month_name[month]] if month else []
    return " ".join([*named, *([str(day)] if day else []), str(year)])


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
