"""How far probabilities can be trusted, and what is gained by answering only the surest questions.

`chances` are probabilities of being right and `right` says which are (1 or 0), both `(questions,)`.
The order of the questions does not matter: questions of equal probability count as if they came in
every order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like probability: their number, mean probability, and the share that is
    right."""

    questions: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """For each number of questions, from one to all, if the surest are answered: the share of the
    questions answered, the share of these answers that is wrong, and the least probability among
    them. All are `(questions,)`."""

    coverage: Array
    risk: Array
    probability: Array

    @property
    def area(self) -> float:
        """The mean risk over all coverages, AURC; 0 without questions."""
        return float(self.risk.mean()) if len(self.risk) else 0.0


def reliability(chances: Array, right: Array, bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equally many questions, in the order of their probability; fewer bins than `bins`
    if there are fewer questions."""
    return tuple(
        Bin(len(part), float(chances[part].mean()), float(right[part].mean()))
        for part in _parts(chances, bins)
    )


def calibration_error(chances: Array, right: Array, bins: int = BINS) -> float:
    """The expected calibration error: how far probabilities are from the share that is right, on
    average over bins of equally many questions (M. Naeini, G. Cooper, M. Hauskrecht, 2015)."""
    found = reliability(chances, right, bins)
    gaps = sum(one.questions * abs(one.probability - one.right) for one in found)
    return gaps / len(chances) if found else 0.0


def _parts(chances: Array, bins: int) -> Iterator[npt.NDArray[np.int64]]:
    if len(chances):
        order = np.argsort(chances, kind="stable")
        yield from np.array_split(order, min(bins, len(chances)))


def risk_coverage(chances: Array, right: Array) -> RiskCoverage:
    """The risk-coverage curve of answering the questions from the surest on.

    R. El-Yaniv, Y. Wiener, On the Foundations of Noise-free Selective Classification (2010).
    """
    order = np.argsort(-chances, kind="stable")
    ordered = chances[order]
    _, group, sizes = np.unique(-ordered, return_inverse=True, return_counts=True)
    # Each of several equal questions has their mean error, so that their order does not matter.
    errors = (np.bincount(group, weights=1 - right[order]) / sizes)[group]
    answered = np.arange(1, len(chances) + 1, dtype=np.float64)
    return RiskCoverage(answered / max(len(chances), 1), np.cumsum(errors) / answered, ordered)


def auroc(higher: Array, lower: Array) -> float:
    """The area under the ROC curve: the share of pairs in which `higher` is; equal ones count
    half."""
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, side="left")
    not_above = np.searchsorted(ordered, higher, side="right")
    return float((below + not_above).mean() / 2 / len(lower))
