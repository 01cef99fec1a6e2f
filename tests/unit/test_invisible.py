"""What a reader does not see is removed and counted; nothing that he sees is."""

import unicodedata

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


# PropList.txt of Unicode 17.0. Of the reserved code points Python knows no property.
_OTHER_DEFAULT_IGNORABLE = {
    0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9),
    0xE0000, *range(0xE0002, 0xE0020), *range(0xE0080, 0xE0100), *range(0xE01F0, 0xE1000),
}  # fmt: skip
_PREPENDED_CONCATENATION_MARK = {
    *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
}  # fmt: skip
_BLANK = {"BRAILLE PATTERN BLANK", "KHITAN SMALL SCRIPT FILLER", "MUSICAL SYMBOL NULL NOTEHEAD"}


def _unseen(code: int) -> bool:
    """Whether the character is drawn as nothing: Default_Ignorable_Code_Point as Unicode Standard
    Annex 44 derives it, the other controls, noncharacters, and what is named for being blank."""
    character = chr(code)
    category, name = unicodedata.category(character), unicodedata.name(character, "")
    return (
        (category == "Cf" and code not in _PREPENDED_CONCATENATION_MARK)
        or "VARIATION SELECTOR" in name  # The Mongolian ones are named "free".
        or code in _OTHER_DEFAULT_IGNORABLE
        or (category == "Cc" and character not in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
        or category == "Cs"
        or code in range(0xFDD0, 0xFDF0)
        or code & 0xFFFE == 0xFFFE
        or name in _BLANK
    )


def test_each_character_that_unicode_has_is_removed_when_it_is_not_drawn_and_else_stays() -> None:
    for code in range(0x110000):
        # Which unassigned ones are reserved for such depends on the version of Python's tables.
        if unicodedata.category(chr(code)) != "Cn" or _unseen(code):
            plain, removed = without_invisible(chr(code))
            assert removed == _unseen(code), f"U+{code:04X}"
            assert (plain == "") == _unseen(code), f"U+{code:04X}"


@pytest.mark.parametrize("code", [0xFFF0, 0x13430, 0x1343F, 0x16FE4, 0x1D159])
def test_what_is_drawn_as_nothing_hides_no_word_from_an_assistant(code: int) -> None:
    assert without_invisible(f"ig{chr(code)}nore") == ("ignore", 1)


_TAGGED = "\U0001f3f4{}\U000e007f"


def _tags(text: str) -> str:
    """A black flag with a text in tags: "gbeng" makes it that of England."""
    return _TAGGED.format("".join(chr(0xE0000 + ord(letter)) for letter in text))


@pytest.mark.parametrize(
    "drawn",
    [
        "\U0001f469\u200d\U0001f680",
        "\U0001f469\U0001f3fd\u200d\U0001f680",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "\u2764\ufe0f",
        "#\ufe0f\u20e3",
        "1\ufe0f\u20e3",
        _tags("gbeng"),
    ],
)
def test_an_emoji_made_of_several_characters_stays_whole(drawn: str) -> None:
    assert without_invisible(f"a {drawn} b") == (f"a {drawn} b", 0)


@pytest.mark.parametrize(
    "text",
    [
        _tags("obey"),
        "❤" + "".join(chr(0xFE00 + nibble) for nibble in (0xF, 1, 2, 0xF)),
        "👍\u200d\u200d\u200d",
        "a\u200d👍",
        "1\ufe0f",
    ],
)
def test_an_emoji_carries_no_hidden_text(text: str) -> None:
    plain, removed = without_invisible(text)
    assert removed >= 1
    assert plain.replace("\ufe0f", "") in ("🏴", "❤", "👍", "a👍", "1")


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
