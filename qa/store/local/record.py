"""The record: one SQLite file with everything an index knows; all else is derived from it.

Tables: `files` (what was read, and what could not be), `documents` (the articles with their
text), `passages` (offsets, the SHA-256 of the quote, the spans of its sentences as little-endian
int32 pairs), `vectors` (of each passage one code a sentence, see `codes`), `articles` (what scoring
needs of each document, its code included) and `summaries` (what lists and filters need of all of
them). docs/index-format.md describes them for other tools.

What is shown of a committed record, or decides what is shown, was compared with the digest that
its row carries (`tables`). A row that differs or is missing, and whatever SQLite reports of a
damaged file, raise `IndexDamaged`.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from embeddings import Vectors
from qa.store.local import quantised, tables
from qa.store.local.engines import filters
from qa.store.local.engines.filters import Articles
from qa.store.local.engines.terms import Worded
from qa.store.local.generations.generation import damaged
from qa.store.local.passages import (
    StoredArticle,
    StoredPassage,
    sentence_codes,
    sentences_of,
)
from qa.store.values import StoredDocument
from qa.text.invisible import is_utf8
from qa.types import Document, Problem

# Passages whose vectors are in memory together.
_BATCH = 1024
_ARTICLES = f"SELECT {tables.ARTICLE}, digest FROM articles WHERE document"
# What belongs to an article itself, and not to the other lines of its file.
_OWN = ", ".join(name for name in tables.FIELDS if name not in ("text", "line", "file_sha256"))
_PASSAGES = (
    f"SELECT {tables.PASSAGE}, codes, vectors.digest FROM passages LEFT JOIN vectors"
    " USING (passage) WHERE passage"
)


class Record:
    """An open record, for reading; safe from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path, committed: bool) -> None:
        self._db = connection
        self._path = path
        self._committed = committed

    @classmethod
    def readable(cls, path: Path) -> Self:
        """A committed record, as part of a generation."""
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            # Questions about one thing meet the same pages again. SQLite reads its schema for this.
            db.execute("PRAGMA cache_size=-32768")
        except sqlite3.Error as error:
            raise damaged(path, "a sound SQLite file", error) from error
        return cls(db, path, committed=True)

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

    def stamp(self, path: str) -> tuple[int, int]:
        """Size and time of modification of a file when it was indexed; see `freshness.stamp`."""
        query = f"SELECT {tables.FILE}, digest FROM files WHERE path = ?"
        ((*_, size, modified, _, _),) = self._checked("files", self._rows(query, (path,)), [path])
        return size, modified

    def waits(self, path: str) -> bool:
        """Whether an article of the file is not in the index because its id was taken."""
        return any(problem.kind == "duplicate" for problem in self.problems(path))

    def problems(self, path: str | None = None) -> tuple[Problem, ...]:
        """What is wrong with all files, or with one of them."""
        query = "SELECT path, problems FROM files WHERE path = ?"
        found = self._summary("problems") if path is None else self._rows(query, (path,))
        return tuple(
            Problem(path, line, reason, kind)
            for path, told in found
            for line, reason, kind in json.loads(told)
        )

    # Documents

    def document(self, doc_id: str) -> Document | None:
        if not is_utf8(doc_id):
            return None
        query = f"SELECT {tables.DOCUMENT}, digest FROM documents WHERE doc_id = ?"
        found = self._rows(query, (doc_id,))
        self._checked("documents", found, self._wanted(doc_id, found), 1)
        return _document(found[0]) if found else None

    def documents_at(self, numbers: Iterable[int]) -> dict[int, Document]:
        """Documents by their number in this record."""
        wanted = set(numbers)
        query = f"SELECT {tables.DOCUMENT}, digest FROM documents WHERE document"
        found = self._checked("documents", self._each(query, wanted), wanted)
        return {row[0]: _document(row) for row in found}

    def doc_ids(self, path: str | None = None) -> list[str]:
        """The ids of all documents, or of those from one file, in the order they were added."""
        where, values = ("WHERE path = ?", (path,)) if path is not None else ("", ())
        rows = self._db.execute(f"SELECT doc_id FROM documents {where} ORDER BY document", values)
        return [doc_id for (doc_id,) in rows]

    def digests(self) -> dict[str, tuple[str | None, ...]]:
        """By its id, what makes one state of an article differ from another: its text and facts,
        but neither the bytes of its file nor its line there."""
        rows = self._db.execute(f"SELECT {_OWN} FROM documents ORDER BY document")
        return {doc_id: tuple(values) for doc_id, *values in rows}

    def same_text(self, text_sha256: str) -> str | None:
        """The id of a document with exactly this text."""
        row = self._db.execute(
            "SELECT doc_id FROM documents WHERE text_sha256 = ? ORDER BY document LIMIT 1",
            (text_sha256,),
        ).fetchone()
        return None if row is None else str(row[0])

    def articles_at(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """Documents by their number, without their texts."""
        wanted = set(numbers)
        found = self._each(_ARTICLES, wanted)
        return {
            number: StoredArticle(doc_id, source, first, code)
            for number, doc_id, source, first, _, code, _ in self._checked(
                "articles", found, wanted
            )
        }

    def first_rows(self, doc_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """Number and first row of each of these documents."""
        marks = ", ".join("?" * len(doc_ids))
        numbers = f"SELECT document FROM documents WHERE doc_id IN ({marks})"
        found = self._rows(f"{_ARTICLES} IN ({numbers})", list(doc_ids))
        self._checked("articles", found, doc_ids, 1)
        return {doc_id: (number, first) for number, doc_id, _, first, *_ in found}

    def scan(self, dimension: int) -> Iterator[StoredDocument]:
        """Every document with its vectors, in the order they were added."""
        for number, code in self._rows("SELECT document, code FROM articles ORDER BY 1"):
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
        rows = [tuple(told) for _, _, *told in self._summary("articles")]
        return filters.articles(rows, tuple(self.sources()))

    def sources(self) -> list[str]:
        return [source for (source,) in self._summary("sources")]

    # Passages

    def passages_at(self, rows: Iterable[int]) -> list[StoredPassage]:
        """The passages at these rows, rising; their codes are empty while they have none."""
        wanted = set(rows)
        found = self._each(_PASSAGES, wanted)
        if not self._committed:
            return sorted(StoredPassage._make([*row[:-2], row[-2] or b""]) for row in found)
        self._checked("vectors", found, wanted)
        return sorted(StoredPassage._make(row[:-1]) for row in found)

    def passages_of(self, doc_id: str) -> list[StoredPassage]:
        """The passages of a document in order; none when there is no such document."""
        query = f"{_ARTICLES} = (SELECT document FROM documents WHERE doc_id = ?)"
        found = self._rows(query, (doc_id,))
        self._checked("articles", found, self._wanted(doc_id, found), 1)
        return [
            one
            for _, _, _, first, rows, *_ in found
            for one in self.passages_at(range(first, first + rows))
        ]

    def passages_in(self, document: int) -> list[StoredPassage]:
        """The passages of a document, by its number, in order, while it may have no vectors."""
        query = "SELECT first_row, rows FROM documents WHERE document = ?"
        first, rows = self._db.execute(query, (document,)).fetchone() or (0, 0)
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
            )
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
        dated = [published for _, published, *_ in self._summary("articles") if published]
        return len(dated), min(dated, default=None), max(dated, default=None)

    def faults(self, dimension: int, *, finished: bool = True) -> Iterator[str]:
        """See `tables.faults`."""
        return tables.faults(self._db, dimension, finished)

    # Reading

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> list[Any]:
        """All rows of a query. Raises `IndexDamaged` where a committed record cannot be read."""
        try:
            return self._db.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            if not self._committed:
                raise
            raise damaged(self._path, "a sound SQLite file", error) from error

    def _each(self, query: str, numbers: Iterable[int]) -> list[Any]:
        """Rows of `query IN (numbers)`, numbers being ours and whole."""
        return self._rows(f"{query} IN ({', '.join(str(int(number)) for number in numbers)})")

    def _checked(
        self, table: str, found: list[Any], keys: Collection[str | int], place: int = 0
    ) -> list[Any]:
        """The rows `found`, each with its digest at its end; their keys stand at `place`.

        Raises `IndexDamaged` when they are not those of `keys`, each as it was stored.
        """
        sound = tables.as_stored(table, found)
        if not sound or {row[place] for row in found} != set(keys):
            difference = "others" if not sound else "not all of them"
            raise damaged(self._path, f"the rows of {table} that were committed", difference)
        return found

    def _summary(self, name: str) -> list[Any]:
        """The rows of a query of `tables.SUMMARIES`."""
        if not self._committed:
            return self._rows(tables.SUMMARIES[name])
        found = self._rows("SELECT name, value, digest FROM summaries WHERE name = ?", (name,))
        told: list[Any] = json.loads(self._checked("summaries", found, [name])[0][1])
        return told

    @cached_property
    def _known(self) -> frozenset[str]:
        """The ids of all documents of a committed record."""
        return frozenset(doc_id for doc_id, *_ in self._summary("articles"))

    def _wanted(self, doc_id: str, found: list[Any]) -> list[str]:
        """The document that must be `found`: a tree that may be damaged is not believed when it has
        none."""
        return [doc_id] if found or (self._committed and doc_id in self._known) else []


def _document(row: Sequence[Any]) -> Document:
    _, doc_id, title, text, *rest, _ = row
    return Document(doc_id, title, text.decode(), *rest)
