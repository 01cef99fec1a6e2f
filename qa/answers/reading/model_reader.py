"""A reader made of a network: texts to pieces, scores of pieces to spans of characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from qa.answers.reading.pieces import Pieces, joined, pieces_of, stretches
from qa.answers.reading.reader import Reading, Readings
from qa.answers.reading.spans import best_span, log_sum_of_spans

Numbers = npt.NDArray[np.int64]
Array = npt.NDArray[np.float32]

# A window without a single piece has no span; the scores say so as firmly as scores can.
_NOTHING = -100.0


@dataclass(frozen=True, slots=True)
class Scores:
    """A network's scores of one input. `starts` and `ends` are those of all its pieces,
    `(pieces,)`."""

    starts: Array
    ends: Array
    null: float
    answered: float


class Network(Protocol):
    """Scores inputs given as piece numbers and kinds, as `pieces.joined` makes them."""

    version: str

    def score(self, inputs: Sequence[tuple[Numbers, Numbers]]) -> list[Scores]: ...


@dataclass(frozen=True, slots=True)
class ModelReader:
    """Reads with a network; windows longer than it reads at once are read in stretches, of which
    the one with the best margin counts."""

    tokenizer: Any
    """A `tokenizers.Tokenizer` that cuts nothing off."""
    network: Network

    @property
    def version(self) -> str:
        return self.network.version

    def read(self, question: str, windows: Sequence[str]) -> Readings:
        asked, *texts = pieces_of(self.tokenizer, [question, *windows])
        parts = [
            (number, begin, end)
            for number, text in enumerate(texts)
            for begin, end in stretches(len(text))
        ]
        inputs = [
            joined(asked.numbers, texts[number].numbers[begin:end]) for number, begin, end in parts
        ]
        best: list[Reading | None] = [None] * len(texts)
        for (number, begin, end), scores in zip(parts, self.network.score(inputs), strict=True):
            reading, known = _reading(texts[number], begin, end, scores), best[number]
            if known is None or reading.margin > known.margin:
                best[number] = reading
        return tuple(reading for reading in best if reading is not None)


def _reading(text: Pieces, begin: int, end: int, scores: Scores) -> Reading:
    """Of the pieces `begin` to `end` of a window, which are the last of the input but one."""
    if begin == end:
        return Reading(0, 0, _NOTHING, _NOTHING, 0.0, _NOTHING)
    first = len(scores.starts) - 1 - (end - begin)
    starts, ends = scores.starts[first:-1], scores.ends[first:-1]
    front, back, score = best_span(starts, ends)
    start, stop = text.characters(begin + front, begin + back)
    mass = log_sum_of_spans(starts, ends)
    return Reading(start, stop, score, max(mass, score), scores.null, scores.answered)
