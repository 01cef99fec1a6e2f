"""Dates as people type them mean what they say, or are refused with what they may mean."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import UsageError
from qa.text.days import in_words
from qa.text.typed_dates import days_of

_WEDNESDAY = datetime.date(2024, 3, 6)


def _read(typed: str, today: datetime.date = _WEDNESDAY) -> str:
    first, last = days_of(typed, today)
    return f"{first}" if first == last else f"{first} to {last}"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2019", "2019-01-01 to 2019-12-31"),
        ("2019-02", "2019-02-01 to 2019-02-28"),
        ("2024/2", "2024-02-01 to 2024-02-29"),
        ("2/2024", "2024-02-01 to 2024-02-29"),
        ("2019-04-26", "2019-04-26"),
        ("2019-4-1", "2019-04-01"),
        ("April 2019", "2019-04-01 to 2019-04-30"),
        (" APR.  2019 ", "2019-04-01 to 2019-04-30"),
        ("2019 april", "2019-04-01 to 2019-04-30"),
        ("26 April 2019", "2019-04-26"),
        ("the 26th of April, 2019", "2019-04-26"),
        ("April 26, 2019", "2019-04-26"),
        ("26-Apr-2019", "2019-04-26"),
        ("26/04/2019", "2019-04-26"),
        ("04/26/2019", "2019-04-26"),
        ("26.4.2019", "2019-04-26"),
        ("05/05/2019", "2019-05-05"),
        ("today", "2024-03-06"),
        ("Yesterday", "2024-03-05"),
        ("the day before yesterday", "2024-03-04"),
        ("3 days ago", "2024-03-03"),
        ("a week ago", "2024-02-28"),
        ("two weeks ago", "2024-02-21"),
        ("a month ago", "2024-02-06"),
        ("4 years ago", "2020-03-06"),
        ("last 3 days", "2024-03-03 to 2024-03-06"),
        ("the past week", "2024-02-28 to 2024-03-06"),
        ("this week", "2024-03-04 to 2024-03-10"),
        ("last week", "2024-02-26 to 2024-03-03"),
        ("Last Month", "2024-02-01 to 2024-02-29"),
        ("previous year", "2023-01-01 to 2023-12-31"),
        ("Monday", "2024-03-04"),
        ("last friday", "2024-03-01"),
        ("last wednesday", "2024-02-28"),
    ],
)
def test_a_date_means_the_days_that_it_names(typed: str, expected: str) -> None:
    assert _read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "one", "other"),
    [
        ("04/05/2019", "2019-05-04", "2019-04-05"),
        ("4.5.2019", "2019-05-04", "2019-04-05"),
        ("12-11-2019", "2019-11-12", "2019-12-11"),
        ("April", "April 2023", "April 2022"),
        ("march", "March 2024", "March 2023"),
        ("26 April", "26 April 2023", "26 April 2022"),
        ("wednesday", "2024-03-06", "2024-02-28"),
        ("last Monday", "2024-03-04", "2024-02-26"),
    ],
)
def test_a_date_with_two_readings_is_refused_with_both(typed: str, one: str, other: str) -> None:
    with pytest.raises(UsageError) as refused:
        days_of(typed, _WEDNESDAY)
    for shown in (repr(typed), one, other):
        assert shown in str(refused.value)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "soon", "tomorrow", "10", "04/05/19", "2019-13", "2019-02-30", "30/02/2019", "0000",
     "31/31/2019", "9999 years ago", "32 April 2019", "April 0, 2019", "2019-04-", "٢٠١٩",
     "last soon", "2019" + " " * 200 + "soon", "2019 2020", "x" * 10_000, "3 days", "\x1b[31m"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_what_is_expected(typed: str) -> None:
    with pytest.raises(UsageError, match="2019-04-26, 2019-04, 2019") as refused:
        days_of(typed, _WEDNESDAY)
    assert len(str(refused.value)) < 300


@given(st.dates(datetime.date(1000, 1, 1)), st.dates(datetime.date(1000, 1, 1)))
def test_a_day_means_itself_however_it_is_written(day: datetime.date, today: datetime.date) -> None:
    for typed in (day.isoformat(), in_words(day.isoformat()), f"{day:%d %B %Y}".lower()):
        assert days_of(typed, today) == (day, day)
    for typed in (f"{day:%Y-%m}", f"{day:%B %Y}", f"{day:%Y}"):
        first, last = days_of(typed, today)
        assert first <= day <= last


@given(st.dates(datetime.date(2, 1, 1)), st.integers(0, 200))
def test_words_count_back_from_the_day_on_which_they_are_typed(
    today: datetime.date, count: int
) -> None:
    assert days_of("today", today) == (today, today)
    (ago, _), (first, last) = (
        days_of(f"{count} days ago", today),
        days_of(f"last {count} days", today),
    )
    assert (today - ago).days == count
    assert (first, last) == (ago, today)
    for unit in ("week", "month", "year"):
        begins, ends = days_of(f"last {unit}", today)
        assert begins <= ends < today
        assert ends + datetime.timedelta(1) == days_of(f"this {unit}", today)[0]


@given(st.text(st.sampled_from("0123456789/-. aeglnoprstuy"), max_size=70))
def test_any_text_is_a_range_of_days_or_refused(typed: str) -> None:
    try:
        first, last = days_of(typed, _WEDNESDAY)
    except UsageError:
        return
    assert first <= last
