"""Names as people type them: without capitals and accents."""

import re
import unicodedata
from collections.abc import Iterable

_ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that Unicode does not take apart, and the apostrophe that keyboards lack.
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "‘": "'", "’": "'"}
)


def folded(text: str) -> str:
    """The text in lower case, Latin, Greek and Cyrillic letters without their accents."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lower)).translate(_TYPED)


def having(part: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that contain `part`, in any case, with or without accents."""
    wanted = folded(part)
    return tuple(name for name in names if wanted in folded(name))
