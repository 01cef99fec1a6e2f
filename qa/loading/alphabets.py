"""Which encoding of Latin script a text is in: the one whose letters are those of a language.

The encodings differ in the letters that they have for the same bytes: `ř` in Windows-1250 is `ø` in
Windows-1252. Statistics of short texts do not tell them apart, but no language has `ì`, `ø` and `è`
beside `š`. For each encoding the language is found that leaves the fewest letters over.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

# Letters beyond ASCII by language; one of the first three is in any text of some length.
_ALPHABETS = dict(
    pair.split()
    for pair in (
        "french éèàâæçêëîïôœùûüÿ", "german üäößé", "spanish óíñáéúüªº", "italian èàùéìîòó",
        "portuguese ãçéàáâêíóôõúü", "dutch ëéïáèíóöúü", "nordic åäøöæé", "polish łęąćńóśźż",
        "czech íáěčďéňóřšťúůýž", "slovak áíčäďéľňóôšťúýž", "hungarian áéőíóöúüű",
        "romanian ăîâşţșț", "turkish ışğçöüâî", "croatian čšžćđ", "icelandic íáðéóúýþæö",
        "latvian āīēčģķļņšūž", "lithuanian ėųįąčęšūž", "estonian äõüöšž",
    )
)  # fmt: skip
_FREQUENT, _SOME_LENGTH = 3, 4
# Letters of the names in a text of another language; that it holds them all is less likely.
_WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿß")
_MIXED = 0.1
# Signs of any prose, and those of them that stand inside a word only where they are no signs.
_SIGNS = frozenset("“”‘’„‚–—…•·«»‹›¿¡€£§©®™°½¼¾\xa0\xad¢¥ªº†")
_INSIDE = re.compile(r"(?<=[^\W\d_])[“„‚«»‹›•·¿¡€£§©®™°½¼¾¢¥†](?=[^\W\d_])|[½¼¾¢¥](?=[^\W\d_])")
# A letter beside a figure, as "Ł5" for "£5", or one that is no word, as "Š 2024" for "© 2024".
_ALONE = re.compile(
    r"(?<![^\W\d_])(?![àéèóáíåöúÀÉÈÓÁÍÅÖÚ])[^\x00-\x7f\W\d_](?![^\W\d_])|(?<=\d)[^\x00-\x7f\W\d_]|"
    r"[^\x00-\x7f\W\d_](?=\d)"
)
# Most likely first. The second group is of other systems, which hardly any text is in.
_ENCODINGS = (
    ("cp1252", "cp1250", "iso8859_2", "cp1254", "iso8859_15", "cp1257"),
    ("mac_roman", "cp850", "cp852"),
)
# The share of letters and signs that may be left over, and by which the second best must be worse.
_LEFT_OVER, _APART = 0.12, 0.02


@dataclass(frozen=True, slots=True)
class Fit:
    """The encoding that fits best, and another one that fits as well and gives other letters."""

    encoding: str
    rival: str | None


def latin(data: bytes) -> Fit | None:
    """The encoding of the text if it is in Latin script; None if no such encoding fits."""
    for group in _ENCODINGS:
        scored = [
            (_left_over(text), place, name, text)
            for place, name in enumerate(group)
            if (text := _decoded(data, name)) is not None
        ]
        if not scored:
            continue
        best, _, name, text = min(scored)
        if best <= _LEFT_OVER:
            rivals = (
                other
                for left, _, other, differs in sorted(scored)
                if differs != text and left <= best + _APART
            )
            return Fit(name, next(rivals, None))
    return None


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _left_over(text: str) -> float:
    """The share of the letters and signs beyond ASCII that the best language has no use for."""
    counts = Counter(letter for letter in text.lower() if letter > "\x7f")
    total = sum(counts.values())
    if not total:
        return 0.0
    letters = {letter: count for letter, count in counts.items() if letter.isalpha()}
    strange = sum(counts[sign] for sign in counts.keys() - letters.keys() - _SIGNS)
    strange += len(_INSIDE.findall(text)) + len(_ALONE.findall(text))
    # A capital behind a small letter: "dŽclarŽ".
    strange += sum(
        one > "\x7f" and one.isupper() and before.islower() for before, one in pairwise(text)
    )
    of_letters = sum(letters.values())
    left = [
        sum(count for letter, count in letters.items() if letter not in alphabet)
        for alphabet in _ALPHABETS.values()
        if of_letters < _SOME_LENGTH or any(letter in letters for letter in alphabet[:_FREQUENT])
    ]
    western = sum(count for letter, count in letters.items() if letter not in _WESTERN)
    mixed = western + _MIXED * of_letters
    return (strange + min([mixed, *left])) / total
