"""The record: one SQLite file with all data of an index; the other files are derived from it.

Tables: `files` (all files, including unreadable ones), `documents` (the articles with their text),
`passages` (offsets, the SHA-256 of the quote, the spans of its sentences as little-endian int32
pairs), `vectors` (one code per sentence of each passage, see `quantised`), `articles` (what scoring
needs of each document, including its code), `outlines` and `stories` (see `regrouping`) and
`summaries` (what lists and filters need of all documents and files). docs/index-format.md describes
them for other tools.

Every row of a committed record that is shown, or decides what is shown, is compared with its digest
(see `tables`). A row that differs or is missing, and any error that SQLite reports for a damaged
file, raises `IndexDamaged`.
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

# Passages read at a time.
_BATCH = 1024
_ARTICLES = f"SELECT {tables.ARTICLE}, digest FROM articles WHERE document"
# The fields that identify the state of an article. `line` and `file_sha256` also change with the
# rest of its file, and `text_sha256` stands for the text.
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
        """Opens the record of a generation."""
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            # Related questions read the same pages. This also makes SQLite read the schema, so a
            # damaged file is detected here.
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
        """Every known file, including unreadable ones: path to `(doc_id, sha256)`."""
        rows = self._db.execute("SELECT path, doc_id, sha256 FROM files")
        return {path: (doc_id, sha256) for path, doc_id, sha256 in rows}

    def file(self, path: str) -> tuple[str, str] | None:
        """The `(doc_id, sha256)` of a known file; None for an unknown path."""
        found = self._db.execute("SELECT doc_id, sha256 FROM files WHERE path = ?", (path,))
        row: tuple[str, str] | None = found.fetchone()
        return row

    def file_rows(self) -> Iterator[tuple[str, ...]]:
        """Path, id, hash and problems of every file, sorted by path."""
        return self._db.execute("SELECT path, doc_id, sha256, problems FROM files ORDER BY path")

    def stamp(self, path: str) -> tuple[int, int]:
        """Size and modification time of a file when it was indexed; see `source_files.stamp`."""
        query = f"SELECT {tables.FILE}, digest FROM files WHERE path = ?"
        ((*_, size, modified, _, _),) = self._checked("files", self._rows(query, (path,)), [path])
        return size, modified

    def waits(self, path: str) -> bool:
        """Whether an article of the file was left out because another article has its id."""
        return any(problem.kind == "duplicate" for problem in self.problems(path))

    def problems(self, path: str | None = None) -> tuple[Problem, ...]:
        """The problems of the file at `path`; of all files if `path` is None."""
        query = "SELECT path, problems FROM files WHERE path = ?"
        found = self._summary("problems") if path is None else self._rows(query, (path,))
        return tuple(
            Problem(path, line, reason, kind)
            for path, listed in found
            for line, reason, kind in json.loads(listed)
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
        """The documents with these numbers, by number."""
        wanted = set(numbers)
        query = f"SELECT {tables.DOCUMENT}, digest FROM documents WHERE document"
        found = self._checked("documents", self._each(query, wanted), wanted)
        return {row[0]: _document(row) for row in found}

    def doc_ids(self, path: str | None = None) -> list[str]:
        """The ids of all documents, or of those from the file at `path`, in insertion order."""
        where, values = ("WHERE path = ?", (path,)) if path is not None else ("", ())
        rows = self._db.execute(f"SELECT doc_id FROM documents {where} ORDER BY document", values)
        return [doc_id for (doc_id,) in rows]

    def digests(self) -> dict[str, tuple[str | None, ...]]:
        """The values that identify the state of each document, by id: its text hash and facts, but
        not its file's hash or its line there."""
        rows = self._db.execute(f"SELECT {_OWN} FROM documents ORDER BY document")
        return {doc_id: tuple(values) for doc_id, *values in rows}

    def same_text(self, text_sha256: str) -> str | None:
        """The id of a document whose text has this hash; None if there is none."""
        row = self._db.execute(
            "SELECT doc_id FROM documents WHERE text_sha256 = ? ORDER BY document LIMIT 1",
            (text_sha256,),
        ).fetchone()
        return None if row is None else str(row[0])

    def articles_at(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """What scoring needs of the documents with these numbers, by number."""
        wanted = set(numbers)
        found = self._each(_ARTICLES, wanted)
        return {
            number: StoredArticle(doc_id, source, first, code)
            for number, doc_id, source, first, _, code, _ in self._checked(
                "articles", found, wanted
            )
        }

    def first_rows(self, doc_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """Number and first passage row of each of these documents, by id."""
        marks = ", ".join("?" * len(doc_ids))
        numbers = f"SELECT document FROM documents WHERE doc_id IN ({marks})"
        found = self._rows(f"{_ARTICLES} IN ({numbers})", list(doc_ids))
        self._checked("articles", found, doc_ids, 1)
        return {doc_id: (number, first) for number, doc_id, _, first, *_ in found}

    def scan(self, dimension: int) -> Iterator[StoredDocument]:
        """Every document with its vectors, in insertion order."""
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
        """The filter columns of all documents."""
        rows = [tuple(fields) for _, _, *fields in self._summary("articles")]
        return filters.articles(rows, tuple(self.sources()))

    def sources(self) -> list[str]:
        return [source for (source,) in self._summary("sources")]

    # Stories

    def story_of(self, doc_ids: Collection[str]) -> dict[str, str]:
        """The ids of the stories of these documents, by id; others are part of none."""
        marks = ", ".join("?" * len(doc_ids))
        numbers = f"SELECT document FROM documents WHERE doc_id IN ({marks})"
        query = f"SELECT {tables.OUTLINE}, digest FROM outlines WHERE document IN ({numbers})"
        found = self._checked("outlines", self._rows(query, list(doc_ids)), doc_ids, 1)
        return {row[1]: row[5] for row in found if row[5] is not None}

    def stories(self, story_ids: Collection[str] | None = None) -> list[tuple[str, list[Any]]]:
        """These stories, which must exist, or all: their ids, and the id, publisher and day of each
        of their articles, oldest first."""
        if story_ids is None:
            found = self._summary("stories")
        else:
            marks = ", ".join("?" * len(story_ids))
            query = f"SELECT {tables.STORY}, digest FROM stories WHERE story IN ({marks})"
            found = self._checked("stories", self._rows(query, list(story_ids)), story_ids)
        return [(story_id, json.loads(articles)) for story_id, articles, *_ in found]

    # Passages

    def passages_at(self, rows: Iterable[int]) -> list[StoredPassage]:
        """The passages at these rows, sorted by row; `codes` is empty before embedding."""
        wanted = set(rows)
        found = self._each(_PASSAGES, wanted)
        if not self._committed:
            return sorted(StoredPassage._make([*row[:-2], row[-2] or b""]) for row in found)
        self._checked("vectors", found, wanted)
        return sorted(StoredPassage._make(row[:-1]) for row in found)

    def passages_of(self, doc_id: str) -> list[StoredPassage]:
        """The passages of a document in order; empty for an unknown id."""
        query = f"{_ARTICLES} = (SELECT document FROM documents WHERE doc_id = ?)"
        found = self._rows(query, (doc_id,))
        self._checked("articles", found, self._wanted(doc_id, found), 1)
        return [
            one
            for _, _, _, first, rows, *_ in found
            for one in self.passages_at(range(first, first + rows))
        ]

    def passages_in(self, document: int) -> list[StoredPassage]:
        """The passages of the document with this number, in order; it may have no vectors yet."""
        query = "SELECT first_row, rows FROM documents WHERE document = ?"
        first, rows = self._db.execute(query, (document,)).fetchone() or (0, 0)
        return self.passages_at(range(first, first + rows))

    def passage_rows(self) -> npt.NDArray[np.int64]:
        """The rows of all passages, ascending."""
        rows = self._db.execute("SELECT passage FROM passages ORDER BY passage")
        return np.fromiter((row for (row,) in rows), dtype=np.int64)

    def vectors_of(
        self, rows: Sequence[int] | npt.NDArray[np.int64], dimension: int
    ) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
        """Batches of rows and passage vectors, to build the vector index from."""
        for start in range(0, len(rows), _BATCH):
            stored = self.passages_at(rows[start : start + _BATCH])
            yield (
                np.array([one.row for one in stored], np.int64),
                sentences_of(stored, dimension).passage_vectors(),
            )

    def passage_words(self, rows: npt.NDArray[np.int64]) -> Iterator[Worded]:
        """The passages at these rows with the facts to index, in row order."""
        from qa.text.detection import language_of  # Only writing needs it.

        for start in range(0, len(rows), _BATCH):
            places = self._each(
                'SELECT passage, document, "start", "end" FROM passages WHERE passage',
                rows[start : start + _BATCH],
            )
            described = {
                number: fields
                for number, *fields in self._each(
                    "SELECT document, first_row, text, title, source, published FROM documents"
                    " WHERE document",
                    {document for _, document, _, _ in places},
                )
            }
            languages = {
                number: language_of(f"{title}\n{text}")
                for number, (_, text, title, *_) in described.items()
            }
            for row, document, begin, end in sorted(places):
                first, text, title, source, published = described[document]
                yield Worded(
                    row,
                    text[begin:end],
                    row == first,
                    title,
                    source,
                    published,
                    languages[document],
                )

    # Counts and checks

    def counts(self) -> dict[str, int]:
        """The numbers of documents, passages, sentences and files."""
        one = self._db.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages),"
            " (SELECT coalesce(sum(length(sentences)), 0) / 8 FROM passages),"
            " (SELECT count(*) FROM files)"
        ).fetchone()
        return dict(zip(("documents", "passages", "sentences", "files"), one, strict=True))

    def dates(self) -> tuple[int, str | None, str | None]:
        """The number of documents with a date, the oldest date and the newest date."""
        dated = [published for _, published, *_ in self._summary("articles") if published]
        return len(dated), min(dated, default=None), max(dated, default=None)

    def faults(self, dimension: int, *, finished: bool = True) -> Iterator[str]:
        """See `tables.faults`."""
        return tables.faults(self._db, dimension, finished)

    # Reading

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> list[Any]:
        """All rows of a query. Raises `IndexDamaged` if a committed record cannot be read."""
        try:
            return self._db.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            if not self._committed:
                raise
            raise damaged(self._path, "a sound SQLite file", error) from error

    def _each(self, query: str, numbers: Iterable[int]) -> list[Any]:
        """Rows of `query IN (numbers)`; safe to format, because the numbers are cast to int."""
        return self._rows(f"{query} IN ({', '.join(str(int(number)) for number in numbers)})")

    def _checked(
        self, table: str, found: list[Any], keys: Collection[str | int], place: int = 0
    ) -> list[Any]:
        """Returns `found` after checking it: rows with the digest last and the key at `place`.

        Raises `IndexDamaged` unless the rows are exactly those of `keys` and match their digests.
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
        rows: list[Any] = json.loads(self._checked("summaries", found, [name])[0][1])
        return rows

    @cached_property
    def known_ids(self) -> tuple[str, ...]:
        """The ids of all documents of a committed record, in insertion order."""
        return tuple(doc_id for doc_id, *_ in self._summary("articles"))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.known_ids)

    def _wanted(self, doc_id: str, found: list[Any]) -> list[str]:
        """The ids that `found` must contain.

        An empty result may come from a damaged B-tree, so it is accepted only for unknown ids.
        """
        return [doc_id] if found or (self._committed and doc_id in self._known) else []


def _document(row: Sequence[Any]) -> Document:
    _, doc_id, title, text, *rest, _ = row
    return Document(doc_id, title, text.decode(), *rest)
