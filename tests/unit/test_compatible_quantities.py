"""Two quantities are compared by value, exactness, bound, unit and noun."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.quantities import Comparison, Quantity, compatible, quantities


def _read(text: str) -> Quantity:
    (one,) = quantities(text)
    return one


def _compare(a: str, b: str) -> Comparison:
    return compatible(_read(a), _read(b))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("30,000 workers", "30,000 workers", "same"),
        ("1.2 million people", "1,200,000 people", "same"),
        ("$1.6bn", "$1.6 billion", "same"),
        ("at least 440 graves", "440 graves", "same"),
        ("90 minutes", "an hour and a half", "same"),
        ("one in five voters", "20 percent of voters", "same"),
        ("55 basis points", "0.55 percentage points", "same"),
        ("$1.586 billion", "$1.6 billion", "rounded"),
        ("about 57 percent", "57.2 percent", "rounded"),
        ("nearly 5 million refugees", "more than 4.9 million refugees", "rounded"),
        ("a third of them", "33 percent", "rounded"),
        ("10 miles", "16 km", "rounded"),
        ("more than 40 soldiers", "137 soldiers", "allowed"),
        ("at least 27 deaths", "at least 45 deaths", "allowed"),
        ("as many as 30,000 workers", "roughly 10,000 workers", "allowed"),
        ("dozens of people", "32 people", "allowed"),
        ("10 to 15 km", "12 km", "allowed"),
        ("at least 78 deaths", "32 deaths", "differ"),
        ("$44 billion", "$41.4 billion", "differ"),
        ("10,000 workers", "14,000 workers", "differ"),
        ("30 people", "32 people", "differ"),
        ("up to 5 percent", "7 percent", "differ"),
        ("20 years", "21 years", "differ"),
        ("10 to 15 km", "20 km", "differ"),
        ("5 percent", "5 percentage points", "not comparable"),
        ("$5", "€5", "not comparable"),
        ("5 deaths", "5 injuries", "not comparable"),
        ("5 km", "5 kg", "not comparable"),
    ],
)
def test_compares_as_a_reader_would(a: str, b: str, expected: Comparison) -> None:
    assert _compare(a, b) == expected
    assert _compare(b, a) == expected


def test_a_count_without_its_noun_compares_with_any_count() -> None:
    assert _compare("32 of them", "32 deaths") == "same"


@given(st.integers(100, 10**9), st.integers(2, 6))
def test_a_number_agrees_with_itself_rounded_to_two_digits_and_more(
    number: int, digits: int
) -> None:
    rounded = int(float(f"{number:.{digits - 1}e}"))
    assert _compare(f"{number:,} people", f"{rounded:,} people") in ("same", "rounded")


_TEXTS = st.builds(
    "{} {:,} {}".format,
    st.sampled_from(["exactly", "about", "at least", "up to", "between 2 and"]),
    st.integers(3, 10**6),
    st.sampled_from(["people", "percent", "km", "miles", "dollars"]),
)


@given(_TEXTS, _TEXTS)
def test_the_order_of_the_two_does_not_matter(a: str, b: str) -> None:
    assert _compare(a, b) == _compare(b, a)


@given(_TEXTS, st.integers(0, 10**6))
def test_more_than_a_bound_allows_differs_unless_it_is_near(text: str, more: int) -> None:
    one = _read(text)
    other = _read(f"{int(one.high * 1.1) + more + 1:,} {text.split()[-1]}")
    assert compatible(one, other) == ("allowed" if one.bound == "least" else "differ")
