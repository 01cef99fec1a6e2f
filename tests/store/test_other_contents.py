"""nkqa removes from an index folder what it made there, and nothing that somebody else put in."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qa import StoreError, build_index, index_status, open_index, repair_index, rollback_index

_KILLED = """
import os, signal, sys
from embeddings.hashed import HashedEncoder
from qa import build_index

def kill(stage, *_):
    if stage == "writing":
        os.kill(os.getpid(), signal.SIGKILL)

build_index([sys.argv[1]], sys.argv[2], encoder=HashedEncoder(), progress=kill)
"""


def _killed_build(articles: Path, index: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(articles), str(index)], check=False)
    assert done.returncode == -signal.SIGKILL


def _contents(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def belongings(tmp_path: Path) -> Path:
    """A folder of other things, whose names are like those that nkqa uses."""
    folder = tmp_path / "belongings"
    for name in ("tmp-holiday", "unfinished", "gen-z"):
        (folder / name).mkdir(parents=True)
    for name in ("tmp-x", "CURRENT.tmp", "gen-z/photo.jpg", "unfinished/novel.txt"):
        (folder / name).write_text("mine")
    return folder


def _put_into(index: Path, belongings: Path) -> None:
    for path in sorted(belongings.rglob("*")):
        target = index / path.relative_to(belongings)
        if path.is_dir():
            target.mkdir()
        else:
            target.write_bytes(path.read_bytes())


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_folder_with_other_things_and_no_index_is_refused_and_stays_as_it_was(
    sync: Any, nkqa: Any, articles: Path, belongings: Path, rebuild: bool
) -> None:
    before = _contents(belongings)
    words = ["--rebuild"] if rebuild else []
    done = nkqa("index", articles, "--index", belongings, "--model", "hashed", *words)
    assert done.status == 4
    assert "holds other things (CURRENT.tmp, gen-z, tmp-holiday, ...)" in done.err
    assert "--index" in done.err
    assert _contents(belongings) == before


def test_a_folder_of_articles_is_refused_as_their_index(nkqa: Any, articles: Path) -> None:
    before = _contents(articles)
    done = nkqa("index", articles, "--index", articles, "--model", "hashed")
    assert done.status == 4
    assert "holds other things (bridge.md, deep, harbour.md, ...)" in done.err
    assert _contents(articles) == before


def test_the_files_of_another_database_stay_as_they_were(
    nkqa: Any, articles: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "leveldb"
    folder.mkdir()
    (folder / "LOCK").touch()
    (folder / "CURRENT").write_text("MANIFEST-000005\n")
    (folder / "MANIFEST-000005").write_bytes(b"\x00" * 50)
    before = _contents(folder)
    for words in (
        ["index", articles, "--model", "hashed"],
        ["index", articles, "--model", "hashed", "--rebuild"],
        ["rollback"],
        ["repair"],
    ):
        done = nkqa(*words, "--index", folder)
        assert done.status == 4
        assert "Traceback" not in done.err
        assert _contents(folder) == before


def test_hidden_files_are_no_obstacle(sync: Any, articles: Path, index: Path) -> None:
    index.mkdir()
    (index / ".gitignore").write_text("*\n")
    assert sync(articles).documents == 6
    assert (index / ".gitignore").read_text() == "*\n"


def test_other_things_in_an_index_folder_stay(
    sync: Any, articles: Path, index: Path, belongings: Path
) -> None:
    sync(articles)
    (belongings / "unfinished" / "novel.txt").unlink()
    (belongings / "unfinished").rmdir()
    _put_into(index, belongings)
    (index / "gen-000000-0123abcd").mkdir()
    (index / "gen-000000-0123abcd" / "notes.txt").write_text("mine")
    for number in range(3):
        (articles / "more.txt").write_text(f"Edition {number} was printed.\n")
        sync(articles)
    repair_index(index)
    rollback_index(index)
    kept = _contents(index)
    assert _contents(belongings).items() <= kept.items()
    assert kept["gen-000000-0123abcd/notes.txt"] == b"mine"


@pytest.mark.parametrize("holds", [[], ["novel.txt"]], ids=["empty", "filled"])
def test_a_folder_called_unfinished_that_nkqa_did_not_make_is_named_and_stays(
    sync: Any, articles: Path, index: Path, holds: list[str]
) -> None:
    sync(articles)
    (index / "unfinished").mkdir()
    for name in holds:
        (index / "unfinished" / name).write_text("mine")
    assert not sync().changed
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    with pytest.raises(StoreError, match=r"unfinished is in the way.*Move it"):
        sync()
    repair_index(index)
    rollback_index(index)
    assert sorted(path.name for path in (index / "unfinished").iterdir()) == holds
    with open_index(index) as opened:
        assert opened.ask("How many pupils?").citations


def test_what_a_killed_build_left_is_removed_and_nothing_beside_it(
    sync: Any, articles: Path, index: Path, belongings: Path
) -> None:
    sync(articles)
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    _killed_build(articles, index)
    left = {path.name for path in index.iterdir()}
    assert "unfinished" in left
    assert any(name.startswith("tmp-") for name in left)
    (belongings / "unfinished" / "novel.txt").unlink()
    (belongings / "unfinished").rmdir()
    _put_into(index, belongings)
    sync()
    names = {path.name for path in index.iterdir() if not path.name.startswith("gen-0")}
    assert names == {"LOCK", "CURRENT", "tmp-holiday", "tmp-x", "CURRENT.tmp", "gen-z"}


def test_what_was_put_into_the_folder_during_a_first_build_that_failed_stays(
    articles: Path, index: Path
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        (index / "notes.txt").write_text("mine")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([articles], index, model="hashed", progress=interrupt)
    assert _contents(index) == {"notes.txt": b"mine"}


def test_a_first_build_that_failed_leaves_no_folder_that_it_made(nkqa: Any, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "empty").mkdir()
    for index in (tmp_path / "new" / "deep" / "index", tmp_path / "empty"):
        done = nkqa("index", "nothing", "--index", index, "--model", "hashed")
        assert done.status == 3
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_an_update_without_changes_writes_nothing(sync: Any, articles: Path, index: Path) -> None:
    def times() -> list[tuple[Path, int]]:
        return [(path, path.stat().st_mtime_ns) for path in sorted([index, *index.rglob("*")])]

    sync(articles)
    before = times()
    assert not sync().changed
    assert times() == before


def test_a_generation_that_somebody_put_notes_into_stays(
    sync: Any, articles: Path, index: Path
) -> None:
    first = sync(articles).generation
    (index / first / "notes.txt").write_text("why this one is good")
    for number in range(3):
        (articles / "more.txt").write_text(f"Edition {number} was printed.\n")
        sync(articles)
    assert (index / first / "notes.txt").exists()
    assert index_status(index).generation != first
