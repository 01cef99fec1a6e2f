"""The second half of the write path: vectors into the record, and what is derived from it.

A sentence's text decides whether it is embedded again. The derived files are made from the record
alone, by `nkqa repair` too; where little of a large index changed, those of the generation before
are changed instead.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xxhash

from embeddings import Encoder, Vectors
from embeddings.errors import StoreError
from qa.indexing.sync import Progress
from qa.store.local import disk, quantised
from qa.store.local.generation import RECORD, TERMS, VECTORS, Generation
from qa.store.local.passages import StoredPassage, sentence_codes
from qa.store.local.record import Record
from qa.store.local.row_changes import difference
from qa.store.local.terms import TermIndex, build_terms, change_terms
from qa.store.local.vectors import VectorIndex, build_vectors, change_vectors
from qa.types import Document

# Passages whose sentences are embedded together: enough to sort them by length, few in memory.
_BATCH = 512
# Seconds of embedding that a killed process may lose.
SAVE_EVERY = 10.0
# Up to so many passages everything is derived afresh, which takes two seconds at most; and
# beyond, when more than this share of them came or went since that was done.
AFRESH_UP_TO = 20_000
_CHANGED_AT_MOST = 0.1


@dataclass(slots=True)
class Embedding:
    """Gives every document of `record` that has none its vectors.

    `old` is the record of the generation before, whose vectors are used again where the text is
    the same; a sentence that stands in several places is embedded once. `saved` is called when
    work was saved that need not be done again. `embedded` counts the sentences that went through
    the model, `seconds` its time.
    """

    record: Record
    old: Record | None
    encoder: Encoder
    saved: Callable[[], None]
    embedded: int = 0
    seconds: float = 0.0
    # By the hash of its text, what a sentence became that more than one batch may hold.
    _repeated: dict[int, bytes | None] = field(default_factory=dict)

    def run(self, progress: Progress) -> None:
        """Embeds what lacks vectors, some documents at a time."""
        waiting = self.record.documents_without_vectors()
        count, done = sum(rows for _, rows in waiting), 0
        batches = list(_batches(waiting))
        if len(batches) > 1:
            self._find_repeated(batches)
        last_saved = time.monotonic()
        for numbers in batches:
            progress("embedding", done, count)
            done += self._embed(numbers)
            if done < count and time.monotonic() - last_saved >= SAVE_EVERY:
                self.record.save()
                self.saved()
                last_saved = time.monotonic()
        progress("embedding", count, count)

    def _find_repeated(self, batches: Sequence[Sequence[int]]) -> None:
        hashes = np.fromiter(
            (
                _hash(text)
                for numbers in batches
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
        """The documents, and of each of their passages the texts of its sentences."""
        documents = self.record.documents_at(numbers)
        passages = [one for number in documents for one in self.record.passages_in(number)]
        return documents, [
            (one, [documents[one.document].text[slice(*span)] for span in one.sentences])
            for one in passages
        ]

    def _embed(self, numbers: Sequence[int]) -> int:
        documents, passages = self._sentences(numbers)
        known = self._known(documents.values())
        for text in {text for _, texts in passages for text in texts} - known.keys():
            if code := self._repeated.get(_hash(text)):
                known[text] = code
        new = list({text: None for _, texts in passages for text in texts if text not in known})
        if new:
            begun = time.perf_counter()
            found = self.encoder.encode_passages(new)
            self.seconds += time.perf_counter() - begun
            self.embedded += len(new)
            for text, code in zip(new, quantised.pack(found), strict=True):
                known[text] = code.tobytes()
                if (hashed := _hash(text)) in self._repeated:
                    self._repeated[hashed] = known[text]
        packed: dict[int, dict[int, bytes]] = {number: {} for number in numbers}
        for one, texts in passages:
            packed[one.document][one.row] = b"".join(known[text] for text in texts)
        for number, rows in packed.items():
            self.record.put_vectors(number, self.encoder.identity.dimension, rows)
        return len(passages)

    def _known(self, documents: Iterable[Document]) -> dict[str, bytes]:
        """Codes of the generation before, of sentences that these documents may still hold."""
        known: dict[str, bytes] = {}
        if self.old is None:
            return known
        dimension = self.encoder.identity.dimension
        for document in documents:
            donor = self.old.same_text(document.text_sha256) or document.doc_id
            before = self.old.document(donor)
            if before is None:
                continue
            for one in self.old.passages_of(donor):
                packed = sentence_codes([one], dimension)
                for (start, end), code in zip(one.sentences, packed, strict=True):
                    known[before.text[start:end]] = code.tobytes()
        return known


def _batches(waiting: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Documents, `(number, passages)`, so many that they have some `_BATCH` passages."""
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


def derive(
    folder: Path,
    record: Record,
    dimension: int,
    progress: Progress,
    parent: Generation | None = None,
) -> int:
    """Writes the vector and the term index of a record into `folder`, and reads them back.

    They are made from those of `parent`, a sound generation by the same rules, where little
    changed. How many passages came or went since they were made afresh comes back. Raises
    `StoreError` when they did not reach the disk whole.
    """
    count = record.counts()["passages"]
    progress("writing", 0, count)
    try:
        changed = _change(folder, record, dimension, count, parent) if parent else None
        if changed is None:
            _make(folder, record, dimension, count)
        vectors = VectorIndex((folder / VECTORS).read_bytes())
        terms = TermIndex(folder / TERMS)
    except (ValueError, RuntimeError) as error:  # tantivy's word for a disk that is full, too
        raise StoreError(
            f"Cannot write the index to {folder.parent}: {error}. The index is as it was before."
        ) from error
    if not count == len(vectors) == len(terms):
        raise StoreError(
            f"The index did not reach the disk whole: {count} passages, {len(vectors)} vectors, "
            f"{len(terms)} in the term index. The index is as it was before."
        )
    progress("writing", count, count)
    return changed or 0


def _make(folder: Path, record: Record, dimension: int, count: int) -> None:
    rows = record.passage_rows()

    def sample(size: int) -> Vectors:
        some = rows[np.unique(np.linspace(0, max(count - 1, 0), min(size, count)).astype(np.int64))]
        found = [vectors for _, vectors in record.vectors_of(some, dimension)]
        return np.concatenate(found) if found else np.zeros((0, dimension), dtype=np.float32)

    build_vectors(folder / VECTORS, count, sample, record.vectors_of(rows, dimension))
    (folder / TERMS).mkdir(exist_ok=True)
    build_terms(folder / TERMS, record.passage_words())


def _change(
    folder: Path, record: Record, dimension: int, count: int, parent: Generation
) -> int | None:
    """Makes the files from those of `parent`; None when they are to be made afresh."""
    if count <= AFRESH_UP_TO:
        return None
    since = difference(parent.path / RECORD, folder / RECORD)
    changed = len(since.gone) + len(since.come) + parent.manifest.counts["changed"]
    if changed > _CHANGED_AT_MOST * count:
        return None
    pairs = record.vectors_of(since.come, dimension)
    if not change_vectors(parent.path / VECTORS, folder / VECTORS, since.gone, pairs):
        return None
    (folder / TERMS).mkdir()
    for file in (parent.path / TERMS).iterdir():
        disk.link_or_copy(file, folder / TERMS / file.name)
    # Their passages stand in the terms with other words, or other rows, or not at all.
    renewed = [range(one.first, one.first + one.rows) for one in since.documents]
    removed = [*since.gone.tolist(), *(row for rows in renewed for row in rows)]
    numbers = [one.number for one in since.documents]
    change_terms(folder / TERMS, removed, record.passage_words(numbers))
    return changed
