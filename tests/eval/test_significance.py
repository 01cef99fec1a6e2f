"""Intervals and tests are honest, and the same every time."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.significance import (
    intervals,
    randomisation_test,
    share_interval,
    statistic_interval,
    upper_bound,
)

_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(_VALUES)
def test_an_interval_holds_its_mean_or_its_only_value(values: list[float]) -> None:
    ((low, high),) = intervals([values])
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


@given(_VALUES)
def test_both_are_the_same_on_every_run(values: list[float]) -> None:
    assert intervals([values]) == intervals([values])
    zeros = [0.0] * len(values)
    assert randomisation_test(values, zeros) == randomisation_test(values, zeros)


@given(_VALUES)
def test_a_system_does_not_differ_from_itself(values: list[float]) -> None:
    assert randomisation_test(values, values) == 1


def test_the_order_of_the_two_does_not_matter() -> None:
    a, b = [1.0, 0.5, 0.2, 0.9, 0.4], [0.5, 0.5, 0.3, 0.2, 0.1]
    assert randomisation_test(a, b) == randomisation_test(b, a)


def test_p_is_near_the_exact_value() -> None:
    # Ten equal wins: chance does as well in 2 of 2 ** 10 tosses.
    assert abs(randomisation_test([1.0] * 10, [0.0] * 10) - 2 / 1024) < 1e-3


def test_a_95_percent_interval_is_about_two_standard_errors_wide() -> None:
    values = np.random.default_rng(1).random(400)
    ((low, high),) = intervals([values.tolist()])
    assert abs((high - low) / (4 * values.std() / 20) - 1) < 0.1


def test_the_bound_agrees_with_tables() -> None:
    # Exact values: 1 - (1 - confidence) ** (1 / n) for no errors.
    assert upper_bound(0, 10, 0.95) == pytest.approx(1 - 0.05 ** (1 / 10), abs=1e-6)
    assert upper_bound(2, 20, 0.95) == pytest.approx(0.2826, abs=1e-4)
    assert upper_bound(3, 3, 0.95) == 1


@given(st.integers(1, 60), st.data())
def test_the_bound_is_where_so_few_errors_become_unlikely(count: int, data: st.DataObject) -> None:
    errors = data.draw(st.integers(0, count - 1))
    rate = upper_bound(errors, count, 0.9)
    at_most = sum(
        comb(count, number) * rate**number * (1 - rate) ** (count - number)
        for number in range(errors + 1)
    )
    assert at_most == pytest.approx(0.1, abs=1e-4)
    assert rate > errors / count


def test_the_interval_of_a_share_agrees_with_tables() -> None:
    assert share_interval(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert share_interval(8, 10) == pytest.approx((0.4439, 0.9748), abs=1e-4)
    assert share_interval(0, 0) == (0, 1)


@given(st.integers(1, 60), st.data())
def test_the_interval_of_a_share_holds_it_and_mirrors(count: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, count))
    low, high = share_interval(hits, count)
    assert 0 <= low <= hits / count <= high <= 1
    assert share_interval(count - hits, count) == pytest.approx((1 - high, 1 - low))


def test_the_interval_of_a_mean_is_the_same_by_either_way() -> None:
    values = np.random.default_rng(2).random(200)
    (expected,) = intervals([values.tolist()])
    found = statistic_interval(lambda rows: float(values[rows].mean()), len(values))
    assert found == pytest.approx(expected, abs=0.01)


def test_draws_without_a_value_are_left_out() -> None:
    assert statistic_interval(lambda _: None, 3) == (0, 1)
    assert statistic_interval(lambda rows: 0.5 if rows.any() else None, 2) == (0.5, 0.5)
