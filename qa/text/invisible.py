"""Characters that a reader does not see: they may hide words from a person or command a terminal.

Counted as such: terminal escape sequences, controls but tab and line breaks, zero-width and
bidirectional format characters, tags, variation selectors, and letters that are drawn as nothing.
"""

import re

# What takes part in a terminal's escape sequences, then single characters by code point.
_SEQUENCES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,200}(?:\x07|\x1b\\|\x9c)"
)
_CHARACTERS = (
    "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5"
    "\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ud800-\\udfff"
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a"
    "\\U000e0000-\\U000e0fff"
)
# For use inside another pattern.
INVISIBLE = f"(?:{_SEQUENCES}|[{_CHARACTERS}])"
_INVISIBLE = re.compile(INVISIBLE)
# Everything but "\n" that ends or moves a line somewhere.
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def without_invisible(text: str) -> tuple[str, int]:
    """The text as a reader sees it, its only line break "\\n", and how many characters that he
    does not see were removed from it."""
    broken = _BREAKS.sub("\n", text)
    plain = _INVISIBLE.sub("", broken)
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
