"""Negations and opposite words in English news text: what a sentence says is not so.

(Cues and their scope: H. Harkema et al., ConText, 2009. Here the scope is the words that follow the
cue up to the first one that is not an auxiliary or adverb.)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qa.text.stems import stem, words_of
from qa.types import Span

# "Not only" and "no fewer than" deny nothing; nor does "no longer", which is "any more".
_CUE = re.compile(
    r"\b(?:(?P<no>no\s+one|nobody|none|nothing|neither|nor|no(?!\s+(?:fewer|less|more|later|sooner)\b|\.))"
    r"|(?P<not>not(?!\s+(?:only|just|least|more\s+than|less\s+than|all|every))|never|cannot|without"
    r"|(?:\w+)n['’]t)"
    r"|(?P<verb>den(?:y|ies|ied|ying)|refus(?:e|es|ed|ing)(?=\s+to\b)|declin(?:e|es|ed|ing)(?=\s+to\b)"
    r"|fail(?:s|ed|ing)?(?=\s+to\b)))\b",
    re.IGNORECASE,
)
# What stands between a cue and the word that it denies, beside the words that every text has.
_BETWEEN = frozenset(
    """any yet longer ever even much many further immediately having allegations accusations claims
    reports charges""".split()
)
# Ends the reach of a cue.
_CLAUSE_END = re.compile(r"[,;:.()—–]|\b(?:but|although|though|while|because|and)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# Pairs of which a sentence says one and another sentence the other.
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        line.split("|")
        for line in """\
approve approves approved|reject rejects rejected
accept accepts accepted|reject rejects rejected decline declined refuse refused
admit admits admitted|deny denies denied
confirm confirms confirmed|deny denies denied
agree agrees agreed|refuse refuses refused
allow allows allowed|ban bans banned forbid forbids forbade forbidden
convicted|acquitted
guilty|innocent
rose rise rises risen increased grew climbed gained|fell fall falls fallen decreased dropped shrank
won win wins|lost lose loses
opened reopened|closed
passed succeeded|failed
supported supports backed backs|opposed opposes
survived|died
above|below""".splitlines()
    )
)
# In front of a word they say that it is not so: "unlikely".
_PREFIXES = ("un", "non-")
_LEAST_WORD = 4


@dataclass(frozen=True, slots=True)
class Negation:
    """A cue at its place, and the stems of the words that it denies, the nearest first."""

    start: int
    end: int
    denied: tuple[str, ...]


def negations(sentence: str) -> tuple[Negation, ...]:
    """The negations of the sentence in its order."""
    found = []
    for match in _CUE.finditer(sentence):
        stop = _CLAUSE_END.search(sentence, match.end(), match.end() + 120)
        after = sentence[match.end() : stop.start() if stop else match.end() + 120]
        words = [word for word in words_of(after) if word not in _BETWEEN]
        found.append(Negation(*match.span(), tuple(stem(word) for word in words[:2])))
    return tuple(found)


def opposite(one: str, other: str) -> tuple[Span, Span] | None:
    """The places of two words that are opposites, one in each sentence and its opposite in neither
    of the two: "approved" and "rejected", "likely" and "unlikely"."""
    first, second = _places(one), _places(other)
    for left, right in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES)):
        ours, theirs = left & first.keys(), right & second.keys()
        if ours and theirs and not (right & first.keys() or left & second.keys()):
            return first[min(ours)], second[min(theirs)]
    if word := _with_prefix(first, second):
        return first[word[0]], second[word[1]]
    if word := _with_prefix(second, first):
        return first[word[1]], second[word[0]]
    return None


def _with_prefix(these: Mapping[str, Span], those: Mapping[str, Span]) -> tuple[str, str] | None:
    """A word of these with a prefix that denies it, and the word of those without."""
    for word in these.keys() - those.keys():
        for prefix in _PREFIXES:
            plain = word.removeprefix(prefix)
            if plain != word and len(plain) >= _LEAST_WORD and plain in those.keys() - these.keys():
                return word, plain
    return None


def _places(sentence: str) -> dict[str, Span]:
    return {match[0].lower(): match.span() for match in _WORD.finditer(sentence)}
