"""Publishers that a question names ("as The Verge reported"): a soft preference, no filter.

A publisher is looked for as people type it: without accents, "The", marks at its end, what stands
in parentheses or behind a dash, and with or without spaces, so that theverge.com is The Verge.
A name of one common word ("Time", "The Sun") is one only where the question writes it as a name or
says that something was reported there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.text.folding import LETTER, folded

# Added to the fused score of a passage whose publisher the question names. Half of the distance
# that usually lies between the first and the fifth hit. docs/studies/settings.md has the gains.
NAMED = 0.12
# Added, when a publisher is named, where the article's own is not known: it may be that one.
UNKNOWN = 0.7 * NAMED

# What stands beside the name on many pages: "FOX News - Health", "Cnbc | World Business News",
# "Le Monde (Paris)", "Guardian, The".
_SEPARATORS = re.compile(r"\s+[|–—-]\s+|[:,]\s+|\s*\(")
_WORD = re.compile(rf"((?:[\w-]+\.)+[a-zA-Z]{{2,}})(?!\w)|{LETTER}+(?:['’]{LETTER}+)*|&")
# What may stand between two words of a name: "Yahoo! News", "St. Louis Post-Dispatch".
_WITHIN = re.compile(r"[\s!.'’-]{0,3}")
_LONGEST = 10
_SENTENCE_END = re.compile(r"[.?!:]['\"”’)]*\s|[\"“]$")
# The last parts of an address that are not its owner's name.
_DOMAIN_ENDS = frozenset("co com net org gov edu ac".split())
_ARTICLES = frozenset("the le la les el los las die der das il lo de het o os as".split())
# Words that stay small in headlines, where every other word has a capital.
_SMALL = _ARTICLES | frozenset("a an of in on at to for and or by with from".split())
# No common word looks like that: TechCrunch, France24, CNN.
_INNER = re.compile(r"[a-z\d][A-Z]")
_DISTINCT = re.compile(r".*[a-z\d][A-Z].*|[^\W\d_]+\d+|[B-DF-HJ-NP-TV-XZ]{2,}")

# How a question speaks of a publisher, and hardly of time, nature or the sun: what stands before
# the name and behind it. "According to independent experts" goes on behind it.
_THE = r"(?:the\s+)?$"
_REPORTED = "reported|told|written|published|covered|described|said|claimed|noted"
_CLUES = [
    (re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE))
    for before, after in (
        (
            rf"\b(?:did|does|do|would)\s+{_THE}",
            r"\s+(?:report|say|write|claim|publish|describe|cover|suggest|argue|mention|state)\b",
        ),
        (
            r"(?:^|[^\w\s]\s*|\b(?:as|and|or|that|what|which|who|when|where|why|how|but|while|if)"
            rf"\s+){_THE}",
            rf"(?:\s+(?:has|had|have|also|first|later))?\s+(?:{_REPORTED}|says|wrote|writes)\b",
        ),
        (
            rf"\b(?:according\s+to|(?:{_REPORTED})\s+by|published\s+in|(?:articles?|reports?"
            r"|stor(?:y|ies)|reviews?|editorials?|interviews?)\s+(?:by|in|from))\s+" + _THE,
            r"[^\w\s]|\s*$|\s+(?:what|which|who|whose|how|when|where|why|that|is|are|was|were|did"
            r"|does|do|has|have|had|will|would|and|or|but|in|on|about|for|as|while|the|report|say"
            r"|claim|suggest|describe)\b",
        ),
        (
            r"\b(?:the|an?|in|by|from|of|and)\s+$|^$",
            r"\s+(?:articles?|magazine|newspaper|website|editorials?|columnists?|reporters?"
            r"|journalists?)\b",
        ),
    )
]
_QUOTES = tuple("'\"‘’“”")


@dataclass(frozen=True, slots=True)
class _Name:
    """A publisher by one of its names, and whether that looks like no common word."""

    source: str
    is_distinct: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text: as it is looked for, whether it is an address, has a capital, begins a
    sentence, and may belong to the name that the word before does."""

    key: str
    text: str
    start: int
    end: int
    is_domain: bool
    has_capital: bool
    begins: bool
    goes_on: bool


def named_sources(question: str, sources: Iterable[str]) -> frozenset[str]:
    """Those of `sources` that the question names."""
    names = _names(tuple(sources))
    words = _words(question)
    named: set[str] = set()
    taken: set[int] = set()
    # The longest first: a name within another one is not meant, The Times in The New York Times.
    for length, first, key in sorted(_found(words, names), reverse=True):
        places = range(first, first + length)
        if taken.isdisjoint(places):
            reading = _Reading(question, words, first, first + length)
            if meant := {one.source for one in names[key] if reading.is_name(one.is_distinct)}:
                named |= meant
                taken.update(places)
    return frozenset(named)


