"""What an article's date adds to its passages: a soft preference, no filter.

"Did The Verge's view change after its report of October 7, 2023?" names an article by its day. The
words of that date are indexed with its passages, but "October" and "2023" are in many others. "Who
is the current mayor?" is answered by the newest article that tells.
"""

from collections.abc import Mapping, Sequence
from math import exp

import numpy as np

from qa.store.seam import PassageStore
from qa.store.values import Question, Scores

# Added to the fused score of a passage whose article was published on a day that the question
# names. docs/studies/clauses.md has the gains.
NAMED_DAY = 0.3
# Added where the article's date is unknown, or only its month or year: it may be that day.
MAYBE_NAMED_DAY = 0.5 * NAMED_DAY
# Added to an article of the newest day where the question asks for now, and how fast it fades.
NEWEST = 0.2
FADING_DAYS = 30.0


def date_preferences(question: Question, doc_ids: Sequence[str], store: PassageStore) -> Scores:
    """`(n,)`: what the date of each candidate's article adds for this question."""
    if not question.days and not question.asks_now:
        return np.zeros(len(doc_ids), np.float32)
    days = store.days(set(doc_ids))
    preferences = day_preferences(doc_ids, days, question.days)
    newest = store.newest_day(question.filters) if question.asks_now else None
    if newest is not None:
        newness_of = {doc_id: newness(last, newest) for doc_id, (_, last) in days.items()}
        preferences += np.array([newness_of.get(doc_id, 0.0) for doc_id in doc_ids], np.float32)
    return preferences


def newness(day: int, newest: int) -> float:
    """What an article of this day adds where the question asks for now: half after 21 days.

    The age of an article is counted from `newest`, the day of the newest article that can be
    found, because an index may be older than the day on which it is asked.
    """
    return NEWEST * exp(-max(newest - day, 0) / FADING_DAYS)


def day_preferences(
    doc_ids: Sequence[str], days: Mapping[str, tuple[int, int]], named: frozenset[int]
) -> Scores:
    """`(n,)`: what the day of each candidate's article adds when these are named.

    `days` has the first and the last day that an article's date may mean, by id; articles without
    a date are not in it.
    """
    gains = {doc_id: day_preference(days.get(doc_id), named) for doc_id in set(doc_ids)}
    return np.array([gains[doc_id] for doc_id in doc_ids], np.float32)


def day_preference(days: tuple[int, int] | None, named: frozenset[int]) -> float:
    """What the date of an article adds, which may mean these days; None if it is unknown."""
    if not named:
        return 0.0
    if days is None:
        return MAYBE_NAMED_DAY
    first, last = days
    if not any(first <= day <= last for day in named):
        return 0.0
    return NAMED_DAY if first == last else MAYBE_NAMED_DAY
