"""Intervals and tests are honest, and the same every time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eval.significance import intervals, randomisation_test

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
