"""Dates of each precision mean the days they may mean."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import UsageError
from qa.text.days import day_range


@given(st.dates(datetime.date(1000, 1, 1)))
def test_a_day_is_one_day_inside_its_month_and_year(day: datetime.date) -> None:
    iso = day.isoformat()
    assert day_range(iso) == (day.toordinal(), day.toordinal())
    for coarser in (iso[:7], iso[:4]):
        first, last = day_range(coarser)
        assert first <= day.toordinal() <= last


def test_a_month_ends_on_its_last_day() -> None:
    assert day_range("2020-02")[1] == datetime.date(2020, 2, 29).toordinal()


@pytest.mark.parametrize("wrong", ["yesterday", "2019-02-30", "26-04-2019", "2019-4-1", "", "0000"])
def test_anything_else_is_refused_with_what_was_expected(wrong: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        day_range(wrong)
