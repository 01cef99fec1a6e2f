"""Apply a plan: update the documents of a store to match the files.

A document is split again only if its text or the rules changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from qa.indexing.plan import Plan
from qa.indexing.read_ahead import FileRead, Items, ReadAhead
from qa.indexing.splitting import Count, split
from qa.store.seam import StoreWriter
from qa.store.values import Progress
from qa.types import Document, Problem, ProblemKind

# Limits memory for a file with a hundred million invalid lines.
_MOST_PROBLEMS = 1000
# Problem kinds by rising weight: unlisted problems are reported under the heaviest kind among them.
_WEIGHT: tuple[ProblemKind, ...] = ("skipped", "warning", "unread", "duplicate")


class _Problems:
    """The problems of one file: the first `_MOST_PROBLEMS`, and the number of further problems."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._first: list[Problem] = []
        self._more = 0
        self._kind: ProblemKind = "warning"

    def add(self, problem: Problem) -> None:
        if len(self._first) < _MOST_PROBLEMS:
            self._first.append(problem)
            return
        self._more += 1
        # "duplicate" must not get lost: such a file is read again once the id is free, see
        # `StoreWriter.waits`.
        self._kind = max(self._kind, problem.kind, key=_WEIGHT.index)

    def listed(self) -> tuple[Problem, ...]:
        if not self._more:
            return tuple(self._first)
        more = Problem(self._path, None, f"{self._more:,} more problems in this file", self._kind)
        return (*self._first, more)


@dataclass(slots=True)
class Sync:
    """One update of the documents of `writer`.

    `count` and `capacity` are for splitting (see `split`). `same_rules`: whether the documents of
    `writer` were read and split by the current rules.
    """

    writer: StoreWriter
    count: Count
    capacity: int
    same_rules: bool
    # The position of each file in reading order: if two files use the same id, the first keeps it.
    _order: dict[str, int] = field(default_factory=dict)
    # Files that lost an id to an earlier file; they are read again.
    _robbed: set[str] = field(default_factory=set)

    def run(self, plan: Plan, progress: Progress) -> None:
        """Applies the plan, file by file."""
        self._order = {str(file.path): place for place, file in enumerate(plan.files)}
        for path in plan.gone:
            self._drop_file(path)
        for problem in plan.unread:
            self._refuse(problem)
        to_read = [file for file in plan.files if str(file.path) in plan.read]
        with ReadAhead() as reading:
            found = reading.read(to_read)
            for done, file in enumerate(plan.files):
                path = str(file.path)
                progress("reading", done, len(plan.files))
                if path in plan.read:
                    self._sync_file(next(found))
                elif path in self._robbed:
                    self._sync_file(reading.read_one(file))
        progress("reading", len(plan.files), len(plan.files))

    def _drop_file(self, path: str) -> None:
        for doc_id in self.writer.doc_ids(path):
            self.writer.drop_document(doc_id)
        self.writer.drop_file(path)

    def _refuse(self, problem: Problem) -> None:
        """Stores an unreadable file, with the reason in place of its hash."""
        if self.writer.file(problem.path) != ("", problem.reason):
            self._drop_file(problem.path)
            self.writer.put_file(problem.path, "", problem.reason, [problem], None)

    def _sync_file(self, read: FileRead) -> None:
        path = str(read.file.path)
        if read.refused is not None:
            self._refuse(Problem(path, None, read.refused))
            return
        before = self.writer.doc_ids(path)
        kept, problems = self._put_all(path, read.items)
        for doc_id in before:
            if doc_id not in kept:
                self.writer.drop_document(doc_id)
        known = self.writer.file(path)
        if known != (read.file.doc_id, read.sha256) or problems != self.writer.problems(path):
            self.writer.put_file(path, read.file.doc_id, read.sha256, problems, read.stamp)

    def _put_all(self, path: str, items: Items) -> tuple[set[str], tuple[Problem, ...]]:
        """Stores the articles of a file. Returns their ids and the file's problems."""
        kept: set[str] = set()
        problems = _Problems(path)
        for item in items:
            if isinstance(item, Problem):
                problems.add(item)
            elif taken := self._taken(item, kept):
                problems.add(Problem(path, item.line, taken, "duplicate"))
            elif self._put(item):
                kept.add(item.doc_id)
            else:
                problems.add(Problem(path, item.line, "it has no text"))
        return kept, problems.listed()

    def _taken(self, document: Document, kept: Iterable[str]) -> str | None:
        """The reason why a document's id cannot be used: another article has it. None if usable."""
        other = self.writer.document(document.doc_id)
        if other is None or (other.path == document.path and document.doc_id not in kept):
            return None
        if self._order[other.path] > self._order[document.path]:
            self._robbed.add(other.path)
        else:
            at = f" line {other.line}" if other.line else ""
            return f"the id {document.doc_id!r} is already that of {other.path}{at}"
        return None

    def _put(self, document: Document) -> bool:
        """Adds or updates a document and its passages; returns False if it has no passage."""
        old = self.writer.document(document.doc_id)
        kept = self.same_rules and old is not None and old.text_sha256 == document.text_sha256
        if kept and old != document:
            self.writer.describe_document(document)
        elif not kept:
            passages = list(split(document.text, self.count, self.capacity))
            if not passages:
                return False
            self.writer.put_document(document, passages)
        return True
