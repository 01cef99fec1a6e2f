"""Sentence vectors quantised to four bits per component: 194 bytes for 384 dimensions.

Each component of a unit vector is rounded to one of 16 evenly spaced levels. The components of
sentence vectors are normally distributed, for which the best step is that of J. Max, Quantizing for
Minimum Distortion (1960), table II. The cosine of a vector and its code is 0.994, an error of about
0.006 in the cosine of a question and a sentence. docs/studies/settings.md has the loss in answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
import xxhash

from embeddings import Vectors

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]

_STEP = 0.3352
_LEVELS = 16
_MIDDLE = (_LEVELS - 1) / 2


def width(dimension: int) -> int:
    """Bytes of one code: half a byte per component, and two for the length (see `pack`)."""
    return (dimension + 1) // 2 + 2


def pack(vectors: Vectors) -> Codes:
    """`(n, width)` codes of `(n, dimension)` unit rows.

    The low four bits of the bytes are the first half of the components, the high four bits the
    second half. The last two bytes are the length of the rounded vector in steps, a little-endian
    float16.
    """
    count, dimension = vectors.shape
    half = (dimension + 1) // 2
    levels = np.zeros((count, 2 * half), dtype=np.uint8)
    scaled = np.floor(vectors * (sqrt(dimension) / _STEP)) + _LEVELS // 2
    levels[:, :dimension] = np.clip(scaled, 0, _LEVELS - 1)
    codes = np.empty((count, half + 2), dtype=np.uint8)
    codes[:, :half] = levels[:, :half] | levels[:, half:] << 4
    numbers = levels[:, :dimension] - np.float32(_MIDDLE)
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers)).astype("<f2")
    codes[:, half:] = lengths[:, None].view(np.uint8)
    return codes


def joined(data: Sequence[bytes], dimension: int) -> Codes:
    """The `(n, width)` codes in `data`; each item is one or more concatenated codes."""
    return np.frombuffer(b"".join(data), dtype=np.uint8).reshape(-1, width(dimension))


def digest(packed: bytes) -> int:
    """XXH3-64 as a signed integer, the integer type of SQLite."""
    return int.from_bytes(xxhash.xxh3_64_digest(packed), "big", signed=True)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Unpacked codes: `levels`, `(n, dimension)`, in steps above the lowest level, and `lengths`,
    `(n,)`, the length of each vector in steps."""

    levels: Vectors
    lengths: Vectors

    def cosines(self, vector: Vectors) -> Vectors:
        """`(n,)`: the cosine of each row with `vector`, a unit vector `(dimension,)`.

        Equal codes have exactly equal cosines, whatever their row (see `products`).
        """
        steps = products(self.levels, vector)
        steps -= np.float32(_MIDDLE) * vector.sum()
        found: Vectors = steps / self.lengths
        return found

    def sums(self, weights: Vectors, starts: Rows) -> Vectors:
        """`(groups, dimension)`: the weighted sum of the unit rows in each group.

        A group is the rows from one entry of `starts` up to the next; `weights` is `(n,)`.
        """
        scale = weights / self.lengths
        ends = np.append(starts, len(scale))[1:].tolist()
        summed = np.empty((len(starts), self.levels.shape[1]), dtype=np.float32)
        # One product per group takes a third of the time of `np.add.reduceat`.
        for place, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True)):
            some = scale[start:end]
            np.dot(some, self.levels[start:end], out=summed[place])
            summed[place] -= np.float32(_MIDDLE) * some.sum()
        return summed


def unpacked(codes: Codes, dimension: int) -> Unpacked:
    """Unpacks `(n, width)` codes."""
    half = (dimension + 1) // 2
    levels = np.empty((len(codes), dimension), dtype=np.float32)
    levels[:, :half] = codes[:, :half] & 15
    levels[:, half:] = codes[:, : dimension - half] >> 4
    return Unpacked(levels, _lengths(codes))


def unpack(codes: Codes, dimension: int) -> Vectors:
    """The `(n, dimension)` unit rows of `(n, width)` codes."""
    one = unpacked(codes, dimension)
    return (one.levels - np.float32(_MIDDLE)) / one.lengths[:, None]


def cosines(codes: Codes, vector: Vectors) -> Vectors:
    """`(n,)`: the cosine of each code with `vector`; see `Unpacked.cosines`."""
    return unpacked(codes, len(vector)).cosines(vector)


def products(rows: Vectors, vector: Vectors) -> Vectors:
    """`rows @ vector`, summing every row in the same order.

    A BLAS may sum the last rows of a matrix in a different order. Then two passages with the same
    text would differ in the last digit and could swap ranks.
    """
    found: Vectors = np.einsum("ij,j->i", rows, vector)
    return found


def _lengths(codes: Codes) -> Vectors:
    lengths: Vectors = np.ascontiguousarray(codes[:, -2:]).view("<f2")[:, 0].astype(np.float32)
    return lengths
