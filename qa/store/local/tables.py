"""The tables of the record, and the digest in each of their rows.

SQLite does not detect a flipped bit, and a large record is not hashed for every question
(`recently_checked`). So each row that is read is compared with the XXH3-128 of its values. These
include the key, so a row that a damaged B-tree returns in place of another is refused too.
"""

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

import xxhash

from qa.store.local import quantised
from qa.store.local.passages import SPAN_BYTES
from qa.text.passage_ids import quote_hash
from qa.types import Document

SCHEMA = """
CREATE TABLE files (
    path TEXT PRIMARY KEY, doc_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    modified INTEGER NOT NULL, problems TEXT NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    document INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT,
    author TEXT, published TEXT, published_from TEXT, first_day INTEGER, last_day INTEGER,
    first_row INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0,
    url TEXT, path TEXT NOT NULL, line INTEGER, encoding TEXT, file_sha256 TEXT NOT NULL,
    text_sha256 TEXT NOT NULL, digest BLOB NOT NULL, text TEXT NOT NULL
);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_text ON documents (text_sha256);
CREATE INDEX documents_source ON documents (source);
CREATE TABLE passages (
    passage INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, sha256 BLOB NOT NULL, sentences BLOB NOT NULL,
    quantities BLOB NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE vectors (passage INTEGER PRIMARY KEY, digest BLOB NOT NULL, codes BLOB NOT NULL);
CREATE TABLE articles (
    document INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, source TEXT, first_row INTEGER NOT NULL,
    rows INTEGER NOT NULL, code BLOB NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE outlines (
    document INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, source TEXT, day INTEGER, leader TEXT,
    story TEXT, current INTEGER NOT NULL, digest BLOB NOT NULL, words BLOB NOT NULL
);
CREATE INDEX outlines_day ON outlines (day);
CREATE INDEX outlines_leader ON outlines (leader);
CREATE TABLE stories (
    story TEXT PRIMARY KEY, articles TEXT NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE summaries (name TEXT PRIMARY KEY, digest BLOB NOT NULL, value BLOB NOT NULL);
"""
# Queries over all rows. A commit stores their results in `summaries`, where they are read later.
SUMMARIES = {
    "articles": "SELECT doc_id, published, first_day, last_day, source, first_row, rows"
    " FROM documents ORDER BY document",
    "sources": "SELECT DISTINCT source FROM documents WHERE source IS NOT NULL ORDER BY source",
    "stories": "SELECT story, articles FROM stories ORDER BY story",
    "problems": "SELECT path, problems FROM files WHERE problems != '[]' ORDER BY path",
}

# The columns that each digest covers, in the argument order of its function.
FILE = "path, doc_id, sha256, bytes, modified, problems"
FIELDS = tuple(field.name for field in fields(Document))
# The text as bytes, because its digest is checked before decoding.
_FIELDS = ", ".join("CAST(text AS BLOB)" if name == "text" else name for name in FIELDS)
DOCUMENT = f"document, {_FIELDS}"
ARTICLE = "document, doc_id, source, first_row, rows, code"
PASSAGE = 'passage, document, "start", "end", sha256, sentences, quantities'
OUTLINE = "document, doc_id, source, day, leader, story, words"
STORY = "story, articles"
SUMMARY = "name, value"

_as_json = json.JSONEncoder(separators=(",", ":")).encode
# The integers of an article and of a passage, with the lengths that separate variable-length
# values. Not JSON, because a question checks about two hundred of each.
_of_article = struct.Struct("<5q").pack
_of_passage = struct.Struct("<6q").pack


def of_row(*values: str | int | None, data: bytes = b"") -> bytes:
    """The digest of short values and of `data`, which may be long."""
    return xxhash.xxh3_128_digest(_as_json(values).encode() + data)


def of_document(
    number: int, doc_id: str, title: str, text: bytes, *rest: str | int | None
) -> bytes:
    """The digest of a document: its number, its fields and its text."""
    return of_row(number, doc_id, title, *rest, data=text)


