"""Filters on articles in the form each engine needs: `Bounds` for terms, a `Mask` for vectors.

Both are computed from the same columns, so that both engines search the same passages.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.text.days import day_range
from qa.text.folding import having
from qa.types import Filters

# First and last day of an article without a date: it fails both date comparisons in `mask`.
_NEVER_FROM, _NEVER_TO = np.iinfo(np.int32).max, np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Mask:
    """The rows that a search may return: bit `row % 8` of byte `row // 8`. `count` bits are set."""

    bits: npt.NDArray[np.uint8]
    count: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """Filters as day numbers, both inclusive, and publisher names; None means no restriction."""

    since: int | None
    until: int | None
    sources: tuple[str, ...] | None

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None

    def passes(self, source: str, day: int) -> bool:
        """Whether an article of this publisher and day is within the bounds."""
        return (
            (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (self.sources is None or source in self.sources)
        )


@dataclass(frozen=True, slots=True)
class Articles:
    """Columns over all articles, `(n,)` each.

    `first_day` and `last_day` bound the days that the date may mean; `source` is the index of the
    publisher in `sources`, -1 for none; the passages are `rows` rows from `first_row` on.
    """

    sources: tuple[str, ...]
    first_day: npt.NDArray[np.int32]
    last_day: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    first_row: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]

    def bounds(self, filters: Filters) -> Bounds | None:
        """The filters as bounds; None if nothing is filtered."""
        if filters == Filters():
            return None
        return Bounds(
            since=None if filters.since is None else day_range(filters.since)[0],
            until=None if filters.until is None else day_range(filters.until)[1],
            sources=self._named(filters.sources) if filters.sources else None,
        )

    def _named(self, parts: Iterable[str]) -> tuple[str, ...]:
        """The publishers that any of `parts` may mean."""
        named = {name for part in parts for name in having(part, self.sources)}
        return tuple(name for name in self.sources if name in named)

    def days(self, first_rows: Collection[int]) -> dict[int, tuple[int, int]]:
        """The first and the last day that the dates of the articles may mean whose passages begin
        at these rows, by row; an article that tells no date is left out."""
        wanted = np.isin(self.first_row, list(first_rows)) & (self.rows > 0)
        wanted &= self.last_day != _NEVER_TO
        columns = (self.first_row, self.first_day, self.last_day)
        rows, first, last = (column[wanted].tolist() for column in columns)
        return dict(zip(rows, zip(first, last, strict=True), strict=True))

    def mask(self, bounds: Bounds) -> Mask:
        """The passages of the articles within the bounds."""
        chosen = self._within(bounds)
        size = int((self.first_row + self.rows).max(initial=0))
        # +1 at the start of each chosen run of rows and -1 after its end: the sum is 1 inside.
        steps = np.zeros(size + 1, dtype=np.int8)
        np.add.at(steps, self.first_row[chosen], 1)
        np.add.at(steps, (self.first_row + self.rows)[chosen], -1)
        inside = np.cumsum(steps[:size], dtype=np.int8).view(bool)
        return Mask(np.packbits(inside, bitorder="little"), int(self.rows[chosen].sum()))

    def undated(self, bounds: Bounds) -> int:
        """The number of articles without a date that a date excludes and no publisher does."""
        if not bounds.dated:
            return 0
        may_be = self._of_source(bounds) | self._sourceless
        return int((may_be & self._undated).sum())

    def sourceless(self, bounds: Bounds) -> int:
        """The number of articles without a publisher that a publisher excludes and no date does."""
        if bounds.sources is None:
            return 0
        may_be = self._of_days(bounds) | self._undated
        return int((may_be & self._sourceless).sum())

    def first_days(self, bounds: Bounds | None) -> list[tuple[int, int]]:
        """The place of each article within the bounds, and the first day that its date may mean.
        An article without a date is before all others."""
        inside = np.ones(len(self.source), dtype=bool) if bounds is None else self._within(bounds)
        places = np.flatnonzero(inside)
        days = np.where(self._undated, _NEVER_TO, self.first_day)[places]
        return list(zip(places.tolist(), days.tolist(), strict=True))

    def counts(self, bounds: Bounds | None) -> dict[str | None, int]:
        """The number of articles within the bounds from each publisher, which is None for those
        without one."""
        of = self.source if bounds is None else self.source[self._within(bounds)]
        # The entry of articles without a publisher comes first, because their index is -1.
        counted = np.bincount(of + 1, minlength=1).tolist()
        return {
            name: count
            for name, count in zip((None, *self.sources), counted, strict=False)
            if count
        }

    def newest(self, bounds: Bounds | None) -> int | None:
        """The first day that the date of the newest article within the bounds may mean; None when
        none tells a date."""
        chosen = self.first_day != _NEVER_FROM
        if bounds is not None:
            chosen &= self._within(bounds)
        days = self.first_day[chosen]
        return int(days.max()) if len(days) else None

    @property
    def _undated(self) -> npt.NDArray[np.bool_]:
        return np.equal(self.last_day, _NEVER_TO)

    @property
    def _sourceless(self) -> npt.NDArray[np.bool_]:
        return np.equal(self.source, -1)

    def _within(self, bounds: Bounds) -> npt.NDArray[np.bool_]:
        return self._of_source(bounds) & self._of_days(bounds)

    def _of_days(self, bounds: Bounds) -> npt.NDArray[np.bool_]:
        chosen = np.ones(len(self.source), dtype=bool)
        if bounds.since is not None:
            chosen &= self.last_day >= bounds.since
        if bounds.until is not None:
            chosen &= self.first_day <= bounds.until
        return chosen

    def _of_source(self, bounds: Bounds) -> npt.NDArray[np.bool_]:
        if bounds.sources is None:
            return np.ones(len(self.source), dtype=bool)
        wanted = frozenset(bounds.sources)
        # The last entry is for articles without a publisher, whose index is -1.
        passes = np.array([*(name in wanted for name in self.sources), False])
        return passes[self.source]


def articles(
    rows: list[tuple[int | None, int | None, str | None, int, int]], sources: tuple[str, ...]
) -> Articles:
    """The columns for `rows`: first day, last day, publisher, first row and number of rows of each
    article."""
    places = {name: place for place, name in enumerate(sources)}
    columns = list(zip(*rows, strict=True)) or [()] * 5
    first, last, source, row, count = columns
    return Articles(
        sources=sources,
        first_day=np.array([_NEVER_FROM if day is None else day for day in first], np.int32),
        last_day=np.array([_NEVER_TO if day is None else day for day in last], np.int32),
        source=np.array([-1 if name is None else places[name] for name in source], np.int32),
        first_row=np.array(row, np.int64),
        rows=np.array(count, np.int64),
    )
