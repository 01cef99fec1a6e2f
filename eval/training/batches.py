"""Training steps drawn from prepared data: a pure function of the data, a seed and a number.

A group is one question with its windows, whose spans compete; groups are never torn apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from embeddings.errors import InputError
from eval.training.prepare import Prepared
from qa.answers.reading.pieces import QUESTION_PIECES, STRETCH, joined

# Share of the answerable questions that also read one of their wrong passages; share that read
# two of those and not their own, which is then nowhere.
_WITH_WRONG, _ONLY_WRONG = 0.25, 0.03
# Share of the windows that are cut to a few sentences, as a reader of search results sees them.
_SHORT, _SHORT_PIECES = 0.8, (48, 112)
# Wrong passages are read in short windows, always.
_WRONG_PIECES = (48, 96)
# Pieces of a micro-batch and of a rectangle, and the most that a window of one rectangle may be
# shorter than another.
_MICRO_PIECES, _RECTANGLE_PIECES, _SLACK = 768, 768, 10

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """A question joined with a part of a passage, and the answers' places among its pieces."""

    numbers: Numbers
    kinds: Numbers
    gold: tuple[tuple[int, int], ...]
    """First and last piece, both included; none where the window does not answer."""
    group: int

    def __len__(self) -> int:
        return len(self.numbers)


MicroBatch = list[list[Window]]
"""Rectangles: lists of windows of like length."""


class Steps:
    """The steps of training, `questions` questions in each."""

    def __init__(self, data: Prepared, seed: int, questions: int) -> None:
        self._data, self._seed, self._questions = data, seed, questions
        self._order = cache(self._make_order)
        if not len(self._order(0)):
            raise InputError("There is nothing to train on: no question has any weight.")

    def step(self, number: int) -> list[Window]:
        """The windows of one step, group after group."""
        chosen: list[int] = []
        epoch, at = 0, number * self._questions
        while len(chosen) < self._questions:
            order = self._order(epoch)
            chosen += order[at : at + self._questions - len(chosen)].tolist()
            at = max(at - len(order), 0)
            epoch += 1
        chance = np.random.default_rng((self._seed, 1, number))
        return [
            window
            for group, question in enumerate(chosen)
            for window in _windows(self._data, question, group, chance)
        ]

    def _make_order(self, epoch: int) -> Numbers:
        """The questions of an epoch, each as often as its weight says on average."""
        chance = np.random.default_rng((self._seed, 0, epoch))
        weight = self._data.weight
        times = np.floor(weight + chance.random(len(weight))).astype(np.int64)
        return chance.permutation(np.repeat(np.arange(len(weight)), times))


def _windows(
    data: Prepared, question: int, group: int, chance: np.random.Generator
) -> Iterator[Window]:
    asked = data.text(int(data.question[question]))
    wrong = chance.permutation(data.wrong_texts(question))
    gold, draw = data.answers(question), chance.random()
    if len(gold) and len(wrong) > 1 and draw < _ONLY_WRONG:
        taken = wrong[:2]
    else:
        yield _window(asked, data.text(int(data.passage[question])), gold, group, chance)
        taken = wrong[: int(len(gold) > 0 and draw < _ONLY_WRONG + _WITH_WRONG)]
    for text in taken:
        room = int(chance.integers(*_WRONG_PIECES))
        yield _window(asked, data.text(int(text)), gold[:0], group, chance, room)


def _window(
    asked: Numbers,
    passage: Numbers,
    gold: Numbers,
    group: int,
    chance: np.random.Generator,
    room: int | None = None,
) -> Window:
    """Of a passage that is too long, a part that holds one of the answers anywhere in it."""
    if room is None:
        room = int(chance.integers(*_SHORT_PIECES)) if chance.random() < _SHORT else STRETCH
    start = 0
    if len(passage) > room:
        low, high = 0, len(passage) - room
        if len(gold):
            first, last = gold[int(chance.integers(len(gold)))]
            low, high = max(low, int(last) + 1 - room), min(high, int(first))
        start = int(chance.integers(low, high + 1))
    part = passage[start : start + room]
    numbers, kinds = joined(asked, part)
    shift = min(len(asked), QUESTION_PIECES) + 2 - start
    inside = tuple(
        (int(first) + shift, int(last) + shift)
        for first, last in gold
        if first >= start and last < start + room
    )
    return Window(numbers, kinds, inside, group)


def micro_batches(windows: list[Window]) -> list[MicroBatch]:
    """The windows of a step in parts of about `_MICRO_PIECES` pieces, each group whole."""
    groups: dict[int, list[Window]] = {}
    for window in windows:
        groups.setdefault(window.group, []).append(window)
    ordered = sorted(groups.values(), key=lambda group: -max(map(len, group)))
    parts: list[list[Window]] = [[]]
    for group in ordered:
        size = sum(map(len, parts[-1]))
        if parts[-1] and size + sum(map(len, group)) > _MICRO_PIECES:
            parts.append([])
        parts[-1] += group
    return [rectangles(part) for part in parts]


def rectangles(windows: list[Window], pieces: int = _RECTANGLE_PIECES) -> MicroBatch:
    """The windows by length, in lists of at most so many pieces that need little padding."""
    found: MicroBatch = []
    for window in sorted(windows, key=len, reverse=True):
        last = found[-1] if found else []
        longest = len(last[0]) if last else 0
        if last and (len(last) + 1) * longest <= pieces and longest - len(window) <= _SLACK:
            last.append(window)
        else:
            found.append([window])
    return found
