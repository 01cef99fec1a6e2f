"""The stories of an index that was changed, interrupted or damaged."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from qa import IndexDamaged, build_index, open_index, verify_index
from qa.store.local import writer
from qa.store.local.record import Record


def _stories(index: Path) -> list[list[str]]:
    with open_index(index) as opened:
        return [
            [article.doc_id for article in opened.story(one.story_id).articles]
            for one in opened.stories().stories
        ]


def test_a_build_that_is_interrupted_and_resumed_has_the_stories_of_a_fresh_one(
    news: Path, index: Path, tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SAVE_EVERY", 0.0)

    class Stopped(Exception):
        pass

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "writing":  # The record, with its stories, is complete by now.
            raise Stopped

    away = news / "tremor.md"
    text = away.read_text()
    away.unlink()
    for number in range(300):  # More than a batch, so that the record is saved between two.
        (news / f"{number}.txt").write_text(f"Ship {number} left.\n")
    with pytest.raises(Stopped):
        build_index([news], index, encoder=encoder, progress=stop)
    away.write_text(text)
    (news / "quake.md").unlink()
    build_index([news], index, encoder=encoder)
    build_index([news], tmp_path / "fresh", encoder=encoder)
    assert (
        _stories(index) == _stories(tmp_path / "fresh") == [["news/tremor.md", "news/rebuild.md"]]
    )
    assert verify_index(index).faults == ()


def test_a_change_places_only_articles_that_it_can_concern(
    news: Path, index: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.stories import leading

    build_index([news], index, encoder=encoder)
    placed: list[str] = []
    like = leading.Outlines.like

    def counted(self: Any, one: Any) -> Any:
        placed.append(one.doc_id)
        return like(self, one)

    monkeypatch.setattr(leading.Outlines, "like", counted)
    (news / "boat.md").write_text(
        "---\ntitle: A boat\npublisher: Alpine\npublished: 2019-04-28\n---\n\nA boat sank.\n"
    )
    build_index([], index, encoder=encoder)
    assert placed == ["news/boat.md"]


@pytest.mark.parametrize(
    ("change", "call"),
    [
        ("UPDATE outlines SET story = NULL", "cited"),
        ("DELETE FROM outlines", "cited"),
        ("UPDATE stories SET articles = '[]'", "cited"),
        ("DELETE FROM stories", "cited"),
        ("UPDATE summaries SET value = '[]' WHERE name = 'stories'", "listed"),
    ],
)
def test_a_changed_row_is_refused(
    news: Path, index: Path, encoder: Any, change: str, call: str
) -> None:
    build_index([news], index, encoder=encoder)
    (record,) = index.glob("gen-*/articles.sqlite")
    copy = index.parent / "articles.sqlite"
    shutil.copy(record, copy)
    with sqlite3.connect(copy) as db:
        db.execute(change)
    db.close()

    def read(damaged: Record) -> object:
        if call == "listed":
            return damaged.stories()
        return damaged.stories(set(damaged.story_of(["news/tremor.md"]).values()))

    with Record.readable(copy) as damaged, pytest.raises(IndexDamaged):
        read(damaged)
