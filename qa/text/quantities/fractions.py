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
_SHARED = frozenset("by about nearly almost roughly over around than least under some".split())
_FOLLOWS = frozenset(
    "in on at by since from compared to this last as over for and or said say were are was".split()
)
_ORDINALS = frozenset("first second third fourth last latter former back front top".split())
# Words for a share are as coarse as a tenth of it.
_COARSE = 0.1


class Fraction(NamedTuple):
    number: Number
    unit: str | None


def read_fraction(tokens: Tokens, at: int) -> Fraction | None:
    """The share or part whose first token is at this index."""
    token = tokens[at]
    if not (token.is_word or token.is_number):
        return None
    return _in_so_many(tokens, at) or _and_a_half(tokens, at) or _in_words(tokens, at)


def _in_words(tokens: Tokens, at: int) -> Fraction | None:
    """ "half", "a third", "one-third", "three quarters"."""
    word, end = tokens[at].lower, at + 1
    hyphen = tokens.is_hyphen(end)
    if word in ("half", "quarter"):
        above, below = 1, _DENOMINATORS[word]
    elif word in ("a", "another"):
        above, below, end = 1, _DENOMINATORS.get(tokens[end].lower, 0), at + 2
    else:
        above, end = SMALL.get(word, 0), at + 2 + hyphen
        below = (_DENOMINATORS if above == 1 else _PLURALS).get(tokens[end - 1].lower, 0)
    if not 0 < above < below or tokens[at - 1].lower in _ORDINALS:
        return None
    # "A third day" counts days; "a quarter mile" does not.
    ordinal = word in ("a", "another") and below not in (2, 4)
    part = _part(tokens, at, end, above / below, ordinal=ordinal)
    return part or (_share(at, end, above / below) if _is_share(tokens, at, end) else None)


def _part(tokens: Tokens, first: int, end: int, value: float, *, ordinal: bool) -> Fraction | None:
    """The fraction of a magnitude or of a unit that follows: "half a million", "half an hour"."""
    hyphen = tokens.is_hyphen(end)
    if tokens[end].lower == "of" and tokens[end + 1].lower in ("a", "an"):
        end += 2
    elif tokens[end].lower in ("a", "an") or hyphen:
        end += 1
    elif ordinal:
        return None
    scale = SCALES.get(tokens[end].lower)
    if scale is not None:
        whole = value * scale
        number = Number(first, end + 1, whole, whole, whole, False, True, scale=scale)
        return Fraction(number, None)
    number = Number(first, end, value, value, value, False, True)
    if unit_after(tokens, end, value, spelled=True) is not None:
        return Fraction(number, None)
    if hyphen and tokens[end].lower == "point":
        return Fraction(number._replace(end=end + 1), "percentage point")
    return None


def _is_share(tokens: Tokens, first: int, end: int) -> bool:
    """Whether the fraction is a share, and not half a name, an ordinal or a quarter of a year."""
    word, after = tokens[first].lower, tokens[end]
    if tokens.is_hyphen(end):
        return False
    if after.lower == "of":
        return word != "quarter"
    if word in ("half", "a", "another"):
        whole = word == "half" and after.lower in _WHOLE
        alone = not after.is_word or after.lower in _FOLLOWS
        return whole or (tokens[first - 1].lower in _SHARED and (alone or word == "half"))
    # "The last three quarters", "one third party".
    return not tokens[end - 1].lower.startswith("quarter") or tokens.is_hyphen(first + 1)


def _and_a_half(tokens: Tokens, at: int) -> Fraction | None:
    """ "an hour and a half"."""
    words = [tokens[place].lower for place in (at + 2, at + 3, at + 4)]
    if tokens[at].lower not in ("a", "an") or words != ["and", "a", "half"]:
        return None
    unit = unit_after(tokens, at + 1, 1.0, spelled=True)
    return unit and Fraction(Number(at, at + 5, 1.5, 1.5, 0.5, False, True), unit.name)


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
