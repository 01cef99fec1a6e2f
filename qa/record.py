"""The record: one SQLite file with everything an index knows; all else is derived from it.

Tables: `files` (what was read, and what could not be), `documents` (the articles with their
text), `passages` (offsets, the SHA-256 of the quote, the spans of its sentences as little-endian
int32 pairs, and one little-endian float16 vector per sentence). docs/index-format.md describes
them for other tools.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from embeddings import Vectors, unit_rows
from qa.days import day_range
from qa.lexical import Worded
from qa.passages import (
    StoredPassage,
    pack_spans,
    pack_vectors,
    passage_id,
    passage_vector,
    quote_hash,
    unpack_spans,
    unpack_vectors,
)
from qa.types import Document, Filters, Passage, Problem

_SCHEMA = """
CREATE TABLE files (
    path TEXT PRIMARY KEY, doc_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    modified INTEGER NOT NULL, problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    document INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT,
    author TEXT, published TEXT, published_from TEXT, first_day INTEGER, last_day INTEGER,
    url TEXT, path TEXT NOT NULL, line INTEGER, encoding TEXT, file_sha256 TEXT NOT NULL,
    text_sha256 TEXT NOT NULL, text TEXT NOT NULL, vector BLOB
);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_text ON documents (text_sha256);
CREATE INDEX documents_source ON documents (source);
CREATE TABLE passages (
    passage INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sha256 BLOB NOT NULL,
    sentences BLOB NOT NULL, vectors BLOB
);
CREATE INDEX passages_document ON passages (document);
"""
_DOCUMENT = ", ".join(field.name for field in fields(Document))
_MARKS = ", ".join("?" for _ in fields(Document))


class Record:
    """An open record. Reading is safe from several threads; writing is for the indexer alone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def create(cls, path: Path) -> Self:
        db = sqlite3.connect(path, isolation_level=None)
        db.executescript(_SCHEMA)
        db.close()
        return cls.writable(path)

    @classmethod
    def writable(cls, path: Path) -> Self:
        """For building in a folder of its own, which is thrown away unless all of it succeeds:
        SQLite's own journal would protect nothing there."""
        db = sqlite3.connect(path, isolation_level=None)
        db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;"
            "PRAGMA foreign_keys=OFF; PRAGMA cache_size=-65536; BEGIN;"
        )
        return cls(db)

    @classmethod
    def readable(cls, path: Path) -> Self:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Files

    def files(self) -> dict[str, tuple[str, str]]:
        """Every file that was read: path to its `(doc_id, sha256)`."""
        rows = self._db.execute("SELECT path, doc_id, sha256 FROM files")
        return {path: (doc_id, sha256) for path, doc_id, sha256 in rows}

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
        found = self._db.execute("SELECT document FROM documents WHERE doc_id = ?", (doc_id,))
        for (number,) in found.fetchall():
            self._db.execute("DELETE FROM passages WHERE document = ?", (number,))
            self._db.execute("DELETE FROM documents WHERE document = ?", (number,))

    # Passages

    def put_passages(self, document: int, text: str, passages: Iterable[Passage]) -> None:
        self._db.executemany(
            'INSERT INTO passages (document, "start", "end", sha256, sentences)'
            " VALUES (?, ?, ?, ?, ?)",
            (
                (
                    document,
                    p.start,
                    p.end,
                    quote_hash(text[p.start : p.end]),
                    pack_spans(p.sentences),
                )
                for p in passages
            ),
        )

    def passages_without_vectors(self) -> list[int]:
        rows = self._db.execute("SELECT passage FROM passages WHERE vectors IS NULL ORDER BY 1")
        return [row for (row,) in rows]

    def put_vectors(self, row: int, vectors: Vectors) -> None:
        """Stores one vector per sentence of the passage, `(sentences, dimension)`."""
        data = pack_vectors(vectors)
        self._db.execute("UPDATE passages SET vectors = ? WHERE passage = ?", (data, row))

    def put_article_vectors(self, dimension: int) -> None:
        """Gives every document that has none its vector: the unit sum of its passages'."""
        lacking = self._db.execute("SELECT document FROM documents WHERE vector IS NULL").fetchall()
        for (number,) in lacking:
            rows = self._db.execute(
                "SELECT sentences, vectors FROM passages WHERE document = ?", (number,)
            )
            vectors = [
                passage_vector(unpack_vectors(data, dimension), unpack_spans(spans))
                for spans, data in rows
            ]
            whole = unit_rows(np.sum(vectors, axis=0, keepdims=True))
            self._db.execute(
                "UPDATE documents SET vector = ? WHERE document = ?",
                (pack_vectors(whole), number),
            )

    def articles_of(
        self, rows: Iterable[int], dimension: int
    ) -> dict[int, tuple[str | None, Vectors]]:
        """Of each passage the source and the vector, `(dimension,)`, of its document."""
        return {
            row: (source, unpack_vectors(data, dimension)[0])
            for row, source, data in self._each(
                "SELECT passage, source, vector FROM passages JOIN documents USING (document)"
                " WHERE passage",
                rows,
            )
        }

    def passages_at(self, rows: Iterable[int]) -> dict[int, StoredPassage]:
        return {
            row: StoredPassage(row, document, Passage(start, end, unpack_spans(spans)), sha256)
            for row, document, start, end, sha256, spans in self._each(
                'SELECT passage, document, "start", "end", sha256, sentences'
                " FROM passages WHERE passage",
                rows,
            )
        }

    def passage_ids(self, rows: Iterable[int]) -> dict[int, str]:
        return {
            row: passage_id(doc_id, start, end)
            for row, doc_id, start, end in self._each(
                'SELECT passage, doc_id, "start", "end" FROM passages'
                " JOIN documents USING (document) WHERE passage",
                rows,
            )
        }

    def passages_of(self, doc_id: str) -> list[StoredPassage]:
        rows = self._db.execute(
            "SELECT passage FROM passages JOIN documents USING (document) WHERE doc_id = ?",
            (doc_id,),
        )
        found = self.passages_at([row for (row,) in rows])
        return [found[row] for row in sorted(found)]

    def vectors_at(self, rows: Iterable[int], dimension: int) -> dict[int, Vectors]:
        """The sentence vectors of each passage, `(sentences, dimension)` float32."""
        return {
            row: unpack_vectors(data, dimension)
            for row, data in self._each("SELECT passage, vectors FROM passages WHERE passage", rows)
        }

    def passage_vectors(self, dimension: int) -> Iterator[tuple[int, Vectors]]:
        """Row and vector of every passage, by row: what the vector index is built from."""
        rows = self._db.execute("SELECT passage, sentences, vectors FROM passages ORDER BY passage")
        for row, spans, data in rows:
            vectors = unpack_vectors(data, dimension)
            yield row, passage_vector(vectors, unpack_spans(spans))

    def passage_words(self) -> Iterator[Worded]:
        """Every passage as its words are indexed: what the term index is built from."""
        for number, text in self._texts():
            title, source, published = self._db.execute(
                "SELECT title, source, published FROM documents WHERE document = ?", (number,)
            ).fetchone()
            rows = self._db.execute(
                'SELECT passage, "start", "end" FROM passages WHERE document = ? ORDER BY 1',
                (number,),
            )
            for place, (row, start, end) in enumerate(rows):
                yield Worded(row, text[start:end], place == 0, title, source, published)

    def _texts(self) -> Iterator[tuple[int, str]]:
        """Number and text of every document, each text read once."""
        yield from self._db.execute("SELECT document, text FROM documents ORDER BY document")

    def rows(self, filters: Filters) -> npt.NDArray[np.int64] | None:
        """The passages whose document passes the filters; None when all do."""
        wheres, values = self._conditions(filters)
        if not wheres:
            return None
        found = self._db.execute(
            "SELECT passage FROM passages JOIN documents USING (document) WHERE "
            + " AND ".join(wheres)
            + " ORDER BY passage",
            values,
        )
        return np.fromiter((row for (row,) in found), dtype=np.int64)

    def _conditions(self, filters: Filters) -> tuple[list[str], list[str | int]]:
        wheres: list[str] = []
        values: list[str | int] = []
        if filters.since is not None:
            wheres.append("last_day >= ?")
            values.append(day_range(filters.since)[0])
        if filters.until is not None:
            wheres.append("first_day <= ?")
            values.append(day_range(filters.until)[1])
        if filters.source is not None:
            wanted = filters.source.casefold()
            names = [name for name in self.sources() if wanted in name.casefold()]
            wheres.append(f"source IN ({', '.join('?' * len(names))})")
            values.extend(names)
        return wheres, values

    def sources(self) -> list[str]:
        rows = self._db.execute(
            "SELECT DISTINCT source FROM documents WHERE source IS NOT NULL ORDER BY source"
        )
        return [source for (source,) in rows]

    def undated(self, filters: Filters) -> int:
        """How many documents a date filter leaves out for having no date."""
        if filters.since is None and filters.until is None:
            return 0
        wheres, values = self._conditions(replace(filters, since=None, until=None))
        query = " AND ".join(["published IS NULL", *wheres])
        (count,) = self._db.execute(
            f"SELECT count(*) FROM documents WHERE {query}", values
        ).fetchone()
        return int(count)

    # Counts and checks

    def counts(self) -> dict[str, int]:
        """How many documents, passages, sentences, files there are."""
        one = self._db.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages),"
            " (SELECT coalesce(sum(length(sentences)) / 8, 0) FROM passages),"
            " (SELECT count(*) FROM files)"
        ).fetchone()
        return dict(zip(("documents", "passages", "sentences", "files"), one, strict=True))

    def dates(self) -> tuple[int, str | None, str | None]:
        """How many documents have a date, the oldest and the newest."""
        row = self._db.execute("SELECT count(published), min(published), max(published)"
                               " FROM documents").fetchone()  # fmt: skip
        return int(row[0]), row[1], row[2]

    def faults(self, dimension: int) -> Iterator[str]:
        """What in the record contradicts itself, in words; nothing when it is sound."""
        for (message,) in self._db.execute("PRAGMA integrity_check(5)"):
            if message != "ok":
                yield f"SQLite: {message}"
        (lost,) = self._db.execute(
            "SELECT count(*) FROM passages WHERE document NOT IN (SELECT document FROM documents)"
        ).fetchone()
        if lost:
            yield f"{lost} passages belong to no document"
        for number, text in self._texts():
            rows = self._db.execute(
                'SELECT passage, "start", "end", sha256, length(sentences), length(vectors)'
                " FROM passages WHERE document = ? ORDER BY 1",
                (number,),
            )
            for row, start, end, sha256, spans, vectors in rows:
                if quote_hash(text[start:end]) != sha256:
                    yield f"passage {row} is not the text at its place [{start}, {end})"
                elif vectors != spans // 8 * dimension * 2:
                    yield f"passage {row} lacks vectors"

    def _each(self, query: str, numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        """Rows of `query IN (numbers)`, numbers being ours and whole."""
        listed = ", ".join(str(int(number)) for number in numbers)
        with closing(self._db.execute(f"{query} IN ({listed})")) as rows:
            yield from rows


def _days(published: str | None) -> tuple[int | None, int | None]:
    return day_range(published) if published else (None, None)
