"""How well a reader finds answers, and how well it knows where there is none.

Exact match and F1 are those of `eval.matching`. The area under the ROC curve (AUROC) is the share
of pairs of an answerable and an unanswerable question in which the answerable one scores higher.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from eval.matching import best_exact, best_f1
from eval.reliability import auroc
from eval.training.sources import Row
from qa.answers.reading.reader import Reader, Reading


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
        return best_exact(self.text, self.row.texts)

    def f1(self) -> float:
        return best_f1(self.text, self.row.texts)


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
