"""Stored passages: the span and hash of a passage, the spans and codes of its sentences."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from embeddings import Vectors, unit_rows
from qa.store.local import quantised
from qa.types import Span

# Bytes of a packed span.
SPAN_BYTES = 8


class StoredPassage(NamedTuple):
    """A passage as the record stores it: `text[start:end]` of its document.

    `row` is its number in this generation. Of its sentences, `spans` are the packed spans, `codes`
    the concatenated codes, and `quantities` has one byte each, 1 if the sentence states a quantity.
    A tuple for speed, because a question reads about two hundred.
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
    """What scoring needs of a document: its first passage row, and the code of its vector."""

    doc_id: str
    source: str | None
    first_row: int
    code: bytes


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a list of passages, concatenated.

    `unpacked` are their codes; `spans` their offsets in their documents, `(sentences, 2)`;
    `has_quantity` whether each states a quantity, `(sentences,)`; `starts` the position of the
    first sentence of each passage, `(passages,)`.
    """

    unpacked: quantised.Unpacked
    spans: quantised.Rows
    has_quantity: npt.NDArray[np.bool_]
    starts: quantised.Rows

    def passage_vectors(self) -> Vectors:
        """`(passages, dimension)` unit rows: the mean of each passage's sentence vectors, weighted
        by sentence length.

        Encoding whole passages gives no better answers (docs/studies/settings.md) and would double
        the work.
        """
        lengths = (self.spans[:, 1] - self.spans[:, 0]).astype(np.float32)
        return unit_rows(self.unpacked.sums(lengths, self.starts))


def sentences_of(passages: Sequence[StoredPassage], dimension: int) -> Sentences:
    """The sentences of the passages, in order."""
    spans = np.frombuffer(b"".join(one.spans for one in passages), dtype="<i4").reshape(-1, 2)
    counts = [len(one.quantities) for one in passages]
    return Sentences(
        unpacked=quantised.unpacked(sentence_codes(passages, dimension), dimension),
        spans=spans.astype(np.int64),
        has_quantity=np.frombuffer(b"".join(one.quantities for one in passages), np.bool_),
        starts=np.cumsum([0, *counts[:-1]]) if counts else np.zeros(0, np.int64),
    )


def sentence_codes(passages: Sequence[StoredPassage], dimension: int) -> quantised.Codes:
    """The codes of all sentences of the passages, one row each, in order."""
    return quantised.joined([one.codes for one in passages], dimension)


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Spans as the record stores them: pairs of little-endian int32."""
    return np.array(spans, dtype="<i4").tobytes()


def unpack_spans(data: bytes) -> tuple[Span, ...]:
    """The spans in `data`, in order."""
    ends = iter(struct.unpack(f"<{len(data) // 4}i", data))
    return tuple(zip(ends, ends, strict=True))
