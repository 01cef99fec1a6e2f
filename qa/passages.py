"""What a stored passage is made of: its name and hash, its spans and vectors as bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings import Vectors, unit_rows
from qa.types import Passage, Span


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the record holds it; `row` is its number in this generation."""

    row: int
    document: int
    passage: Passage
    sha256: bytes


def passage_id(doc_id: str, start: int, end: int) -> str:
    """The name of a passage: its document and its place there."""
    return f"{doc_id}#{start}-{end}"


def passage_vector(vectors: Vectors, spans: Sequence[Span]) -> Vectors:
    """The vector of a passage, `(dimension,)`: the mean of its sentences', weighted by length.

    Encoding the passage as a whole gives no better answers (docs/evaluation.md) and would double
    the work.
    """
    lengths = np.array([end - start for start, end in spans], dtype=np.float32)
    mean: Vectors = unit_rows((lengths[:, None] * vectors).sum(axis=0, keepdims=True))[0]
    return mean


def quote_hash(quote: str) -> bytes:
    """The SHA-256 of the quote's UTF-8 bytes, 32 bytes."""
    return hashlib.sha256(quote.encode()).digest()


def pack_vectors(vectors: Vectors) -> bytes:
    """Vectors as the record keeps them: little-endian float16."""
    return vectors.astype("<f2").tobytes()


def unpack_vectors(data: bytes, dimension: int) -> Vectors:
    """The `(n, dimension)` float32 vectors in `data`."""
    return np.frombuffer(data, dtype="<f2").reshape(-1, dimension).astype(np.float32)


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Spans as the record keeps them: pairs of little-endian int32."""
    return np.array(spans, dtype="<i4").tobytes()


def unpack_spans(data: bytes) -> tuple[Span, ...]:
    """The spans in `data`, in order."""
    pairs = np.frombuffer(data, dtype="<i4").reshape(-1, 2).tolist()
    return tuple((start, end) for start, end in pairs)
