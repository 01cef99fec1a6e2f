"""The first half of the write path: the documents of a record become those of the files.

A file's content hash decides whether it is read again, a document's text whether it is split again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from qa.indexing.read_ahead import FileRead, ReadAhead
from qa.indexing.splitting import Count, split
from qa.loading import SourceFile
from qa.store.local.record import Record
from qa.types import Document, Problem

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage ("reading", "embedding", "writing"), how much of it is done, and of what."""


@dataclass(slots=True)
class Changes:
    """What differs from the generation before, by document id."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    unchanged: int = 0
    files: bool = False

    def any(self) -> bool:
        return bool(self.added or self.updated or self.removed or self.described or self.files)


def changes_between(old: Record | None, new: Record) -> Changes:
    """What differs from one record to the next, where more than one synchronisation lies between;
    a document described otherwise counts as updated."""
    before = old.digests() if old else {}
    now = new.digests()
    files = (old.files(), old.problems()) if old else None
    return Changes(
        added=[doc_id for doc_id in now if doc_id not in before],
        updated=[one for one, digest in now.items() if before.get(one, digest) != digest],
        removed=[doc_id for doc_id in before if doc_id not in now],
        unchanged=sum(before.get(doc_id) == digest for doc_id, digest in now.items()),
        files=files != (new.files(), new.problems()),
    )


def _same(file: SourceFile, sha256: str, known: dict[str, tuple[str, str]]) -> bool:
    """Whether the file holds what was read when it became known."""
    return known.get(str(file.path)) == (file.doc_id, sha256)


class Sync:
    """One synchronisation of a record with files.

    `record` may be one that cannot be written: `begin` is called when the first thing is to be
    written, and gives the record to write to, a copy of it. `count` and `capacity` are for
    splitting (see `split`); `same_rules` says that the documents in the record were read and split
    as they would be now.
    """

    def __init__(
        self,
        record: Record,
        begin: Callable[[], Record],
        count: Count,
        capacity: int,
        same_rules: bool,
        progress: Progress,
    ) -> None:
        self.changes = Changes()
        self._record = record
        self._begin = begin
        self._count = count
        self._capacity = capacity
        self._same_rules = same_rules
        self._progress = progress
        # The place of each file in reading order: of two that use one id, the first has it.
        self._order: dict[str, int] = {}
        # Files whose article was given to an earlier one; they are read again.
        self._bereft: set[str] = set()

    def run(self, files: Sequence[SourceFile], unread: Sequence[Problem]) -> Changes:
        """Makes the documents those of `files`, and remembers what is `unread`."""
        known = self._record.files()
        self._order = {str(file.path): place for place, file in enumerate(files)}
        present = {str(file.path) for file in files} | {problem.path for problem in unread}
        for path in sorted(known.keys() - present):
            self._drop_file(path)
        for problem in unread:
            self._note_unread(problem, known)
        seen = known if self._same_rules else {}
        with ReadAhead(lambda file, sha256: not _same(file, sha256, seen)) as reading:
            for done, read in enumerate(reading.read(files)):
                self._progress("reading", done, len(files))
                if read.refused is None:
                    self._sync_file(reading, read)
                else:
                    self._note_unread(Problem(str(read.file.path), None, read.refused), seen)
        self._progress("reading", len(files), len(files))
        return self.changes

    def _written(self) -> Record:
        """The record, to be written to."""
        self._record = self._begin()
        return self._record

    def _drop_file(self, path: str) -> None:
        for doc_id in self._record.doc_ids(path):
            self._drop_document(doc_id)
        self._written().drop_file(path)
        self.changes.files = True

    def _drop_document(self, doc_id: str) -> None:
        self._written().drop_document(doc_id)
        self.changes.removed.append(doc_id)

    def _note_unread(self, problem: Problem, known: dict[str, tuple[str, str]]) -> None:
        """Remembers a file that cannot be read; its reason stands where its hash would."""
        if known.get(problem.path) != ("", problem.reason):
            self._drop_file(problem.path)
            self._written().put_file(problem.path, "", problem.reason, [problem])

    def _sync_file(self, reading: ReadAhead, read: FileRead) -> None:
        file, path, items = read.file, str(read.file.path), read.items
        before = self._record.doc_ids(path)
        same = items is None
        if items is None:
            if path not in self._bereft and not self._record.waits(path):
                self.changes.unchanged += len(before)
                return
            items = reading.items(file)
        problems: list[Problem] = []
        kept: set[str] = set()
        for item in items:
            if isinstance(item, Problem):
                problems.append(item)
            elif taken := self._taken(item, kept):
                problems.append(Problem(path, item.line, taken, "duplicate"))
            elif self._put(item):
                kept.add(item.doc_id)
            else:
                problems.append(Problem(path, item.line, "it has no text"))
        for doc_id in before:
            if doc_id not in kept:
                self._drop_document(doc_id)
        if not same or tuple(problems) != self._record.problems(path):
            self._written().put_file(path, file.doc_id, read.sha256, problems, read.stamp)
            self.changes.files = True

    def _taken(self, document: Document, kept: set[str]) -> str | None:
        """Why a document's id cannot be used, if another article in the index has it."""
        other = self._record.document(document.doc_id)
        if other is None or (other.path == document.path and document.doc_id not in kept):
            return None
        if self._order[other.path] > self._order[document.path]:
            self._bereft.add(other.path)
        else:
            at = f" line {other.line}" if other.line else ""
            return f"the id {document.doc_id!r} is already that of {other.path}{at}"
        return None

    def _put(self, document: Document) -> bool:
        """Adds or updates a document and its passages; False when it has no passage."""
        old = self._record.document(document.doc_id)
        kept = self._same_rules and old is not None and old.text_sha256 == document.text_sha256
        if kept and old == document:
            self.changes.unchanged += 1
        elif kept:
            self._written().describe_document(document)
            self.changes.described.append(document.doc_id)
        else:
            passages = list(split(document.text, self._count, self._capacity))
            if not passages:
                return False
            record = self._written()
            number = record.put_document(document)
            record.put_passages(number, document.text, passages)
            (self.changes.updated if old else self.changes.added).append(document.doc_id)
        return True
