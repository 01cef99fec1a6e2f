"""Build the vector and term indexes of a generation from its record.

The record alone is sufficient, so `nkqa repair` can rebuild them. If only a small part of a large
index changed, copies of the previous generation's files are updated instead.
"""

from pathlib import Path

import numpy as np

from embeddings import Vectors
from embeddings.errors import IndexDamaged, StoreError
from qa.store.local.engines.terms import TermIndex, build_terms, change_terms
from qa.store.local.engines.vectors import VectorIndex, build_vectors, change_vectors
from qa.store.local.generations import disk
from qa.store.local.generations.generation import RECORD, TERMS, VECTORS, Generation
from qa.store.local.record import Record
from qa.store.local.row_changes import difference
from qa.store.values import Progress

# A full build is used up to this many passages, where it takes two seconds at most. Above that, it
# is used if more than this share of the passages changed since the last full build: passages added,
# removed, or in a document with changed facts.
AFRESH_UP_TO = 20_000
CHANGED_AT_MOST = 0.1


def derive(
    folder: Path,
    record: Record,
    dimension: int,
    progress: Progress,
    parent: Generation | None = None,
) -> int:
    """Writes the vector and the term index of a record into `folder`, and reads them back.

    If little changed since `parent`, an intact generation with the same rules, its files are
    updated instead of rebuilt. Returns the number of passages changed since the last full build.
    Raises `StoreError` if the files could not be written completely.
    """
    count = record.counts()["passages"]
    progress("writing", 0, count)
    try:
        changed = _change(folder, record, dimension, count, parent) if parent else None
        if changed is None:
            _make(folder, record, dimension, count)
        vectors = VectorIndex((folder / VECTORS).read_bytes())
        terms = TermIndex(folder / TERMS)
    # tantivy has no specific error for a full disk.
    except (ValueError, RuntimeError, IndexDamaged) as error:
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
    build_terms(folder / TERMS, record.passage_words(rows))


def _change(
    folder: Path, record: Record, dimension: int, count: int, parent: Generation
) -> int | None:
    """Updates copies of the files of `parent`; returns None if a full build is needed."""
    if count <= AFRESH_UP_TO:
        return None
    since = difference(parent.path / RECORD, folder / RECORD)
    removed = np.union1d(since.gone, since.renewed)
    added = np.union1d(since.come, since.renewed)
    changed = len(np.union1d(removed, added)) + parent.manifest.counts["changed"]
    if changed > CHANGED_AT_MOST * count:
        return None
    pairs = record.vectors_of(since.come, dimension)
    if not change_vectors(parent.path / VECTORS, folder / VECTORS, since.gone, pairs):
        return None
    (folder / TERMS).mkdir()
    for file in (parent.path / TERMS).iterdir():
        disk.link_or_copy(file, folder / TERMS / file.name)
    change_terms(folder / TERMS, removed, added, record.passage_words)
    return changed
