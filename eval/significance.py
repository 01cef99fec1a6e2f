"""Whether a difference could be chance: confidence intervals and a paired test.

What resamples the queries has a fixed seed, so results are reproducible. Values are one number per
query in a fixed order. The interval of a share is exact (C. Clopper, E. Pearson, The Use of
Confidence or Fiducial Limits, 1934) and resamples nothing.
"""

from collections.abc import Callable, Sequence
from math import log, log1p

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Statistic = Callable[[Rows], float | None]
"""A figure of the queries in these rows, which may come more than once; None if not defined."""

SEED = 20190426
_RESAMPLES = 2_000
_FLIPS = 20_000
_AT_ONCE = 500


def intervals(
    values: Sequence[Sequence[float]], level: float = 0.95, seed: int = SEED
) -> list[tuple[float, float]]:
    """The percentile bootstrap interval of the mean of each row of `values`, `(rows, queries)`.

    Queries are drawn with replacement, the same draw for every row. Empty rows give (0, 0).
    Source: B. Efron, Bootstrap Methods: Another Look at the Jackknife (1979); T. Sakai, Evaluating
    Evaluation Metrics based on the Bootstrap (2006).
    """
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.size == 0:
        return [(0.0, 0.0)] * len(values)
    count = matrix.shape[1]
    rng = np.random.default_rng(seed)
    shares = np.full(count, 1 / count)
    means = np.concatenate(
        [rng.multinomial(count, shares, _AT_ONCE) @ matrix.T / count
         for _ in range(_RESAMPLES // _AT_ONCE)]
    )  # fmt: skip
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def statistic_interval(
    statistic: Statistic, count: int, level: float = 0.95, seed: int = SEED
) -> tuple[float, float]:
    """The percentile bootstrap interval of a statistic of `count` queries that is not a mean.

    Rows are drawn with replacement. Draws for which the statistic is not defined are left out;
    without any the interval is (0, 1).
    """
    rng = np.random.default_rng(seed)
    drawn = (statistic(rng.integers(0, count, count)) for _ in range(_RESAMPLES))
    found = [value for value in drawn if value is not None]
    if not found:
        return 0.0, 1.0
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def share_interval(hits: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """The two-sided Clopper-Pearson interval of the share `hits` of `count`; the share is known to
    lie in it with at least this confidence."""
    confidence = (1 + level) / 2
    return 1 - upper_bound(count - hits, count, confidence), upper_bound(hits, count, confidence)


def upper_bound(errors: int, count: int, confidence: float) -> float:
    """The one-sided Clopper-Pearson bound: the largest error rate at which `errors` of `count` or
    fewer have a probability of 1 - `confidence`."""
    if errors >= count:
        return 1.0
    low, high = errors / count, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(errors, count, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(errors: int, count: int, rate: float) -> float:
    """The probability of at most `errors` of `count` at this rate."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    numbers = np.arange(errors + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log((count - numbers[:-1]) / (numbers[:-1] + 1)))])
    logs = ways + numbers * log(rate) + (count - numbers) * log1p(-rate)
    return float(np.exp(logs).sum())


def randomisation_test(a: Sequence[float], b: Sequence[float], seed: int = SEED) -> float:
    """The two-sided p-value of the difference of the means of two systems on the same queries.

    Under the null hypothesis the two values of a query are exchangeable, so each difference flips
    its sign with probability one half. The p-value is the share of random flips with a mean at
    least as far from 0 as the observed one, which is itself counted. It is 1 if the systems do not
    differ.
    Source: M. Smucker, J. Allan, B. Carterette, A Comparison of Statistical Significance Tests
    for Information Retrieval Evaluation (2007).
    """
    differences = np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    observed = abs(differences.sum()) - 1e-9
    rng = np.random.default_rng(seed)
    extreme = 0
    for _ in range(_FLIPS // _AT_ONCE):
        signs = rng.integers(0, 2, (_AT_ONCE, len(differences)), dtype=np.int8) * 2.0 - 1.0
        extreme += int((np.abs(signs @ differences) >= observed).sum())
    return (extreme + 1) / (_FLIPS + 1)
