"""Whether a number counts or measures something, by what stands around it.

If it does not, it is part of a name ("Apollo 11"), a year, an hour or a result.
"""

from typing import NamedTuple

from qa.text.quantities.nouns import FUNCTION
from qa.text.quantities.numbers import Number
from qa.text.quantities.tokens import Token, Tokens
from qa.text.quantities.units import TIMES

# A number that one of these touches is part of a longer word: COVID-19, F-35, #5, km².
_JOINERS_BEFORE = frozenset("#@_&/.,'’°")
_JOINERS_AFTER = frozenset("'’\"″@_")
_SEPARATORS = frozenset(",./:")
_DASHES = frozenset("-‐‑–−")
# "Two-way", "one-sided", "three-time", "30-something".
_COMPOUND = frozenset(
    """way ways fold piece tone faced sided timer time hit off on up to thirds man handed armed
    track dimensional upmanship liner liners star stop size punch something and""".split()
)
_CLOSING = frozenset(("odd", "plus"))
# Before a year.
_WHEN = frozenset(
    """in since until till by from around circa c year early late mid of between before after
    during and to through throughout for spring summer autumn fall winter about the -""".split()
)
# These are counted also after a name without a comma: "In Ukraine 200 people".
_PERSONS = frozenset("person man woman child soldier civilian death case worker troop".split())
# Words that may have a capital before a count.
_CAPITALS = FUNCTION | frozenset(
    """monday tuesday wednesday thursday friday saturday sunday just some around nearly almost
    roughly at least more most another as now i'm killing approximately still first last
    next""".split()
)
_POINTING = frozenset("the these those between all".split())
# "The total stands at 83".
_STANDS = frozenset("stands stood stand remains remained put estimated kept valued".split())
_NOT_ONE_BEFORE = frozenset(
    """no any every some each the this that which another number only a first last big new old
    at""".split()
)
_NOT_ONE_AFTER = frozenset("thing another way hand or and who that which more".split())
# "In one day", not "one day he left".
_BEFORE_ONE_DAY = frozenset(
    "in for within after than least just only about last over of by under took per".split()
)


class Candidate(NamedTuple):
    """A number with its unit and noun in the tokens from `first` up to `end`."""

    tokens: Tokens
    number: Number
    first: int
    end: int
    unit: str | None
    noun: str | None
    # "At least" or another bound stands beside it.
    bounded: bool
    # Two numbers with a dash or "to" between them.
    paired: bool

    @property
    def before(self) -> Token:
        return self.tokens[self.first - 1]

    @property
    def after(self) -> Token:
        """The token after the number, the first one of its unit if there is one."""
        return self.tokens[self.number.end]

    @property
    def is_bare(self) -> bool:
        return self.unit is None and self.noun is None


def is_counted(one: Candidate) -> bool:
    """Whether the number is a quantity."""
    if one.number.vague:
        return True
    if _touches_before(one) or _touches_after(one):
        return False
    if one.number.bare and one.paired and not _is_range(one):
        return False
    if one.before.lower == "per" or (one.is_bare and _is_at(one)):
        return False
    if one.number.spelled:
        return _is_counted_word(one)
    # "Above 1990 levels".
    if not one.number.bare or (one.bounded and one.before.lower not in ("above", "below")):
        return True
    if _is_year(one) or (one.is_bare and _is_listed(one)):
        return False
    return one.unit is not None or one.noun in _PERSONS or not _is_in_name(one)


def _touches_before(one: Candidate) -> bool:
    first, before = one.tokens[one.first], one.before
    if not first.joined or first.text in _DASHES:
        return False
    if before.is_word or before.is_number or before.text in _JOINERS_BEFORE:
        return True
    return before.text in _DASHES and before.joined


def _touches_after(one: Candidate) -> bool:
    """Whether a longer word goes on after the number: 1st, 3D, 7-Eleven, two-way."""
    if one.unit is not None:
        return False
    after, second = one.after, one.tokens[one.number.end + 1]
    hyphen = one.tokens.is_hyphen(one.number.end)
    if hyphen and second.lower in _COMPOUND:
        return True
    if one.number.spelled or not one.tokens[one.number.end - 1].joins:
        return False
    if after.is_word or after.text in _JOINERS_AFTER:
        return True
    if after.text in _SEPARATORS and after.joins and second.is_number:
        return True
    return hyphen and one.noun is None and second.lower not in _CLOSING


def _is_range(one: Candidate) -> bool:
    """Whether two numbers are a range, not a result ("3-2") or two years."""
    if one.number.low >= one.number.high:
        return False
    years = one.number.low >= 1000 and one.number.high <= 2099
    return one.unit is not None or (one.noun is not None and not years)


def _is_at(one: Candidate) -> bool:
    """ "At 9" is an hour and "at 16" an age, but "the total stands at 83"."""
    if one.before.lower != "at" or one.number.high > 99:
        return False
    return not (one.number.bare and one.tokens[one.first - 2].lower in _STANDS)


def _is_year(one: Candidate) -> bool:
    value, before = one.number.low, one.before.lower
    # "The cup of 2023 won by Australia".
    won = one.unit == "KRW" and one.first == one.number.first
    if one.unit is not None and one.unit not in TIMES and not won:
        return False
    if len(one.tokens[one.number.first].text) != 4:
        return one.is_bare and before == "in" and 100 <= value < 1000
    if not 1000 <= value <= 2100:
        return False
    if one.noun in _PERSONS and before not in _WHEN:
        return False
    return value >= 1500 or one.noun is None or before in _WHEN


def _is_listed(one: Candidate) -> bool:
    """ "8 Lukaku" in a list, "Haaland (69)", "the 16", a line of the field."""
    before, after = one.before, one.tokens[one.end]
    if one.tokens[one.first].opens and after.is_word and after.text[0].isupper():
        return True
    if before.lower in _POINTING and (not after.is_word or after.lower in FUNCTION):
        return True
    return before.is_number or after.is_number or (before.text == "(" and after.text == ")")


def _is_in_name(one: Candidate) -> bool:
    """ "Apollo 11", "iPhone 14": the word before has a capital, but not for its place."""
    before = one.before
    if not before.is_word or before.text.islower() or before.lower in _CAPITALS:
        return False
    return not before.opens or one.noun is None


def _is_counted_word(one: Candidate) -> bool:
    token, before = one.tokens[one.number.first], one.before.lower
    if token.text[:1].isupper() and not _is_opening_count(one):
        return False
    if one.number.high == 1 and token.lower == "one":
        return _is_one(one)
    if one.number.high == 0:
        hyphen = one.tokens.is_hyphen(one.number.end)
        return not one.is_bare and not hyphen and before not in ("net", "ground")
    return not one.is_bare or before not in _POINTING


def _is_opening_count(one: Candidate) -> bool:
    """Whether a number word with a capital begins a sentence, not a name: "Five Eyes"."""
    if one.unit is not None:
        return not one.tokens[one.end - 1].text[:1].isupper()
    if not one.tokens[one.first].opens:
        return False
    return one.noun is not None or not one.after.text[:1].isupper()


def _is_one(one: Candidate) -> bool:
    """ "One year", "one soldier", not the pronoun."""
    if one.unit in ("day", "time", "night"):
        return one.before.lower in _BEFORE_ONE_DAY or one.tokens.is_hyphen(one.number.end)
    if one.unit is not None:
        return True
    if one.before.lower in _NOT_ONE_BEFORE or one.after.lower in _NOT_ONE_AFTER:
        return False
    return one.noun is not None
