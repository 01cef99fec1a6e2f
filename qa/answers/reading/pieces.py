"""Questions and windows as word pieces that know their places in the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# Numbers of the special pieces in BERT's uncased vocabulary.
CLS, SEP = 101, 102
# A longer question keeps its beginning; 1 of 100,000 training questions is longer.
QUESTION_PIECES = 48
# Pieces of a window that are read at once. Longer windows are read in overlapping stretches.
STRETCH = 192
_OVERLAP = 64

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one text: their numbers, and the half-open character range of each."""

    numbers: Numbers
    starts: Numbers
    ends: Numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """The half-open character range of pieces `first` to `last`, both included."""
        return int(self.starts[first]), int(self.ends[last])

    def covering(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last piece of the characters `start` to `end`; None where they have none."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left")) - 1
        return (first, last) if first <= last else None


def pieces_of(tokenizer: Any, texts: Sequence[str]) -> list[Pieces]:
    """The pieces of each text by a `tokenizers.Tokenizer` that cuts nothing off, without special
    ones."""
    return [
        Pieces(
            np.array(encoding.ids, dtype=np.int64),
            np.array([start for start, _ in encoding.offsets], dtype=np.int64),
            np.array([end for _, end in encoding.offsets], dtype=np.int64),
        )
        # One by one: a batch is shared among threads, which a forked process does not have.
        for encoding in (tokenizer.encode(text, add_special_tokens=False) for text in texts)
    ]


def stretches(count: int, longest: int = STRETCH, overlap: int = _OVERLAP) -> list[tuple[int, int]]:
    """Half-open ranges of at most `longest` that cover `count` pieces, overlapping by `overlap`
    and more, as even as can be. No pieces are one empty stretch."""
    if count <= longest:
        return [(0, count)]
    number = -(-(count - overlap) // (longest - overlap))
    last = count - longest
    begins = [round(last * place / (number - 1)) for place in range(number)]
    return [(begin, begin + longest) for begin in begins]


def joined(question: Numbers, passage: Numbers) -> tuple[Numbers, Numbers]:
    """`[CLS] question [SEP] passage [SEP]` and the kind of each piece: 0 up to the first
    separator, 1 after it."""
    question = question[:QUESTION_PIECES]
    numbers = np.concatenate([[CLS], question, [SEP], passage, [SEP]]).astype(np.int64)
    kinds = np.zeros(len(numbers), dtype=np.int64)
    kinds[len(question) + 2 :] = 1
    return numbers, kinds
