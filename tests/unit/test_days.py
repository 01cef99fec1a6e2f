"""Dates of each precision mean the days they may mean."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import UsageError
from qa.text.days import asks_now, day_range, in_words, named_days


@given(st.dates(datetime.date(1000, 1, 1)))
def test_a_day_is_one_day_inside_its_month_and_year(day: datetime.date) -> None:
    iso = day.isoformat()
    assert day_range(iso) == (day.toordinal(), day.toordinal())
    for coarser in (iso[:7], iso[:4]):
        first, last = day_range(coarser)
        assert first <= day.toordinal() <= last


def test_a_month_ends_on_its_last_day() -> None:
    assert day_range("2020-02")[1] == datetime.date(2020, 2, 29).toordinal()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did The Verge say on October 7, 2023?", ["2023-10-07"]),
        ("published on 2023-11-01", ["2023-11-01"]),
        ("(published at '2023-10-04T22:42:00+00:00')", ["2023-10-04"]),
        ("Oct. 7th 2023, 8 sept 2023, the 9th of May, 2023", ["2023-05-09", "2023-09-08",
                                                             "2023-10-07"]),
        ("in May 2023, in 2023, on May 5", []),
        ("February 30, 2023, 2023-13-01, 45 May 2023, May 0, 2023, 0000-01-01", []),
        ("10/7/2023, 12023-10-04, 2023-10-041, May 5, 20234, 2023-10-04-1", []),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, expected: list[str]) -> None:
    named = sorted(datetime.date.fromordinal(day).isoformat() for day in named_days(text))
    assert named == expected


@given(st.dates(datetime.date(1000, 1, 1)))
def test_a_day_in_words_or_figures_is_that_day(day: datetime.date) -> None:
    for text in (in_words(day.isoformat()), day.isoformat(), f"{day:%d %B %Y}".upper()):
        assert named_days(f"After {text}, who left?") == {day.toordinal()}


@pytest.mark.parametrize(
    "question",
    ["Who is the current mayor?", "What does bread cost now?", "Which strike began this week?",
     "the LATEST figures", "Is he currently ill?", "Is it open today?"],
)  # fmt: skip
def test_asks_for_now(question: str) -> None:
    assert asks_now(question)


@pytest.mark.parametrize(
    "question",
    ["Who was mayor?", "What did nowhere people know?", "Which currents flow there?",
     "Was he currently ill on May 5, 2023?", "What did USA Today say?"],
)  # fmt: skip
def test_does_not_ask_for_now(question: str) -> None:
    assert not asks_now(question)


@pytest.mark.parametrize("wrong", ["yesterday", "2019-02-30", "26-04-2019", "2019-4-1", "", "0000"])
def test_anything_else_is_refused_with_what_was_expected(wrong: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        day_range(wrong)
