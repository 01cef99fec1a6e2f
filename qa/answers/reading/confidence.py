"""How sure it is that the best answer is right, and the grade that follows.

A margin alone is a poor measure: it does not see that two articles agree, or that the question's
subject occurs nowhere. A logistic model over a few features does, with thresholds whose error is
bounded: A. Kamath, R. Jia, P. Liang, Selective Question Answering under Domain Shift (2020).
`python -m eval.training calibrate` fits it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from math import exp
from pathlib import Path

from embeddings.errors import EncoderError
from qa.answers.reading.reader import Reading, probabilities

FORMAT = "1"


class Grade(StrEnum):
    """What may be said of the best answer."""

    ANSWERED = "answered"
    PERHAPS = "perhaps"
    ABSENT = "not in these articles"


@dataclass(frozen=True, slots=True)
class ReadWindow:
    """A window, what the reader made of it, and what retrieval knows of its passage."""

    article: str
    text: str
    reading: Reading
    fused: float
    """The passage's fused score."""
    cosine: float
    """Of the passage and the question."""
    terms: float
    """Share of the weight of the question's terms that the passage has."""
    names: float
    """Share of the question's names that the passage has; 1 where it has none."""

    @property
    def answer(self) -> str:
        return self.text[self.reading.start : self.reading.end]


@dataclass(frozen=True, slots=True)
class Features:
    """What the probability depends on; all of the windows read for one question."""

    margin: float
    """The best one."""
    probability: float
    """Of the best answer, by the reader's own softmax over the windows."""
    none: float
    """What the softmax leaves to no window answering."""
    answered: float
    """Log-odds by the head, of the window with the best margin."""
    most_answered: float
    """The largest log-odds of any window."""
    agreement: float
    """Probability of windows of other articles with the same answer."""
    fused: float
    cosine: float
    terms: float
    names: float
    """The largest of any window, each."""


def features_of(windows: Sequence[ReadWindow]) -> Features:
    """The features of one question; `windows` has at least one."""
    shares = probabilities(tuple(window.reading for window in windows))
    place = max(range(len(windows)), key=lambda row: windows[row].reading.margin)
    best = windows[place]
    same = _normal(best.answer)
    agreement: dict[str, float] = {}
    for window, share in zip(windows, shares, strict=True):
        if window.article != best.article and same and _normal(window.answer) == same:
            agreement[window.article] = max(agreement.get(window.article, 0.0), share)
    return Features(
        margin=best.reading.margin,
        probability=shares[place],
        none=max(1 - sum(shares), 0.0),
        answered=best.reading.answered,
        most_answered=max(window.reading.answered for window in windows),
        agreement=sum(agreement.values()),
        fused=max(window.fused for window in windows),
        cosine=max(window.cosine for window in windows),
        terms=max(window.terms for window in windows),
        names=max(window.names for window in windows),
    )


NAMES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model: the probability that the best answer is right, and where grades begin."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    """Of each feature, by which it is standardised."""
    weights: tuple[float, ...]
    bias: float
    answered: float
    """Probability from which the grade is `ANSWERED`."""
    absent: float
    """Probability below which it is `ABSENT`; at most `answered`."""
    reader: str
    """Version of the reader that it was fitted with."""

    def probability(self, features: Features) -> float:
        score = self.bias + sum(
            weight * (value - mean) / scale
            for value, mean, scale, weight in zip(
                astuple(features), self.means, self.scales, self.weights, strict=True
            )
        )
        return 1 / (1 + exp(-max(min(score, 50.0), -50.0)))

    def grade(self, features: Features) -> Grade:
        probability = self.probability(features)
        if probability >= self.answered:
            return Grade.ANSWERED
        return Grade.ABSENT if probability < self.absent else Grade.PERHAPS

    def save(self, path: Path, about: Mapping[str, object]) -> None:
        """`about` says on what it was fitted and how well it does."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        content = {"format": FORMAT, "features": NAMES, **found, "about": about}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def load_calibration(path: Path, reader: str) -> Calibration:
    """Raises `EncoderError` where the file is missing, is none of this version, or was fitted with
    another reader than the one of version `reader`."""
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT or tuple(found["features"]) != NAMES:
            raise ValueError(f"format {found['format']}, features {found['features']}")
        calibration = Calibration(
            tuple(found["means"]),
            tuple(found["scales"]),
            tuple(found["weights"]),
            found["bias"],
            found["answered"],
            found["absent"],
            found["reader"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"{path} is no calibration of this version ({error}). "
            "Run: pip install --force-reinstall --no-deps nkqa"
        ) from error
    if calibration.reader != reader:
        raise EncoderError(
            f"{path} was fitted with reader {calibration.reader}, and the one installed is "
            f"{reader}. Run: python -m eval.training calibrate"
        )
    return calibration


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
