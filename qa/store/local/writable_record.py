"""The record during a build: the operations that change it."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from embeddings import unit_rows
from qa.store.local import quantised, tables
from qa.store.local.passages import pack_spans, sentences_of
from qa.store.local.record import Record
from qa.store.local.regrouping import mark, regroup
from qa.text.days import day_range
from qa.text.passage_ids import quote_hash
from qa.text.quantities import has_quantity
from qa.types import Document, Passage, Problem

# Large pages waste little space on rows of two thousand bytes.
_PAGE = 16384


class WritableRecord(Record):
    """A record that is being built, by one process and one thread."""

    @classmethod
    def create(cls, path: Path) -> Self:
        db = sqlite3.connect(path, isolation_level=None)
        db.executescript(f"PRAGMA page_size={_PAGE}; {tables.SCHEMA}")
        db.close()
        return cls.writable(path)

    @classmethod
    def writable(cls, path: Path) -> Self:
        """Opens a record for a build. After a killed build, it is as it was last saved."""
        db = sqlite3.connect(path.resolve().as_uri(), uri=True, isolation_level=None)
        db.executescript(
            "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
            "PRAGMA foreign_keys=OFF; PRAGMA cache_size=-65536; BEGIN IMMEDIATE;"
        )
        return cls(db, path, committed=False)

    def save(self) -> None:
        """Commits the changes so far and begins a new transaction."""
        for step in ("COMMIT", "BEGIN IMMEDIATE"):
            self._db.execute(step)

    def ungroup(self) -> None:
        """Has all articles grouped by the next commit, by rules that are not those of the last."""
        for table in ("outlines", "stories"):
            self._db.execute(f"DELETE FROM {table}")

    def commit(self) -> None:
        """Groups the articles, stores the summaries and commits. Shrinks the file if over a quarter
        of it is free."""
        regroup(self._db)
        for name in tables.SUMMARIES:
            value = json.dumps(self._summary(name)).encode()
            self._db.execute(
                "INSERT OR REPLACE INTO summaries (name, digest, value) VALUES (?, ?, ?)",
                (name, tables.of_summary(name, value), value),
            )
        self._db.execute("COMMIT")
        (free,) = self._db.execute("PRAGMA freelist_count").fetchone()
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        if free > pages // 4:
            self._db.execute("VACUUM")

    def put_file(
        self,
        path: str,
        doc_id: str,
        sha256: str,
        problems: Sequence[Problem],
        stamp: tuple[int, int] | None = None,
    ) -> None:
        listed = json.dumps([[problem.line, problem.reason, problem.kind] for problem in problems])
        row = (path, doc_id, sha256, *(stamp or (0, 0)), listed)
        self._db.execute(
            f"INSERT OR REPLACE INTO files ({tables.FILE}, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*row, tables.of_row(*row)),
        )

    def drop_file(self, path: str) -> None:
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def put_document(self, document: Document) -> int:
        """Adds a document, or replaces the document with the same id; returns its number."""
        self.drop_document(document.doc_id)
        (last,) = self._db.execute("SELECT coalesce(max(document), 0) FROM documents").fetchone()
        number = int(last) + 1
        names = f"document, {', '.join(tables.FIELDS)}, first_day, last_day, digest"
        row = (number, *_described(number, document))
        self._db.execute(
            f"INSERT INTO documents ({names}) VALUES ({', '.join('?' for _ in row)})", row
        )
        return number

    def describe_document(self, document: Document) -> None:
        """Replaces everything about a document except its text, which must be unchanged."""
        (number,) = self._db.execute(
            "SELECT document FROM documents WHERE doc_id = ?", (document.doc_id,)
        ).fetchone()
        mark(self._db, number)
        names = (*tables.FIELDS, "first_day", "last_day", "digest")
        self._db.execute(
            f"UPDATE documents SET {', '.join(f'{name} = ?' for name in names)} WHERE document = ?",
            (*_described(number, document), number),
        )
        for (code,) in self._rows("SELECT code FROM articles WHERE document = ?", (number,)):
            self._put_article(number, code)

    def drop_document(self, doc_id: str) -> None:
        found = self._db.execute(
            "SELECT document, first_row, rows FROM documents WHERE doc_id = ?", (doc_id,)
        )
        for number, first, rows in found.fetchall():
            mark(self._db, number)
            for table in ("passages", "vectors"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE passage >= ? AND passage < ?", (first, first + rows)
                )
            for table in ("articles", "documents"):
                self._db.execute(f"DELETE FROM {table} WHERE document = ?", (number,))

    def put_passages(self, document: int, text: str, passages: Sequence[Passage]) -> None:
        """Adds the passages of a document at consecutive rows."""
        (last,) = self._db.execute("SELECT coalesce(max(passage), 0) FROM passages").fetchone()
        rows = (
            (
                last + place,
                document,
                p.start,
                p.end,
                quote_hash(text[p.start : p.end]),
                pack_spans(p.sentences),
                bytes(has_quantity(text[start:end]) for start, end in p.sentences),
            )
            for place, p in enumerate(passages, 1)
        )
        self._db.executemany(
            f"INSERT INTO passages ({tables.PASSAGE}, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((*row, tables.of_passage(*row)) for row in rows),
        )
        self._db.execute(
            "UPDATE documents SET first_row = ?, rows = ? WHERE document = ?",
            (last + 1, len(passages), document),
        )

    def documents_without_vectors(self) -> list[tuple[int, int]]:
        """The number and the passage count of each document without vectors."""
        return self._db.execute(
            "SELECT document, rows FROM documents WHERE document NOT IN"
            " (SELECT document FROM articles) ORDER BY document"
        ).fetchall()

    def put_vectors(self, document: int, dimension: int, packed: dict[int, bytes]) -> None:
        """Stores the codes of a document and of its sentences.

        `packed` maps the row of each passage to the concatenated codes of its sentences. The
        document's vector is the normalised sum of its passages' vectors.
        """
        stored = [one._replace(codes=packed[one.row]) for one in self.passages_at(packed)]
        self._db.executemany(
            "INSERT INTO vectors (passage, digest, codes) VALUES (?, ?, ?)",
            ((one.row, tables.of_passage(*one), one.codes) for one in stored),
        )
        vectors = sentences_of(stored, dimension).passage_vectors()
        whole = quantised.pack(unit_rows(vectors.sum(axis=0, keepdims=True)))
        self._put_article(document, whole.tobytes())

    def _put_article(self, document: int, code: bytes) -> None:
        query = "SELECT document, doc_id, source, first_row, rows FROM documents WHERE document = ?"
        row = (*self._db.execute(query, (document,)).fetchone(), code)
        self._db.execute(
            f"INSERT OR REPLACE INTO articles ({tables.ARTICLE}, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*row, tables.of_article(*row)),
        )


def _described(number: int, document: Document) -> list[Any]:
    """A document's fields, the first and last day that its date may mean, and its digest."""
    values = [getattr(document, name) for name in tables.FIELDS]
    doc_id, title, text, *rest = values
    digest = tables.of_document(number, doc_id, title, text.encode(), *rest)
    return [*values, *_days(document.published), digest]


def _days(published: str | None) -> tuple[int | None, int | None]:
    return day_range(published) if published else (None, None)
