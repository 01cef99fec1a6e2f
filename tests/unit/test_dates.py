"""The dates of a text have the precision that it gives them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.dates import dates
from qa.text.days import in_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On April 26, 2019 and in May 2020, after Sept. 2017.", ["2019-04-26", "2020-05",
                                                                 "2017-09"]),
        ("The 2016 elections; 2018's best; (2017); by 2030, 2031 or 2032", [
            "2016", "2018", "2017", "2030", "2031", "2032"]),
        ("She led from 2003-2010 and from 1939–1945.", ["2003", "2010", "1939", "1945"]),
        ("2023-10-07T10:00:00 and 7 October 2023", ["2023-10-07", "2023-10-07"]),
        ("More than 2000 people and $2000 of 2,019; they built 2000 houses", []),
        ("In the 1990s, in 2019-20, on March 3, on 10/7/2023, in version 2020.1", []),
        ("Blade Runner 2049 and 1800 houses", []),
    ],
)  # fmt: skip
def test_dates_are_days_months_or_years(text: str, expected: list[str]) -> None:
    assert [one.date for one in dates(text)] == expected


@given(st.dates(datetime.date(1500, 1, 1), datetime.date(2099, 12, 31)), st.integers(0, 2))
def test_a_date_in_words_is_read_back_with_its_span(day: datetime.date, coarser: int) -> None:
    iso = day.isoformat()[: (10, 7, 4)[coarser]]
    text = f"It has been so since {in_words(iso)}, they said."
    (one,) = dates(text)
    assert one.date == iso
    assert text[one.start : one.end] == in_words(iso)
