"""Whether a difference could be chance: confidence intervals and a paired test.

Both resample the queries with a fixed seed, so results are reproducible. Values are one number per
query in a fixed order.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

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
