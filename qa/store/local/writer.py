"""Write the next generation: the `StoreWriter` of an index folder.

The next state is a draft of the record: a copy of the committed record, or the draft of an
interrupted build. It is created by the first write. Until then, reads go to the committed record,
so an update without changes copies nothing.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Self

from embeddings import Vectors
from embeddings.errors import IndexMissing, StoreError
from qa.store.local.derived_files import derive
from qa.store.local.embedding import Embedding
from qa.store.local.engines.analyzer import ANALYZER
from qa.store.local.generations import folder
from qa.store.local.generations.generation import RECORD, UNFINISHED, Generation, new_manifest
from qa.store.local.record import Record
from qa.store.local.resumable_draft import Draft
from qa.store.local.writable_record import WritableRecord
from qa.store.source_files import Stamp
from qa.store.values import (
    Batch,
    Canary,
    Changes,
    Committed,
    Progress,
    Recipe,
)
from qa.types import Document, Passage, Problem

# Seconds of embedding that a killed process may lose.
SAVE_EVERY = 10.0


class LocalWriter:
    """The writer of the index folder at `root`, which is created if missing.

    Raises `IndexBusy` if another process is writing, `StoreError` if the folder cannot be written
    or contains other files but no index.
    """

    analyzer = ANALYZER

    def __init__(self, root: Path) -> None:
        self._folder = folder.Writer(root)
        self._open = contextlib.ExitStack()
        self._before: Generation | None = None
        self._sound = True

    def __enter__(self) -> Self:
        self._open.enter_context(self._folder)
        return self

    def __exit__(self, *error: object) -> None:
        self._open.__exit__(*error)  # type: ignore[arg-type]

    def committed(self, *, rebuild: bool = False) -> Recipe | None:
        try:
            before = folder.current(self._folder.root)
        except IndexMissing:
            return None
        except StoreError:
            if rebuild:
                return None
            raise
        faults = before.faults()
        if RECORD in faults and not rebuild:
            raise faults[RECORD]
        # If only derived files are damaged, they are rebuilt from the record.
        self._before, self._sound = before, not faults
        return before.manifest.recipe

    def begin(self, recipe: Recipe, *, rebuild: bool = False) -> bool:
        self._recipe = recipe
        self._parent = parent = None if rebuild else self._before
        self._old: Record | None = None
        if parent is not None:
            self._folder.reserve(2 * parent.size())
            self._old = self._open.enter_context(Record.readable(parent.path / RECORD))
        self._draft = self._open.enter_context(Draft(self._folder, recipe, parent))
        self._record: Record = (
            self._draft.begin() if self._old is None or self._draft.resumed else self._old
        )
        same_rules = parent is not None and recipe.same_rules(parent.manifest.recipe)
        return same_rules or self._draft.resumed

    def _writable(self) -> WritableRecord:
        """The draft; from now on, reads go to it too."""
        record = self._draft.begin()
        self._record = record
        return record

    # The next state

    def files(self) -> dict[str, tuple[str, str]]:
        return self._record.files()

    def file(self, path: str) -> tuple[str, str] | None:
        return self._record.file(path)

    def problems(self, path: str | None = None) -> tuple[Problem, ...]:
        return self._record.problems(path)

    def waits(self, path: str) -> bool:
        return self._record.waits(path)

    def doc_ids(self, path: str) -> list[str]:
        return self._record.doc_ids(path)

    def document(self, doc_id: str) -> Document | None:
        return self._record.document(doc_id)

    def put_file(
        self, path: str, doc_id: str, sha256: str, problems: Sequence[Problem], stamp: Stamp | None
    ) -> None:
        self._writable().put_file(path, doc_id, sha256, problems, stamp)

    def drop_file(self, path: str) -> None:
        self._writable().drop_file(path)

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        record = self._writable()
        number = record.put_document(document)
        record.put_passages(number, document.text, passages)

    def describe_document(self, document: Document) -> None:
        self._writable().describe_document(document)

    def drop_document(self, doc_id: str) -> None:
        self._writable().drop_document(doc_id)

    def changes(self) -> Changes:
        old, new = self._old, self._record
        if old is new:
            return Changes(unchanged=len(new.doc_ids()))
        before = old.digests() if old else {}
        now = new.digests()
        return Changes(
            added=tuple(doc_id for doc_id in now if doc_id not in before),
            updated=tuple(one for one, digest in now.items() if before.get(one, digest) != digest),
            removed=tuple(doc_id for doc_id in before if doc_id not in now),
            unchanged=sum(before.get(doc_id) == digest for doc_id, digest in now.items()),
            files=old is None
            or any(one != other for one, other in zip_longest(old.file_rows(), new.file_rows())),
        )

    def due(self, changes: Changes) -> bool:
        same = self._parent is not None and self._recipe == self._parent.manifest.recipe
        return not (same and self._sound and not changes.any())

    # Vectors

    def without_vectors(self) -> int:
        return sum(rows for _, rows in self._writable().documents_without_vectors())

    def batches(self) -> Iterator[Batch]:
        record = self._writable()
        self._embedding = Embedding(record, self._old, self._recipe.model.dimension)
        last_saved = time.monotonic()
        for at, batch in enumerate(self._embedding.batches()):
            if at and time.monotonic() - last_saved >= SAVE_EVERY:
                record.save()
                self._draft.keep()
                last_saved = time.monotonic()
            yield batch

    def put_vectors(self, batch: Batch, vectors: Vectors) -> None:
        self._embedding.put(batch, vectors)

    # The commit

    def commit(self, canary: Canary, progress: Progress) -> Committed:
        record, before = self._writable(), self._before
        parent = self._parent if self._sound else None
        if self._parent and self._recipe.stories != self._parent.manifest.recipe.stories:
            record.ungroup()
        record.commit()
        self._draft.hand_over(self._folder.folder)
        # The parent's derived files can be updated only if they were built by the same rules.
        like = parent if parent and self._recipe.same_bytes(parent.manifest.recipe) else None
        dimension = self._recipe.model.dimension
        with self._folder.writing():
            changed = derive(self._folder.folder, record, dimension, progress, like)
        counts = {**record.counts(), "changed": changed}
        # A damaged generation must not become the rollback target; its parent stays the target.
        kept = None if before is None else before.name if self._sound else before.manifest.parent
        manifest = new_manifest(self._recipe, counts, canary, kept)
        self._before = self._folder.commit(manifest, done=UNFINISHED)
        return _committed(self._before, record.problems())

    def current(self) -> Committed:
        if self._before is None:
            raise StoreError(f"{self._folder.root} has no committed state.")
        with Record.readable(self._before.path / RECORD) as record:
            return _committed(self._before, record.problems())


def _committed(generation: Generation, problems: tuple[Problem, ...]) -> Committed:
    counts = generation.manifest.counts
    return Committed(
        state=generation.name,
        documents=counts["documents"],
        passages=counts["passages"],
        sentences=counts["sentences"],
        bytes=generation.size(),
        problems=problems,
    )
