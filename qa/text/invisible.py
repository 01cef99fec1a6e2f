"""Remove invisible characters, which may hide words from a reader or control a terminal.

Unicode properties decide what is invisible. They are listed here as ranges because Python provides
only the general category; a test compares the ranges and the properties over all code points.

Kept: characters that a font draws, if only as a box. This includes private use (Co) and unassigned
code points (Cn).
"""

import re

# Terminal escape sequences; single characters follow by code point.
_SEQUENCES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,200}(?:\x07|\x1b\\|\x9c)"
)
# Each of the following is a pair of character classes: up to U+FFFF, and above.
# Controls (Cc) except tab and line breaks, and surrogates (Cs).
_CONTROLS = ("\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff", "")
# Default_Ignorable_Code_Point, "not drawn" (DerivedCoreProperties.txt of Unicode 17.0): joiners,
# directions, tags, variation selectors, fillers, and code points reserved for these.
_IGNORABLE = (
    "\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8",
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff",
)
# The other format characters (Cf), except those with Prepended_Concatenation_Mark, which are drawn,
# such as the Arabic number sign.
_FORMAT = ("\\ufff9-\\ufffb", "\\U00013430-\\U0001343f")
# Noncharacter_Code_Point: never a character in any font.
_NONCHARACTERS = (
    "\\ufdd0-\\ufdef\\ufffe\\uffff",
    "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17)),
)
# Symbols and marks with a blank glyph, for which no property exists: the braille pattern without
# dots, the filler of the Khitan script, a note without a head.
_BLANK = ("\\u2800", "\\U00016fe4\\U0001d159")
_NEAR, _BEYOND = map(
    "".join, zip(_CONTROLS, _IGNORABLE, _FORMAT, _NONCHARACTERS, _BLANK, strict=True)
)
# For use inside another pattern. Two classes, because a single class is three times as slow.
INVISIBLE = rf"(?:{_SEQUENCES}|[{_NEAR}]|[\U00010000-\U0010ffff](?<=[{_BEYOND}]))"
# Emoji whose parts are joined by invisible characters (Unicode Technical Standard 51): their blocks
# contain only symbols. Of tag sequences, only the three flags in use are kept, because tags can
# spell any hidden text.
_EMOJI = (
    "[\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u23ff\\u24c2\\u25a0-\\u27bf"
    "\\u2934\\u2935\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299\\U0001f000-\\U0001faff]"
    "[\\ufe0e\\ufe0f]?"
)
_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_DRAWN = f"{_FLAGS}|{_EMOJI}(?:\\u200d{_EMOJI})*|[#*0-9]\\ufe0f\\u20e3"
_ANY = re.compile(INVISIBLE)
_INVISIBLE = re.compile(f"({_DRAWN})|{INVISIBLE}")
# Every character other than "\n" that some program treats as a line break or line move.
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def without_invisible(text: str) -> tuple[str, int]:
    """The visible text with "\\n" as its only line break, and the number of invisible characters
    removed."""
    broken = _BREAKS.sub("\n", text)
    if not _ANY.search(broken):  # The usual case; this check is three times as fast.
        return broken, 0
    plain = _INVISIBLE.sub(lambda found: found[1] or "", broken)
    return plain, len(broken) - len(plain)


def line_of(text: str) -> str:
    """The visible text on one line."""
    return " ".join(without_invisible(text)[0].split())


def is_utf8(text: str) -> bool:
    """Whether the text can be encoded; a command line, a file name or a model's JSON may contain
    lone surrogates, which cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
