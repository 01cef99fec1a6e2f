"""What is said of a commit is true wherever it fails, and nothing after it makes it fail."""

import errno
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from embeddings import Vectors
from embeddings.hashed import HashedEncoder
from qa import (
    IndexMissing,
    StoreError,
    build_index,
    index_status,
    open_index,
    repair_index,
    rollback_index,
    verify_index,
)

# Fails with an error of the disk at the n-th thing that a command does to files of the index, for
# many n, and compares what it says with CURRENT.
_FAILING = """
import errno, json, os, shutil, sys
from pathlib import Path
import faiss, tantivy
import qa.index
from embeddings.errors import Error
from embeddings.hashed import HashedEncoder
from qa import build_index, repair_index, rollback_index
from qa.store.local.generations import folder as store

made, articles, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
every = int(sys.argv[4])
EVENTS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.link", "os.listdir",
          "os.scandir", "shutil.copyfile", "shutil.rmtree"}
index, count, fail_at, fsync = made.parent / "failing", 0, None, os.fsync

def step():
    global count
    if fail_at is not None:
        count += 1
        if count == fail_at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

def on_event(event, args):
    if event in EVENTS and any(isinstance(a, (str, os.PathLike)) and str(index) in str(a)
                               for a in args):
        step()

def failing_fsync(handle):
    step()
    fsync(handle)

COMMANDS = {
    "update": lambda: build_index([], index, encoder=HashedEncoder()),
    "rebuild": lambda: build_index([], index, encoder=HashedEncoder(), rebuild=True),
    "repair": lambda: repair_index(index),
    "rollback": lambda: rollback_index(index),
    "first": lambda: build_index([articles], index, encoder=HashedEncoder()),
}
sys.addaudithook(on_event)
os.fsync = failing_fsync

def run(at):
    "Whether so many steps were taken, what was said, whether CURRENT changed, and what is left."
    global count, fail_at
    shutil.rmtree(index, ignore_errors=True)
    if command != "first":
        shutil.copytree(made, index)
    before = store.pointer(index)
    count, fail_at = 0, at
    try:
        COMMANDS[command]()
        said = "done"
    except Error as error:
        said = str(error)
    except OSError as error:
        said = f"bare {error!r}"
    reached, fail_at = count >= at, None
    changed = store.pointer(index) != before
    COMMANDS["update" if (index / "CURRENT").exists() else "first"]()
    return reached, said, changed, sorted(path.name for path in index.iterdir())

outcomes, at = [], 1
while (outcome := run(at))[0]:
    outcomes.append(outcome[1:])
    at += every
print(json.dumps(outcomes))
"""


@pytest.mark.parametrize(
    "every", [13, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"]
)
@pytest.mark.parametrize("command", ["first", "update", "rebuild", "repair", "rollback"])
def test_an_error_of_the_disk_at_any_step_is_told_truly_and_the_next_build_tidies_up(
    made: tuple[Path, Path], articles: Path, script: Any, command: str, every: int
) -> None:
    index, _ = made
    build_index([articles], index, model="hashed", forget=[made[1]])
    (articles / "late.txt").write_text("A late ferry reached Sokcho. Crew of nine was aboard.")
    outcomes = json.loads(script(_FAILING, index, articles, command, every))
    assert len(outcomes) * every > 15
    for said, changed, left in outcomes:
        if changed:
            assert said == "done" or "is in place" in said
        else:
            # Where CURRENT cannot be read, `rollback` returns to the newest generation.
            assert said != "done" or command == "rollback"
            assert "is in place" not in said
        assert not said.startswith("bare"), said
        # What is only being built is never called a damaged index.
        assert "damaged" not in said or "failing/tmp-" not in said
        assert [name[:10] for name in left if not name.startswith("gen-")] == ["CURRENT", "LOCK"]
        assert len(left) <= 4
    assert any(changed for _, changed, _ in outcomes) or every > 1


@pytest.mark.parametrize(
    "change",
    [rollback_index, repair_index, lambda index: build_index([], index)],
    ids=["rollback", "repair", "update"],
)
def test_a_change_that_the_disk_does_not_confirm_is_in_place_and_said_to_be(
    made: tuple[Path, Path],
    articles: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
) -> None:
    index, _ = made
    build_index([articles], index, model="hashed", forget=[made[1]])
    (articles / "late.txt").write_text("A late ferry reached Sokcho. Crew of nine was aboard.")
    before, fsync = (index / "CURRENT").read_bytes(), os.fsync

    def failing(handle: int) -> None:
        if (index / "CURRENT").read_bytes() != before:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match=r"is in place.*Input/output error.*nkqa verify"):
        change(index)
    monkeypatch.undo()
    assert (index / "CURRENT").read_bytes() != before
    assert verify_index(index).faults == ()


def test_a_new_folder_is_on_the_disk_in_each_folder_above_it(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[int, set[str]]] = []
    fsync = os.fsync

    def noting(handle: int) -> None:
        status = os.fstat(handle)
        for folder in (tmp_path, tmp_path / "new", tmp_path / "new" / "deep"):
            if folder.exists() and os.path.samestat(status, folder.stat()):
                flushed.append((status.st_ino, {path.name for path in folder.iterdir()}))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noting)
    build_index([articles], tmp_path / "new" / "deep" / "index", model="hashed")
    for folder, name in (("", "new"), ("new", "deep"), ("new/deep", "index")):
        inode = (tmp_path / folder).stat().st_ino
        assert any(number == inode and name in names for number, names in flushed), name


