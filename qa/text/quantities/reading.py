"""Read the quantities of a text with rules, in time linear in its length.

No library: those that read quantities take from 20 to 200 ms a sentence, and confuse dates, names and
results with quantities more often than these rules.
"""

from typing import NamedTuple

from qa.text.quantities import cues
from qa.text.quantities.counting import is_counted
from qa.text.quantities.fractions import read_fraction
from qa.text.quantities.nouns import noun_after
from qa.text.quantities.numbers import Number, read_number
from qa.text.quantities.tokens import Tokens
from qa.text.quantities.units import CODES, PERCENT, YEAR, currency_before, unit_after
from qa.text.quantities.value import Quantity

_DASHES = frozenset("-–‐‑")
_MINUS = frozenset("-−–")
_AGED = frozenset("aged age ages".split())


class Measure(NamedTuple):
    """A number with its unit in the tokens from `first` up to `end`."""

    number: Number
    first: int
    end: int
    unit: str | None
    # The number before a range's second one stands as digits against a dash: "3-2", "20-30".
    dashed: bool = False
    approximate: bool = False


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of the text in its order, none inside of another one.

    Ordinals, days, years, times of day, results, versions, addresses, telephone numbers and the
    numbers of laws, chapters or models are none.
    """
    tokens = Tokens(text)
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        measure = _measure(tokens, at)
        if measure is None:
            at += 1
            continue
        last = _with_range(tokens, measure)
        quantity = _quantity(tokens, last)
        if quantity is not None:
            found.append(quantity)
        at = max(last.end, at + 1)
    return tuple(found)


def _measure(tokens: Tokens, at: int, *, money: bool = False) -> Measure | None:
    """The number at this index with its sign, currency and unit; `money` if it is an amount of it."""
    token = tokens[at]
    first, sign = at, 1.0
    if (
        token.text in _MINUS
        and token.joins
        and not (token.joined and tokens[at - 1].text not in "(")
    ):
        at, sign = at + 1, -1.0
    elif token.text in ("minus", "negative"):
        at, sign = at + 1, -1.0
    currency = currency_before(tokens, at)
    fraction = None if currency else read_fraction(tokens, at)
    if fraction is not None:
        number, unit, end = fraction.number, fraction.unit, fraction.number.end
    else:
        at, name = (currency[1], currency[0]) if currency else (at, None)
        read = read_number(tokens, at, money=money or currency is not None)
        if read is None:
            return None
        number, unit, end = read, name, read.end
    if unit is None:
        over = end + (number.vague and tokens[end].lower == "of")
        following = unit_after(tokens, over, number.low, spelled=number.spelled)
        if following is not None:
            unit, end = following.name, following.end
            number = _scaled(number, following.factor)
    if unit == "foot":
        number, end = _with_inches(tokens, number, end)
    return Measure(_scaled(number, sign), first, end, unit)


def _scaled(number: Number, factor: float) -> Number:
    if factor == 1.0:
        return number
    low, high = sorted((number.low * factor, number.high * factor))
    return number._replace(low=low, high=high, step=number.step * abs(factor))


def _with_inches(tokens: Tokens, number: Number, end: int) -> tuple[Number, int]:
    """ "6-foot-2" is six feet and two inches."""
    if tokens[end].text in _DASHES and tokens[end].joined and tokens[end].joins:
        inches = read_number(tokens, end + 1)
        if inches is not None and inches.low < 12:
            value = number.low + inches.low / 12
            return number._replace(low=value, high=value, step=1 / 12), inches.end
    return number, end


def _with_range(tokens: Tokens, one: Measure) -> Measure:
    """The range that the number begins, or the number itself."""
    sign = tokens[one.end]
    other = _measure(tokens, one.end + 1, money=one.unit in CODES)
    if other is None or one.number.vague != other.number.vague:
        return one
    if one.unit is not None and other.unit != one.unit and other.unit is not None:
        return one
    before = tokens[one.first - 1].lower
    dashed = sign.text in _DASHES and sign.joined == sign.joins and not one.number.spelled
    low, high = _shared_scale(one.number, other.number)
    if not dashed:
        if sign.lower == "to":
            wide = tokens[one.first - 2].lower in (
                "anywhere",
                "ranging",
                "range",
                "ranges",
                "ranged",
            )
            if before == "from" and not wide:
                return one
        elif sign.lower == "or":
            if not low.low < high.low <= 2 * low.low:
                return one
        elif not (sign.lower == "and" and before == "between"):
            return one
    if low.low >= high.high and not (low.bare and high.bare):
        return one
    number = low._replace(
        end=other.end, high=high.high, step=min(low.step, high.step), bare=low.bare and high.bare
    )
    unit = one.unit or other.unit
    return Measure(
        number, one.first, other.end, unit, dashed or sign.lower == "to", sign.lower == "or"
    )


def _shared_scale(low: Number, high: Number) -> tuple[Number, Number]:
    """ "10 to 15 million": the magnitude of the second number is that of the first one as well."""
    if low.scale == 1.0 < high.scale and low.low < 1000 and low.low * high.scale < high.low:
        return _scaled(low, high.scale), high
    return low, high


def _quantity(tokens: Tokens, one: Measure) -> Quantity | None:
    number, unit, end = one.number, one.unit, one.end
    if unit is None and _is_age(tokens, one):
        unit = YEAR
    noun, after_noun = None, end
    if unit is None or unit == PERCENT and (tokens[end].lower == "of" or number.end == end):
        noun, after_noun = noun_after(tokens, end, number.high)
    before = cues.before(tokens, one.first, unit)
    after = cues.after(tokens, number.end, end, after_noun)
    bound = before.bound or after.bound
    if not is_counted(
        tokens, number, one.first, end, unit, noun, bounded=bound is not None, dashed=one.dashed
    ):
        return None
    low, high = number.low, number.high
    if low > high or not abs(high) < 1e300:
        return None
    return Quantity(
        tokens[one.first].start, tokens[end - 1].end, low, high, unit, noun,
        number.vague or one.approximate or before.approximate or after.approximate,
        bound, number.step / 2,
    )  # fmt: skip


def _is_age(tokens: Tokens, one: Measure) -> bool:
    """ "aged 34", "Jane Doe, now 34, said", "65 and older"."""
    before, after = tokens[one.first - 1], tokens[one.end]
    if not 1 < one.number.low < 120 or one.number.vague:
        return False
    if before.lower in _AGED:
        return True
    if after.lower in ("and", "or") and tokens[one.end + 1].lower in ("older", "younger"):
        return True
    place = one.first - 1 - (before.lower in ("now", "then"))
    return (
        one.number.bare
        and tokens[place].text == ","
        and tokens[place - 1].is_word
        and (after.text in (",", ";") or (after.text == "." and tokens[place - 1].text.istitle()))
    )
