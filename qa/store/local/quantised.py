"""Sentence vectors in four bits a number: 194 bytes for 384 dimensions.

Each number of a unit vector is rounded to one of 16 evenly spaced levels. For vectors like those
of sentences, whose numbers are spread normally, the best step is that of J. Max, Quantizing for
Minimum Distortion (1960), table II. The cosine of a vector and its code is 0.994, an error of
about 0.006 in the cosine of a question and a sentence. docs/studies/settings.md has the cost in
answers.
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
    """Bytes of one code: half a byte a number, two for the length of what they stand for."""
    return (dimension + 1) // 2 + 2


def pack(vectors: Vectors) -> Codes:
    """`(n, width)` codes of `(n, dimension)` unit rows.

    The first half of a row is in the low four bits of the bytes, the second half in the high
    ones; at the end stands their length in steps, little-endian float16.
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
    """`(n, width)` codes out of their bytes."""
    return np.frombuffer(b"".join(data), dtype=np.uint8).reshape(-1, width(dimension))


def digest(packed: bytes) -> int:
    """XXH3-64 as SQLite holds it, signed."""
    return int.from_bytes(xxhash.xxh3_64_digest(packed), "big", signed=True)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What codes stand for, `(n, dimension)` in steps counted from the lowest level, and the
    length of each row in steps, `(n,)`."""

    levels: Vectors
    lengths: Vectors

    def cosines(self, vector: Vectors) -> Vectors:
        """`(n,)`: of each row and `vector`, a unit vector of `(dimension,)`.

        Equal codes have equal cosines, wherever they stand (see `products`).
        """
        steps = products(self.levels, vector)
        steps -= np.float32(_MIDDLE) * vector.sum()
        found: Vectors = steps / self.lengths
        return found

    def sums(self, weights: Vectors, starts: Rows) -> Vectors:
        """`(groups, dimension)`: of each group of rows, which begin at `starts`, the sum of the
        unit rows they stand for, weighted by `weights`, `(n,)`."""
        scale = weights / self.lengths
        ends = np.append(starts, len(scale))[1:].tolist()
        summed = np.empty((len(starts), self.levels.shape[1]), dtype=np.float32)
        # A product for each group takes a third of the time of `np.add.reduceat`.
        for place, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True)):
            some = scale[start:end]
            np.dot(some, self.levels[start:end], out=summed[place])
            summed[place] -= np.float32(_MIDDLE) * some.sum()
        return summed


def unpacked(codes: Codes, dimension: int) -> Unpacked:
    """Of `(n, width)` codes."""
    half = (dimension + 1) // 2
    levels = np.empty((len(codes), dimension), dtype=np.float32)
    levels[:, :half] = codes[:, :half] & 15
    levels[:, half:] = codes[:, : dimension - half] >> 4
    return Unpacked(levels, _lengths(codes))


def unpack(codes: Codes, dimension: int) -> Vectors:
    """The `(n, dimension)` unit rows that `(n, width)` codes stand for."""
    one = unpacked(codes, dimension)
    return (one.levels - np.float32(_MIDDLE)) / one.lengths[:, None]


def cosines(codes: Codes, vector: Vectors) -> Vectors:
    """`(n,)`: of each code and `vector`, see `Unpacked.cosines`."""
    return unpacked(codes, len(vector)).cosines(vector)


def products(rows: Vectors, vector: Vectors) -> Vectors:
    """`rows @ vector`, each row summed in the same order: a BLAS may sum the last rows of a matrix
    in another, and two passages with one text would differ in the last place and change places."""
    found: Vectors = np.einsum("ij,j->i", rows, vector)
    return found


def _lengths(codes: Codes) -> Vectors:
    lengths: Vectors = np.ascontiguousarray(codes[:, -2:]).view("<f2")[:, 0].astype(np.float32)
    return lengths
