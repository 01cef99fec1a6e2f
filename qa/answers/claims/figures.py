"""The figures of a claim in the passages."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answers.claims.detail import Detail
from qa.answers.claims.evidence import SAYS_THE_REST, Said, Sentences
from qa.answers.claims.times import times_in
from qa.answers.values.relations import is_one_value
from qa.text.quantities import Quantity, compatible, quantities
from qa.text.quantities.asked import alike
from qa.types import Difference

# "The two leaders" may be named and not counted.
_FEW = 3
# The most that a value is larger than the bound or range that is said to have it.
_LIKE = 2
_IN_WORDS = frozenset(("one", "two", "three", "both"))

# A number by itself, not in a name ("Covid-19").
_NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d+)*(?![\w:/]|[.,]\d)")

quantities_of = functools.lru_cache(1 << 12)(quantities)


def check_figures(claim: str, said: Sentences) -> list[Detail]:
    """What became of each figure of the claim."""
    figures = quantities_of(claim)
    return [*(_check(one, figures, claim, said) for one in figures), *_numbers(claim, said)]


def _numbers(claim: str, said: Sentences) -> list[Detail]:
    """The numbers that no passage has and that are no quantities: results of votes and games."""
    known = {number for text in said.texts for number in _numbers_in(f"{text.text} {text.title}")}
    quantities = quantities_of(claim)
    return [
        Detail("missing", Difference(match[0], ""))
        for match in _NUMBER.finditer(claim)
        if match[0].replace(",", "") not in known
        and all(match.end() <= one.start or one.end <= match.start() for one in quantities)
        and all(match.end() <= one.start or one.end <= match.start() for one in times_in(claim))
    ]


def _numbers_in(text: str) -> set[str]:
    return {match[0].replace(",", "") for match in _NUMBER.finditer(text)}


def _check(figure: Quantity, figures: Sequence[Quantity], claim: str, said: Sentences) -> Detail:
    text = claim[figure.start : figure.end]
    # A figure that the claim gives beside this one is no evidence for this one.
    rest = [one for one in figures if one is not figure and not is_one_value(figure, one)]
    near = [
        (sentence, other)
        for sentence, other in _figures(said.near)
        if not any(is_one_value(one, other) for one in rest)
    ]
    for sentence, other in near:
        if _is_same(figure, other) and alike(figure.noun, other.noun):
            return Detail("found", Difference(text, text), sentence)
    others = [
        (sentence, other)
        for sentence, other in _figures(said.as_near)
        if sentence.share >= SAYS_THE_REST
        and _differs(figure, other)
        and not any(_is_same(other, one) for one in figures)
    ]
    named = [one for one in others if figure.noun and figure.noun == one[1].noun]
    others = named or [one for one in others if one[0] is said.best]
    if not named:
        for sentence, other in (*near, *_figures(said.all)):
            if _is_same(figure, other):
                return Detail("found", Difference(text, text), sentence)
    if others:
        sentence, other = others[0]
        words = sentence.text[other.start : other.end]
        return Detail("another", Difference(text, words), sentence)
    small = figure.high <= _FEW and text.split()[0].lower() in _IN_WORDS
    return Detail("unsure" if small else "missing", Difference(text, ""))


def _figures(sentences: Sequence[Said]) -> Iterator[tuple[Said, Quantity]]:
    for sentence in sentences:
        for quantity in quantities_of(sentence.text):
            yield sentence, quantity


def _is_same(claimed: Quantity, other: Quantity) -> bool:
    """Whether the passage's figure bears out the claim's: the same value, rounded, or one that the
    claim's bound or range has."""
    if is_one_value(claimed, other):
        return True
    if (claimed.unit is None) != (other.unit is None):  # "60 million more" of 540 million euros
        return (claimed.low, claimed.high) == (other.low, other.high)
    if claimed.bound and other.low < other.high:  # "Up to 16" for "10 to 16"
        return claimed.high in (other.low, other.high)
    loose = claimed.bound is not None or claimed.low < claimed.high
    exact = other.bound is None and other.low == other.high
    like = other.high <= _LIKE * claimed.high and claimed.low <= _LIKE * other.low
    return loose and exact and like and _how(claimed, other) == "allowed"


def _differs(claimed: Quantity, other: Quantity) -> bool:
    """Whether both measure or count the same and only one can be right. A bound or a range that
    allows the other is no contradiction, unless both are bounds."""
    how = _how(claimed, other)
    both = claimed.bound is not None and claimed.bound == other.bound
    return alike(claimed.noun, other.noun) and (how == "differ" or (how == "allowed" and both))


def _how(one: Quantity, other: Quantity) -> str:
    return compatible(replace(one, noun=None), replace(other, noun=None))