@pytest.mark.parametrize(
    "refusal", [errno.EPERM, errno.EOPNOTSUPP, errno.EXDEV, errno.EMLINK], ids=errno.errorcode.get
)
def test_where_hard_links_are_refused_files_are_copied(
    articles: Path, index: Path, script: Any, refusal: int
) -> None:
    told = script(
        """
import os, sys
from pathlib import Path
from embeddings.hashed import HashedEncoder
from qa import build_index, open_index, verify_index
from qa.store.local import derived_files as deriving

articles, index, refusal = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def refuse(event, args):
    if event == "os.link":
        raise OSError(refusal, os.strerror(refusal))

sys.addaudithook(refuse)
deriving.AFRESH_UP_TO = 10
for number in range(60):
    (articles / f"{number}.txt").write_text(f"Edition {number} was printed.")
build_index([articles], index, encoder=HashedEncoder())
(articles / "late.txt").write_text("A late ferry reached Sokcho.")
report = build_index([], index, encoder=HashedEncoder())
terms = [{f.name for f in (g / "terms").glob("*.term")} for g in sorted(index.glob("gen-*"))]
assert terms[0] < terms[1]  # Those of the parent were used.
with open_index(index) as opened:
    print(opened.ask("Which ferry?").citations[0].quote, verify_index(index).faults)
""",
        articles,
        index,
        refusal,
    )
    assert told == "A late ferry reached Sokcho. ()\n"


# Kills a build just before or just after it replaces CURRENT.
_KILLED_AT = """
import os, signal, sys
import qa.store.local.embedding, qa.store.local.writer
from pathlib import Path
from embeddings.hashed import HashedEncoder
from qa import build_index

articles, index, after = sys.argv[1], sys.argv[2], sys.argv[3] == "after"
qa.store.local.writer.SAVE_EVERY, qa.store.local.embedding._BATCH = 0.0, 2
renamed = False

def watch(event, args):
    global renamed
    renaming = event == "os.rename" and Path(args[1]).name == "CURRENT"
    if renamed if after else renaming:
        renamed = False
        os.kill(os.getpid(), signal.SIGKILL)
    renamed = renaming

sys.addaudithook(watch)
child = os.fork()
if not child:
    build_index([articles], index, encoder=HashedEncoder())
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
"""


def test_a_build_killed_after_its_commit_leaves_no_third_generation(
    made: tuple[Path, Path], articles: Path, script: Any, sync: Any
) -> None:
    index, _ = made
    (articles / "late.txt").write_text("A later ferry reached Sokcho.")
    script(_KILLED_AT, articles, index, "after")
    assert not sync().changed
    assert len(list(index.glob("gen-*"))) == 2
    assert index_status(index).generation == max(path.name for path in index.glob("gen-*"))


def test_a_first_build_killed_just_before_its_commit_is_finished_by_the_next(
    articles: Path, index: Path, script: Any, sync: Any
) -> None:
    script(_KILLED_AT, articles, index, "before")
    assert any(index.glob("gen-*"))
    with pytest.raises(IndexMissing, match="Finish it"):
        open_index(index)
    assert sync(articles).embedded == 0
    assert len(list(index.glob("gen-*"))) == 1
    assert verify_index(index).faults == ()


def test_rollback_never_returns_to_a_generation_that_was_not_committed(
    sync: Any, articles: Path, index: Path, script: Any
) -> None:
    first = sync(articles).generation
    (articles / "late.txt").write_text("A later ferry reached Sokcho.")
    script(_KILLED_AT, articles, index, "before")
    with pytest.raises(StoreError, match="no other generation"):
        rollback_index(index)
    assert index_status(index).generation == first


def test_a_rebuild_after_a_kill_does_not_write_into_the_generation_that_was_committed(
    articles: Path, index: Path, script: Any
) -> None:
    script(_KILLED_AT, articles, index, "after")
    (articles / "late.txt").write_text("A later ferry reached Sokcho. " * 9)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([], index, encoder=HashedEncoder(), rebuild=True, progress=interrupt)
    assert verify_index(index).faults == ()


class _Failing(HashedEncoder):
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        raise ConnectionRefusedError(f"no server encodes these {len(texts)} texts")


def test_an_error_of_the_model_is_not_called_an_error_of_the_index(
    articles: Path, index: Path
) -> None:
    with pytest.raises(ConnectionRefusedError):
        build_index([articles], index, encoder=_Failing())
    assert not index.exists()


def test_an_update_reads_the_record_and_walks_the_folders_once(
    articles: Path, index: Path, script: Any
) -> None:
    told = script(
        """
import json, os, sys
from pathlib import Path
from embeddings.hashed import HashedEncoder
from qa import build_index

articles, index = Path(sys.argv[1]), Path(sys.argv[2])
build_index([articles], index, encoder=HashedEncoder())
walked = hashed = 0

def count(event, args):
    global walked, hashed
    walked += event == "os.listdir" and str(args[0]) == str(articles)
    hashed += event == "open" and str(args[0]).startswith(f"{index}/gen-000001") and (
        str(args[0]).endswith("articles.sqlite"))

sys.addaudithook(count)
build_index([articles], index, encoder=HashedEncoder())
print(walked, hashed)
""",
        articles,
        index,
    )
    assert told.split() == ["1", "1"]
