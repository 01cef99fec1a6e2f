"""Calibration: the thresholds, and a probability that means what it says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import EncoderError, InputError
from eval.significance import upper_bound
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
)
from qa.answers.reading.confidence import (
    NAMES,
    Calibration,
    Features,
    Logistic,
    Window,
    best_of,
    features_of,
    load_calibration,
)
from qa.answers.reading.reader import Reading


def _features(margin: float, answered: float = 0.0) -> Features:
    values = dict.fromkeys(NAMES, 0.5) | {"margin": margin, "answered": answered}
    return Features(**values)


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


def test_a_calibration_keeps_its_errors_on_the_other_half_and_is_calibrated() -> None:
    # Every fourth question that is not answered right has an answer elsewhere in the articles.
    examples = [
        replace(example, answerable=example.right or number % 4 == 0)
        for number, example in enumerate(_examples(4000))
    ]
    calibration, half = calibrate(examples, "v", 0.15, 0.35)
    _, reported = halves(examples)
    verdicts = [(calibration.verdict(example.features), example) for example in reported]
    answered = [e.right for verdict, e in verdicts if verdict == "answered" and e.answerable]
    silent = [e.answerable for verdict, e in verdicts if verdict == "silent"]
    assert len(answered) > 100
    assert len(silent) > 100
    assert np.mean(answered) > 0.85
    assert np.mean(silent) < 0.35
    assert half.ece < 0.06
    sure = [e for e in reported if 0.7 < calibration.right.probability(e.features) < 0.9]
    assert np.mean([e.right for e in sure]) == pytest.approx(0.8, abs=0.1)
    counts = by_kind(calibration, reported)
    verdicts = ("answered", "perhaps", "silent")
    assert sum(kind[one] for kind in counts.values() for one in verdicts) == half.questions


def test_every_kind_of_question_weighs_alike() -> None:
    few = [Example(f"f{n}", "few", _features(2.0), False, False) for n in range(40)]
    many = [Example(f"m{n}", "many", _features(2.0), True, True) for n in range(4000)]
    calibration, _ = calibrate([*few, *many], "v")
    assert calibration.right.probability(_features(2.0)) == pytest.approx(0.5, abs=0.05)


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


def test_a_saved_calibration_gives_the_same_verdicts(tmp_path: Path) -> None:
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


def test_verdicts_follow_the_thresholds() -> None:
    zeros, ones = (0.0,) * len(NAMES), (1.0,) * len(NAMES)
    right = Logistic(zeros, ones, (1.0, *zeros[1:]), 0.0)
    answered = NAMES.index("answered")
    present = Logistic(zeros, ones, (*zeros[:answered], 1.0, *zeros[answered + 1 :]), 0.0)
    calibration = Calibration(right, present, 0.8, 0.2, "v")
    verdicts = [
        calibration.verdict(_features(margin, log_odds))
        for margin, log_odds in ((3, 0), (0, 0), (3, -3), (900, 900), (-900, -900))
    ]
    assert verdicts == ["answered", "perhaps", "silent", "answered", "silent"]


def _read(*windows: tuple[str, str, float]) -> Features:
    """The features of windows given as article, text and margin; each text is the answer."""
    readings = [Reading(0, len(text), margin, margin, 0.0, margin) for _, text, margin in windows]
    given = [Window(article, text, 1.0, 0.5, 0.5, 1.0) for article, text, _ in windows]
    return features_of("When did they meet?", given, readings)


def test_agreement_counts_other_articles_with_the_same_words_once_each() -> None:
    best = ("a", "25 April", 4.0)
    assert _read(best, ("a", "25 April", 3.9), ("b", "Moscow", 3.0)).agreement == 0
    agreed = _read(best, ("b", "“25 april”", 3.0), ("b", "25 April.", 2.0))
    twice = _read(best, ("b", "25 April", 3.0), ("c", "25 April", 3.0))
    assert 0 < agreed.agreement < twice.agreement
    assert agreed.margin == 4
    assert agreed.share + agreed.none <= 1


def test_the_second_answer_is_the_best_different_one() -> None:
    found = _read(("a", "25 April", 1.0), ("b", "25 April", 4.0), ("c", "Moscow", 3.0))
    assert (found.margin, found.second) == (4, 1)
    assert _read(("a", "25 April", 1.0)).second == 10


def test_of_like_margins_the_passage_that_retrieval_prefers_is_the_best() -> None:
    def best(*windows: tuple[float, float]) -> int:
        given = [Window("a", "Text.", fused, 0.5, 0.5, 1.0) for fused, _ in windows]
        return best_of(given, [Reading(0, 4, margin, margin, 0.0, 0.0) for _, margin in windows])

    assert best((1.0, 2.0), (0.9, 2.1)) == 0
    assert best((1.0, 2.0), (0.9, 4.0)) == 1
    assert best((1.0, 2.0), (1.0, 2.0)) == 0


@pytest.mark.parametrize(
    ("question", "polar", "quantity"),
    [
        ("Did Kim meet Putin?", 1, 0),
        ("Between The Verge's report and TechCrunch's, was there a change?", 1, 0),
        ("How many workers are in Russia?", 0, 1),
        ("Who did they meet?", 0, 0),
    ],
)
def test_what_the_question_asks_for_is_a_feature(question: str, polar: int, quantity: int) -> None:
    window = Window("a", "Text.", 1.0, 0.5, 0.5, 1.0)
    found = features_of(question, [window], [Reading(0, 4, 1.0, 1.0, 0.0, 0.0)])
    assert (found.polar, found.quantity) == (polar, quantity)
