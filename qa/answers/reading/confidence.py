"""How sure it is that the best span is right, and that the articles answer at all.

A margin alone is a poor measure: it does not see that two articles agree, or that the question's
subject occurs nowhere. Logistic models over a few features do, with thresholds whose error is
bounded: A. Kamath, R. Jia, P. Liang, Selective Question Answering under Domain Shift (2020).
`python -m eval.training calibrate` fits them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from math import exp, log1p
from pathlib import Path

from embeddings.errors import EncoderError
from qa.answers.reading.reader import Reading, probabilities
from qa.text.quantities import asks_quantity
from qa.types import Verdict

FORMAT = "2"
# What a fused score counts beside a margin: a reader alone is misled by a passage about something
# else that looks like an answer. 0 loses 5 points of the surest half of the answers, 8 loses 2.
PRIOR = 3.0
# Silence is calibrated on collections from this many passages on. Among fewer, the share of the
# question's words that a passage has says little, and a paraphrase looks like another subject: of
# ten passages, two in three silences were wrong. There the threshold is lowered in proportion, to
# a tenth at most.
ENOUGH, _LEAST_SHARE = 100, 0.1
# How a question begins that is answered by yes or no, which no span says.
_POLAR = re.compile(
    r"^(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)
# Where a longer question asks for yes or no after an introduction: "..., did the latter ...?"
_POLAR_LATER = re.compile(
    r"[,:;]\s+(?:and\s+|then\s+)?(?:did|do|does|is|are|was|were|has|have|had)\s", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a passage that is read, and what retrieval knows of the passage."""

    article: str
    """The id of its document."""
    text: str
    fused: float
    """The passage's fused score."""
    cosine: float
    """Of its best sentence and the question."""
    terms: float
    """Share of the weight of the question's terms that the passage has."""
    names: float
    """Share of the question's names and figures that the passage or its title has; 1 where the
    question has none."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the probabilities depend on: the windows read for one question, and the question. The
    best window is that of `best_of`."""

    margin: float
    """Of the best window."""
    share: float
    """Of the best span, in the reader's own softmax over the windows."""
    none: float
    """What the softmax leaves to no window answering."""
    answered: float
    """Log-odds by the head, of the best window."""
    most_answered: float
    """The largest log-odds of any window."""
    agreement: float
    """Share of windows of other articles with the same answer."""
    second: float
    """Its margin less the best one of a different answer, -10 to 10."""
    behind: float
    """How far the fused score of the best window is below the first one's."""
    fused: float
    cosine: float
    terms: float
    names: float
    """The largest of any window, each. BM25 is none of the features: its scale depends on how many
    articles there are."""
    own_cosine: float
    own_terms: float
    own_names: float
    """Those of the best window."""
    polar: float
    """1 for a question that asks for yes or no."""
    quantity: float
    """1 for a question that asks how many or how much."""
    length: float
    """Logarithm of the number of the question's words."""


NAMES = tuple(field.name for field in fields(Features))


def features_of(question: str, windows: Sequence[Window], readings: Sequence[Reading]) -> Features:
    """The features of one question; there is at least one window, and one reading for each."""
    shares = probabilities(tuple(readings))
    place = best_of(windows, readings)
    best, window = readings[place], windows[place]
    answers = [
        _normal(one.text[reading.start : reading.end])
        for one, reading in zip(windows, readings, strict=True)
    ]
    agreement: dict[str, float] = {}
    others = [-10.0]
    for one, reading, share, answer in zip(windows, readings, shares, answers, strict=True):
        if answer != answers[place]:
            others.append(reading.margin)
        elif one.article != window.article and answer:
            agreement[one.article] = max(agreement.get(one.article, 0.0), share)
    return Features(
        margin=best.margin,
        share=shares[place],
        none=max(1 - sum(shares), 0.0),
        answered=best.answered,
        most_answered=max(reading.answered for reading in readings),
        agreement=sum(agreement.values()),
        second=max(min(best.margin - max(others), 10.0), -10.0),
        behind=windows[0].fused - window.fused,
        fused=max(one.fused for one in windows),
        cosine=max(one.cosine for one in windows),
        terms=max(one.terms for one in windows),
        names=max(one.names for one in windows),
        own_cosine=window.cosine,
        own_terms=window.terms,
        own_names=window.names,
        polar=float(bool(_POLAR.search(question) or _POLAR_LATER.search(question))),
        quantity=float(asks_quantity(question)),
        length=log1p(len(question.split())),
    )


def best_of(windows: Sequence[Window], readings: Sequence[Reading]) -> int:
    """The place of the window that answers best, by its margin and its fused score."""
    return max(
        range(len(readings)),
        key=lambda place: (readings[place].margin + PRIOR * windows[place].fused, -place),
    )


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model of standardised features."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Features) -> float:
        score = self.bias + sum(
            weight * (value - mean) / scale
            for value, mean, scale, weight in zip(
                astuple(features), self.means, self.scales, self.weights, strict=True
            )
        )
        return 1 / (1 + exp(-max(min(score, 50.0), -50.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted models, and where the verdicts begin."""

    right: Logistic
    """The probability that the best span is a right answer."""
    present: Logistic
    """The probability that the articles answer the question, in whatever form."""
    answered: float
    """`right` from which the verdict is "answered"."""
    silent: float
    """`present` below which it is "silent"."""
    reader: str
    """Version of the reader that it was fitted with."""

    def verdict(self, features: Features, among: int = ENOUGH) -> Verdict:
        """The verdict; `among` is the number of passages that retrieval chose from."""
        share = min(max(among / ENOUGH, _LEAST_SHARE), 1.0)
        if self.present.probability(features) < self.silent * share:
            return "silent"
        return "answered" if self.right.probability(features) >= self.answered else "perhaps"

    def save(self, path: Path, about: Mapping[str, object]) -> None:
        """`about` says on what it was fitted and how well it does."""
        content = {"format": FORMAT, "features": NAMES, **asdict(self), "about": about}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


_AGAIN = "Run: pip install --force-reinstall --no-deps nkqa"


def load_calibration(path: Path, reader: str) -> Calibration:
    """Raises `EncoderError` where the file is missing, is none of this version, or was fitted with
    another reader than the one of version `reader`."""
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT or tuple(found["features"]) != NAMES:
            raise ValueError(f"format {found['format']}, features {found['features']}")
        calibration = Calibration(
            _logistic(found["right"]),
            _logistic(found["present"]),
            float(found["answered"]),
            float(found["silent"]),
            str(found["reader"]),
        )
    except FileNotFoundError as error:
        raise EncoderError(
            f"The reader's calibration is missing: no file {path}. {_AGAIN}"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"{path} is no calibration of this version ({error}). {_AGAIN}"
        ) from error
    if calibration.reader != reader:
        raise EncoderError(
            f"{path} was fitted with reader {calibration.reader}, and the one installed is "
            f"{reader}. {_AGAIN}"
        )
    return calibration


def _logistic(found: Mapping[str, object]) -> Logistic:
    means, scales, weights = (_numbers(found[name]) for name in ("means", "scales", "weights"))
    if {len(means), len(scales), len(weights)} != {len(NAMES)}:
        raise ValueError("a model of another number of features")
    (bias,) = _numbers([found["bias"]])
    return Logistic(means, scales, weights, bias)


def _numbers(value: object) -> tuple[float, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40} is no list")
    return tuple(float(one) for one in value)


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
