"""The time of which a sentence speaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.as_of import AsOf, as_of

_PUBLISHED = "2022-10-03"  # A Monday.


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("As of June 1, 12 boats had left.", "2022-06-01"),
        ("On Friday 12 boats left.", "2022-09-30"),
        ("Yesterday 12 boats left.", "2022-10-02"),
        ("In October 2018 12 boats left.", "2018-10"),
        ("By the end of March, 12 boats had left.", "2022-03"),
        ("In December, 12 boats left.", "2021-12"),
        ("In 2014 12 boats left.", "2014"),
        ("On 13 January 2016 12 boats left.", "2016-01-13"),
        ("12 boats left on 2016-01-13.", "2016-01-13"),
    ],
)
def test_a_time_that_the_sentence_names(sentence: str, date: str) -> None:
    assert as_of(sentence, sentence.index("12 boats"), _PUBLISHED) == AsOf(date, "sentence")


@pytest.mark.parametrize(
    "sentence",
    [
        "12 boats left.",
        "12 boats left since Russia invaded on Thursday.",
        "12 boats may leave Mar-a-Lago.",
        "The 2022 boats marched, 12 of them.",
        "On February 30, 12 boats left.",
    ],
)
def test_otherwise_it_is_the_day_of_publication(sentence: str) -> None:
    assert as_of(sentence, 0, _PUBLISHED) == AsOf(_PUBLISHED, "published")


def test_nothing_is_known_of_an_undated_article_that_names_no_year() -> None:
    assert as_of("On Friday 12 boats left.", 10, None) is None
    assert as_of("On June 1 12 boats left.", 10, None) is None
    assert as_of("In June 2019 12 boats left.", 13, None) == AsOf("2019-06", "sentence")


def test_a_weekday_needs_the_day_of_publication() -> None:
    assert as_of("On Friday 12 boats left.", 10, "2022-10") == AsOf("2022-10", "published")


@given(st.dates().filter(lambda day: day.year >= 1800), st.dates())
def test_a_full_date_is_read_back_whenever_the_article_is_from(day: object, now: object) -> None:
    found = as_of(f"On {day:%B} {day.day}, {day.year} 12 boats left.", 0, f"{now}")  # type: ignore
    expected = f"{day}" if 1800 <= day.year <= 2099 else None  # type: ignore
    assert expected is None or found == AsOf(expected, "sentence")
