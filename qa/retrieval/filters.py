"""Filters as people type them, to filters that a store can apply."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

from embeddings.errors import InputError, UsageError
from qa.store.seam import PassageStore
from qa.text.folding import having
from qa.types import Filters

# More publishers than anyone names in one question.
_MOST_SOURCES = 100
# Publishers that are listed where one is unknown.
_LISTED = 10


def narrowed(filters: Filters, store: PassageStore, today: Callable[[], datetime.date]) -> Filters:
    """The filters with their dates as days, YYYY-MM-DD: the first day that `since` may mean and
    the last that `until` may, as of `today`.

    Raises `UsageError` for a date that is none or has two readings, for a range that ends before it
    begins and for more than a hundred publishers; `InputError` for an unknown publisher.
    """
    if filters.since is not None or filters.until is not None:
        filters = _dated(filters, today())
    if len(filters.sources) > _MOST_SOURCES:
        raise UsageError(
            f"{len(filters.sources):,} publishers are named; expected at most {_MOST_SOURCES}."
        )
    for source in filters.sources:
        if not having(source, store.publishers):
            raise _unknown(source, store.publishers)
    return filters


def _dated(filters: Filters, today: datetime.date) -> Filters:
    from qa.text.typed_dates import days_of  # Most questions have no dates to read.

    since = None if filters.since is None else str(days_of(filters.since, today)[0])
    until = None if filters.until is None else str(days_of(filters.until, today)[1])
    if since and until and since > until:
        raise UsageError(f"since {since} is after until {until}.")
    return replace(filters, since=since, until=until)


def _unknown(source: str, known: Sequence[str]) -> InputError:
    from qa.text.nearest import did_you_mean, nearest

    some = ", ".join(known[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
    return InputError(
        f"No article in this index is from a source like {source!r}."
        + did_you_mean(nearest(source, known))
        + (f" It has: {some}." if known else " Its articles name no source.")
    )
