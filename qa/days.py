"""Calendar dates with the precision that is known: `2019-04-26`, `2019-04`, `2019`."""

import calendar
import datetime
import re

from embeddings.errors import UsageError

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def day_range(date: str) -> tuple[int, int]:
    """The first and last day that `date` may mean, as proleptic Gregorian ordinals.

    Raises `UsageError` when it is no date of the form YYYY, YYYY-MM or YYYY-MM-DD.
    """
    match = _ISO.fullmatch(date.strip())
    try:
        if match is None:
            raise ValueError("not of that form")
        year, month, day = (int(part) if part else 0 for part in match.groups())
        first = datetime.date(year, month or 1, day or 1)
        last_month = month or 12
        last = datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError as error:
        raise UsageError(
            f"{date!r} is not a date; expected YYYY-MM-DD, such as 2019-04-26, or YYYY-MM, or YYYY"
            f" ({error})."
        ) from error
    return first.toordinal(), last.toordinal()
