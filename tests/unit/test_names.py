"""Names are found as people type them, and the nearest are suggested for those that are not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import having
from qa.text.nearest import did_you_mean, nearest

_NAMES = (
    "Yahoo! News", "Süddeutsche Zeitung", "Le Monde", "St. Louis Post-Dispatch", "The Verge",
    "Comet Times", "Rand Weekly", "CNN.com", "Koelner Stadt-Anzeiger", "L’Express", "Ærø Avis",
    "Straßen Kurier", "हिन्दी बोल", "Ελευθερία", "Львівська пошта", "中文日报", "!!!",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Yahoo", "Yahoo! News"),
        ("yahoo!", "Yahoo! News"),
        ("Yahoo News", "Yahoo! News"),
        ("yahoonews", "Yahoo! News"),
        ("Suddeutsche", "Süddeutsche Zeitung"),
        ("sueddeutsche", "Süddeutsche Zeitung"),
        ("SU\u0308DDEUTSCHE", "Süddeutsche Zeitung"),
        ("Kölner", "Koelner Stadt-Anzeiger"),
        ("le\u00a0 monde", "Le Monde"),
        ("theverge", "The Verge"),
        ("The Le Monde", "Le Monde"),
        ("the yahoo news", "Yahoo! News"),
        ("st louis post dispatch", "St. Louis Post-Dispatch"),
        ("postdispatch", "St. Louis Post-Dispatch"),
        ("L'EXPRESS", "L’Express"),
        ("lexpress", "L’Express"),
        ("aero", "Ærø Avis"),
        ("strassen", "Straßen Kurier"),
        ("ελευθερια", "Ελευθερία"),
        ("日报", "中文日报"),
        ("हिन्दी-बोल", "हिन्दी बोल"),
        ("!!", "!!!"),
        (".com", "CNN.com"),
    ],
)
def test_a_name_is_found_in_any_case_accents_and_punctuation(typed: str, name: str) -> None:
    assert having(typed, _NAMES) == (name,)


@pytest.mark.parametrize(
    "typed", ["dw", "hev", "ona", "yahoo sports", "zeitungen", "the zeitung", "बल"]
)
def test_letters_of_two_words_are_no_part_of_a_name(typed: str) -> None:
    assert having(typed, _NAMES) == ()


@given(st.text(min_size=1), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_a_name_is_found_by_itself_however_it_is_composed(name: str, form: str) -> None:
    assert having(unicodedata.normalize(form, name), [name, "other"])[:1] == (name,)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Gaurdian", ["The Guardian US edition"]),
        ("suddeutche zeitung", ["Süddeutsche Zeitung"]),
        ("0412.md", ["news/strike/0411.md", "news/strike/0413.md"]),
        ("Moon", []),
        ("", []),
    ],
)
def test_the_nearest_names_are_suggested_and_nothing_that_is_unlike(
    typed: str, expected: list[str]
) -> None:
    names = [*_NAMES, "The Guardian US edition", "news/strike/0411.md", "news/strike/0413.md"]
    assert sorted(nearest(typed, names)) == sorted(expected)


@given(st.lists(st.text(max_size=30), max_size=20), st.text(max_size=300))
def test_suggestions_are_some_of_the_names(names: list[str], typed: str) -> None:
    near = nearest(typed, names)
    assert set(near) <= set(names)
    assert len(near) <= 3


def test_a_suggestion_is_a_question() -> None:
    assert did_you_mean(()) == ""
    assert did_you_mean(("a",)) == " Did you mean 'a'?"
    assert did_you_mean(("a", "b", "c")) == " Did you mean 'a', 'b' or 'c'?"
