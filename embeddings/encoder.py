"""The seam between nkqa and any model: texts in, unit vectors out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What a model is, so that an index is never read with another one than wrote it.

    `fingerprint` is the SHA-256 over the names and contents of the files the model is made of;
    `dimension` is the length of a vector; `limit` is how many word pieces the model reads of one
    text, special tokens included, the rest being cut off.
    """

    name: str
    fingerprint: str
    dimension: int
    limit: int


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their similarity, -1 to 1.

    Questions and passages are encoded apart because many models want a different prompt for each.
    The result is `(len(texts), dimension)` float32 with unit rows, in the order of the texts, and
    the vector of a text does not depend on the other texts beyond rounding.
    """

    @property
    def identity(self) -> ModelIdentity: ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many word pieces each text takes, special tokens and prompt not counted."""
        ...

    @property
    def capacity(self) -> int:
        """How many word pieces of a passage are read: `limit` less special tokens and prompt."""
        ...


def unit_rows(vectors: npt.ArrayLike) -> Vectors:
    """The rows scaled to length one; a row of zeros stays as it is."""
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    unit: Vectors = rows / lengths
    return unit