def preference(source: str | None, named: frozenset[str]) -> float:
    """What the fused score of a passage from `source` gains when `named` are named."""
    if not named:
        return 0.0
    if source is None:
        return UNKNOWN
    return NAMED if source in named else 0.0


@lru_cache(4)
def _names(sources: tuple[str, ...]) -> dict[str, list[_Name]]:
    """The publishers by what their names are looked for as."""
    names: dict[str, list[_Name]] = {}
    for source in sources:
        for form in dict.fromkeys((source, _SEPARATORS.split(source)[0])):
            words = _words(form)
            is_distinct = any(_DISTINCT.fullmatch(w.text) for w in words if not w.is_domain)
            for first in (0, 1) if words[1:] and words[0].key == "the" else (0,):
                if key := "".join(word.key for word in words[first:]):
                    names.setdefault(key, []).append(_Name(source, is_distinct))
    return names


def _found(words: list[_Word], names: dict[str, list[_Name]]) -> Iterable[tuple[int, int, str]]:
    """Each run of words that is one of the names: its length, its first word, the name."""
    for first in range(len(words)):
        key = ""
        for length, word in enumerate(words[first : first + _LONGEST], 1):
            if key and not word.goes_on:
                break
            key += word.key
            if key in names:
                yield length, first, key
            if word.text.endswith(("'s", "’s")) and key[:-1] in names:
                yield length, first, key[:-1]


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    at = 0
    for match in _WORD.finditer(text):
        gap, is_domain = text[at : match.start()], match[1] is not None
        key = _owner(match[0]) if is_domain else match[0].replace("&", "and")
        words.append(
            _Word(
                key=re.sub(r"['’-]", "", folded(key)),
                text=match[0],
                start=match.start(),
                end=match.end(),
                is_domain=is_domain,
                has_capital=match[0][0].isupper(),
                begins=not words or _SENTENCE_END.search(gap) is not None,
                goes_on=_WITHIN.fullmatch(gap) is not None,
            )
        )
        at = match.end()
    return words


def _owner(domain: str) -> str:
    """Whose address it is: "bbc" of www.bbc.co.uk."""
    parts = domain.split(".")[:-1]
    while len(parts) > 1 and parts[-1].lower() in _DOMAIN_ENDS:
        parts.pop()
    return parts[-1]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A run of words of a question, `words[first:last]`, that may be the name of a publisher."""

    question: str
    words: Sequence[_Word]
    first: int
    last: int

    def is_name(self, is_distinct: bool) -> bool:
        """Whether it is; `is_distinct` when the name looks like no common word."""
        run = self.words[self.first : self.last]
        telling = [w for w in run if w.key not in _SMALL and not w.key.isdecimal()] or run
        if is_distinct or any(word.is_domain or _INNER.search(word.text) for word in run):
            return True
        if self._is_source():
            return True
        if not all(word.has_capital for word in telling):
            # Who writes other names with capitals would have written this one so.
            return len(telling) > 1 and not any(
                word.has_capital and word.key != "i" and not word.begins for word in self.words
            )
        return len(telling) > 1 or (
            not telling[0].begins and self._capitals_tell() and self._stands_alone()
        )

    def _is_source(self) -> bool:
        """Whether the question says that something was reported there."""
        before = self.question[: self.words[self.first].start]
        after = self.question[self.words[self.last - 1].end :]
        if before.endswith(_QUOTES) and after.startswith(_QUOTES):
            return True
        after = after.removeprefix("'").removeprefix("’")  # "The Times' report".
        return any(ahead.search(before) and behind.match(after) for ahead, behind in _CLUES)

    def _capitals_tell(self) -> bool:
        """Whether some words have none although no headline would write them so."""
        return any(not word.has_capital and word.key not in _SMALL for word in self.words)

    def _stands_alone(self) -> bool:
        """Whether it is no part of other words: "Black Mirror", "Time Warner", "the Verge of"."""
        before = self.words[self.first - 1] if self.first else None
        after = self.words[self.last] if self.last < len(self.words) else None
        if after and self._adjoin(self.words[self.last - 1], after):
            by = before is not None and before.key == "by"  # "Accused by Fortune of fraud".
            if after.has_capital or (after.key == "of" and not by):
                return False
        return (
            before is None
            or before.begins
            or not before.has_capital
            or before.key in _ARTICLES
            or not self._adjoin(before, self.words[self.first])
        )

    def _adjoin(self, one: _Word, other: _Word) -> bool:
        return self.question[one.end : other.start] == " "
