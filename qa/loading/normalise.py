"""Normalize text: newlines are \\n, composed (NFC), no C0 control characters but tab.

Invisible and bidirectional characters stay: the code that displays text removes them.
"""

import re
import unicodedata

_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]+")
# Sorting a run of combining marks takes quadratic time; real text has two or three in a row
# (UAX #15, stream-safe text, allows 30). Longer runs are left unchanged.
_MARKS = re.compile(r"([^\w\s\x00-\x7f]{32,})")


def normalise(text: str) -> str:
    """The text in the form described above; idempotent."""
    text = _NEWLINE.sub("\n", text.removeprefix("\ufeff"))
    text = _CONTROL.sub("", text)
    if text.isascii():
        return text
    pieces = _MARKS.split(text)
    pieces[::2] = [unicodedata.normalize("NFC", piece) for piece in pieces[::2]]
    return "".join(pieces)


def one_line(text: str | None, longest: int = 500) -> str | None:
    """A title or name on one line with single spaces; None if the result is empty."""
    return (
        (" ".join(normalise(text[: 4 * longest]).split())[:longest].strip() or None)
        if text
        else None
    )
