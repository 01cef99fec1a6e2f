"""Characters that a reader does not see: they may hide words from a person or command a terminal.

What is not seen is decided by properties of Unicode, and stated here as ranges because Python knows
only one of them, the general category: a test compares both over all code points.

Left in: what some font draws, or a box in its place. Private use (Co) and code points that are not
assigned yet (Cn) are seen as such.
"""

import re

# What takes part in a terminal's escape sequences, then single characters by code point.
_SEQUENCES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,200}(?:\x07|\x1b\\|\x9c)"
)
# Each of the following is a class of characters up to U+FFFF and one of those beyond.
# Controls (Cc) but tab and line breaks, and halves of surrogate pairs (Cs).
_CONTROLS = ("\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff", "")
# Default_Ignorable_Code_Point, "not drawn" (DerivedCoreProperties.txt of Unicode 17.0): joiners,
# directions, tags, variation selectors, fillers, and code points reserved for such.
_IGNORABLE = (
    "\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8",
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff",
)
# The other format characters (Cf), but for those with Prepended_Concatenation_Mark, such as the
# Arabic number sign, which are drawn.
_FORMAT = ("\\ufff9-\\ufffb", "\\U00013430-\\U0001343f")
# Noncharacter_Code_Point: never a character in any font.
_NONCHARACTERS = (
    "\\ufdd0-\\ufdef\\ufffe\\uffff",
    "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17)),
)
# Symbols and marks whose drawing is blank, which no property says: a braille pattern without dots,
# the filler of the Khitan script, a note without a head.
_BLANK = ("\\u2800", "\\U00016fe4\\U0001d159")
_NEAR, _BEYOND = map(
    "".join, zip(_CONTROLS, _IGNORABLE, _FORMAT, _NONCHARACTERS, _BLANK, strict=True)
)
# For use inside another pattern. In two classes, because one with both is three times as slow.
INVISIBLE = rf"(?:{_SEQUENCES}|[{_NEAR}]|[\U00010000-\U0010ffff](?<=[{_BEYOND}]))"
# Emoji whose parts are held together by such characters (Unicode Technical Standard 51): their
# blocks hold nothing but symbols. Of tag sequences only the three flags in use count, because tags
# can spell any hidden text.
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
# Everything but "\n" that ends or moves a line somewhere.
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def without_invisible(text: str) -> tuple[str, int]:
    """The text as a reader sees it, its only line break "\\n", and how many characters that he
    does not see were removed from it."""
    broken = _BREAKS.sub("\n", text)
    if not _ANY.search(broken):  # Nearly always, and seen three times as fast.
        return broken, 0
    plain = _INVISIBLE.sub(lambda found: found[1] or "", broken)
    return plain, len(broken) - len(plain)


def line_of(text: str) -> str:
    """The text as a reader sees it, on one line."""
    return " ".join(without_invisible(text)[0].split())


def is_utf8(text: str) -> bool:
    """Whether the text can be written at all; a command line, a file name or a model's JSON may
    hold halves of surrogate pairs, which cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
