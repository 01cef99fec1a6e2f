"""What a reader does not see is removed and counted; nothing that he sees is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.invisible import line_of, without_invisible
from qa.text.quotations import find


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x9b2Jtext", "text"),
        ("\x1b alone", " alone"),
        ("\x1b]endless", "]endless"),
        ("a\u202eb\u2066c\u200bd\u00ade\ufeff", "abcde"),
        ("hidden\U000e0041\U000e0042 \ufe0f\U000e0100", "hidden "),
        ("one\r\ntwo\u2028three\x85four", "one\ntwo\nthree\nfour"),
        ("tab\tstays\n", "tab\tstays\n"),
        ("Käse, 北京, हिन्दी, ١٢, “—”…", "Käse, 北京, हिन्दी, ١٢, “—”…"),
    ],
)
def test_only_what_is_not_seen_is_removed(text: str, plain: str) -> None:
    assert without_invisible(text)[0] == plain


def test_what_was_removed_is_counted() -> None:
    assert without_invisible("a\u200bb\u202ec")[1] == 2
    assert without_invisible("\x1b[31mred")[1] == 5
    assert without_invisible("one\r\ntwo")[1] == 0


@given(st.text())
def test_nothing_is_left_to_remove_and_one_line_is_one_line(text: str) -> None:
    plain, removed = without_invisible(text)
    assert removed >= 0
    assert len(line_of(text).splitlines()) <= 1
    if "\x1b" not in text:
        assert without_invisible(plain) == (plain, 0)


@given(st.text(st.sampled_from("ab1 \n\x1b[31m\u202e\u200b\u00ad\x00\r\u2028“—"), max_size=60))
def test_a_quotation_without_the_invisible_characters_stands(text: str) -> None:
    plain = without_invisible(text)[0]
    if any(character.isalnum() for character in plain):
        assert find(text, plain, (0, len(text))) is not None
