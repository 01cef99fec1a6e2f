"""A number with its sign, currency and unit, and the range that two of them make."""

from typing import NamedTuple

from qa.text.quantities.currencies import CODES, currency_before
from qa.text.quantities.fractions import read_fraction
from qa.text.quantities.numbers import Number, read_number
from qa.text.quantities.tokens import Tokens
from qa.text.quantities.units import unit_after

_DASHES = frozenset("-–‐‑")
_MINUS = frozenset("-−–")
# "From 5 to 7 percent" are two values, "ranging from 5 to 7 percent" is one range.
_RANGING = frozenset("anywhere ranging range ranges ranged".split())


class Measure(NamedTuple):
    """A number with its unit in the tokens from `first` up to `end`."""

    number: Number
    first: int
    end: int
    unit: str | None
    # Two numbers with a dash or "to" between them: a range or a result.
    paired: bool = False
    # "Two or three".
    approximate: bool = False


def read_measure(tokens: Tokens, at: int) -> Measure | None:
    """The measure whose first token is at this index; a range is one measure.

    The second number of a result ("3-2") is part of the measure, whose `low` is then above its
    `high`.
    """
    one = _single(tokens, at)
    if one is None:
        return None
    other = _single(tokens, one.end + 1, money=one.unit in CODES)
    return one if other is None else _pair(tokens, one, other) or one


def _single(tokens: Tokens, at: int, *, money: bool = False) -> Measure | None:
    """The number at this index with its unit; `money` if it is an amount for another reason."""
    first, negative = at, _is_minus(tokens, at)
    at += negative
    currency = currency_before(tokens, at)
    fraction = None if currency else read_fraction(tokens, at)
    unit: str | None
    if fraction is not None:
        number, unit = fraction
    else:
        unit, at = currency or (None, at)
        read = read_number(tokens, at, money=money or unit is not None)
        if read is None:
            return None
        number = read
    end = number.end
    if unit is None:
        # "Thousands of dollars".
        over = end + (number.vague and tokens[end].lower == "of")
        following = unit_after(tokens, over, number.low, spelled=number.spelled)
        if following is not None:
            unit, end, number = following.name, following.end, _times(number, following.factor)
    if unit == "foot":
        number, end = _with_inches(tokens, number, end)
    return Measure(_times(number, -1.0) if negative else number, first, end, unit)


def _is_minus(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.text in _MINUS:
        return token.joins and (not token.joined or tokens[at - 1].text == "(")
    return token.text in ("minus", "negative")


def _times(number: Number, factor: float) -> Number:
    if factor == 1.0:
        return number
    low, high = sorted((number.low * factor, number.high * factor))
    return number._replace(low=low, high=high, step=number.step * abs(factor))


def _with_inches(tokens: Tokens, number: Number, end: int) -> tuple[Number, int]:
    """ "6-foot-2" is six feet and two inches."""
    inches = read_number(tokens, end + 1) if tokens.is_hyphen(end) else None
    if inches is None or inches.low >= 12:
        return number, end
    value = number.low + inches.low / 12
    return number._replace(low=value, high=value, step=1 / 12), inches.end


def _pair(tokens: Tokens, one: Measure, other: Measure) -> Measure | None:
    """The range or result of two numbers with one token between them, if they are one."""
    if one.number.vague != other.number.vague:
        return None
    sign, before = tokens[one.end], tokens[one.first - 1].lower
    dashed = sign.text in _DASHES and sign.joined == sign.joins
    if dashed and (one.number.spelled or other.number.spelled):  # "7-Eleven".
        return None
    low, high = _shared_scale(one.number, other.number)
    if one.unit is not None:
        # "Gave $500 to 10 families": the second number needs a unit or magnitude as well.
        written = dashed or other.unit is not None or high.scale > 1
        if other.unit not in (None, one.unit) or not written:
            return None
    if sign.lower == "to":
        if before == "from" and tokens[one.first - 2].lower not in _RANGING:
            return None
    elif sign.lower == "or":
        if not low.low < high.low <= 2 * low.low:
            return None
    elif not dashed and not (sign.lower == "and" and _is_between(tokens, one.first)):
        return None
    unit, paired = one.unit or other.unit, dashed or sign.lower == "to"
    if low.low >= high.high and not (paired and unit is None and low.scale == high.scale == 1):
        return None
    number = low._replace(
        end=other.end, high=high.high, step=min(low.step, high.step), bare=low.bare and high.bare
    )
    return Measure(number, one.first, other.end, unit, paired, sign.lower == "or")


def _is_between(tokens: Tokens, first: int) -> bool:
    """ "Between 18 and 34", "between the ages of 18 and 34"."""
    return "between" in (tokens[first - 1].lower, tokens[first - 4].lower)


def _shared_scale(low: Number, high: Number) -> tuple[Number, Number]:
    """ "10 to 15 million": the magnitude of the second number is that of the first one as well."""
    if low.scale == 1.0 < high.scale and low.low < 1000 and low.low * high.scale < high.low:
        return _times(low, high.scale), high
    return low, high
