"""Whether a number counts or measures something, by what stands around it; if not, it is part of a
name ("Apollo 11"), a year, an hour or a result."""

from qa.text.quantities.nouns import FUNCTION
from qa.text.quantities.numbers import Number
from qa.text.quantities.tokens import Token, Tokens

_HYPHENS = frozenset("-‐‑–−")
_WHEN = frozenset(
    """in since until till by from around circa c year early late mid of between before after during and
    to through throughout for spring summer autumn fall winter about the -""".split()
)
_TIMES = frozenset("second minute hour day night week month year decade century".split())
# Those who are counted after a name or a year without a comma: "In Ukraine 200 people".
_PERSONS = frozenset("person man woman child soldier civilian death case worker troop".split())
_CAPITALS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday the a an in on at of for from with by to
    and or but than only just about some over under around nearly almost roughly at least more most
    another all these those its their his her our my when while after before as if that this there
    then now when where who which it he she they we i you up down i'm are is was were have has had
    between among killing says said only approximately still first last next every each""".split()
)
# "Two-way", "one-sided", "three-time".
_COMPOUND = frozenset(
    """way ways fold piece tone faced sided timer time hit off on up to thirds man handed armed track
    dimensional upmanship liner liners star stop size punch something and""".split()
)
_NOT_ONE_BEFORE = frozenset(
    "no any every some each the this that which another number only a first last big new old".split()
)
_NOT_ONE_AFTER = frozenset("thing another way hand or and who that which more".split())
_LASTS = frozenset(
    "in for within after than least just only about last over of by under took per".split()
)
_STANDS = frozenset("stands stood stand remains remained put estimated kept valued".split())
_POINTING = frozenset("the these those between all".split())


def is_counted(
    tokens: Tokens, number: Number, first: int, end: int, unit: str | None, noun: str | None,
    *, bounded: bool, dashed: bool,
) -> bool:  # fmt: skip
    """Whether the number in the tokens from `first` up to `end` is a quantity."""
    if number.vague:
        return True
    if _touches(tokens, number, first, unit, noun):
        return False
    if number.bare and dashed and not _is_range(number, unit, noun):
        return False
    if unit is None and noun is None and _is_at(tokens, number, first):
        return False
    if number.spelled:
        return _is_counted_word(tokens, number, first, end, unit, noun)
    if not number.bare or bounded:
        return True
    if _is_year(tokens, number, first, unit, noun):
        return False
    if unit is None and noun is None and _is_listed(tokens, first, end):
        return False
    return unit is not None or noun in _PERSONS or not _is_name(tokens[first - 1], noun)


def _is_listed(tokens: Tokens, first: int, end: int) -> bool:
    """ "8 Lukaku" in a list, "Haaland (69)", "the 16", a line of the field."""
    following = tokens[end]
    number_of_list = tokens[first].opens and following.is_word and following.text[:1].isupper()
    before = tokens[first - 1]
    return (
        number_of_list
        or before.is_number
        or following.is_number
        or (before.lower in _POINTING and (not following.is_word or following.lower in FUNCTION))
        or (before.text == "(" and following.text == ")")
    )


def _touches(
    tokens: Tokens, number: Number, first: int, unit: str | None, noun: str | None
) -> bool:
    """Whether the number is part of a longer word: COVID-19, F-35, 1st, 3D, 7-Eleven."""
    before, after = tokens[first - 1], tokens[number.end]
    if tokens[first].joined and tokens[first].text not in "-−":
        if before.is_word or before.is_number or before.text in "#@_&/.,'’°":
            return True
        if before.text in _HYPHENS and before.joined:
            return True
    second = tokens[number.end + 1].lower
    hyphen = after.text in _HYPHENS and after.joined and after.joins
    if hyphen and unit is None and second in _COMPOUND:
        return True
    if number.spelled:
        return False
    if tokens[number.end - 1].joins and unit is None:
        if after.is_word or after.text in "'’\"″@_":
            return True
        if after.text in ",./:" and after.joins and tokens[number.end + 1].is_number:
            return True
        return hyphen and noun is None and second not in ("odd", "plus")
    return False


def _is_at(tokens: Tokens, number: Number, first: int) -> bool:
    """ "At 9" is an hour and "at 16" an age, but "the total stands at 83"."""
    if tokens[first - 1].lower != "at" or number.high > 99:
        return False
    return not (number.bare and tokens[first - 2].lower in _STANDS)


def _is_range(number: Number, unit: str | None, noun: str | None) -> bool:
    """Whether two numbers are a range, not a result ("3-2") or two years."""
    if number.low >= number.high:
        return False
    years = number.low >= 1000 and number.high <= 2099
    return unit is not None or noun is not None and not years


def _is_year(
    tokens: Tokens, number: Number, first: int, unit: str | None, noun: str | None
) -> bool:
    value, before = number.low, tokens[first - 1].lower
    if unit is not None and unit not in _TIMES:
        return False
    if len(tokens[number.first].text) != 4:
        return unit is None and before == "in" and noun is None and 100 <= value < 1000
    if value >= 2100 or value < 1000:
        return False
    if noun in _PERSONS and before not in _WHEN:
        return False
    return value >= 1500 or noun is None or before in _WHEN


def _is_name(before: Token, noun: str | None) -> bool:
    """ "Apollo 11", "iPhone 14": the word before has a capital for another reason than its place."""
    if not before.is_word or before.lower in _CAPITALS or before.text.islower():
        return False
    return not before.opens or noun is None


def _is_counted_word(
    tokens: Tokens, number: Number, first: int, end: int, unit: str | None, noun: str | None
) -> bool:
    token, before, after = tokens[number.first], tokens[first - 1], tokens[number.end]
    hyphen = after.text in _HYPHENS and after.joined and after.joins
    if token.text[:1].isupper() and not _is_capital_count(tokens, number, first, end, unit, noun):
        return False
    if number.high == 1 and token.lower == "one":
        return _is_one(tokens, number, before, after, unit, noun)
    if number.high == 0:
        return (unit or noun) is not None and not hyphen and before.lower not in ("net", "ground")
    return (unit or noun) is not None or before.lower not in _POINTING


def _is_capital_count(
    tokens: Tokens, number: Number, first: int, end: int, unit: str | None, noun: str | None
) -> bool:
    """Whether a number word with a capital begins a sentence, not a name: "Five Eyes"."""
    next_word = tokens[number.end]
    if unit is not None:
        return not (tokens[end - 1].text[:1].isupper())
    if not tokens[first].opens:
        return False
    return noun is not None or not next_word.text[:1].isupper()


def _is_one(
    tokens: Tokens, number: Number, before: Token, after: Token, unit: str | None, noun: str | None
) -> bool:
    """ "one year", "one soldier", not the pronoun."""
    if unit in ("day", "time", "night"):
        return before.lower in _LASTS or after.text in _HYPHENS
    if unit is not None:
        return True
    if before.lower in _NOT_ONE_BEFORE or before.lower == "at" or after.lower in _NOT_ONE_AFTER:
        return False
    return noun is not None
