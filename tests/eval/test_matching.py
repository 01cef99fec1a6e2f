"""Short answers are compared with gold answers as SQuAD does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import best_exact, best_f1, f1, holds, is_yes_or_no, normal


def test_answers_are_compared_without_articles_case_and_punctuation() -> None:
    assert normal("The “U.S.” President!") == "“us” president"
    assert f1("the red car", "a red Car!") == 1
    assert f1("red car", "car") == pytest.approx(2 / 3)
    assert f1("boat", "car") == f1("", "car") == 0


def test_the_best_of_the_gold_answers_counts() -> None:
    golds = ("as many as 30,000", "30,000")
    assert best_exact("30,000.", golds) == 1
    assert best_f1("30,000 workers", golds) == pytest.approx(2 / 3)
    assert best_exact("30,000", ()) == best_f1("30,000", ()) == 0


def test_whole_words_in_their_order_are_held() -> None:
    assert holds("Some 300 dockers work there.", ["nobody", "The 300 dockers"])
    assert not holds("Some 3000 dockers work there.", ["300 dockers"])
    assert not holds("Some 300 old dockers work there.", ["300 dockers"])
    assert not holds("Some 300 dockers work there.", ["the", "!"])


def test_only_yes_and_no_are_yes_or_no() -> None:
    assert is_yes_or_no(["Yes", "no."])
    assert not is_yes_or_no(["No", "Nobody"])
    assert not is_yes_or_no([])


_TEXTS = st.text(st.sampled_from("ab AT,."), max_size=12)


@given(_TEXTS, _TEXTS)
def test_f1_is_symmetric_and_one_for_equal_answers(one: str, other: str) -> None:
    assert f1(one, other) == f1(other, one)
    assert 0 <= f1(one, other) <= 1
    if best_exact(one, [other]):
        assert f1(one, other) == 1
