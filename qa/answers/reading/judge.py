"""A reader's readings to a judgement: which span answers, how surely, and whether any does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.answers.reading.confidence import Calibration, Window, best_of, features_of
from qa.answers.reading.reader import Reader, Reading, Readings
from qa.types import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the windows of one question say. `readings` has the best span of each window."""

    readings: Readings
    best: int
    """The place of the window whose span is the best answer."""
    verdict: Verdict
    probability: float
    """Calibrated: that the best span is a right answer."""


class Judge(Protocol):
    """Says whether windows answer a question. Safe to use from several threads."""

    @property
    def reader(self) -> Reader:
        """What reads the windows."""
        ...

    def judge(self, question: str, windows: Sequence[Window], among: int) -> Judgement:
        """The judgement on at least one window, which are in the order of retrieval; `among` is the
        number of passages that it chose from."""
        ...


@dataclass(frozen=True, slots=True)
class ReadingJudge:
    """The judge that is shipped: a reader, and the calibration fitted to it."""

    reader: Reader
    calibration: Calibration

    def judge(self, question: str, windows: Sequence[Window], among: int) -> Judgement:
        readings = self.reader.read(question, [window.text for window in windows])
        features = features_of(question, windows, readings)
        return Judgement(
            readings=readings,
            best=best_of(windows, readings),
            verdict=self.calibration.verdict(features, among),
            probability=self.calibration.right.probability(features),
        )


def answers(reading: Reading) -> bool:
    """Whether the reader holds that this window answers, and does not only bear on the subject."""
    return reading.margin > 0 or reading.answered > 0
