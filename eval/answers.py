"""Ask an index every question as users do, and measure its verdicts and short answers.

Unanswerable questions are asked as well. The measures, with the questions that each is over:

* `answers.EM`, `answers.F1`: of the short answer, as SQuAD's (`eval.matching`); 0 where the verdict
  is "silent". Over answerable questions with gold answers other than yes and no, which no span of
  an article says. `answers.in_highlight`, over the same questions: 1 if the words of a gold answer
  stand in one highlight of the first citation.
* `answers.precision`: share of right answers among those called "answered". Over graded questions:
  those with gold answers, and unanswerable ones, for which no answer is right. An answer is right
  if its F1 is `RIGHT` or more.
* `answers.coverage`: share of the answerable questions whose verdict is "answered".
* `answers.AURC`: mean risk over all coverages, if the graded questions are answered from the most
  probable on. A silent one counts as wrong. `answers.ECE`: calibration error of the probability,
  over the graded questions with a short answer.
* `answers.AUROC`: share of the pairs of an answerable and an unanswerable question in which the
  answerable one has the higher probability.
* `silence.precision`: share of unanswerable questions among those whose verdict is "silent";
  `silence.recall`: share of the unanswerable questions whose verdict is "silent".

Means over questions have bootstrap intervals, like those of retrieval; shares exact ones (Clopper,
Pearson); AURC and AUROC bootstrap intervals over draws of the questions. ECE has none: drawing
questions again adds noise to its bins, which makes every draw larger. A measure without a question
to count is left out.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from eval.datasets import Collection, Progress
from eval.gold import Query
from eval.matching import RIGHT, best_exact, best_f1, holds, is_yes_or_no
from eval.measures import Values
from eval.reliability import (
    Array,
    Bin,
    RiskCoverage,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)
from eval.runner import Estimate, estimates_of
from eval.significance import Rows, Statistic, share_interval, statistic_interval
from qa.types import ShortAnswer, Verdict

if TYPE_CHECKING:
    from qa import Index

# Citations for each question, as many as a user gets.
_CITATIONS = 5
NAMES = (
    "answers.EM", "answers.F1", "answers.in_highlight", "answers.precision", "answers.coverage",
    "answers.AURC", "answers.AUROC", "answers.ECE", "silence.precision", "silence.recall",
)  # fmt: skip
"""The measures in display order."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an index says to one query: verdict, probability, short answer, and the highlights of
    the first citation. `seconds` is the time it took."""

    query: Query
    answerable: bool
    verdict: Verdict
    probability: float
    answer: ShortAnswer | None
    highlights: tuple[str, ...]
    seconds: float

    @property
    def golds(self) -> tuple[str, ...]:
        """The gold answers. An unanswerable query has none, whatever its file says."""
        return self.query.answers if self.answerable else ()

    @property
    def is_yes_or_no(self) -> bool:
        """Whether the query asks for yes or no, which no short answer says."""
        return is_yes_or_no(self.golds)

    @property
    def has_gold_span(self) -> bool:
        """Whether a short answer can be compared with gold answers."""
        return bool(self.golds) and not self.is_yes_or_no

    @property
    def is_graded(self) -> bool:
        """Whether it is known if a short answer is right."""
        return bool(self.golds) or not self.answerable

    @property
    def text(self) -> str:
        """The short answer; empty without one."""
        return self.answer.text if self.answer else ""

    @property
    def is_right(self) -> bool:
        """Whether there is a short answer and it is right, as far as that is known."""
        return self.answer is not None and best_f1(self.text, self.golds) >= RIGHT


@dataclass(frozen=True, slots=True)
class Answers:
    """Replies with their measures: `values` by query of those that are means over queries, and
    `estimates` of all."""

    replies: tuple[Reply, ...]
    values: Values
    estimates: Mapping[str, Estimate]
    curve: RiskCoverage
    bins: tuple[Bin, ...]

    def means(self) -> dict[str, float]:
        """The value of each measure."""
        return {name: estimate.value for name, estimate in self.estimates.items()}

    def counts(self, answerable: bool) -> dict[Verdict, int]:
        """The number of answerable or unanswerable queries with each verdict."""
        counts = Counter(one.verdict for one in self.replies if one.answerable == answerable)
        return {verdict: counts[verdict] for verdict in VERDICTS}


def has_gold(collection: Collection) -> bool:
    """Whether there is anything to compare answers with: gold answers or unanswerable queries."""
    return bool(collection.unanswerable()) or any(q.answers for q in collection.answerable())


def ask_all(
    index: "Index", collection: Collection, progress: Progress | None = None
) -> tuple[Reply, ...] | None:
    """The replies to the answerable and the unanswerable queries of a collection, each asked once.

    None if the index has no reader, so that its answers have no verdict.
    """
    answerable, unanswerable = collection.answerable(), collection.unanswerable()
    replies: list[Reply] = []
    for query in (*answerable, *unanswerable):
        reply = _reply(index, query, len(replies) < len(answerable))
        if reply is None:
            return None
        replies.append(reply)
        if progress:
            progress("reading", len(replies), len(answerable) + len(unanswerable))
    return tuple(replies)


def _reply(index: "Index", query: Query, answerable: bool) -> Reply | None:
    told = index.ask(query.text, k=_CITATIONS)
    if told.verdict is None or told.probability is None:
        return None
    first = told.citations[0].highlights if told.citations else ()
    return Reply(
        query,
        answerable,
        told.verdict,
        told.probability,
        told.answer,
        tuple(one.text for one in first),
        told.timings.total,
    )


def evaluate_answers(replies: Sequence[Reply]) -> Answers:
    """Every measure of the replies with its interval."""
    values = _values(replies)
    graded = [one for one in replies if one.is_graded]
    given = [one for one in graded if one.answer]
    found = {**estimates_of(values), **_shares(replies), **_probabilities(replies)}
    return Answers(
        tuple(replies),
        values,
        {name: found[name] for name in NAMES if name in found},
        risk_coverage(_chances(graded), _right(graded)),
        reliability(_chances(given), _right(given)),
    )


def _values(replies: Sequence[Reply]) -> Values:
    """The measures that are means over queries, by query."""
    compared = [one for one in replies if one.has_gold_span]
    values: dict[str, Callable[[Reply], float]] = {
        "answers.EM": lambda one: best_exact(one.text, one.golds) if one.answer else 0.0,
        "answers.F1": lambda one: best_f1(one.text, one.golds) if one.answer else 0.0,
        "answers.in_highlight": lambda one: float(
            any(holds(text, one.golds) for text in one.highlights)
        ),
    }
    return {
        name: {one.query.query_id: value(one) for one in compared}
        for name, value in values.items()
        if compared
    }


def _shares(replies: Sequence[Reply]) -> dict[str, Estimate]:
    """The measures that are shares of counted queries."""
    answered = [one.is_right for one in replies if one.verdict == "answered" and one.is_graded]
    covered = [one.verdict == "answered" for one in replies if one.answerable]
    silent = [not one.answerable for one in replies if one.verdict == "silent"]
    silenced = [one.verdict == "silent" for one in replies if not one.answerable]
    marks = {"answers.precision": answered, "answers.coverage": covered}
    if silenced:  # Without unanswerable questions silence can only be wrong.
        marks |= {"silence.precision": silent, "silence.recall": silenced}
    return {name: _share(each) for name, each in marks.items() if each}


def _share(marks: Sequence[bool]) -> Estimate:
    low, high = share_interval(sum(marks), len(marks))
    return Estimate(sum(marks) / len(marks), low, high, len(marks))


def _probabilities(replies: Sequence[Reply]) -> dict[str, Estimate]:
    """The measures of the probabilities of all queries together."""
    graded = [one for one in replies if one.is_graded]
    given = [one for one in graded if one.answer]
    found = {
        "answers.AURC": _of_draws(_area_of(graded), len(graded)),
        "answers.AUROC": _of_draws(_auroc_of(replies), len(replies)),
    }
    if given:
        error = calibration_error(_chances(given), _right(given))
        found["answers.ECE"] = Estimate(error, None, None, len(given))
    return {name: estimate for name, estimate in found.items() if estimate}


def _area_of(graded: Sequence[Reply]) -> Statistic:
    chances, right = _chances(graded), _right(graded)
    return lambda rows: risk_coverage(chances[rows], right[rows]).area if len(rows) else None


def _auroc_of(replies: Sequence[Reply]) -> Statistic:
    chances = _chances(replies)
    answerable = np.array([one.answerable for one in replies], dtype=np.bool_)

    def area(rows: Rows) -> float | None:
        higher, lower = rows[answerable[rows]], rows[~answerable[rows]]
        return auroc(chances[higher], chances[lower]) if len(higher) and len(lower) else None

    return area


def _of_draws(statistic: Statistic, count: int) -> Estimate | None:
    """The statistic of all queries with the interval of draws of them; None if not defined."""
    value = statistic(np.arange(count))
    if value is None:
        return None
    return Estimate(value, *statistic_interval(statistic, count), count)


def _chances(replies: Sequence[Reply]) -> Array:
    return np.array([one.probability for one in replies], dtype=np.float64)


def _right(replies: Sequence[Reply]) -> Array:
    return np.array([one.is_right for one in replies], dtype=np.float64)
