"""The second half of the write path: vectors into the record, and what is derived from it.

A sentence's text decides whether it is embedded again. The derived files are made the same way at
every commit and by `nkqa repair`.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings import Encoder, Vectors
from embeddings.errors import StoreError
from qa.generation import TERMS, VECTORS
from qa.lexical import TermIndex, build_terms
from qa.record import Record
from qa.store import write_file
from qa.syncing import Progress
from qa.types import Document
from qa.vectors import VectorIndex, build_vectors

# Passages whose sentences are embedded together: enough to sort them by length, few in memory.
_BATCH = 512


@dataclass(slots=True)
class Embedding:
    """Gives every passage of `record` that has none its sentence vectors.

    `old` is the record of the generation before, whose vectors are used again where the text is
    the same. `embedded` counts the sentences that went through the model, `seconds` its time.
    """

    record: Record
    old: Record | None
    encoder: Encoder
    embedded: int = 0
    seconds: float = 0.0

    def run(self, progress: Progress) -> None:
        """Embeds what lacks vectors, a batch of passages at a time."""
        rows = self.record.passages_without_vectors()
        for start in range(0, len(rows), _BATCH):
            progress("embedding", start, len(rows))
            self._embed(rows[start : start + _BATCH])
        self.record.put_article_vectors(self.encoder.identity.dimension)
        progress("embedding", len(rows), len(rows))

    def _embed(self, rows: Sequence[int]) -> None:
        stored = self.record.passages_at(rows)
        documents = self.record.documents_at({one.document for one in stored.values()})
        texts = {
            row: [documents[one.document].text[start:end] for start, end in one.passage.sentences]
            for row, one in stored.items()
        }
        known = self._known(documents.values())
        new = list({text: None for some in texts.values() for text in some if text not in known})
        if new:
            begun = time.perf_counter()
            known.update(zip(new, self.encoder.encode_passages(new), strict=True))
            self.seconds += time.perf_counter() - begun
            self.embedded += len(new)
        for row, sentences in texts.items():
            self.record.put_vectors(row, np.stack([known[text] for text in sentences]))

    def _known(self, documents: Iterable[Document]) -> dict[str, Vectors]:
        """Vectors of the generation before, of sentences that these documents may still hold."""
        known: dict[str, Vectors] = {}
        if self.old is None:
            return known
        dimension = self.encoder.identity.dimension
        for document in documents:
            donor = self.old.same_text(document.text_sha256) or document.doc_id
            before = self.old.document(donor)
            if before is None:
                continue
            passages = self.old.passages_of(donor)
            vectors = self.old.vectors_at([one.row for one in passages], dimension)
            for one in passages:
                spans = one.passage.sentences
                for (start, end), vector in zip(spans, vectors[one.row], strict=True):
                    known[before.text[start:end]] = vector
        return known


def derive(folder: Path, record: Record, dimension: int, progress: Progress) -> None:
    """Writes the vector and the term index of a record into `folder`, and reads them back.

    Raises `StoreError` when they did not reach the disk whole.
    """
    count = record.counts()["passages"]
    progress("writing", 0, count)
    try:
        write_file(folder / VECTORS, build_vectors(record.passage_vectors(dimension), dimension))
        (folder / TERMS).mkdir()
        build_terms(folder / TERMS, record.passage_words())
        vectors = VectorIndex((folder / VECTORS).read_bytes())
        terms = TermIndex(folder / TERMS)
    except ValueError as error:  # tantivy's word for a disk that is full, too
        raise StoreError(
            f"Cannot write the index to {folder.parent}: {error}. The index is as it was before."
        ) from error
    if not count == len(vectors) == len(terms):
        raise StoreError(
            f"The index did not reach the disk whole: {count} passages, {len(vectors)} vectors, "
            f"{len(terms)} in the term index. The index is as it was before."
        )
    progress("writing", count, count)
