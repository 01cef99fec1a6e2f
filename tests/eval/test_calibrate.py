"""Calibration: the bound, the thresholds, and a probability that means what it says."""

from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import EncoderError, InputError
from eval.training.calibrate import (
    Example,
    as_json,
    by_kind,
    calibrate,
    greatest_threshold,
    halves,
    least_threshold,
    logistic,
    read_examples,
    upper_bound,
)
from qa.answers.reading.confidence import (
    Calibration,
    Features,
    Grade,
    ReadWindow,
    features_of,
    load_calibration,
)
from qa.answers.reading.reader import Reading


def _features(margin: float, answered: float = 0.0) -> Features:
    return Features(margin, 0.5, 0.2, answered, answered, 0.0, 1.0, 0.4, 0.8, 1.0)


def _examples(count: int = 1500) -> list[Example]:
    """Right in proportion to a known logistic function of the margin."""
    draw = np.random.default_rng(4)
    found = []
    for number in range(count):
        margin, noise = draw.normal(), draw.normal()
        right = bool(draw.random() < 1 / (1 + np.exp(-4 * margin)))
        kind = "answerable" if right else "near miss"
        found.append(Example(f"q{number}", kind, _features(margin, noise), right, right))
    return found


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


_MARKED = st.lists(st.tuples(st.integers(0, 6).map(lambda n: n / 6), st.booleans()), max_size=80)


@given(_MARKED)
def test_thresholds_keep_their_bound(marked: list[tuple[float, bool]]) -> None:
    scores, bad = [score for score, _ in marked], [is_bad for _, is_bad in marked]
    for threshold, above in (
        (least_threshold(scores, bad, 0.3), True),
        (greatest_threshold(scores, bad, 0.3), False),
    ):
        chosen = [b for s, b in marked if (s >= threshold if above else s < threshold)]
        assert not chosen or upper_bound(sum(chosen), len(chosen), 0.9) <= 0.3


def test_many_good_scores_are_let_through_and_few_are_not() -> None:
    assert least_threshold([0.9] * 40 + [0.1] * 5, [False] * 40 + [True] * 5, 0.1) == 0.9
    assert least_threshold([0.9] * 5, [False] * 5, 0.1) > 1
    assert greatest_threshold([0.9] * 5, [False] * 5, 0.1) < 0


def test_the_regression_finds_the_weights_that_the_data_were_drawn_with() -> None:
    draw = np.random.default_rng(2)
    values = draw.normal(size=(20000, 2))
    chances = 1 / (1 + np.exp(-(1.5 * values[:, 0] - 0.5 * values[:, 1] + 0.3)))
    weights = logistic(values, (draw.random(20000) < chances).astype(float))
    assert weights == pytest.approx([1.5, -0.5, 0.3], abs=0.08)


def test_a_calibration_keeps_its_error_on_the_other_half_and_is_calibrated() -> None:
    examples = _examples()
    calibration, half = calibrate(examples, "v")
    assert half.answered > 100
    assert half.absent > 100
    assert half.answered_wrong / half.answered < 0.15
    assert half.absent_answerable / half.absent < 0.15
    _, reported = halves(examples)
    sure = [e for e in reported if 0.7 < calibration.probability(e.features) < 0.9]
    assert np.mean([e.right for e in sure]) == pytest.approx(0.8, abs=0.1)
    counts = by_kind(calibration, reported)
    assert sum(sum(grades.values()) for grades in counts.values()) == half.questions


def test_halves_do_not_depend_on_the_order() -> None:
    examples = _examples(100)
    one, other = halves(examples)
    again, _ = halves(reversed(examples))
    assert {e.id for e in one} == {e.id for e in again}
    assert 30 < len(one) < 70
    assert len(one) + len(other) == 100


def test_a_calibration_needs_right_and_wrong_answers() -> None:
    with pytest.raises(InputError, match="all right or all wrong"):
        calibrate([e for e in _examples(50) if e.right], "v")


def test_examples_are_read_as_written_and_bad_ones_are_named(tmp_path: Path) -> None:
    examples = _examples(3)
    path = tmp_path / "examples.jsonl"
    path.write_text("".join(as_json(example) + "\n" for example in examples), encoding="utf-8")
    assert read_examples(path) == examples
    path.write_text(as_json(examples[0]) + '\n{"id": 1}\n', encoding="utf-8")
    with pytest.raises(InputError, match="example 2"):
        read_examples(path)


def test_a_saved_calibration_gives_the_same_grades(tmp_path: Path) -> None:
    calibration, _ = calibrate(_examples(400), "v1")
    path = tmp_path / "calibration.json"
    calibration.save(path, {"questions": 400})
    loaded = load_calibration(path, "v1")
    assert loaded == calibration
    with pytest.raises(EncoderError, match="fitted with reader v1"):
        load_calibration(path, "v2")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError, match="no calibration of this version"):
        load_calibration(path, "v1")


def test_grades_follow_the_thresholds() -> None:
    zeros, ones = (0.0,) * 10, (1.0,) * 10
    calibration = Calibration(zeros, ones, (1.0, *zeros[1:]), 0.0, 0.8, 0.2, "v")
    grades = [calibration.grade(_features(margin)) for margin in (3, 0, -3, 900, -900)]
    sure, perhaps, absent = Grade.ANSWERED, Grade.PERHAPS, Grade.ABSENT
    assert grades == [sure, perhaps, absent, sure, absent]


def test_agreement_counts_other_articles_with_the_same_words_once_each() -> None:
    def window(article: str, text: str, margin: float) -> ReadWindow:
        reading = Reading(0, len(text), margin, margin, 0.0, margin)
        return ReadWindow(article, text, reading, 1.0, 0.5, 0.5, 1.0)

    best = window("a", "25 April", 4.0)
    alone = features_of([best, window("a", "25 April", 3.9), window("b", "Moscow", 3.0)])
    assert alone.agreement == 0
    agreed = features_of([best, window("b", "“25 april”", 3.0), window("b", "25 April.", 2.0)])
    twice = features_of([best, window("b", "25 April", 3.0), window("c", "25 April", 3.0)])
    assert 0 < agreed.agreement < twice.agreement
    assert agreed.margin == 4
    assert agreed.probability + agreed.none <= 1
