"""Fold names to what people type: lower case without accents."""

import re
import unicodedata
from collections.abc import Iterable

_ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that Unicode does not decompose, and the apostrophes that keyboards lack.
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "‘": "'", "’": "'"}
)


def folded(text: str) -> str:
    """The text in lower case, with accents removed from Latin, Greek and Cyrillic letters."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lower)).translate(_TYPED)


def having(part: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that contain `part`, ignoring case and accents."""
    wanted = folded(part)
    return tuple(name for name in names if wanted in folded(name))
