"""The interface of every model: texts in, unit vectors out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Identifies a model, so that an index is only read with the model that wrote it.

    `fingerprint` is the SHA-256 over the names and contents of the model's files; `dimension` is
    the length of a vector; `limit` is the maximum number of word pieces per text, special tokens
    included. Longer texts are truncated.
    """

    name: str
    fingerprint: str
    dimension: int
    limit: int


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their similarity, -1 to 1.

    Questions and passages have separate methods because many models need a different prompt for
    each. The result is `(len(texts), dimension)` float32 with unit rows, in the order of the texts.
    The vector of a text does not depend on the other texts beyond rounding.
    """

    @property
    def identity(self) -> ModelIdentity: ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without special tokens and prompt."""
        ...

    @property
    def capacity(self) -> int:
        """The maximum word pieces of a passage: `limit` less special tokens and prompt."""
        ...


def unit_rows(vectors: npt.ArrayLike) -> Vectors:
    """The rows scaled to length one, float32; a row of zeros stays unchanged."""
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    unit: Vectors = rows / lengths
    return unit
