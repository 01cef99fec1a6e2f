"""Sentence vectors in four bits a number: 194 bytes for 384 dimensions.

Each number of a unit vector is rounded to one of 16 evenly spaced levels. For vectors like those
of sentences, whose numbers are spread normally, the best step is that of J. Max, Quantizing for
Minimum Distortion (1960), table II. The cosine of a vector and its code is 0.994, an error of
about 0.006 in the cosine of a question and a sentence; docs/evaluation.md has what it costs in
answers.
"""

from collections.abc import Sequence
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


def unpack(codes: Codes, dimension: int) -> Vectors:
    """The `(n, dimension)` unit rows that `(n, width)` codes stand for."""
    rows = np.arange(len(codes))
    return sums(codes, np.ones(len(codes), np.float32), rows, dimension)


def sums(codes: Codes, weights: Vectors, starts: Rows, dimension: int) -> Vectors:
    """`(groups, dimension)`: of each group of codes, which begin at `starts`, the sum of the unit
    rows they stand for, weighted by `weights`, `(n,)`."""
    if not len(starts):
        return np.zeros((0, dimension), dtype=np.float32)
    half = (dimension + 1) // 2
    scale = weights / _lengths(codes)
    levels = np.empty((len(codes), 2 * half), dtype=np.float32)
    np.multiply(codes[:, :half] & 15, scale[:, None], out=levels[:, :half])
    np.multiply(codes[:, :half] >> 4, scale[:, None], out=levels[:, half:])
    summed: Vectors = np.add.reduceat(levels[:, :dimension], starts, axis=0)
    # Levels are counted from 0; what a level stands for is `_MIDDLE` less.
    summed -= np.float32(_MIDDLE) * np.add.reduceat(scale, starts)[:, None]
    return summed


def cosines(codes: Codes, vector: Vectors) -> Vectors:
    """`(n,)`: of each code and `vector`, a unit vector of `(dimension,)`.

    Equal codes have equal cosines, wherever they stand (see `products`).
    """
    half = (len(vector) + 1) // 2
    low, high = (codes[:, :half] & 15).astype(np.float32), (codes[:, :half] >> 4).astype(np.float32)
    high = high[:, : len(vector) - half]
    steps = products(low, vector[:half]) + products(high, vector[half:])
    steps -= np.float32(_MIDDLE) * vector.sum()
    found: Vectors = steps / _lengths(codes)
    return found


def products(rows: Vectors, vector: Vectors) -> Vectors:
    """`rows @ vector`, each row summed in the same order: a BLAS may sum the last rows of a matrix
    in another, and two passages with one text would differ in the last place and change places."""
    found: Vectors = np.einsum("ij,j->i", rows, vector)
    return found


def _lengths(codes: Codes) -> Vectors:
    lengths: Vectors = np.ascontiguousarray(codes[:, -2:]).view("<f2")[:, 0].astype(np.float32)
    return lengths
