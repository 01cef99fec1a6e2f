"""A mask of rows lets pass exactly the passages of the articles within the bounds."""

import time
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.store.local.engines.filters import Articles, Bounds, articles
from qa.types import Filters

_SOURCES = ("Coast Daily", "Forest Wire")
_DAYS = st.integers(700_000, 700_010)
_ARTICLE = st.tuples(
    st.none() | st.tuples(_DAYS, st.integers(0, 3)),
    st.sampled_from([None, *_SOURCES]),
    st.integers(0, 3),
    st.integers(1, 9),
)
_BOUNDS = st.builds(
    Bounds,
    st.none() | _DAYS,
    st.none() | _DAYS,
    st.none() | st.lists(st.sampled_from(_SOURCES), unique=True).map(tuple),
)


@given(st.lists(_ARTICLE, max_size=20), _BOUNDS)
def test_the_mask_is_what_looking_at_each_article_gives(told: list, bounds: Bounds) -> None:
    rows, expected, row = [], set(), 1
    undated, sourceless, counts, days = 0, 0, Counter[str | None](), []
    for place, (day, source, gap, count) in enumerate(told):
        row += gap  # Rows of articles that are gone.
        first, last = (None, None) if day is None else (day[0], day[0] + day[1])
        rows.append((first, last, source, row, count))
        of_source = bounds.sources is None or source in bounds.sources
        of_days = (bounds.since is None or (last is not None and last >= bounds.since)) and (
            bounds.until is None or (first is not None and first <= bounds.until)
        )
        if of_source and of_days:
            expected.update(range(row, row + count))
            counts[source] += 1
            days.append((place, -(2**31) if first is None else first))
        undated += (of_source or source is None) and first is None and bounds.dated
        sourceless += (of_days or first is None) and source is None and bounds.sources is not None
        row += count
    made = articles(rows, _SOURCES)
    mask = made.mask(bounds)
    assert set(np.flatnonzero(np.unpackbits(mask.bits, bitorder="little")).tolist()) == expected
    assert mask.count == len(expected)
    assert (made.undated(bounds), made.sourceless(bounds)) == (undated, sourceless)
    assert made.counts(bounds) == counts
    assert made.first_days(bounds) == days


def _of_publishers(count: int) -> Articles:
    """As many articles, each from a publisher of its own."""
    names = tuple(f"paper-{number}.com" for number in range(count))
    return articles([(None, None, name, row, 1) for row, name in enumerate(names, 1)], names)


def _seconds(made: Articles) -> float:
    """The least processor time of a filter that every publisher passes."""
    taken = []
    for _ in range(5):
        begun = time.thread_time()
        bounds = made.bounds(Filters(source=".COM"))
        assert bounds is not None
        assert made.mask(bounds).count == len(made.sources)
        taken.append(time.thread_time() - begun)
    return min(taken)


def test_a_filter_takes_time_in_proportion_to_the_publishers_that_pass() -> None:
    few, many = _of_publishers(4_000), _of_publishers(16_000)
    assert _seconds(many) < 8 * _seconds(few)
