"""Questions asked of an index as users ask them, with what the judge sees of each."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.datasets import queries_of
from eval.gold import lines_of, load_gold
from eval.matching import RIGHT, best_f1
from eval.training.calibrate import Example
from eval.training.sources import TEST_ARTICLES
from qa import open_index
from qa.answers.reading.confidence import Features, Window, best_of, features_of
from qa.answers.reading.judge import Judgement
from qa.answers.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what it is called in reports, its right answers, and whether the articles hold
    an answer."""

    id: str
    text: str
    kind: str
    answers: tuple[str, ...]
    answerable: bool


def questions_of(
    path: Path,
    kind: str,
    most: int,
    about: Collection[str] = (),
    absent: bool = False,
    labelled: bool = False,
) -> list[Question]:
    """The questions of a BEIR folder or a gold file: at most `most`, drawn by the digest of their
    ids.

    `about` are articles, whose questions alone are taken; without it all are but those about the
    test articles of SQuAD. `absent` questions are about something that the index asked does not
    hold. `labelled` leaves out those without evidence, where that does not mean that there is none.
    """
    queries = (
        queries_of(path / "queries.jsonl").values() if path.is_dir() else iter(load_gold(path))
    )
    near = _near(path / "queries.jsonl") if path.is_dir() else {}
    chosen = []
    for query in queries:
        articles = {span.doc_id for group in query.evidence for span in group}
        articles |= {near[query.query_id]} if query.query_id in near else set()
        if labelled and not query.evidence:
            continue
        names = {doc_id.rpartition("-")[0] for doc_id in articles}
        if names & set(about) if about else not names & TEST_ARTICLES:
            chosen.append(query)
    chosen.sort(key=lambda query: hashlib.sha256(query.query_id.encode()).digest())
    return [
        Question(
            query.query_id,
            query.text,
            f"{kind}, {'answerable' if query.evidence and not absent else 'none'}",
            () if absent else query.answers,
            bool(query.evidence) and not absent,
        )
        for query in chosen[:most]
    ]


def _near(path: Path) -> dict[str, str]:
    """The document that an unanswerable question was asked of, where the folder says so."""
    return {
        str(value["_id"]): str(value["near_doc"])
        for _, value in lines_of(path)
        if value.get("near_doc")
    }


def asked(index: Path, questions: Sequence[Question], reader: Reader) -> Iterator[Example]:
    """An example for each question that finds any passage."""
    watching = _Watching(reader)
    with open_index(index, judge=watching) as opened:
        for question in questions:
            watching.seen.clear()
            opened.ask(question.text)
            for features, span in watching.seen:
                right = best_f1(span, question.answers)
                yield Example(
                    question.id,
                    question.kind,
                    features,
                    question.answerable and right >= RIGHT,
                    question.answerable,
                )


@dataclass(slots=True)
class _Watching:
    """A judge that keeps the features of what it is asked, and the best span's text."""

    reader: Reader
    seen: list[tuple[Features, str]] = field(default_factory=list)

    def judge(self, question: str, windows: Sequence[Window], among: int) -> Judgement:  # noqa: ARG002
        readings = self.reader.read(question, [window.text for window in windows])
        best = best_of(windows, readings)
        span = windows[best].text[readings[best].start : readings[best].end]
        self.seen.append((features_of(question, windows, readings), span))
        return Judgement(readings, best, "perhaps", 0.5)
