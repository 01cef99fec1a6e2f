"""What a stored passage is made of: its name and hash, its spans and the codes of its sentences."""

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embeddings import Vectors, unit_rows
from qa.store.local import quantised as codes
from qa.types import Span

# Bytes of a packed span.
SPAN_BYTES = 8


class StoredPassage(NamedTuple):
    """A passage as the record holds it, `text[start:end]` of its document; a tuple, because a
    question reads some two hundred.

    `row` is its number in this generation, `spans` are those of its sentences, packed; `codes`
    theirs, one after the other; `quantities` has a byte for each, 1 where it tells one.
    """

    row: int
    document: int
    start: int
    end: int
    sha256: bytes
    spans: bytes
    quantities: bytes
    codes: bytes

    @property
    def sentences(self) -> tuple[Span, ...]:
        """The span of each sentence, in order."""
        return unpack_spans(self.spans)


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


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of some passages, one after the other: their codes unpacked, their lengths in
    characters, `(sentences,)`, and where those of each passage begin, `(passages,)`."""

    unpacked: codes.Unpacked
    lengths: Vectors
    starts: codes.Rows

    def passage_vectors(self) -> Vectors:
        """`(passages, dimension)`: of each the mean of its sentences', weighted by length.

        Encoding the passage as a whole gives no better answers (docs/evaluation.md) and would
        double the work.
        """
        return unit_rows(self.unpacked.sums(self.lengths, self.starts))


def sentences_of(passages: Sequence[StoredPassage], dimension: int) -> Sentences:
    """The sentences of the passages, in order."""
    spans = np.frombuffer(b"".join(one.spans for one in passages), dtype="<i4").reshape(-1, 2)
    counts = [len(one.quantities) for one in passages]
    return Sentences(
        unpacked=codes.unpacked(sentence_codes(passages, dimension), dimension),
        lengths=(spans[:, 1] - spans[:, 0]).astype(np.float32),
        starts=np.cumsum([0, *counts[:-1]]) if counts else np.zeros(0, np.int64),
    )


def sentence_codes(passages: Sequence[StoredPassage], dimension: int) -> codes.Codes:
    """The codes of all sentences of the passages, one row each, in order."""
    return codes.joined([one.codes for one in passages], dimension)


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
