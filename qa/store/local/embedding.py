"""Find the sentences of a record that must be embedded, and reuse vectors for all others.

Sentences are compared by text. A sentence of the previous generation keeps its code, and a sentence
that occurs several times is embedded once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xxhash

from embeddings import Vectors
from qa.store.local import quantised
from qa.store.local.passages import StoredPassage, sentence_codes
from qa.store.local.record import Record
from qa.store.local.writable_record import WritableRecord
from qa.store.values import Batch
from qa.types import Document

# Passages per batch: enough for sorting sentences by length, few enough for memory.
_BATCH = 512


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The passages of a batch with their sentences, and known codes by sentence text."""

    numbers: Sequence[int]
    passages: Sequence[tuple[StoredPassage, list[str]]]
    known: dict[str, bytes]


class Embedding:
    """The passages of `record` that have no vectors, batch by batch.

    `old` is the record of the previous generation, None if there is none; `dimension` is that of
    the vectors.
    """

    def __init__(self, record: WritableRecord, old: Record | None, dimension: int) -> None:
        self._record = record
        self._old = old
        self._dimension = dimension
        # Text hash to code, for sentences that may occur in more than one batch.
        self._repeated: dict[int, bytes | None] = {}

    def batches(self) -> Iterator[Batch]:
        """The batches in order; call `put` for each batch before taking the next."""
        groups = list(_groups(self._record.documents_without_vectors()))
        if len(groups) > 1:
            self._find_repeated(groups)
        for numbers in groups:
            documents, passages = self._sentences(numbers)
            known = self._known(documents.values())
            texts = dict.fromkeys(text for _, some in passages for text in some)
            for text in texts.keys() - known.keys():
                if code := self._repeated.get(_hash(text)):
                    known[text] = code
            new = tuple(text for text in texts if text not in known)
            yield Batch(len(passages), new, _Waiting(numbers, passages, known))

    def put(self, batch: Batch, vectors: Vectors) -> None:
        """Stores the vectors of a batch's texts, `(texts, dimension)`."""
        waiting = batch.key
        assert isinstance(waiting, _Waiting)  # noqa: S101 - made by `batches`
        code_of = dict(waiting.known)
        for text, code in zip(batch.texts, quantised.pack(vectors), strict=True):
            code_of[text] = code.tobytes()
            if (hashed := _hash(text)) in self._repeated:
                self._repeated[hashed] = code_of[text]
        packed: dict[int, dict[int, bytes]] = {number: {} for number in waiting.numbers}
        for one, texts in waiting.passages:
            packed[one.document][one.row] = b"".join(code_of[text] for text in texts)
        for number, rows in packed.items():
            self._record.put_vectors(number, self._dimension, rows)

    def _find_repeated(self, groups: Sequence[Sequence[int]]) -> None:
        hashes = np.fromiter(
            (
                _hash(text)
                for numbers in groups
                for _, texts in self._sentences(numbers)[1]
                for text in texts
            ),
            dtype=np.uint64,
        )
        hashes.sort()
        again = hashes[1:][hashes[1:] == hashes[:-1]]
        self._repeated = dict.fromkeys(again.tolist())

    def _sentences(
        self, numbers: Iterable[int]
    ) -> tuple[dict[int, Document], list[tuple[StoredPassage, list[str]]]]:
        """The documents by number, and their passages, each with the texts of its sentences."""
        documents = self._record.documents_at(numbers)
        passages = [one for number in documents for one in self._record.passages_in(number)]
        return documents, [
            (one, [documents[one.document].text[slice(*span)] for span in one.sentences])
            for one in passages
        ]

    def _known(self, documents: Iterable[Document]) -> dict[str, bytes]:
        """Codes from the previous generation for sentences that these documents may contain."""
        known: dict[str, bytes] = {}
        if self._old is None:
            return known
        for document in documents:
            donor = self._old.same_text(document.text_sha256) or document.doc_id
            before = self._old.document(donor)
            if before is None:
                continue
            for one in self._old.passages_of(donor):
                packed = sentence_codes([one], self._dimension)
                for (start, end), code in zip(one.sentences, packed, strict=True):
                    known[before.text[start:end]] = code.tobytes()
        return known


def _groups(waiting: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Groups documents, `(number, passages)`, into number lists with about `_BATCH` passages."""
    numbers: list[int] = []
    total = 0
    for number, rows in waiting:
        numbers.append(number)
        total += rows
        if total >= _BATCH:
            yield numbers
            numbers, total = [], 0
    if numbers:
        yield numbers


def _hash(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode())
