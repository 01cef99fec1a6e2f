"""Probabilities that mean what they say, and the curve of answering the surest questions."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.reliability import Bin, auroc, calibration_error, reliability, risk_coverage


def test_the_calibration_error_is_the_gap_between_probability_and_share() -> None:
    right = np.array([1.0] * 8 + [0.0] * 2)
    assert calibration_error(np.full(10, 0.8), right, 1) == pytest.approx(0)
    assert calibration_error(np.full(10, 0.5), right, 1) == pytest.approx(0.3)
    assert calibration_error(np.zeros(0), np.zeros(0)) == 0


def test_bins_are_of_equally_many_questions_in_the_order_of_their_probability() -> None:
    chances, right = np.array([0.9, 0.1, 0.7, 0.3]), np.array([1.0, 0.0, 0.0, 1.0])
    assert reliability(chances, right, 2) == (Bin(2, 0.2, 0.5), Bin(2, 0.8, 0.5))
    assert len(reliability(chances, right)) == 4
    assert calibration_error(chances, right, 2) == pytest.approx(0.3)


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    higher, lower = np.array([3.0, 1.0, 2.0]), np.array([0.0, 2.0])
    assert auroc(higher, lower) == pytest.approx((2 + 1 + 1.5) / 6)


def test_the_risk_is_the_share_of_wrong_answers_among_the_surest() -> None:
    curve = risk_coverage(np.array([0.2, 0.9, 0.6, 0.8]), np.array([0.0, 1.0, 1.0, 0.0]))
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.probability.tolist() == [0.9, 0.8, 0.6, 0.2]
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert risk_coverage(np.zeros(0), np.zeros(0)).area == 0


_ASKED = st.lists(
    st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.sampled_from([0.0, 1.0])),
    min_size=1,
    max_size=5,
)


@given(_ASKED)
def test_equal_questions_count_as_if_in_every_order(asked: list[tuple[float, float]]) -> None:
    chances, right = (np.array(column) for column in zip(*asked, strict=True))
    areas = []
    for order in permutations(range(len(asked))):
        ordered = sorted(order, key=lambda row: -chances[row])
        errors = np.cumsum([1 - right[row] for row in ordered])
        areas.append((errors / np.arange(1, len(asked) + 1)).mean())
    assert risk_coverage(chances, right).area == pytest.approx(np.mean(areas))


@given(_ASKED)
def test_the_risk_of_answering_everything_is_the_error_rate(
    asked: list[tuple[float, float]],
) -> None:
    chances, right = (np.array(column) for column in zip(*asked, strict=True))
    assert risk_coverage(chances, right).risk[-1] == pytest.approx(1 - right.mean())
