"""Words of a text, and the n-grams that stand for words in scripts without spaces."""

import re
import unicodedata
from collections.abc import Container
from functools import cache

from qa.text.scripts import GRAMS, SCRIPTS

_PLAIN = re.compile(r"[^\W_]+")
# Anything but Latin letters, symbols and emoji. Where none of these occurs, `_thorough` cuts as
# `_PLAIN`, which is faster. Few ranges, because a list of all scripts takes long to compile.
_HARD = re.compile("[^\x00-\u02ff\u2000-\u2e7f\ufe00-\ufe0f\U0001f000-\U0001faff]")
# A letter has fewer marks in any language.
_MOST_MARKS = 8


def words_of(text: str) -> list[str]:
    """The words of `text` in order. In a script with n-grams, a word is a run of its letters."""
    return (_thorough() if has_runs(text) else _PLAIN).findall(text)


def has_runs(text: str) -> bool:
    """Whether `text` may contain letters of a script with n-grams."""
    return _HARD.search(text) is not None


@cache
def _thorough() -> re.Pattern[str]:
    """As `_PLAIN`, but a word keeps its combining marks, and a run is of one script."""
    marks = "".join(
        chr(code) for code in range(0x300, 0xE00) if unicodedata.category(chr(code))[0] == "M"
    )
    cut = {script: SCRIPTS[script] for script in GRAMS}
    other = rf"[^\W_{''.join(cut.values())}]"
    runs = "|".join(f"[{letters}]+" for letters in cut.values())
    return re.compile(f"{runs}|{other}+(?:[{marks}]+{other}*)*")


@cache
def _any_run() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{script}>[{SCRIPTS[script]}])" for script in GRAMS))


@cache
def _other_forms() -> re.Pattern[str]:
    """Letters of scripts with n-grams that are compared in another form: half-width kana, parts of
    syllables, and the Chinese characters that Unicode has twice."""
    return re.compile(
        "[\u1100-\u11ff\u2e80-\u2fd5\u3099\u309a\u3131-\u318e\uf900-\ufaff\uff66-\uffdc]"
    )


def gram_length(word: str) -> int:
    """The letters of an n-gram of the run `word`; 0 if it is a word of another script."""
    found = _any_run().match(word) if has_runs(word[0]) else None
    return GRAMS[str(found.lastgroup)] if found else 0


def grams(run: str) -> list[str]:
    """The n-grams of a run in order; the whole run if it is shorter than one."""
    letters, length = _letters(run), gram_length(run)
    count = max(len(letters) - length + 1, 1)
    return ["".join(letters[at : at + length]) for at in range(count)]


def stretches(run: str, wanted: Container[str]) -> dict[str, str]:
    """Those n-grams of a run that are `wanted`, each with the letters around it that are in such
    n-grams too."""
    letters, length, found = _letters(run), gram_length(run), grams(run)
    within: dict[str, str] = {}
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end] in wanted:
            end += 1
        stretch = "".join(letters[start : end + length - 1])
        for gram in found[start:end]:
            within.setdefault(gram, stretch)
        start = max(end, start + 1)
    return within


def _letters(run: str) -> list[str]:
    """The letters of a run with their marks, in the form that they are compared by (NFKC)."""
    if _other_forms().search(run):
        run = unicodedata.normalize("NFKC", run)
    letters: list[str] = []
    for letter in run:
        is_mark = unicodedata.category(letter)[0] == "M"
        if is_mark and letters and len(letters[-1]) <= _MOST_MARKS:
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters
