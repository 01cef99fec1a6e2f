"""Fold names to what people type: lower case without accents."""

import re
import unicodedata
from collections.abc import Iterable

_ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that Unicode does not decompose, and the apostrophes that keyboards lack.
_TYPED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "‘": "'", "’": "'"}
)
# How letters with two dots, a ring or a stroke are spelt on a keyboard without them.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """The text in lower case, with accents removed from Latin, Greek and Cyrillic letters."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lower)).translate(_TYPED)


def having(part: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that `part` may mean, whatever its case and accents: "sueddeutsche" and
    "suddeutsche" mean "Süddeutsche Zeitung".

    It is either a part of the name to the character, or some whole words of it in any punctuation
    and spacing: "Yahoo News", "yahoo!" and "yahoonews" mean "Yahoo! News".
    """
    wanted = _spellings(part)
    joined = {"".join(_WORD.findall(spelling)) for spelling in wanted} - {""}
    return tuple(
        name
        for name in names
        if any(
            any(one in spelling for one in wanted) or any(_is_run(one, spelling) for one in joined)
            for spelling in _spellings(name)
        )
    )


def _spellings(name: str) -> frozenset[str]:
    """The name as it may be typed without accents: with the letters alone, or spelt out."""
    if name.isascii():
        return frozenset((name.casefold(),))
    composed = unicodedata.normalize("NFKC", name.casefold()).casefold()
    return frozenset((folded(composed), folded(composed.translate(_SPELT))))


def _is_run(joined: str, name: str) -> bool:
    """Whether `joined` is some words of `name` in a row, written together."""
    whole, starts, ends = "", set(), set()
    for word in _WORD.findall(name):
        starts.add(len(whole))
        whole += word
        ends.add(len(whole))
    at = whole.find(joined)
    while at >= 0:
        if at in starts and at + len(joined) in ends:
            return True
        at = whole.find(joined, at + 1)
    return False
