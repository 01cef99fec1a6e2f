"""Which statements give one value, and how the values relate.

Two figures are one value where they are equal, or one is the other rounded or bounded. Different
values are over time where the statements speak of different days, and differ where they speak of
one. Nothing is said where the sentences do not speak of the same thing, as far as rules can tell: a
forecast and an outcome, or different places.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from qa.answers.values.statements import Given
from qa.text.days import day_range
from qa.text.quantities import Quantity, compatible
from qa.types import Relation, Statement, Value

# A bound and a value that it allows are one value when they are as near as this.
_NEAR = 0.06
# Two exact figures are one value, rounded, when they are as near as this.
_ROUNDED = 0.015
# Times that make a timeline.
_TIMES = 3
# A statement that is not cited stands behind those that are.
_LAST = 1_000


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


def in_groups(given: Sequence[Given]) -> list[list[Given]]:
    """The statements by value, in their order: each is with the first group that it fits."""
    groups: list[list[Given]] = []
    for one in given:
        for group in groups:
            if all(is_one_value(one.quantity, other.quantity) for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def relation_of(values: Sequence[Value]) -> Relation | None:
    """How the values relate; None where there is nothing to compare, or nothing can be said."""
    if not values:
        return None
    if len(values) == 1:
        (value,) = values
        if len({one.doc_id for one in value.statements}) < 2:
            return None
        exact = len({one.text.casefold() for one in value.statements}) == 1
        return "same" if exact else "rounded"
    first, *others = values
    kinds = {
        _relation(one, other)
        for value in others
        for one, other in product(first.statements, value.statements)
    } - {None}
    return kinds.pop() if len(kinds) == 1 else None


def _relation(one: Statement, other: Statement) -> Relation | None:
    """How two statements of different values relate."""
    if one.expected or other.expected or one.as_of is None or other.as_of is None:
        return None
    if _apart(one, other):
        return "over_time"
    return "differ" if one.doc_id != other.doc_id else None


def _apart(one: Statement, other: Statement) -> bool:
    """Whether the statements speak of different times."""
    first, second = day_range(one.as_of or ""), day_range(other.as_of or "")
    return first[1] < second[0] or second[1] < first[0]


def timeline_of(values: Sequence[Value]) -> tuple[Statement, ...]:
    """The statements in order of time, the first of each time; none where there are less than
    three times."""
    dated = sorted(
        (one for value in values for one in value.statements if one.as_of),
        key=lambda one: (day_range(one.as_of or ""), one.rank or _LAST),
    )
    rows = {one.as_of: one for one in reversed(dated)}
    return tuple(reversed(rows.values())) if len(rows) >= _TIMES else ()
