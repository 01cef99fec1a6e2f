"""Which statements give one value, and how the values relate.

Two figures are one value where they are equal, or one is the other rounded or bounded. Different
values are over time where the statements speak of different days, and differ where articles or
speakers give them for the same day. Nothing is said where the sentences may not speak of the same
thing: where one is a forecast, or is not as near to the question as the best answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from qa.answers.values.given import Given
from qa.text.as_of import AsOf
from qa.text.days import day_range
from qa.text.quantities import Quantity, compatible
from qa.types import Relation

Group = list[Given]

# A bound and a value that it allows are one value when they are as near as this.
_NEAR = 0.06
# Two exact figures are one value, rounded, when they are as near as this.
_ROUNDED = 0.015
# Statements are compared from this share of the best answer's score on.
_COMPARED = 0.85
# Even those of which the reader is unsure, from this share on.
_AS_NEAR = 0.95
# Times that make a timeline.
_TIMES = 3
_TO_THE_DAY = len("2019-04-26")


def is_one_value(one: Quantity, other: Quantity) -> bool:
    """Whether both give the same value, as exactly as each gives it."""
    how = compatible(replace(one, noun=None), replace(other, noun=None))
    if how in ("differ", "not comparable"):
        return False
    largest = max(abs(one.low), abs(one.high), abs(other.low), abs(other.high))
    apart = max(abs(one.low - other.low), abs(one.high - other.high))
    if how == "same" or apart <= _ROUNDED * largest:
        return True
    loose = [each for each in (one, other) if each.approximate or each.bound]
    if any(each.low < each.high for each in loose) and how == "allowed":
        return True  # "dozens"
    return bool(loose) and apart <= _NEAR * largest


def in_groups(given: Sequence[Given]) -> list[Group]:
    """The statements by value, in their order: each is with the first group that it fits."""
    groups: list[Group] = []
    for one in given:
        for group in groups:
            if all(is_one_value(one.quantity, other.quantity) for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def relation_of(groups: Sequence[Group]) -> Relation | None:
    """How the values relate to the first; None where there is nothing to compare, or nothing can be
    said. Values whose first was not read as an answer are only listed."""
    if not groups:
        return None
    first, *others = groups
    if not others:
        if len({one.doc_id for one in first}) < 2:
            return None
        exact = len({(one.quantity.low, one.quantity.high, one.quantity.bound) for one in first})
        return "same" if exact == 1 else "rounded"
    if not first[0].read:
        return None
    kinds = [kind for group in others if (kind := _of_groups(first, group))]
    if not kinds:
        return None
    earlier_or_later = kinds.count("over_time")
    if earlier_or_later == len(kinds) or earlier_or_later >= _TIMES - 1:
        return "over_time"
    return "differ" if not earlier_or_later else None


def _of_groups(first: Group, group: Group) -> Relation | None:
    """How the statements of another value relate to those of the best answer's."""
    answer = first[0]
    compared = [
        other
        for other in group
        if other.read
        or (other.sure and other.score >= _COMPARED * answer.score)
        or other.score >= _AS_NEAR * answer.score
    ]
    found = {
        relation for one, other in product(first, compared) if (relation := _relation(one, other))
    }
    if "over_time" not in found:
        return "differ" if found else None
    # Values that two articles give on one day do not follow one another.
    return None if any(_relation(answer, other) == "differ" for other in compared) else "over_time"


def _relation(one: Given, other: Given) -> Relation | None:
    """How two statements of different values relate."""
    if one.expected or other.expected or one.as_of is None or other.as_of is None:
        return None
    if apart(one, other):
        return "over_time"
    if one.doc_id == other.doc_id:
        return "differ" if {None, one.said_by} != {None, other.said_by} else None
    return "differ" if _of_one_time(one.as_of, other.as_of) else None


def _of_one_time(one: AsOf, other: AsOf) -> bool:
    """Whether two dates that overlap are one. A month that a sentence names may be any of its days;
    an article of which only the month is known speaks of what was known then."""
    return one.date == other.date or not any(
        len(each.date) < _TO_THE_DAY and each.come_from == "sentence" for each in (one, other)
    )


def apart(one: Given, other: Given) -> bool:
    """Whether the statements speak of different times; both must be dated."""
    first, second = _days(one), _days(other)
    return first[1] < second[0] or second[1] < first[0]


def _days(given: Given) -> tuple[int, int]:
    return day_range(given.as_of.date if given.as_of else "")


def timeline_of(groups: Sequence[Group]) -> list[Given]:
    """One statement for each time, in order; none where there are less than three times."""
    rows: dict[str, Given] = {}
    for one in (one for group in groups for one in group):
        if one.as_of:
            rows.setdefault(one.as_of.date, one)
    return sorted(rows.values(), key=_days) if len(rows) >= _TIMES else []
