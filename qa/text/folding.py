"""Fold names to what people type: lower case without accents."""

import re
import unicodedata
from collections.abc import Iterable

_ACCENTS = re.compile("[\u0300-\u036f]")
# Vowel points and other marks that Arabic and Hebrew are usually written without, and the stroke
# that lengthens Arabic words.
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
# Letters that stand for one another in writing, and all decimal digits.
_SAME = str.maketrans(
    {"ё": "е", "ی": "ي", "ک": "ك", "ٱ": "ا"}
    | {
        zero + digit: str(digit)
        for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xBE6, 0xE50, 0xED0, 0x17E0, 0x1040)
        for digit in range(10)
    }
)
# Letters that Unicode does not decompose, and the apostrophes that keyboards lack.
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "‘": "'", "’": "'"}
    | {"ى": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه"}
)


def letters(word: str) -> str:
    """The word in lower case and in the letters of its language: compatibility forms composed
    (NFKC), without vowel points, digits in ASCII. Accents stay, since stemmers need them."""
    if word.isascii():
        return word.lower()
    # Composing gives capitals, such as 𝐀, and folding their case takes letters apart.
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return _POINTS.sub("", lower).translate(_SAME)


def folded(text: str) -> str:
    """The text in lower case, without accents on Latin, Greek and Cyrillic letters and without
    the marks of Arabic and Hebrew ones."""
    plain = letters(text)
    if plain.isascii():
        return plain
    return _ACCENTS.sub("", _POINTS.sub("", unicodedata.normalize("NFKD", plain))).translate(_TYPED)


def having(part: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that contain `part`, ignoring case and accents."""
    wanted = folded(part)
    return tuple(name for name in names if wanted in folded(name))
