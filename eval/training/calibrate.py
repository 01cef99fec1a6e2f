"""Probabilities from what the reader and retrieval return, with thresholds of bounded error.

Fitted on near misses, questions about absent subjects and answerable ones together. Thresholds
are chosen on one half of the questions by the upper end of a Clopper-Pearson interval (C. Clopper,
E. Pearson, 1934), so that few examples make them careful, and reported on the other half. Kinds of
question count alike, however many questions of each there are.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt

from embeddings.errors import InputError
from eval.reliability import calibration_error
from eval.significance import upper_bound
from qa.answers.reading.confidence import NAMES, Calibration, Features, Logistic
from qa.types import Verdict

Array = npt.NDArray[np.float64]

# Largest share of wrong answers among the answerable questions called "answered", and of answerable
# questions among those called "silent", and the confidence with which each bound holds. The first
# counts no near misses, which are made to mislead a reader: half of all questions would be one.
WRONG, LOST, CONFIDENCE = 0.17, 0.08, 0.9
# Questions of each kind on which thresholds are chosen.
_MOST_OF_KIND = 150
_RIDGE = 1.0
_ITERATIONS = 50


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its features, whether the best span was right, and whether any answer is in
    the articles."""

    id: str
    kind: str
    """Where the question is from, as "squad near miss", "multihop absent"."""
    features: Features
    right: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class Half:
    """How a calibration does on questions that it was not fitted on. `ece` is the expected
    calibration error of the probability of being right, in ten bins of like size."""

    questions: int
    answered: int
    answered_wrong: int
    silent: int
    silent_answerable: int
    brier: float
    ece: float

    @property
    def answered_error(self) -> float:
        """Upper bound of the share of wrong answers among those given."""
        return upper_bound(self.answered_wrong, self.answered, CONFIDENCE)

    @property
    def silent_error(self) -> float:
        """Upper bound of the share of answerable questions among those called silent."""
        return upper_bound(self.silent_answerable, self.silent, CONFIDENCE)


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
    examples: Sequence[Example], reader: str, wrong: float = WRONG, lost: float = LOST
) -> tuple[Calibration, Half]:
    """A calibration from the first half of the examples, and how it does on the second.

    Halves are drawn by the questions' ids. Raises `InputError` where the first half has not both
    right and wrong answers, and both answerable and other questions.
    """
    chosen, reported = halves(examples)
    right = [example.right for example in chosen]
    answerable = [example.answerable for example in chosen]
    if len(set(right)) < 2 or len(set(answerable)) < 2:
        raise InputError(
            f"{len(chosen)} examples to fit on are all right or all wrong, or all answerable or "
            "none; both kinds are needed."
        )
    weights = _weights(chosen)
    is_right, is_present = fitted(chosen, right, weights), fitted(chosen, answerable, weights)
    some = _some_of_each(chosen)
    asked = [example for example in some if example.answerable]
    calibration = Calibration(
        is_right,
        is_present,
        least_threshold(
            [is_right.probability(example.features) for example in asked],
            [not example.right for example in asked],
            wrong,
        ),
        greatest_threshold(
            [is_present.probability(example.features) for example in some],
            [example.answerable for example in some],
            lost,
        ),
        reader,
    )
    return calibration, report(calibration, reported)


def _weights(examples: Sequence[Example]) -> Array:
    """Of each example, so that every kind weighs alike; 1 on average."""
    counts = Counter(example.kind for example in examples)
    weights = np.array([1 / counts[example.kind] for example in examples])
    found: Array = weights * len(weights) / weights.sum()
    return found


def _some_of_each(examples: Sequence[Example]) -> list[Example]:
    """At most `_MOST_OF_KIND` examples of each kind, drawn by their ids."""
    counts: Counter[str] = Counter()
    found = []
    for example in sorted(examples, key=lambda one: hashlib.sha256(one.id.encode()).digest()[1:]):
        counts[example.kind] += 1
        if counts[example.kind] <= _MOST_OF_KIND:
            found.append(example)
    return found


def report(calibration: Calibration, examples: Sequence[Example]) -> Half:
    verdicts = [calibration.verdict(example.features) for example in examples]
    answered = [e for e, one in zip(examples, verdicts, strict=True) if one == "answered"]
    silent = [e for e, one in zip(examples, verdicts, strict=True) if one == "silent"]
    chances = np.array([calibration.right.probability(example.features) for example in examples])
    right = np.array([example.right for example in examples], dtype=np.float64)
    return Half(
        len(examples),
        len(answered),
        sum(not example.right for example in answered),
        len(silent),
        sum(example.answerable for example in silent),
        float(((chances - right) ** 2).mean()) if len(examples) else 0.0,
        calibration_error(chances, right),
    )


def halves(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """The examples in two halves that do not depend on their order or number."""
    found: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        found[hashlib.sha256(example.id.encode()).digest()[0] & 1].append(example)
    return found


def fitted(examples: Sequence[Example], labels: Sequence[bool], weights: Array) -> Logistic:
    """The logistic model of the examples' features for these labels."""
    values = np.array([astuple(example.features) for example in examples], dtype=np.float64)
    means, scales = values.mean(axis=0), values.std(axis=0)
    scales[scales == 0] = 1.0
    found = logistic((values - means) / scales, np.array(labels, dtype=np.float64), weights)
    return Logistic(
        tuple(means.tolist()), tuple(scales.tolist()), tuple(found[:-1].tolist()), float(found[-1])
    )


def logistic(values: Array, right: Array, weights: Array | None = None) -> Array:
    """Weights of each column and, last, the bias of a logistic regression with a ridge on the
    weights, by Newton's method; `weights` are those of the rows, else all 1."""
    counted = np.ones(len(values)) if weights is None else weights
    inputs = np.column_stack([values, np.ones(len(values))])
    ridge = np.full(inputs.shape[1], _RIDGE)
    ridge[-1] = 0
    found = np.zeros(inputs.shape[1])
    for _ in range(_ITERATIONS):
        chances = 1 / (1 + np.exp(-np.clip(inputs @ found, -30, 30)))
        gradient = inputs.T @ (counted * (chances - right)) + ridge * found
        spread = (counted * chances * (1 - chances))[:, None]
        curvature = (inputs * spread).T @ inputs + np.diag(ridge)
        change = np.linalg.solve(curvature + 1e-9 * np.eye(len(ridge)), gradient)
        found -= change
        if float(np.abs(change).max()) < 1e-8:
            break
    return found


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


def by_kind(calibration: Calibration, examples: Sequence[Example]) -> dict[str, dict[str, int]]:
    """Of each kind of question, how many got which verdict, and how many answers are right."""
    kinds: dict[str, dict[str, int]] = {}
    for example in examples:
        verdict = calibration.verdict(example.features)
        counts = kinds.setdefault(
            example.kind, dict.fromkeys((*get_args(Verdict), "answered right", "right"), 0)
        )
        counts[verdict] += 1
        counts["answered right"] += verdict == "answered" and example.right
        counts["right"] += example.right
    return kinds
