"""How well a reader finds answers, and how well it knows where there is none.

Exact match and F1 are SQuAD's: P. Rajpurkar et al., SQuAD: 100,000+ Questions for Machine
Comprehension of Text (2016). The area under the ROC curve (AUROC) is the share of pairs of an
answerable and an unanswerable question in which the answerable one scores higher.
"""

import re
import string
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from eval.training.sources import Row
from qa.answers.reading.reader import Reader, Reading

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the answerable questions, EM and F1 of the best span whatever the null says; AUROC by
    margin and by the head where there are questions of both kinds, else None."""

    answerable: int
    unanswerable: int
    exact: float
    f1: float
    auroc_margin: float | None
    auroc_answered: float | None
    auroc_both: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what a reader makes of it."""

    row: Row
    reading: Reading

    @property
    def text(self) -> str:
        return self.row.passage[self.reading.start : self.reading.end]

    def exact(self) -> float:
        return max((float(normal(self.text) == normal(gold)) for gold in self.row.texts), default=0)

    def f1(self) -> float:
        return max((f1(self.text, gold) for gold in self.row.texts), default=0.0)


def judge(reader: Reader, rows: Sequence[Row]) -> list[Judged]:
    return [Judged(row, reader.read(row.question, [row.passage])[0]) for row in rows]


def figures(judged: Sequence[Judged]) -> Figures:
    answerable = [one for one in judged if one.row.answers]
    other = [one for one in judged if not one.row.answers]

    def area(score: str) -> float | None:
        if not answerable or not other:
            return None
        return auroc(_scores(answerable, score), _scores(other, score))

    return Figures(
        len(answerable),
        len(other),
        float(np.mean([one.exact() for one in answerable])) if answerable else 0.0,
        float(np.mean([one.f1() for one in answerable])) if answerable else 0.0,
        area("margin"),
        area("answered"),
        area("both"),
    )


def by_source(judged: Sequence[Judged]) -> dict[str, dict[str, float | int | None]]:
    """The figures of each source, and of all."""
    sources: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        sources[one.row.source].append(one)
    found = {source: asdict(figures(ones)) for source, ones in sorted(sources.items())}
    return found | {"all": asdict(figures(judged))}


def _scores(judged: Sequence[Judged], score: str) -> npt.NDArray[np.float64]:
    margin = np.array([one.reading.margin for one in judged], dtype=np.float64)
    answered = np.array([one.reading.answered for one in judged], dtype=np.float64)
    if score == "both":
        return margin + answered
    return margin if score == "margin" else answered


def auroc(higher: npt.NDArray[np.float64], lower: npt.NDArray[np.float64]) -> float:
    """The share of pairs in which `higher` is; equal ones count half."""
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, side="left")
    not_above = np.searchsorted(ordered, higher, side="right")
    return float((below + not_above).mean() / 2 / len(lower))


def normal(text: str) -> str:
    """Lower case without punctuation, articles and extra spaces, as SQuAD compares answers."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def f1(found: str, gold: str) -> float:
    """Harmonic mean of the precision and recall of the words."""
    mine, theirs = normal(found).split(), normal(gold).split()
    if not mine or not theirs:
        return float(mine == theirs)
    same = sum((Counter(mine) & Counter(theirs)).values())
    return 2 * same / (len(mine) + len(theirs))
