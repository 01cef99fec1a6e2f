"""The record: one SQLite file with everything an index knows; all else is derived from it.

Tables: `files` (what was read, and what could not be), `documents` (the articles with their
text), `passages` (offsets, the SHA-256 of the quote, the spans of its sentences as little-endian
int32 pairs), `vectors` (of each passage one code a sentence, see `codes`) and `articles` (one code
a document). docs/index-format.md describes them for other tools.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from embeddings import Vectors, unit_rows
from qa.store.local import quantised
from qa.store.local.engines import filters
from qa.store.local.engines.filters import Articles
from qa.store.local.engines.terms import Worded
from qa.store.local.passages import (
    SPAN_BYTES,
    StoredArticle,
    StoredPassage,
    pack_spans,
    sentence_codes,
    sentences_of,
)
from qa.store.values import StoredDocument
from qa.text.days import day_range
from qa.text.invisible import is_utf8
from qa.text.passage_ids import quote_hash
from qa.text.quantities import has_quantity
from qa.types import Document, Passage, Problem

SCHEMA = """
CREATE TABLE files (
    path TEXT PRIMARY KEY, doc_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    modified INTEGER NOT NULL, problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    document INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT,
    author TEXT, published TEXT, published_from TEXT, first_day INTEGER, last_day INTEGER,
    first_row INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0,
    url TEXT, path TEXT NOT NULL, line INTEGER, encoding TEXT, file_sha256 TEXT NOT NULL,
    text_sha256 TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_text ON documents (text_sha256);
CREATE INDEX documents_source ON documents (source);
CREATE TABLE passages (
    passage INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sha256 BLOB NOT NULL, sentences BLOB NOT NULL,
    quantities BLOB NOT NULL
);
CREATE TABLE vectors (passage INTEGER PRIMARY KEY, digest INTEGER NOT NULL, codes BLOB NOT NULL);
CREATE TABLE articles (document INTEGER PRIMARY KEY, code BLOB NOT NULL);
"""
# Pages as large as this waste little on rows of two thousand bytes.
_PAGE = 16384
# Passages whose vectors are in memory together.
_BATCH = 1024
_DOCUMENT = ", ".join(field.name for field in fields(Document))
_MARKS = ", ".join("?" for _ in fields(Document))


class Record:
    """An open record. Reading is safe from several threads; writing is for the indexer alone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def create(cls, path: Path) -> Self:
        db = sqlite3.connect(path, isolation_level=None)
        db.executescript(f"PRAGMA page_size={_PAGE}; {SCHEMA}")
        db.close()
        return cls.writable(path)

    @classmethod
    def writable(cls, path: Path) -> Self:
        """For building; what was saved last is there after a process was killed."""
        db = sqlite3.connect(path.resolve().as_uri(), uri=True, isolation_level=None)
        db.executescript(
            "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
            "PRAGMA foreign_keys=OFF; PRAGMA cache_size=-65536; BEGIN IMMEDIATE;"
        )
        return cls(db)

    @classmethod
    def readable(cls, path: Path) -> Self:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        # Questions about one thing meet the same pages again.
        db.execute("PRAGMA cache_size=-32768")
        return cls(db)

    def save(self) -> None:
        """Keeps what was written so far, and goes on writing."""
        for step in ("COMMIT", "BEGIN IMMEDIATE"):
            self._db.execute(step)

    def commit(self) -> None:
        """Ends the writing; where much was removed, the file gives its space back."""
        self._db.execute("COMMIT")
        (free,) = self._db.execute("PRAGMA freelist_count").fetchone()
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        if free > pages // 4:
            self._db.execute("VACUUM")

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Files

    def files(self) -> dict[str, tuple[str, str]]:
        """Every file that was read: path to its `(doc_id, sha256)`."""
        rows = self._db.execute("SELECT path, doc_id, sha256 FROM files")
        return {path: (doc_id, sha256) for path, doc_id, sha256 in rows}

    def file(self, path: str) -> tuple[str, str] | None:
        """The `(doc_id, sha256)` of one of them; None when it is not known."""
        found = self._db.execute("SELECT doc_id, sha256 FROM files WHERE path = ?", (path,))
        row: tuple[str, str] | None = found.fetchone()
        return row

    def file_rows(self) -> Iterator[tuple[str, ...]]:
        """What is known of every file besides its stamp, by path."""
        return self._db.execute("SELECT path, doc_id, sha256, problems FROM files ORDER BY path")

    def put_file(
        self,
        path: str,
        doc_id: str,
        sha256: str,
        problems: Sequence[Problem],
        stamp: tuple[int, int] | None = None,
    ) -> None:
        told = json.dumps([[problem.line, problem.reason, problem.kind] for problem in problems])
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (path, doc_id, sha256, *(stamp or (0, 0)), told),
        )

    def stamp(self, path: str) -> tuple[int, int]:
        """Size and time of modification of a file when it was indexed; see `freshness.stamp`."""
        row = self._db.execute(
            "SELECT bytes, modified FROM files WHERE path = ?", (path,)
        ).fetchone()
        return row or (0, 0)

    def drop_file(self, path: str) -> None:
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def waits(self, path: str) -> bool:
        """Whether an article of the file is not in the index because its id was taken."""
        return any(problem.kind == "duplicate" for problem in self.problems(path))

    def problems(self, path: str | None = None) -> tuple[Problem, ...]:
        """What is wrong with all files, or with one of them."""
        where, values = (" AND path = ?", (path,)) if path is not None else ("", ())
        rows = self._db.execute(
            f"SELECT path, problems FROM files WHERE problems != '[]'{where}", values
        ).fetchall()
        return tuple(
            Problem(path, line, reason, kind)
            for path, told in sorted(rows)
            for line, reason, kind in json.loads(told)
        )

    # Documents

    def document(self, doc_id: str) -> Document | None:
        if not is_utf8(doc_id):
            return None
        row = self._db.execute(
            f"SELECT {_DOCUMENT} FROM documents WHERE doc_id = ?",
            (doc_id,),
        ).fetchone()
        return None if row is None else Document(*row)

    def documents_at(self, numbers: Iterable[int]) -> dict[int, Document]:
        """Documents by their number in this record."""
        return {
            number: Document(*values)
            for number, *values in self._each(
                f"SELECT document, {_DOCUMENT} FROM documents WHERE document", numbers
            )
        }

    def doc_ids(self, path: str | None = None) -> list[str]:
        """The ids of all documents, or of those from one file, in the order they were added."""
        where, values = ("WHERE path = ?", (path,)) if path is not None else ("", ())
        rows = self._db.execute(
            f"SELECT doc_id FROM documents {where} ORDER BY document",
            values,
        )
        return [doc_id for (doc_id,) in rows]

    def digests(self) -> dict[str, tuple[str, ...]]:
        """By its id, what tells one state of a document from another."""
        rows = self._db.execute(
            "SELECT doc_id, text_sha256, file_sha256, path FROM documents ORDER BY document"
        )
        return {doc_id: tuple(told) for doc_id, *told in rows}

    def same_text(self, text_sha256: str) -> str | None:
        """The id of a document with exactly this text."""
        row = self._db.execute(
            "SELECT doc_id FROM documents WHERE text_sha256 = ? ORDER BY document LIMIT 1",
            (text_sha256,),
        ).fetchone()
        return None if row is None else str(row[0])

    def put_document(self, document: Document) -> int:
        """Adds a document, or replaces what is known of it; returns its number."""
        self.drop_document(document.doc_id)
        (number,) = self._db.execute(
            f"INSERT INTO documents ({_DOCUMENT}, first_day, last_day)"
            f" VALUES ({_MARKS}, ?, ?) RETURNING document",
            (*(getattr(document, f.name) for f in fields(document)), *_days(document.published)),
        ).fetchone()
        return int(number)

    def describe_document(self, document: Document) -> None:
        """Replaces everything known of a document but its text, which must be the same."""
        names = [field.name for field in fields(document)]
        marks = ", ".join(f"{name} = ?" for name in names)
        self._db.execute(
            f"UPDATE documents SET {marks}, first_day = ?, last_day = ? WHERE doc_id = ?",
            (
                *(getattr(document, name) for name in names),
                *_days(document.published),
                document.doc_id,
            ),
        )

    def drop_document(self, doc_id: str) -> None:
        found = self._db.execute(
            "SELECT document, first_row, rows FROM documents WHERE doc_id = ?", (doc_id,)
        )
        for number, first, rows in found.fetchall():
            for table in ("passages", "vectors"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE passage >= ? AND passage < ?", (first, first + rows)
                )
            for table in ("articles", "documents"):
                self._db.execute(f"DELETE FROM {table} WHERE document = ?", (number,))

    def articles_at(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """Documents by their number, without their texts."""
        return {
            number: StoredArticle(*told)
            for number, *told in self._each(
                "SELECT document, doc_id, source, first_row, code FROM documents JOIN articles"
                " USING (document) WHERE document",
                numbers,
            )
        }

    def first_rows(self, doc_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Number and first row of each of these documents."""
        wanted = list(doc_ids)
        marks = ", ".join("?" * len(wanted))
        found = self._db.execute(
            f"SELECT doc_id, document, first_row FROM documents WHERE doc_id IN ({marks})", wanted
        )
        return {doc_id: (number, row) for doc_id, number, row in found}

    def scan(self, dimension: int) -> Iterator[StoredDocument]:
        """Every document with its vectors, in the order they were added."""
        for number, code in self._db.execute("SELECT document, code FROM articles ORDER BY 1"):
            (document,) = self.documents_at([number]).values()
            stored = self.passages_in(number)
            whole = quantised.unpack(quantised.joined([code], dimension), dimension)
            vectors = (
                quantised.unpack(sentence_codes([one], dimension), dimension) for one in stored
            )
            yield StoredDocument(
                document,
                whole[0],
                tuple(zip((one.sentences for one in stored), vectors, strict=True)),
            )

    def articles(self) -> Articles:
        """What filters need to know of all documents."""
        rows = self._db.execute(
            "SELECT first_day, last_day, source, first_row, rows FROM documents ORDER BY document"
        ).fetchall()
        return filters.articles(rows, tuple(self.sources()))

    def sources(self) -> list[str]:
        rows = self._db.execute(
            "SELECT DISTINCT source FROM documents WHERE source IS NOT NULL ORDER BY source"
        )
        return [source for (source,) in rows]

    # Passages

    def put_passages(self, document: int, text: str, passages: Sequence[Passage]) -> None:
        """Adds the passages of a document, which get consecutive rows."""
        (last,) = self._db.execute("SELECT coalesce(max(passage), 0) FROM passages").fetchone()
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
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
            ),
        )
        self._db.execute(
            "UPDATE documents SET first_row = ?, rows = ? WHERE document = ?",
            (last + 1, len(passages), document),
        )

    def documents_without_vectors(self) -> list[tuple[int, int]]:
        """Number of each document that lacks vectors, and how many passages it has."""
        return self._db.execute(
            "SELECT document, rows FROM documents WHERE document NOT IN"
            " (SELECT document FROM articles) ORDER BY document"
        ).fetchall()

    def put_vectors(self, document: int, dimension: int, packed: dict[int, bytes]) -> None:
        """Stores the codes of the sentences of each passage of a document, by row, and the code
        of the document: that of the sum of its passages' vectors."""
        self._db.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)",
            ((row, quantised.digest(some), some) for row, some in packed.items()),
        )
        vectors = sentences_of(self.passages_at(packed), dimension).passage_vectors()
        whole = quantised.pack(unit_rows(vectors.sum(axis=0, keepdims=True)))
        self._db.execute("INSERT INTO articles VALUES (?, ?)", (document, whole.tobytes()))

    def passages_at(self, rows: Iterable[int]) -> list[StoredPassage]:
        """The passages at these rows, rising; their codes are empty while they have none."""
        found = self._each(
            'SELECT passage, document, "start", "end", sha256, sentences, quantities,'
            " coalesce(codes, x'') FROM passages LEFT JOIN vectors USING (passage) WHERE passage",
            rows,
        )
        return sorted(map(StoredPassage._make, found))

    def passages_of(self, doc_id: str) -> list[StoredPassage]:
        """The passages of a document in order; none when there is no such document."""
        return self._of("doc_id", doc_id)

    def passages_in(self, document: int) -> list[StoredPassage]:
        """The passages of a document, by its number, in order."""
        return self._of("document", document)

    def _of(self, column: str, value: str | int) -> list[StoredPassage]:
        found = self._db.execute(
            f"SELECT first_row, rows FROM documents WHERE {column} = ?", (value,)
        ).fetchone()
        first, rows = found or (0, 0)
        return self.passages_at(range(first, first + rows))

    def passage_rows(self) -> npt.NDArray[np.int64]:
        """The rows of all passages, rising."""
        rows = self._db.execute("SELECT passage FROM passages ORDER BY passage")
        return np.fromiter((row for (row,) in rows), dtype=np.int64)

    def vectors_of(
        self, rows: Sequence[int] | npt.NDArray[np.int64], dimension: int
    ) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
        """Rows and vectors of passages, some at a time: what the vector index is built from."""
        for start in range(0, len(rows), _BATCH):
            stored = self.passages_at(rows[start : start + _BATCH])
            yield (
                np.array([one.row for one in stored], np.int64),
                sentences_of(stored, dimension).passage_vectors(),
            )

    def passage_words(self, rows: npt.NDArray[np.int64]) -> Iterator[Worded]:
        """The passages at these rows, in their order, as their words are indexed."""
        for start in range(0, len(rows), _BATCH):
            places = self._each(
                'SELECT passage, document, "start", "end" FROM passages WHERE passage',
                rows[start : start + _BATCH],
            ).fetchall()
            described = {
                number: told
                for number, *told in self._each(
                    "SELECT document, first_row, text, title, source, published FROM documents"
                    " WHERE document",
                    {document for _, document, _, _ in places},
                )
            }
            for row, document, begin, end in sorted(places):
                first, text, *about = described[document]
                yield Worded(row, text[begin:end], row == first, *about)

    # Counts and checks

    def counts(self) -> dict[str, int]:
        """How many documents, passages, sentences, files there are."""
        one = self._db.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages),"
            " (SELECT coalesce(sum(length(sentences)), 0) / 8 FROM passages),"
            " (SELECT count(*) FROM files)"
        ).fetchone()
        return dict(zip(("documents", "passages", "sentences", "files"), one, strict=True))

    def dates(self) -> tuple[int, str | None, str | None]:
        """How many documents have a date, the oldest and the newest."""
        query = "SELECT count(published), min(published), max(published) FROM documents"
        dated, oldest, newest = self._db.execute(query).fetchone()
        return int(dated), oldest, newest

    def faults(self, dimension: int, *, finished: bool = True) -> Iterator[str]:
        """What in the record contradicts itself, in words; nothing when it is sound.

        Passages without vectors are faults only in a finished one.
        """
        for (message,) in self._db.execute("PRAGMA integrity_check(5)"):
            if message != "ok":
                yield f"SQLite: {message}"
        (lost,) = self._db.execute(
            "SELECT count(*) FROM passages WHERE document NOT IN (SELECT document FROM documents)"
        ).fetchone()
        if lost:
            yield f"{lost} passages belong to no document"
        for number, text in self._db.execute("SELECT document, text FROM documents"):
            for one in self.passages_in(number):
                sentences, length = len(one.spans) // SPAN_BYTES, len(one.codes)
                if quote_hash(text[one.start : one.end]) != one.sha256:
                    yield f"passage {one.row} is not the text at its place {one.start}"
                elif length != sentences * quantised.width(dimension) and (length or finished):
                    yield f"passage {one.row} lacks vectors"
        for row, digest, packed in self._db.execute("SELECT * FROM vectors"):
            if quantised.digest(packed) != digest:
                yield f"the vectors of passage {row} are not those that were stored"

    def _each(self, query: str, numbers: Iterable[int]) -> sqlite3.Cursor:
        """Rows of `query IN (numbers)`, numbers being ours and whole."""
        listed = ", ".join(str(int(number)) for number in numbers)
        return self._db.execute(f"{query} IN ({listed})")


def _days(published: str | None) -> tuple[int | None, int | None]:
    return day_range(published) if published else (None, None)
