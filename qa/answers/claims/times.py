"""The days, months and years of a claim in the passages."""

import datetime
import functools
import re
from collections.abc import Iterator, Sequence

from qa.answers.claims.detail import Detail
from qa.answers.claims.evidence import SAYS_THE_REST, Said, Sentences
from qa.text.as_of import TimeNamed, times_named
from qa.text.dates import dates
from qa.text.days import month_number
from qa.types import Difference

_YEAR, _TO_THE_DAY = len("2019"), len("2019-04-26")
_WEEK = 7
# "At least November"; "May" and "March" are other words as well, and "August" a name.
_MONTH = re.compile(
    r"(?<=[a-z] )(?:January|February|April|June|July|September|October|November|December)\b"
)


def check_times(claim: str, said: Sentences) -> list[Detail]:
    """What became of each time that the claim names."""
    times = times_in(claim)
    return [_check(one, times, claim, said) for one in times]


@functools.lru_cache(1 << 12)
def times_in(sentence: str) -> tuple[TimeNamed, ...]:
    """The times that the sentence names, and years and months beside them ("since 1976")."""
    named = times_named(sentence)
    more = [
        TimeNamed(one.start, one.end, int(one.date), None, None, None)
        for one in dates(sentence)
        if len(one.date) == _YEAR
    ]
    more += [
        TimeNamed(*match.span(), None, month_number(match[0]), None, None)
        for match in _MONTH.finditer(sentence)
    ]
    apart = [
        one for one in more if all(one.end <= time.start or time.end <= one.start for time in named)
    ]
    return tuple(sorted((*named, *apart)))


def _check(time: TimeNamed, times: Sequence[TimeNamed], claim: str, said: Sentences) -> Detail:
    text = claim[time.start : time.end]
    found = Detail("found", Difference(text, text))
    near = list(_times(said.near))
    for sentence, other in near:
        if _agree(time, other, sentence.of.published):
            return Detail("found", found.difference, sentence)
    if any(_agree(time, other, sentence.of.published) for sentence, other in _times(said.all)):
        return found
    if any(_is_published(time, one.published) for one in said.texts):
        return found
    if any(
        _agree(time, other, sentence.of.published, with_year=False)
        for sentence, other in _times(said.all)
    ):
        # Another year, as far as the passage's publication tells.
        return Detail("missing", Difference(text, ""))
    of_best = list(_times(said.as_near))
    for sentence, other in of_best if said.best.share >= SAYS_THE_REST else ():
        published = sentence.of.published
        if _comparable(time, other, published) and not any(
            _agree(one, other, published, with_year=False) for one in times
        ):
            words = sentence.text[other.start : other.end]
            return Detail("another", Difference(text, words), sentence)
    unresolved = any(
        other.weekday is not None and _resolved(other, sentence.of.published).day is None
        for sentence, other in of_best
    )
    is_day = _precision(time) == "day"
    return Detail("unsure" if unresolved and is_day else "missing", Difference(text, ""))


def _times(sentences: Sequence[Said]) -> Iterator[tuple[Said, TimeNamed]]:
    for sentence in sentences:
        for time in times_in(sentence.text):
            yield sentence, time


def _agree(one: TimeNamed, other: TimeNamed, published: str | None, with_year: bool = True) -> bool:
    """Whether both may be one time. What only one of them names is no contradiction; days of the
    week are those of the passage's article, and so `with_year` is the year of a day or month that
    the passage, `other`, names without one."""
    one, other = _resolved(one, published), _resolved(other, published)
    if with_year:
        other = _with_year(other, published)
    parts = [(a, b) for a, b in zip(one[2:], other[2:], strict=True) if None not in (a, b)]
    return bool(parts) and all(a == b for a, b in parts)


def _comparable(one: TimeNamed, other: TimeNamed, published: str | None) -> bool:
    """Whether both name a time of one precision, so that they are two times if they differ."""
    one, other = _resolved(one, published), _resolved(other, published)
    shared = any(None not in pair for pair in zip(one[2:], other[2:], strict=True))
    return shared and _precision(one) == _precision(other)


def _precision(time: TimeNamed) -> str:
    if time.day or time.weekday is not None:
        return "day"
    return "month" if time.month else "year"


def _resolved(time: TimeNamed, published: str | None) -> TimeNamed:
    """A day of the week as the last one before the publication, and any whole date with its day of
    the week."""
    try:
        if time.day and time.month and time.year:
            day = datetime.date(time.year, time.month, time.day)
            return time._replace(weekday=day.weekday())
        if time.weekday is not None and published and len(published) == _TO_THE_DAY:
            last = datetime.date.fromisoformat(published)
            day = last - datetime.timedelta((last.weekday() - time.weekday) % _WEEK)
            return time._replace(year=day.year, month=day.month, day=day.day)
    except ValueError:  # "February 30, 2023"
        pass
    return time


def _with_year(time: TimeNamed, published: str | None) -> TimeNamed:
    """A day or month without a year as that nearest to the publication."""
    if time.year or not time.month or published is None or len(published) != _TO_THE_DAY:
        return time
    day = datetime.date.fromisoformat(published)
    apart = (time.month - day.month) / 12
    return time._replace(year=day.year - round(apart))


def _is_published(time: TimeNamed, published: str | None) -> bool:
    if published is None:
        return False
    year, month, day = (*(int(part) for part in published.split("-")), None, None)[:3]
    return _agree(time, TimeNamed(0, 0, year, month, day, None), published)
