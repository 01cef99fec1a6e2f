"""Days that a question names: a soft preference for the articles published then, no filter.

"Did The Verge's view change after its report of October 7, 2023?" names an article by its day. The
words of that date are indexed with its passages, but "October" and "2023" are in many others.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from qa.store.values import Scores

# Added to the fused score of a passage whose article was published on a day that the question
# names. docs/studies/clauses.md has the gains.
NAMED_DAY = 0.3
# Added where the article's date is unknown, or only its month or year: it may be that day.
MAYBE_NAMED_DAY = 0.5 * NAMED_DAY


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
