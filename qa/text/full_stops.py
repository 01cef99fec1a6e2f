"""Whether a full stop ends a sentence, or belongs to an abbreviation, an initial or an ordinal.

The words before and after the stop decide, with the lists of the text's language
(`qa.text.abbreviations`), following T. Kiss, J. Strunk, Unsupervised Multilingual Sentence
Boundary Detection (2006). Fixed lists replace the learned lists, so the same text always splits
the same way.
"""

import re
from collections.abc import Set

from qa.text.abbreviations import ANY, Language, language_of

# The language is recognised once for each part of a text this long.
_PART = 4000
# Characters before the stop that are read.
_REACH = 40

_OPENING = "\"'“”‘’„‚«»([{¿¡—–-"
# "U.S", "N", "Ph.D", "EE": an abbreviation by its form, without its last full stop.
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.-?)*[^\W\d_]$|([^\W\d_])\1$")
_PART_OF_ABBREVIATION = re.compile(r"[^\W\d_]{1,2}\.$")
_ROMAN = re.compile(r"[IVXLC]{2,}$")
_LISTED = ANY.titles | ANY.abbreviations | ANY.numbered
# Openers that also begin surnames, and so may follow an initial: "M. Le Pen", "J. De Vries".
_IN_SURNAMES = frozenset(
    "le la les l de del di da do das dos van el los las he she you an o".split()
)
# "я" (I) is the one word of a single small letter that often ends a sentence.
_WORDS_OF_ONE_LETTER = frozenset("я")


class FullStops:
    """The full stops and ellipses of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._languages: dict[int, Language] = {}

    def ends_sentence(self, start: int, at: int, word: str, after: int) -> bool:
        """Whether the full stop at `at` ends the sentence that begins at `start`.

        `word` is the next word, which ends at `after`; "" if something else follows.
        """
        before = self._text[max(start, at - _REACH) : at]
        words = before.split()
        if not words or before[-1].isspace():
            return True
        last = words[-1].lstrip(_OPENING)
        following = self._following(word, after)
        if last.isdecimal() or _ROMAN.match(last):
            listed_item = len(words) == 1 and at - start < _REACH and len(last) <= 3
            return not (
                listed_item
                or self._is_in_date(words[-2:], word, after)
                or self._is_ordinal(words[-2:], at, following)
            )
        joined = _joined(words, last)
        acronym = bool(_ACRONYM.match(last)) and last not in _WORDS_OF_ONE_LETTER
        # "Hauptstr." is built with "Str."
        tail = "str" if last.endswith("str") else re.split("['’-]", last)[-1]
        names = (joined, last, tail)
        if not acronym and not any(_has(_LISTED, name) for name in names):
            return True
        language = self._language(at)
        opens = following in language.openers
        for name in names:
            if _has(language.titles, name):
                return False
            if _has(language.abbreviations, name):
                return opens
            if _has(language.numbered, name):
                return not (word[:1].isdecimal() or _ROMAN.match(word) or word in ("V", "X"))
        if acronym and len(last) == 1:
            return opens and following not in _IN_SURNAMES
        return opens or not acronym

    def opens(self, at: int, word: str, after: int) -> bool:
        """Whether `word`, which ends at `after`, usually begins a sentence in this language."""
        return self._following(word, after) in self._language(at).openers

    def _following(self, word: str, after: int) -> str:
        """The next word as it is listed; "" for one without a capital and for an initial."""
        initial = len(word) == 1 and self._text.startswith(".", after)
        return "" if initial or not word[:1].isupper() else _plain(word)

    def _is_in_date(self, words: list[str], word: str, after: int) -> bool:
        """Whether the next word goes on with a date: "3. 10. 2024", "3. – 5. Mai"."""
        if not word.isdecimal():
            return False
        if len(word) <= 2:
            return len(words[-1]) <= 2 and self._text.startswith(".", after)
        return len(word) == 4 and words[0].endswith(".") and words[0][:-1].isdecimal()

    def _is_ordinal(self, words: list[str], at: int, following: str) -> bool:
        """Whether the last of `words` is a number like that of "am 3. Oktober"."""
        previous, number = words[0].lstrip(_OPENING).lower(), words[-1].lstrip(_OPENING)
        if len(words) < 2 or not following or (number.isdecimal() and len(number) > 3):
            return False
        if previous not in ANY.before_ordinal and following not in ANY.after_ordinal:
            return False
        language = self._language(at)
        if following in language.after_ordinal:
            return True
        return previous in language.before_ordinal and following not in language.openers

    def _language(self, at: int) -> Language:
        part = at // _PART
        if part not in self._languages:
            around = self._text[part * _PART : (part + 1) * _PART]
            self._languages[part] = language_of(around)
        return self._languages[part]


def _plain(word: str) -> str:
    """The word in small letters up to an apostrophe: "it" of "It's", "l" of "L'hiver"."""
    return re.split("['’]", word.lower(), maxsplit=1)[0]


def _joined(words: list[str], last: str) -> str:
    """`last` with the parts of its abbreviation in front of it: "z.B" for the words "z." "B"."""
    joined = last
    for word in words[-2:-5:-1]:
        part = word.lstrip(_OPENING)
        if not _PART_OF_ABBREVIATION.match(part):
            break
        joined = part + joined
    return joined


def _has(entries: Set[str], name: str) -> bool:
    """Whether `name` is listed; "GOV" stands for "Gov", and "Dr" for "dr"."""
    if name in entries:
        return True
    if len(name) == 1:  # "N." is not "n."
        return False
    return name.lower() in entries or (name.isupper() and name.capitalize() in entries)
