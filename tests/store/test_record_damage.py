"""Of a record that is not read whole, nothing is shown that is not what was committed.

Every record counts as large here, and as untouched since it was compared: what is left are the
digests of its rows.
"""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa import (
    ArticleMissing,
    Filters,
    Index,
    IndexDamaged,
    build_index,
    index_status,
    open_index,
)
from qa.store.local.generations import generation

_SEED = 20190427
_ENCODER = HashedEncoder()
_QUESTIONS = ["How many dockers work in the harbour?", "What did the River Post report?"]
_PAGE = 16384


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of so many articles that its trees have several pages."""
    home = tmp_path_factory.mktemp("sound")
    folder = home / "articles"
    folder.mkdir()
    for n in range(40):
        paper = ("Coast Daily", "River Post", "Forest Wire", "Émile’s Paper")[n % 4]
        body = " ".join(
            f"Some {n * 10 + k} dockers work in the harbour of Sokcho. Ship {k} came from Busan."
            for k in range(24)
        )
        (folder / f"article-{n}.md").write_text(
            f"---\ntitle: Harbour {n}\npublisher: {paper}\nauthor: A. Writer {n}\n"
            f"published: 2019-04-{n % 28 + 1:02d}\nurl: https://example.org/{n}\n---\n\n{body}\n"
        )
    (folder / "broken.txt").write_bytes(b"\x00\x01\x02" * 9)
    build_index([folder], home / "index", encoder=_ENCODER)
    return home / "index"


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "LARGE", 0)
    monkeypatch.setattr(generation, "untouched", lambda *_: True)


def _missing(opened: Index, doc_id: str) -> str:
    with pytest.raises(ArticleMissing) as missing:
        opened.article(doc_id)
    return str(missing.value)


# Each is everything that one call shows; a part of them alone must do as well as all together.
_SHOWN: dict[str, Callable[[Index], Any]] = {
    "asked": lambda opened: [opened.ask(question, 20).citations for question in _QUESTIONS],
    "filtered": lambda opened: [
        (answer.citations, answer.undated, answer.sourceless)
        for answer in (
            opened.ask(_QUESTIONS[0], 20, since="2019-04-20", source="river"),
            opened.ask(_QUESTIONS[0], 20, until="2019-04-02"),
        )
    ],
    "searched": lambda opened: opened.search(_QUESTIONS[0], 200, Filters()),
    "articles": lambda opened: [opened.article(f"articles/article-{n}.md") for n in range(40)],
    "missing": lambda opened: _missing(opened, "articles/article-77.md"),
    "checked": lambda opened: [
        opened.check_quote(f"articles/article-{n}.md", "work in the harbour of Sokcho")
        for n in range(0, 40, 3)
    ],
    "passages": lambda opened: [
        opened.check_quote(citation.passage_id)
        for citation in opened.ask(_QUESTIONS[0], 3).citations
    ],
    "publishers": lambda opened: opened.sources(),
    "listed": lambda opened: opened.articles(30),
    "listed within filters": lambda opened: opened.articles(9, since="2019-04", source="river"),
    "counted": lambda opened: opened.publishers(until="2019-04-20"),
    "end of an id": lambda opened: [opened.article(f"article-{n}.md") for n in range(20)],
    "status": lambda opened: opened.status(),
    "status without a model": lambda opened: index_status(opened.path),
}


def _look(index: Path) -> dict[str, Any]:
    """What each call shows; None where it was refused as it should be."""
    seen: dict[str, Any] = dict.fromkeys(_SHOWN)
    try:
        opened = open_index(index, encoder=_ENCODER, recheck=False)
    except IndexDamaged as refused:
        _names_a_command(refused)
        return seen
    with opened:
        for name, show in _SHOWN.items():
            try:
                seen[name] = _plain(show(opened))
            except IndexDamaged as refused:
                _names_a_command(refused)
    return seen


def _names_a_command(refused: IndexDamaged) -> None:
    assert re.search("`nkqa (repair|rollback|verify)", str(refused))


def _plain(shown: Any) -> str:
    return re.sub(r"encode=\S+ search=\S+ answer=\S+ total=\S+", "", repr(shown))


@pytest.fixture(scope="module")
def before(sound: Path) -> dict[str, Any]:
    """What each call shows of the sound index."""
    shown = _look(sound)
    assert all(shown.values())
    return shown


def _record(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().split()[0] / "articles.sqlite"


def _flips(data: bytes, dice: random.Random, count: int) -> Iterator[bytes]:
    """One bit each: of the header, of the heads of pages, of anything."""
    for n in range(count):
        place = dice.randrange(len(data))
        if n % 3 == 0:
            place = place // _PAGE * _PAGE + dice.randrange(120)
        damaged = bytearray(data)
        damaged[place] ^= 1 << dice.randrange(8)
        yield bytes(damaged)


def _others(data: bytes, dice: random.Random, count: int) -> Iterator[bytes]:
    """A page that another page replaces, an end cut off, bytes that are zero or anything."""
    pages = len(data) // _PAGE
    for _ in range(count):
        one, other = dice.sample(range(pages), 2)
        damaged = bytearray(data)
        damaged[one * _PAGE : (one + 1) * _PAGE] = data[other * _PAGE : (other + 1) * _PAGE]
        yield bytes(damaged)
        yield data[: dice.randrange(len(data))]
        place, size = dice.randrange(len(data)), dice.randrange(1, 5000)
        damaged = bytearray(data)
        damaged[place : place + size] = bytes(len(data[place : place + size]))
        yield bytes(damaged)
        damaged[place : place + size] = dice.randbytes(len(data[place : place + size]))
        yield bytes(damaged)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    "count", [60, pytest.param(400, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_what_is_shown_of_a_damaged_record_is_what_was_committed_or_nothing(
    sound: Path, before: dict[str, Any], count: int
) -> None:
    file = _record(sound)
    data, dice = file.read_bytes(), random.Random(_SEED)
    outcomes = dict.fromkeys(_SHOWN, 0)
    try:
        for damaged in chain(_flips(data, dice, count), _others(data, dice, count // 9)):
            file.write_bytes(damaged)
            for name, shown in _look(sound).items():
                assert shown in (None, before[name]), name
                outcomes[name] += shown is None
    finally:
        file.write_bytes(data)
    assert all(outcomes.values())  # Each call met damage that it had to refuse.


_CHANGES = {
    "title": "UPDATE documents SET title = 'Another'",
    "doc_id": "UPDATE documents SET doc_id = 'other-' || doc_id",
    "publisher": "UPDATE documents SET source = 'Coast Daily'",
    "author": "UPDATE documents SET author = NULL",
    "date": "UPDATE documents SET published = '2019-05-01'",
    "origin of the date": "UPDATE documents SET published_from = 'byline'",
    "address": "UPDATE documents SET url = 'https://example.com/'",
    "path": "UPDATE documents SET path = '/etc/passwd'",
    "line": "UPDATE documents SET line = 7",
    "encoding": "UPDATE documents SET encoding = 'latin-1'",
    "hash of the file": "UPDATE documents SET file_sha256 = upper(file_sha256)",
    "text": "UPDATE documents SET text = replace(text, 'Busan', 'Pusan')",
    "type of the text": "UPDATE documents SET text = CAST(text AS BLOB) || x'ff'",
    "documents that change places": "UPDATE documents SET document = -document;"
    "UPDATE documents SET document = 41 + document",
    "place of passages": "UPDATE articles SET first_row = first_row + 1",
    "number of passages": "UPDATE articles SET rows = rows - 1",
    "a document": "DELETE FROM documents WHERE document = 1",
    "start of passages": 'UPDATE passages SET "start" = "start" + 1',
    "document of passages": "UPDATE passages SET document = document % 40 + 1",
    "spans of sentences": "UPDATE passages SET sentences = substr(sentences, 9) ||"
    " substr(sentences, 1, 8)",
    "sentences with a quantity": "UPDATE passages SET quantities = zeroblob(length(quantities))",
    "type of a blob": "UPDATE passages SET sha256 = 5",
    "a passage": "DELETE FROM passages WHERE passage % 7 = 1",
    "vectors": "UPDATE vectors SET codes = zeroblob(length(codes))",
    "vectors that are missing": "DELETE FROM vectors",
    "vectors that change places": "UPDATE vectors SET passage = -passage;"
    "UPDATE vectors SET passage = 1 + (SELECT max(passage) FROM passages) + passage",
    "vectors of articles": "UPDATE articles SET code = zeroblob(length(code))",
    "size and time of a file": "UPDATE files SET modified = modified + 1, sha256 = ''",
    "files": "DELETE FROM files",
    "publishers": "UPDATE summaries SET value = '[]'",
    "summaries": "DELETE FROM summaries",
    "a table": "DROP TABLE passages",
}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("change", _CHANGES)
def test_a_record_that_says_something_else_is_refused(
    sound: Path, before: dict[str, Any], change: str
) -> None:
    file = _record(sound)
    data = file.read_bytes()
    try:
        with closing(sqlite3.connect(file)) as db:
            db.executescript(_CHANGES[change])
        seen = _look(sound)
    finally:
        file.write_bytes(data)
    for name, shown in seen.items():
        assert shown in (None, before[name]), name
    assert None in seen.values()


def test_a_term_index_or_vectors_of_any_size_are_compared_whole(sound: Path, trusted: None) -> None:
    for file in _record(sound).parent.rglob("*"):
        if file.is_dir() or file.name == "articles.sqlite" or not file.stat().st_size:
            continue
        data = file.read_bytes()
        try:
            file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
            with pytest.raises(IndexDamaged):
                open_index(sound, encoder=_ENCODER, recheck=False)
        finally:
            file.write_bytes(data)


def test_a_status_without_a_model_is_refused_where_the_schema_is_damaged(
    sound: Path, trusted: None, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    (record,) = index.glob("gen-*/articles.sqlite")
    data = bytearray(record.read_bytes())
    data[100:400] = b"\xff" * 300
    record.write_bytes(data)
    with pytest.raises(IndexDamaged, match="nkqa rollback"):
        index_status(index)
