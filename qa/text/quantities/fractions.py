"""Shares and parts: "half of", "two thirds", "one in five"; "half a million", "a quarter-point"."""

from typing import NamedTuple

from qa.text.quantities.numbers import SCALES, SMALL, Number, read_number
from qa.text.quantities.tokens import Tokens
from qa.text.quantities.units import PERCENT, unit_after

_DENOMINATORS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_PLURALS = {f"{word}s": value for word, value in _DENOMINATORS.items() if word != "half"}
# After "half" they show that it is one of two parts: "half the voters", not "half brother".
_WHOLE = frozenset("of the its their his her our your my those these this that all as".split())
# Before "half" without what it is a half of: "cut by half", "more than half said".
_SHARED = frozenset("by about nearly almost roughly over around than least under to".split())
_HYPHENS = frozenset("-‐‑")
# Words for a share are as coarse as a tenth of it.
_COARSE = 0.1


class Fraction(NamedTuple):
    number: Number
    unit: str | None


def read_fraction(tokens: Tokens, at: int) -> Fraction | None:
    """The share or part whose first token is at this index."""
    token = tokens[at]
    if token.lower in ("half", "quarter") or token.lower == "a" and tokens[at + 1].lower == "half":
        start = at + (token.lower == "a")
        return _part(tokens, at, start + 1, 1 / _DENOMINATORS[tokens[start].lower])
    return _in_so_many(tokens, at) or _and_a_half(tokens, at) or _numerator(tokens, at)


def _numerator(tokens: Tokens, at: int) -> Fraction | None:
    """ "a third of", "one-third", "three quarters of"."""
    token = tokens[at]
    above = 1 if token.lower in ("a", "one") else SMALL.get(token.lower, 0)
    hyphen = tokens[at + 1].text in _HYPHENS and tokens[at + 1].joined
    end = at + 2 + hyphen
    below = (_DENOMINATORS if above == 1 else _PLURALS).get(tokens[end - 1].lower, 0)
    if not 0 < above < below:
        return None
    followed = tokens[end].lower == "of"
    # "A third person", "the last three quarters", "one fifth-grader".
    counted = token.lower == "a" or "quarter" in tokens[end - 1].lower and not hyphen
    if counted and not followed and not (above == 1 and tokens[end].text in _HYPHENS):
        return None
    return _part(tokens, at, end, above / below)


def _part(tokens: Tokens, first: int, end: int, value: float) -> Fraction | None:
    """The fraction of what follows: of a magnitude, of a unit, or a share."""
    start, after = end, tokens[end].lower
    hyphen = tokens[end].text in _HYPHENS and tokens[end].joined and tokens[end].joins
    if after == "of" and tokens[end + 1].lower in ("a", "an"):
        end += 2
    elif after in ("a", "an") or hyphen:
        end += 1
    if end > start:
        scale = SCALES.get(tokens[end].lower)
        if scale is not None:
            whole = value * scale
            return Fraction(
                Number(first, end + 1, whole, whole, whole, False, True, scale=scale), None
            )
        if unit_after(tokens, end, value, spelled=True) is not None:
            return Fraction(Number(first, end, value, value, value, False, True), None)
        if hyphen and tokens[end].lower == "point":
            return Fraction(
                Number(first, end + 1, value, value, value, False, True), "percentage point"
            )
    bare_half = tokens[start - 1].lower in ("half", "quarter") and tokens[start - 2].lower != "one"
    if (
        hyphen
        or bare_half
        and not (after in _WHOLE or value == 0.5 and _stands_alone(tokens, first, end))
    ):
        return None
    return _share(first, start, value)


def _and_a_half(tokens: Tokens, at: int) -> Fraction | None:
    """ "an hour and a half"."""
    if tokens[at].lower not in ("a", "an") or tokens[at + 2].lower != "and":
        return None
    if tokens[at + 3].lower != "a" or tokens[at + 4].lower != "half":
        return None
    unit = unit_after(tokens, at + 1, 1.0, spelled=True)
    return unit and Fraction(Number(at, at + 5, 1.5, 1.5, 0.5, False, True), unit.name)


def _stands_alone(tokens: Tokens, at: int, end: int) -> bool:
    return tokens[at - 1].lower in _SHARED and tokens[end].lower not in ("time", "an", "brother")


def _share(first: int, end: int, value: float) -> Fraction:
    percent = 100 * value
    number = Number(first, end, percent, percent, percent * _COARSE, False, True)
    return Fraction(number, PERCENT)


def _in_so_many(tokens: Tokens, at: int) -> Fraction | None:
    """ "one in five", "nine out of ten"."""
    above = read_number(tokens, at)
    if above is None or above.vague or above.scale != 1.0:
        return None
    end = above.end
    if tokens[end].lower == "out" and tokens[end + 1].lower == "of":
        end += 2
    elif tokens[end].lower == "in" and (above.low == 1 or above.spelled):
        end += 1 + (tokens[end + 1].lower == "every")
    else:
        return None
    below = read_number(tokens, end)
    if below is None or below.vague or not 0 < above.low < below.low:
        return None
    if below.bare and 1000 <= below.low <= 2099:
        return None
    if unit_after(tokens, below.end, below.low, spelled=below.spelled) is not None:
        return None
    return _share(at, below.end, above.low / below.low)
