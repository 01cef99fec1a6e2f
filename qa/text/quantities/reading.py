"""Read the quantities of a text with rules, in time linear in its length.

The libraries tried take seconds to import or a fifth of a second for a sentence (ARCHITECTURE.md).
"""

from qa.text.quantities import cues
from qa.text.quantities.counting import Candidate, is_counted
from qa.text.quantities.measures import Measure, read_measure
from qa.text.quantities.nouns import noun_after
from qa.text.quantities.tokens import Tokens
from qa.text.quantities.units import PERCENT, YEAR
from qa.text.quantities.value import Quantity

_AGED = frozenset("aged age ages".split())
_OLDEST = 120


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of the text in its order, none inside of another one.

    Ordinals, days, years, times of day, results, versions, addresses, telephone numbers and the
    numbers of laws, chapters or models are none.
    """
    tokens = Tokens(text)
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        measure = read_measure(tokens, at)
        if measure is None:
            at += 1
            continue
        quantity = _quantity(tokens, measure)
        if quantity is not None:
            found.append(quantity)
        at = measure.end
    return tuple(found)


def _quantity(tokens: Tokens, one: Measure) -> Quantity | None:
    number, end = one.number, one.end
    unit = YEAR if one.unit is None and _is_age(tokens, one) else one.unit
    noun, after_noun = None, end
    # "5 percent of voters" and "one in five voters" are voters, "5 percent growth" is not.
    if unit is None or (unit == PERCENT and (tokens[end].lower == "of" or number.end == end)):
        noun, after_noun = noun_after(tokens, end, number.high)
    before = cues.before(tokens, one.first, unit)
    after = cues.after(tokens, number.end, end, after_noun)
    bound = before.bound or after.bound
    candidate = Candidate(
        tokens, number, one.first, end, unit, noun, bounded=bound is not None, paired=one.paired
    )
    if number.low > number.high or not is_counted(candidate):
        return None
    return Quantity(
        start=tokens[one.first].start,
        end=tokens[end - 1].end,
        low=number.low,
        high=number.high,
        unit=unit,
        noun=noun,
        approximate=number.vague or one.approximate or before.approximate or after.approximate,
        bound=bound,
        precision=number.step / 2,
    )


def _is_age(tokens: Tokens, one: Measure) -> bool:
    """ "aged 34", "Jane Doe, now 34, said", "65 and older"."""
    before, after = tokens[one.first - 1], tokens[one.end]
    if not 1 < one.number.low < _OLDEST or one.number.vague:
        return False
    of_age = before.lower == "of" and tokens[one.first - 2].lower in _AGED
    if before.lower in _AGED or of_age:
        return True
    if after.lower in ("and", "or") and tokens[one.end + 1].lower in ("older", "younger"):
        return True
    comma = one.first - 1 - (before.lower in ("now", "then"))
    named = tokens[comma - 1]
    if not one.number.bare or tokens[comma].text != "," or not named.is_word:
        return False
    return after.text in (",", ";") or (after.text == "." and named.text.istitle())
