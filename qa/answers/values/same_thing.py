"""Whether two figures may be values of one thing, as far as rules can tell from their sentences."""

import re

from qa.answers.values.given import Given
from qa.store.values import Question
from qa.text.as_of import as_of
from qa.text.days import MONTH, day_range
from qa.text.mentions import mentions, unmentioned
from qa.text.quantities import Quantity, quantities
from qa.text.quantities.asked import Asked, alike, fits

# The most that one value of a thing is larger than another: of counts, and of what has a unit.
_GROWTH, _GROWTH_OF_MEASURES = 100.0, 10.0
# Days after a time that a question names within which articles report on it.
_REPORTED = 3
# What a sentence names as its place or subject: "In South Carolina, ...", "Lyft, meanwhile, said".
_NAME = r"[A-Z][\w.&'’-]*\w(?:\s+[A-Z][\w.&'’-]*\w)*"
_SCOPE = re.compile(
    rf"\b[Ii]n\s+((?!{MONTH}(?!\w)){_NAME})"
    rf"|^\W*({_NAME})(?:,\s+meanwhile,)?\s+(?:said|says|will|is|are|was|has)\b"
)
# "Up from $3.73", "compared with 12 a year ago": the value of another time.
_EARLIER = re.compile(
    r"\b(?:up|down|rose|risen|fell|fallen|climbed|increase[sd]?|decrease[sd]?|dropped|jumped"
    r"|revised|adjusted)\b[^.;]{0,60}\bfrom\s+(?:\w+\s+){0,2}$"
    r"|\b(?:compared\s+(?:with|to)|versus)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_CONTEXT = 100

Days = tuple[int, int]


def same_measure(one: Quantity, target: Quantity, wanted: Asked) -> bool:
    """Whether both have one unit, count the same as far as their nouns say, and are of like size: a
    toll grows a hundredfold, a price does not."""
    if one.unit != target.unit or not fits(one, wanted):
        return False
    if wanted.noun is None and not alike(one.noun, target.noun):
        return False
    low, high = sorted((abs(one.high), abs(target.high)))
    return high <= (_GROWTH if target.unit is None else _GROWTH_OF_MEASURES) * low


def days_asked(question: str) -> Days | None:
    """The days of which the question asks, as proleptic Gregorian ordinals; None where it names no
    time with its year."""
    date = as_of(question, 0, None)
    if date is None:
        return None
    first, last = day_range(date.date)
    return first, last + _REPORTED


def is_within(given: Given, days: Days | None) -> bool:
    """Whether the sentence may speak of these days."""
    if days is None or given.as_of is None:
        return True
    first, last = day_range(given.as_of.date)
    return first <= days[1] and days[0] <= last


def is_earlier(given: Given) -> bool:
    """Whether the sentence gives the value as that of an earlier time."""
    at = given.quantity.start
    return _EARLIER.search(given.sentence.text[max(at - _CONTEXT, 0) : at]) is not None


def is_of_another(given: Given, target: Given, question: Question) -> bool:
    """Whether the sentence speaks of something else: it has the target's value beside its own, or
    names, nearest to the figure, another place or subject in place of what the question names."""
    text = given.sentence.text
    if not equal(given.quantity, target.quantity) and any(
        equal(quantity, target.quantity) for quantity in quantities(text)
    ):
        return True
    if not unmentioned(mentions(question.text), (text,)):
        return False
    title = target.sentence.found.document.title
    known = (question.text, target.sentence.text, title, given.said_by or "")
    at = given.quantity.start
    scopes = sorted(
        (abs(match.start() - at), " ".join((match[1] or match[2]).split()))
        for match in _SCOPE.finditer(text)
    )
    return bool(unmentioned([scope for _, scope in scopes[:1]], known))


def equal(one: Quantity, other: Quantity) -> bool:
    return (one.low, one.high, one.unit) == (other.low, other.high, other.unit)


def names_found(question: Question, given: Given) -> int:
    """How many of the question's names the passage around the figure or its headline has."""
    names = mentions(question.text)
    found = given.sentence.found
    return len(names) - len(unmentioned(names, (found.document.title, given.sentence.text)))
