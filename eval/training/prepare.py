"""Reading data as arrays: tokenized once, with wrong passages and made unanswerable questions."""

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from embeddings.errors import InputError
from eval.training.sources import WEIGHTS, Row
from eval.training.unanswerable import swapped, without_answer
from eval.training.wrong import Pool
from qa.answers.reading.pieces import pieces_of
from qa.answers.reading.spans import LONGEST_SPAN

# Wrong passages kept for each question.
_WRONG = 3
# Share of the answerable questions that are also made unanswerable: by a swap, by taking the
# answering sentences out. Such a one comes at most once in an epoch.
_SWAPPED, _REMOVED = 0.45, 0.08
# Sources whose passages are several sentences with names and numbers to swap.
_MADE_FROM = frozenset(
    "squad2-dev squad2-train-part squad1-dev squadshifts-new_wiki squadshifts-reddit"
    " squadshifts-amazon qed-nq timeqa".split()
)
_FORMAT = "1"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Questions over passages, ragged arrays flattened; `bounds[i]:bounds[i + 1]` is item i."""

    pieces: npt.NDArray[np.uint16]
    """Of all texts, questions and passages."""
    piece_bounds: Numbers
    question: Numbers
    """The text of each question, `(questions,)`."""
    passage: Numbers
    """The text of the passage of each question, `(questions,)`."""
    spans: Numbers
    """First and last piece of each answer in its passage, `(spans, 2)`."""
    span_bounds: Numbers
    wrong: Numbers
    """Texts that look as if they held the answer."""
    wrong_bounds: Numbers
    weight: npt.NDArray[np.float32]
    """How often each question comes in an epoch, `(questions,)`."""

    def __len__(self) -> int:
        return len(self.question)

    def text(self, number: int) -> Numbers:
        start, end = self.piece_bounds[number : number + 2]
        return self.pieces[start:end].astype(np.int64)

    def answers(self, number: int) -> Numbers:
        start, end = self.span_bounds[number : number + 2]
        return self.spans[start:end]

    def wrong_texts(self, number: int) -> Numbers:
        start, end = self.wrong_bounds[number : number + 2]
        return self.wrong[start:end]

    def digest(self) -> str:
        """What a checkpoint remembers of the data it was trained on."""
        total = hashlib.sha256()
        for field in fields(self):
            total.update(np.ascontiguousarray(getattr(self, field.name)).tobytes())
        return total.hexdigest()[:16]

    def save(self, path: Path) -> None:
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez(path, format=np.array(_FORMAT), **arrays)


def load_prepared(path: Path) -> Prepared:
    """Raises `InputError` where `path` is not what `prepare` wrote."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if str(file["format"]) != _FORMAT:
                raise ValueError(f"format {file['format']}")
            return Prepared(**{field.name: file[field.name] for field in fields(Prepared)})
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise InputError(
            f"{path} is no prepared training data of this version ({error}). "
            "Run: python -m eval.training prepare"
        ) from error


def prepare(rows: Sequence[Row], tokenizer: Any, seed: int) -> Prepared:
    """Arrays of the rows, and of what is made of them; the same for the same rows and seed."""
    chance = random.Random(seed)  # noqa: S311
    wrong = _wrong_passages(rows)
    questions: list[tuple[Row, float, list[str]]] = []
    for row, others in zip(rows, wrong, strict=True):
        weight = WEIGHTS[row.source]
        questions.append((row, weight, others))
        if row.source in _MADE_FROM and row.answers:
            made = _made(row, others, chance)
            questions.extend((changed, min(weight, 1.0), []) for changed in made)
    return _arrays(questions, tokenizer)


def _wrong_passages(rows: Sequence[Row]) -> list[list[str]]:
    pools: dict[str, Pool] = {}
    for source in sorted({row.source for row in rows}):
        pools[source] = Pool(sorted({row.passage for row in rows if row.source == source}))
    return [
        [pools[row.source].passages[number] for number in pools[row.source].wrong(row, _WRONG)]
        for row in rows
    ]


def _made(row: Row, others: list[str], chance: random.Random) -> Iterable[Row]:
    if chance.random() < _SWAPPED:
        question = swapped(row, others[0] if others else "", chance)
        if question:
            yield Row(row.id, question, row.passage, (), row.source, row.article)
    if chance.random() < _REMOVED:
        passage = without_answer(row)
        if passage:
            yield Row(row.id, row.question, passage, (), row.source, row.article)


def _arrays(questions: list[tuple[Row, float, list[str]]], tokenizer: Any) -> Prepared:
    numbers: dict[str, int] = {}
    for row, _, others in questions:
        for text in (row.question, row.passage, *others):
            numbers.setdefault(text, len(numbers))
    texts = pieces_of(tokenizer, list(numbers))
    kept: list[tuple[Row, float, list[str], list[tuple[int, int]]]] = []
    for row, weight, others in questions:
        pieces = texts[numbers[row.passage]]
        found = {pieces.covering(start, end) for start, end in row.answers}
        spans = sorted(span for span in found if span and span[1] - span[0] < LONGEST_SPAN)
        if spans or not row.answers:
            kept.append((row, weight, others, spans))
    return Prepared(
        pieces=np.concatenate([text.numbers for text in texts]).astype(np.uint16),
        piece_bounds=_bounds(len(text) for text in texts),
        question=np.array([numbers[row.question] for row, *_ in kept], dtype=np.int64),
        passage=np.array([numbers[row.passage] for row, *_ in kept], dtype=np.int64),
        spans=np.array([s for *_, spans in kept for s in spans], dtype=np.int64).reshape(-1, 2),
        span_bounds=_bounds(len(spans) for *_, spans in kept),
        wrong=np.array([numbers[o] for _, _, others, _ in kept for o in others], dtype=np.int64),
        wrong_bounds=_bounds(len(others) for _, _, others, _ in kept),
        weight=np.array([weight for _, weight, *_ in kept], dtype=np.float32),
    )


def _bounds(lengths: Iterable[int]) -> Numbers:
    return np.concatenate([[0], np.cumsum(np.fromiter(lengths, dtype=np.int64))])
