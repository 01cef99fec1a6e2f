"""What a stored passage is made of: its name and hash, its spans and the codes of its sentences."""

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings import Vectors, unit_rows
from qa import codes
from qa.types import Passage, Span


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the record holds it; `row` is its number in this generation, `codes` those of
    its sentences, one after the other; `quantities` has a byte for each, 1 where it tells one."""

    row: int
    document: int
    passage: Passage
    sha256: bytes
    quantities: bytes
    codes: bytes


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What scoring needs of a document: where its passages begin, and the code of its vector."""

    doc_id: str
    source: str | None
    first_row: int
    code: bytes


def passage_id(doc_id: str, start: int, end: int) -> str:
    """The name of a passage: its document and its place there."""
    return f"{doc_id}#{start}-{end}"


def place_of(cited: str) -> tuple[str, Span] | None:
    """The document and the place that the name of a passage tells; None when it is none."""
    match = re.fullmatch(r"(.+)#(\d{1,12})-(\d{1,12})", cited, re.DOTALL | re.ASCII)
    return (match[1], (int(match[2]), int(match[3]))) if match else None


def sentence_codes(passages: Sequence[StoredPassage], dimension: int) -> codes.Codes:
    """The codes of all sentences of the passages, one row each, in order."""
    return codes.joined([one.codes for one in passages], dimension)


def passage_vectors(passages: Sequence[StoredPassage], dimension: int) -> Vectors:
    """The vectors of passages, `(n, dimension)`: of each the mean of its sentences', weighted by
    length.

    Encoding the passage as a whole gives no better answers (docs/evaluation.md) and would double
    the work.
    """
    if not passages:
        return np.zeros((0, dimension), dtype=np.float32)
    spans = [one.passage.sentences for one in passages]
    starts = np.cumsum([0, *map(len, spans[:-1])])
    lengths = np.array([end - start for some in spans for start, end in some], dtype=np.float32)
    return unit_rows(codes.sums(sentence_codes(passages, dimension), lengths, starts, dimension))


def quote_hash(quote: str) -> bytes:
    """The SHA-256 of the quote's UTF-8 bytes, 32 bytes."""
    return hashlib.sha256(quote.encode()).digest()


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Spans as the record keeps them: pairs of little-endian int32."""
    return np.array(spans, dtype="<i4").tobytes()


def unpack_spans(data: bytes) -> tuple[Span, ...]:
    """The spans in `data`, in order."""
    ends = iter(struct.unpack(f"<{len(data) // 4}i", data))
    return tuple(zip(ends, ends, strict=True))
