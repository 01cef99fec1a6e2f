"""Dates: the ways newspapers write them, and what is not a date."""

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.loading.dates import find_date, parse_date

DAY = "2019-04-26"


@pytest.mark.parametrize(
    "written",
    [
        "2019-04-26", "2019/04/26", "2019/4/26", "2019.04.26", "2019. 4. 26.", "20190426",
        "April. 26, 2019 07:55", "April 26, 2019", "Apr 26, 2019",
        "Apr. 26th, 2019 at 3:15 p.m. ET", "26 April 2019", "26th of April 2019", "26-Apr-2019",
        "26/04/2019", "04/26/2019", "26.04.2019",
        "Fri, 26 Apr 2019 07:55:00 +0900", "Fri, 26 Apr 2019 07:55:00 GMT", "12:30, 26 April 2019",
        "2019-04-26T23:59:00-05:00", "2019-04-26T07:55:00.123Z", "2019-04-26 09:58",
        "Fri Apr 26 07:55:00 2019", "Friday, April 26, 2019", "FRIDAY 26 APRIL 2019 | 10.55 BST",
        "2019년 4월 26일", "2019年4月26日 10:22", "  2019-04-26\n", "20190426T101500Z",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("12 juin 2023", "2023-06-12"), ("1er août 2023", "2023-08-01"),
        ("mercredi 12 fevrier 2023", "2023-02-12"), ("12. März 2023", "2023-03-12"),
        ("Mittwoch, 3. Mai 2023", "2023-05-03"), ("12 de junio de 2023", "2023-06-12"),
        ("3 septiembre 2023", "2023-09-03"), ("12 giugno 2023", "2023-06-12"),
        ("domenica 1 ottobre 2023", "2023-10-01"), ("12 de março de 2023", "2023-03-12"),
        ("5 fevereiro 2023", "2023-02-05"), ("12 mei 2023", "2023-05-12"),
        ("woensdag 3 maart 2023", "2023-03-03"), ("12 DÉCEMBRE 2023", "2023-12-12"),
    ],
)  # fmt: skip
def test_months_of_other_languages_are_read_between_day_and_year(written: str, iso: str) -> None:
    assert parse_date(written) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019-04", "2019-04"),
        ("April 2019", "2019-04"),
        ("2019", "2019"),
        ("Sept. 2020", "2020-09"),
    ],
)
def test_less_precision_stays_less_precise(written: str, iso: str) -> None:
    assert parse_date(written) == iso


@pytest.mark.parametrize(
    "written",
    [
        "04/05/2019", "1.2.2019", "2019-02-30", "2019-13-01", "1599-12-31", "2101-01-01", "2101",
        "", "hello", "April 11", "1556236800", "room 2019-04-26-3", "Mayor 3, 2019", "26 April 19",
        "2019-04-26 we met", "April 24, 2019 Seoul", "x" * 5000, "-2019-04-26", "12019-04-26",
    ],
)  # fmt: skip
def test_what_is_ambiguous_impossible_or_no_date_gives_none(written: str) -> None:
    assert parse_date(written) is None


def test_equal_day_and_month_are_not_ambiguous() -> None:
    assert parse_date("04/04/2019") == "2019-04-04"


@given(st.dates(date(1600, 1, 1), date(2100, 12, 31)))
def test_every_plausible_date_survives_every_unambiguous_form(day: date) -> None:
    month = "January February March April May June July August September October November December"
    name = month.split()[day.month - 1]
    year = f"{day.year:04d}"
    for written in (
        day.isoformat(),
        f"{name} {day.day}, {year}",
        f"{day.day} {name[:3]} {year}",
        f"{year}/{day.month}/{day.day}",
        f"{year}{day.month:02d}{day.day:02d}",
    ):
        assert parse_date(written) == day.isoformat()


@given(st.text(max_size=200))
def test_any_text_gives_a_real_date_or_none(text: str) -> None:
    found = parse_date(text)
    if found and len(found) == 10:
        date.fromisoformat(found)
    if inside := find_date(text):
        date.fromisoformat(inside[0])


def test_a_date_is_found_inside_a_line_with_its_place() -> None:
    line = "By Ann Lee April 24, 2019"
    iso, (start, end) = find_date(line) or ("", (0, 0))
    assert (iso, line[start:end]) == ("2019-04-24", "April 24, 2019")


@pytest.mark.parametrize("piece", ["1", "2019-", " ", "may 1 ", "1 of ", "2019. ", "12/"])
def test_a_long_line_of_almost_dates_is_searched_in_linear_time(
    piece: str, linear: Callable[..., bool]
) -> None:
    assert find_date(piece * 1000) is None
    for search in (find_date, parse_date):
        assert linear(search, lambda size: piece * (size // len(piece))), search


def test_what_follows_a_date_is_read_in_one_way_alone() -> None:
    def seconds(times: int) -> float:
        begun = time.thread_time()
        for _ in range(100):
            assert parse_date("2019-04-26 " + "-12:30" * times + "x") is None
        return time.thread_time() - begun

    seconds(1)
    # Twice as much to read; where each sign may be read in two ways, 64 times as long.
    assert min(seconds(12) for _ in range(3)) < 16 * min(seconds(6) for _ in range(3))


@pytest.mark.parametrize(
    "written",
    [
        "2019-04-26 -0500", "2019-04-26 12:30 -05:00", "26 April 2019 GMT+0900",
        "26 April 2019 12:30 UTC-5:30", "April 26, 2019 - 12:30 (EST)", "2019-04-26T12:30+09:00",
    ],
)  # fmt: skip
def test_a_time_and_its_zone_may_follow_a_date(written: str) -> None:
    assert parse_date(written) == "2019-04-26"
