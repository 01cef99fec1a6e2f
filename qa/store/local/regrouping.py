"""Bring the stories of a record up to date, in proportion to what changed.

`outlines` has a row for each document: what grouping needs of it, its leader (see
`qa.stories.leading`), and its story, if the articles with this leader are of several publishers. A
document without a day or a publisher, and a round-up, has no words and no leader. `stories` has the
articles of each story.

While a record is written, the outlines of documents that are changed or removed are marked. The
next commit needs them, to find the articles that were like them.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from qa.store.local import tables
from qa.stories.leading import MOST_DAYS, Outlines, leaders
from qa.stories.outline import Outline, outline
from qa.types import Document

_OUTLINE = "doc_id, source, day, words"
_NEW = (
    "SELECT document FROM documents WHERE document NOT IN"
    " (SELECT document FROM outlines WHERE current)"
)
# Documents read at a time.
_BATCH = 256


def mark(db: sqlite3.Connection, document: int) -> None:
    """Marks the outline of a document that is changed or removed."""
    db.execute("UPDATE outlines SET current = 0 WHERE document = ?", (document,))


def regroup(db: sqlite3.Connection) -> None:
    """Groups the documents that are new or were marked, and those whose leader changes by that."""
    marked = db.execute(f"SELECT leader, {_OUTLINE} FROM outlines WHERE NOT current").fetchall()
    led = {doc_id: leader for leader, doc_id, *_ in marked if leader is not None}
    old = {row[1]: Outline(*row[1:]) for row in marked if row[1] in led}
    new = {one.doc_id: one for one in _outlined(db)}
    db.execute("DELETE FROM outlines WHERE NOT current")
    # A document that changed, but not its outline, keeps its leader.
    same = {doc_id: led[doc_id] for doc_id, one in new.items() if old.get(doc_id) == one}
    come = [one for doc_id, one in new.items() if doc_id not in same]
    gone = [one for doc_id, one in old.items() if doc_id not in same]
    _set_leaders(db, same)
    placed = _placed(db, come, gone, {one.doc_id: led[one.doc_id] for one in gone})
    _set_leaders(db, {doc_id: now for doc_id, (_, now) in placed.items()})
    _set_stories(db, {*same.values(), *(one for pair in placed.values() for one in pair if one)})


def _outlined(db: sqlite3.Connection) -> Iterator[Outline]:
    """Stores an outline of each document that has none, or one that is marked. Yields those of
    documents that can be part of a story."""
    numbers = [number for (number,) in db.execute(_NEW)]
    for start in range(0, len(numbers), _BATCH):
        some = ", ".join(map(str, numbers[start : start + _BATCH]))
        query = f"SELECT {tables.DOCUMENT} FROM documents WHERE document IN ({some})"
        for number, doc_id, title, text, *rest in db.execute(query).fetchall():
            one = outline(Document(doc_id, title, text.decode(), *rest))
            source, day, words = (one.source, one.day, one.words) if one else (None, None, b"")
            row = (number, doc_id, source, day, None, None, words)
            db.execute(
                f"INSERT OR REPLACE INTO outlines ({tables.OUTLINE}, current, digest)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
                (*row, tables.of_outline(*row)),
            )
            if one:
                yield one


def _placed(
    db: sqlite3.Connection, come: list[Outline], gone: list[Outline], led: dict[str, str]
) -> dict[str, tuple[str | None, str | None]]:
    """The leaders, before and now, of the documents that come, that are gone, or that have another
    leader now, by id. `led` are the leaders of the outlines that are gone."""
    if not come and not gone:
        return {}
    # Younger articles follow older ones, so older ones keep their leaders.
    since = min(one.day for one in [*come, *gone]) - MOST_DAYS
    query = f"SELECT leader, {_OUTLINE} FROM outlines WHERE day >= ?"
    near = db.execute(query, (since,)).fetchall()
    before = led | {doc_id: leader for leader, doc_id, *_ in near if leader is not None}
    outlines = Outlines(Outline(*row) for _, *row in near)
    new = {one.doc_id for one in come}
    now = leaders(outlines, before, new, gone)
    return {
        doc_id: (before.get(doc_id), now.get(doc_id))
        for doc_id in before.keys() | now.keys()
        if doc_id in new or before.get(doc_id) != now.get(doc_id)
    }


def _set_leaders(db: sqlite3.Connection, leaders: Mapping[str, str | None]) -> None:
    db.executemany(
        "UPDATE outlines SET leader = ? WHERE document ="
        " (SELECT document FROM documents WHERE doc_id = ?)",
        ((leader, doc_id) for doc_id, leader in leaders.items() if leader is not None),
    )


def _set_stories(db: sqlite3.Connection, leaders: Iterable[str]) -> None:
    """Stores the stories of these leaders, which are those of several publishers."""
    for leader in leaders:
        query = "SELECT document, doc_id, source, day, words FROM outlines WHERE leader = ?"
        led = sorted(db.execute(query, (leader,)).fetchall(), key=lambda row: (row[3], row[1]))
        story = leader if len({source for _, _, source, *_ in led}) > 1 else None
        db.executemany(
            "UPDATE outlines SET story = ?, digest = ? WHERE document = ?",
            ((story, tables.of_outline(*row[:4], leader, story, row[4]), row[0]) for row in led),
        )
        db.execute("DELETE FROM stories WHERE story = ?", (leader,))
        if story is not None:
            articles = json.dumps([row[1:4] for row in led])
            db.execute(
                f"INSERT INTO stories ({tables.STORY}, digest) VALUES (?, ?, ?)",
                (story, articles, tables.of_row(story, articles)),
            )
