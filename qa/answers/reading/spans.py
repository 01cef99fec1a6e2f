"""The best span of a window from the scores of its pieces' being a start and an end."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# Pieces of the longest span that is considered.
LONGEST_SPAN = 30


def best_span(starts: Array, ends: Array) -> tuple[int, int, float]:
    """First and last place, both included, and score of the best span: the largest sum of a start
    and an end at most `LONGEST_SPAN` apart; the earliest, then shortest, of equals.

    `starts` and `ends` are `(places,)`, at least one; minus infinity where a span may not begin
    or end.
    """
    count = len(starts)
    longest = min(LONGEST_SPAN, count)
    padded = np.concatenate([ends, np.full(longest - 1, -np.inf, dtype=np.float32)])
    sums = starts[:, None] + np.lib.stride_tricks.sliding_window_view(padded, longest)
    first, further = divmod(int(sums.argmax()), longest)
    return first, first + further, float(sums[first, further])


def log_sum_of_spans(starts: Array, ends: Array) -> float:
    """Logarithm of the sum over all spans that `best_span` considers of the exponential of their
    scores: the normaliser that the reader was trained with."""
    count = len(starts)
    longest = min(LONGEST_SPAN, count)
    padded = np.concatenate([ends, np.full(longest - 1, -np.inf, dtype=np.float32)])
    sums = starts[:, None] + np.lib.stride_tricks.sliding_window_view(padded, longest)
    top = sums.max()
    return float(top + np.log(np.exp(sums - top).sum()))
