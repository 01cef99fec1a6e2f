"""Fold names to what people type: lower case without accents."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

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
# How letters with two dots, a ring or a stroke are spelt on a keyboard without them.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
# What is neither white space nor punctuation, in any script.
LETTER = r"[^\s!-/:-@\[-`{-©«-±´¶-¸»-¿‐-⁞、。〈-】！-／：-＠]"
_WORD = re.compile(f"{LETTER}+")
_THE = re.compile(r"the\s+", re.IGNORECASE)
# Letters of the longest name whose words are looked for in any spacing.
_LONGEST = 200


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


def having(part: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that `part` may mean, whatever its case and accents: "sueddeutsche" and
    "suddeutsche" mean "Süddeutsche Zeitung".

    It is either a part of the name to the character, or some whole words of it in any punctuation
    and spacing: "Yahoo News", "yahoo!" and "yahoonews" mean "Yahoo! News". Where no name has it,
    "The Le Monde" means "Le Monde", the whole name alone.
    """
    wanted, known = _spellings(part), _spelt(tuple(names))
    runs = _runs(wanted)
    found = tuple(
        name
        for name, spellings in known
        if any(one in spelling for one in wanted for spelling, _ in spellings)
        or any(run.search(words) for run in runs for _, words in spellings)
    )
    if found or not (after := _THE.match(part)):
        return found
    runs = _runs(_spellings(part[after.end() :]))
    return tuple(
        name
        for name, spellings in known
        if any(run.fullmatch(words) for run in runs for _, words in spellings)
    )


@lru_cache(4)
def _spelt(names: tuple[str, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each name with its spellings, and the words of each spelling between spaces."""
    return [
        (name, [(one, f" {' '.join(_WORD.findall(one))} ") for one in _spellings(name)])
        for name in names
    ]


def _spellings(name: str) -> frozenset[str]:
    """The name as it may be typed without accents: with the letters alone, or spelt out."""
    if name.isascii():
        return frozenset((name.casefold(),))
    composed = unicodedata.normalize("NFKC", name.casefold()).casefold()
    return frozenset((folded(composed), folded(composed.translate(_SPELT))))


def _runs(spellings: Iterable[str]) -> list[re.Pattern[str]]:
    """What finds the letters of each spelling as whole words, wherever the words end."""
    joined = {"".join(_WORD.findall(spelling)) for spelling in spellings}
    return [
        re.compile(f" {' ?'.join(letters)} ") for letters in joined if 0 < len(letters) <= _LONGEST
    ]
