"""The seam: a reader judges whether a window answers a question, and where.

A window is a piece of an article, a few sentences long; `windows` cuts them. What a reader returns
for one window can be compared with what it returns for another, because it was trained to choose
among the windows of a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one window."""

    start: int
    end: int
    """The best span of the window, in characters, half-open; empty in a window without words."""
    span: float
    """Score of the best span. Comparable within the window only, as are `mass` and `null`."""
    mass: float
    """Logarithm of the summed exponentials of all spans' scores; at least `span`."""
    null: float
    """Score of "no answer here"."""
    answered: float
    """Log-odds that the window holds an answer, by a head that looks at the window as a whole."""

    @property
    def margin(self) -> float:
        """How far the best span is above "no answer"; comparable across windows."""
        return self.span - self.null


Readings = tuple[Reading, ...]
"""One for each window, in the order of the windows."""


class Reader(Protocol):
    """Finds answers in windows. Safe to use from several threads."""

    @property
    def version(self) -> str:
        """What the readings depend on: equal versions read alike."""
        ...

    def read(self, question: str, windows: Sequence[str]) -> Readings:
        """The best span of each window, and the scores that say whether it is an answer."""
        ...


def probabilities(readings: Readings) -> tuple[float, ...]:
    """For each window, the probability that its best span is the answer; what is missing to 1
    belongs to other spans and to "none of these windows answers".

    The softmax of training: all spans of all windows and a null at margin 0. Not calibrated.
    """
    if not readings:
        return ()
    masses = [0.0, *(reading.mass - reading.null for reading in readings)]
    top = max(masses)
    total = top + log(sum(exp(mass - top) for mass in masses))
    return tuple(exp(reading.margin - total) for reading in readings)
