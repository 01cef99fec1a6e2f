"""A probability from what the reader and retrieval return, with thresholds of bounded error.

Fitted on near misses, questions about absent subjects and answerable ones together. Thresholds
are chosen on one half of the questions by the upper end of a Clopper-Pearson interval (C. Clopper,
E. Pearson, 1934), so that few examples make them careful, and reported on the other half.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from math import log, log1p
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.errors import InputError
from qa.answers.reading.confidence import NAMES, Calibration, Features, Grade

Array = npt.NDArray[np.float64]

# Largest share of wrong answers among those shown, and of answerable questions among those called
# absent, at this confidence.
ERROR, CONFIDENCE = 0.15, 0.9
_RIDGE = 1.0
_ITERATIONS = 50


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its features, whether the best answer was right, and whether any is."""

    id: str
    kind: str
    """Where the question is from, as "answerable", "near miss", "absent subject"."""
    features: Features
    right: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class Half:
    """How a calibration does on questions that it was not fitted on."""

    questions: int
    answered: int
    answered_wrong: int
    absent: int
    absent_answerable: int
    brier: float

    @property
    def answered_error(self) -> float:
        """Upper bound of the share of wrong answers among those given."""
        return upper_bound(self.answered_wrong, self.answered, CONFIDENCE)

    @property
    def absent_error(self) -> float:
        """Upper bound of the share of answerable questions among those called absent."""
        return upper_bound(self.absent_answerable, self.absent, CONFIDENCE)


def read_examples(path: Path) -> list[Example]:
    """The examples of a `.jsonl` file: id, kind, right, answerable, and `features` by name."""
    examples = []
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                found = json.loads(line)
                features = Features(**{name: float(found["features"][name]) for name in NAMES})
                examples.append(
                    Example(
                        str(found["id"]),
                        str(found["kind"]),
                        features,
                        bool(found["right"]),
                        bool(found["answerable"]),
                    )
                )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}, example {len(examples) + 1}: {error!r}. Expected a line of JSON with id, "
            f"kind, right, answerable and features {', '.join(NAMES)}."
        ) from error
    return examples


def as_json(example: Example) -> str:
    features = dict(zip(NAMES, astuple(example.features), strict=True))
    found = {"id": example.id, "kind": example.kind, "right": example.right}
    return json.dumps(found | {"answerable": example.answerable, "features": features})


def calibrate(
    examples: Sequence[Example], reader: str, error: float = ERROR
) -> tuple[Calibration, Half]:
    """A calibration from the first half of the examples, and how it does on the second.

    Halves are drawn by the questions' ids. Raises `InputError` where the first half has not both
    right and wrong answers.
    """
    chosen, reported = halves(examples)
    if len({example.right for example in chosen}) < 2:
        raise InputError(
            f"{len(chosen)} examples to fit on are all right or all wrong; both kinds are needed."
        )
    fitted = _fitted(chosen, reader)
    probabilities = [fitted.probability(example.features) for example in chosen]
    answered = least_threshold(probabilities, [not example.right for example in chosen], error)
    absent = greatest_threshold(probabilities, [example.answerable for example in chosen], error)
    calibration = Calibration(
        fitted.means,
        fitted.scales,
        fitted.weights,
        fitted.bias,
        answered,
        min(absent, answered),
        reader,
    )
    return calibration, report(calibration, reported)


def report(calibration: Calibration, examples: Sequence[Example]) -> Half:
    grades = [calibration.grade(example.features) for example in examples]
    answered = [e for e, grade in zip(examples, grades, strict=True) if grade is Grade.ANSWERED]
    absent = [e for e, grade in zip(examples, grades, strict=True) if grade is Grade.ABSENT]
    errors = [
        (calibration.probability(example.features) - example.right) ** 2 for example in examples
    ]
    return Half(
        len(examples),
        len(answered),
        sum(not example.right for example in answered),
        len(absent),
        sum(example.answerable for example in absent),
        float(np.mean(errors)) if errors else 0.0,
    )


def halves(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """The examples in two halves that do not depend on their order or number."""
    found: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        found[hashlib.sha256(example.id.encode()).digest()[0] & 1].append(example)
    return found


def _fitted(examples: Sequence[Example], reader: str) -> Calibration:
    values = np.array([astuple(example.features) for example in examples], dtype=np.float64)
    right = np.array([example.right for example in examples], dtype=np.float64)
    means, scales = values.mean(axis=0), values.std(axis=0)
    scales[scales == 0] = 1.0
    weights = logistic((values - means) / scales, right)
    return Calibration(
        tuple(means.tolist()),
        tuple(scales.tolist()),
        tuple(weights[:-1].tolist()),
        float(weights[-1]),
        1.0,
        0.0,
        reader,
    )


def logistic(values: Array, right: Array) -> Array:
    """Weights of each column and, last, the bias of a logistic regression with a ridge on the
    weights, by Newton's method."""
    inputs = np.column_stack([values, np.ones(len(values))])
    ridge = np.full(inputs.shape[1], _RIDGE)
    ridge[-1] = 0
    weights = np.zeros(inputs.shape[1])
    for _ in range(_ITERATIONS):
        chances = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (chances - right) + ridge * weights
        curvature = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + np.diag(ridge)
        change = np.linalg.solve(curvature + 1e-9 * np.eye(len(ridge)), gradient)
        weights -= change
        if float(np.abs(change).max()) < 1e-8:
            break
    return weights


def least_threshold(scores: Sequence[float], bad: Sequence[bool], error: float) -> float:
    """The least score from which on the share of bad ones is bounded by `error`; above every
    probability where there is none."""
    return _threshold(scores, bad, error, descending=True, none=2.0)


def greatest_threshold(scores: Sequence[float], bad: Sequence[bool], error: float) -> float:
    """The greatest score below which the share of bad ones is bounded by `error`; below every
    probability where there is none."""
    return _threshold(scores, bad, error, descending=False, none=-1.0)


def _threshold(
    scores: Sequence[float], bad: Sequence[bool], error: float, descending: bool, none: float
) -> float:
    order = sorted(range(len(scores)), key=lambda row: scores[row], reverse=descending)
    found, errors = none, 0
    for count, row in enumerate(order, start=1):
        errors += bad[row]
        following = scores[order[count]] if count < len(order) else None
        if following == scores[row]:
            continue  # Equal scores are on the same side of any threshold.
        if upper_bound(errors, count, CONFIDENCE) <= error:
            found = scores[row] if descending else _above(scores[row], following)
    return found


def _above(score: float, following: float | None) -> float:
    return following if following is not None else float(np.nextafter(score, np.inf))


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


def by_kind(calibration: Calibration, examples: Sequence[Example]) -> dict[str, dict[str, int]]:
    """Of each kind of question, how many got which grade."""
    kinds: dict[str, dict[str, int]] = {}
    for example in examples:
        grades = kinds.setdefault(example.kind, {str(grade): 0 for grade in Grade})
        grades[str(calibration.grade(example.features))] += 1
    return kinds
