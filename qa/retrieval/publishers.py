"""Publishers that a question names ("as The Verge reported"): a soft preference, no filter."""

import re
from collections.abc import Iterable
from functools import lru_cache

# Added to the fused score of a passage whose publisher the question names. Half of the distance
# that usually lies between the first and the fifth hit. docs/studies/settings.md has the gains.
NAMED = 0.12
# Added, when a publisher is named, where the article's own is not known: it may be that one.
UNKNOWN = 0.7 * NAMED

# What stands beside the name on many pages: "FOX News - Health", "Cnbc | World Business News".
_SEPARATORS = re.compile(r"\s+[|–—-]\s+|:\s+")


def named_sources(question: str, sources: Iterable[str]) -> frozenset[str]:
    """Those of `sources` whose name, or the part of it before a bar or dash, is in the question.

    A name of one plain word ("Time", "Nature") must have its capital; others match in any case.
    """
    folded = question.casefold()
    return frozenset(
        source
        for source in sources
        if any(
            folded.find(name.casefold()) >= 0 and _stands_in(question, name)
            for name in _names(source)
        )
    )


def preference(source: str | None, named: frozenset[str]) -> float:
    """What the fused score of a passage from `source` gains when `named` are named."""
    if not named:
        return 0.0
    if source is None:
        return UNKNOWN
    return NAMED if source in named else 0.0


@lru_cache(maxsize=1 << 16)
def _names(source: str) -> tuple[str, str]:
    return source, _SEPARATORS.split(source)[0]


def _stands_in(question: str, name: str) -> bool:
    plain = name.isalpha() and name[1:] == name[1:].lower()
    flags = 0 if plain else re.IGNORECASE
    return bool(name) and re.search(rf"\b{re.escape(name)}\b", question, flags) is not None
