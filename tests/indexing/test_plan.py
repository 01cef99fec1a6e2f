"""An update is planned before anything is written: what is read, and why."""

from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa.indexing.plan import Plan, plan
from qa.loading import find_files
from qa.store.opening import open_writer
from qa.types import Problem


def _planned(articles: Path, index: Path, *, same_rules: bool = True) -> Plan:
    files, unread = find_files([articles])
    with open_writer(index) as writer:
        recipe = writer.committed()
        assert recipe is not None
        writer.begin(recipe)
        return plan(files, unread, writer, same_rules, lambda *_: None)


@pytest.fixture
def indexed(sync: Any, articles: Path) -> Path:
    sync(articles)
    return articles


def _names(paths: Any) -> dict[str, str]:
    return {Path(path).name: reason for path, reason in paths.items()}


def test_nothing_is_read_where_nothing_changed(indexed: Path, index: Path) -> None:
    found = _planned(indexed, index)
    assert (dict(found.read), found.unread, found.gone) == ({}, (), ())
    assert len(found.files) == 5


def test_each_file_that_is_read_has_its_reason(indexed: Path, index: Path) -> None:
    (indexed / "late.txt").write_text("A later ferry.")
    (indexed / "school.txt").write_text("The school was closed.")
    (indexed / "harbour.md").unlink()
    found = _planned(indexed, index)
    assert _names(found.read) == {"late.txt": "new", "school.txt": "changed"}
    assert [Path(path).name for path in found.gone] == ["harbour.md"]


def test_other_rules_read_every_known_file(indexed: Path, index: Path) -> None:
    found = _planned(indexed, index, same_rules=False)
    assert set(found.read.values()) == {"other rules"}
    assert len(found.read) == 5


def test_a_file_whose_article_waits_for_an_id_is_read_again(
    sync: Any, articles: Path, index: Path, encoder: HashedEncoder
) -> None:
    (articles / "again.jsonl").write_text('{"_id": "wire-1", "text": "The first has this id."}\n')
    report = sync(articles)
    assert [problem.kind for problem in report.problems] == ["duplicate"]
    waiting = Path(report.problems[0].path).name
    assert _names(_planned(articles, index).read) == {waiting: "waits for an id"}


def test_what_cannot_be_read_any_more_is_refused_with_the_reason(
    indexed: Path, index: Path
) -> None:
    files, _ = find_files([indexed])
    (indexed / "school.txt").unlink()
    with open_writer(index) as writer:
        recipe = writer.committed()
        assert recipe is not None
        writer.begin(recipe)
        found = plan(files, [], writer, True, lambda *_: None)
    (refused,) = found.unread
    assert isinstance(refused, Problem)
    assert Path(refused.path).name == "school.txt"
    assert refused.reason