def of_article(
    number: int, doc_id: str, source: str | None, first_row: int, rows: int, code: bytes
) -> bytes:
    """The digest of a row of `articles`."""
    name, publisher = doc_id.encode(), b"" if source is None else source.encode()
    known = -1 if source is None else len(publisher)
    numbers = _of_article(number, first_row, rows, len(name), known)
    return xxhash.xxh3_128_digest(b"".join((numbers, name, publisher, code)))


def of_passage(
    row: int,
    document: int,
    start: int,
    end: int,
    sha256: bytes,
    spans: bytes,
    quantities: bytes,
    vectors: bytes = b"",
) -> bytes:
    """The digest of a passage, without or with the codes of its sentences (`vectors`)."""
    numbers = _of_passage(row, document, start, end, len(spans), len(quantities))
    return xxhash.xxh3_128_digest(b"".join((numbers, sha256, spans, quantities, vectors)))


def of_outline(*values: Any) -> bytes:
    """The digest of an outline: its values in the order of `OUTLINE`."""
    *short, words = values
    return of_row(*short, data=words)


def of_summary(name: str, value: bytes) -> bytes:
    """The digest of a summary."""
    return of_row(name, data=value)


# For each table, the query for all rows, with the digest last, and the function of the digest.
ROWS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "files": (f"SELECT {FILE}, digest FROM files", of_row),
    "documents": (f"SELECT {DOCUMENT}, digest FROM documents", of_document),
    "articles": (f"SELECT {ARTICLE}, digest FROM articles", of_article),
    "passages": (f"SELECT {PASSAGE}, digest FROM passages", of_passage),
    "vectors": (
        f"SELECT {PASSAGE}, codes, vectors.digest FROM vectors JOIN passages USING (passage)",
        of_passage,
    ),
    "outlines": (f"SELECT {OUTLINE}, digest FROM outlines", of_outline),
    "stories": (f"SELECT {STORY}, digest FROM stories", of_row),
    "summaries": (f"SELECT {SUMMARY}, digest FROM summaries", of_summary),
}


def as_stored(table: str, rows: Sequence[Any]) -> bool:
    """Whether each row of a table matches the digest in its last column."""
    of = ROWS[table][1]
    try:
        return all(of(*row[:-1]) == row[-1] for row in rows)
    except (TypeError, ValueError, AttributeError, struct.error):  # A value has the wrong type.
        return False


def faults(db: sqlite3.Connection, dimension: int, finished: bool) -> Iterator[str]:
    """The inconsistencies in a record, as messages; empty if the record is intact.

    Passages without vectors are reported only if the record is `finished`.
    """
    for (message,) in db.execute("PRAGMA integrity_check(5)"):
        if message != "ok":
            yield f"SQLite: {message}"
    for table, (query, _) in ROWS.items():
        for row in db.execute(query):
            if not as_stored(table, [row]):
                yield f"the row {row[0]} of {table} is not as it was stored"
    (lost,) = db.execute(
        "SELECT count(*) FROM passages WHERE document NOT IN (SELECT document FROM documents)"
    ).fetchone()
    if lost:
        yield f"{lost} passages belong to no document"
    (lacking,) = db.execute(
        "SELECT count(*) FROM passages LEFT JOIN vectors USING (passage)"
        " WHERE coalesce(length(codes), ?) != length(sentences) / ? * ?",
        (0 if finished else None, SPAN_BYTES, quantised.width(dimension)),
    ).fetchone()
    if lacking:
        yield f"{lacking} passages lack vectors"
    for first, rows, text in db.execute("SELECT first_row, rows, text FROM documents"):
        for row, start, end, sha256 in db.execute(
            'SELECT passage, "start", "end", sha256 FROM passages'
            " WHERE passage >= ? AND passage < ?",
            (first, first + rows),
        ):
            if quote_hash(text[start:end]) != sha256:
                yield f"passage {row} is not the text at its place {start}"
