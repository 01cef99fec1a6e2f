"""A writer that is killed, or that runs out of disk, leaves the old index or the new one."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from qa import StoreError, build_index, open_index, verify_index

_QUESTION = "Which ferry reached Sokcho?"
_SEED = 20190424

# Kills itself at the n-th thing it does to the file system, for many n, and looks at what is left.
_AT_EVERY_STEP = """
import json, os, shutil, signal, sys
from pathlib import Path
import faiss, tantivy
import qa.index
from embeddings.hashed import HashedEncoder
from qa import build_index, index_status, open_index, verify_index

made, articles, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
EVENTS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "shutil.copyfile",
          "shutil.rmtree", "tempfile.mkdtemp", "sqlite3.connect", "os.listdir", "os.scandir"}

def in_child(work):
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def write(index, last, count_to=None):
    done = 0
    def step(event, told):
        nonlocal done
        if event in EVENTS and any(isinstance(t, (str, os.PathLike)) and str(index) in str(t)
                                   for t in told):
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(step)
    build_index([], index, encoder=HashedEncoder())
    if count_to:
        count_to.write_text(str(done))

def look(index, before, told_to):
    assert verify_index(index).faults == ()
    with open_index(index) as opened:
        quotes = [c.quote for c in opened.ask("Which ferry reached Sokcho?", 20).citations]
        new = any("Crew of nine" in quote for quote in quotes)
        assert new == (index_status(index).generation != before)
    build_index([], index, encoder=HashedEncoder())
    left = [p.name for p in index.iterdir() if p.name not in ("LOCK", "CURRENT")]
    assert all(name.startswith("gen-") for name in left), left
    with open_index(index) as opened:
        assert any("Crew of nine" in c.quote
                   for c in opened.ask("Which ferry reached Sokcho?", 20).citations)
    told_to.write_text(str(int(new)))

before = index_status(made).generation
(articles / "late.txt").write_text("A late ferry reached Sokcho. Crew of nine was aboard.")
scratch = made.parent / "scratch"
shutil.copytree(made, scratch)
counted = made.parent / "counted"
assert in_child(lambda: write(scratch, -1, counted)) == 0
steps = int(counted.read_text())
chosen = range(1, steps + 1)
if most:
    chosen = [*chosen[:: max(1, steps // most)], *chosen[-6:]]
outcomes = {}
for last in chosen:
    shutil.rmtree(scratch)
    shutil.copytree(made, scratch)
    ended = in_child(lambda: write(scratch, last))
    assert ended == -signal.SIGKILL, (last, ended)
    assert in_child(lambda: look(scratch, before, counted)) == 0, f"killed at {last} of {steps}"
    outcomes[last] = int(counted.read_text())
print(json.dumps({"steps": steps, "outcomes": outcomes}))
"""


@pytest.mark.parametrize(
    "most", [6, pytest.param(0, marks=pytest.mark.slow)], ids=["some", "every"]
)
def test_a_writer_killed_at_a_step_leaves_the_old_or_the_new_index(
    made: tuple[Path, Path], articles: Path, script: Any, most: int
) -> None:
    index, _ = made
    build_index([articles], index, model="hashed", forget=[made[1]])
    told = json.loads(script(_AT_EVERY_STEP, index, articles, most))
    assert told["steps"] > 20
    # The commit is one step: from there on it is the new index, until there the old one.
    outcomes = [told["outcomes"][step] for step in sorted(told["outcomes"], key=int)]
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {0, 1}


@pytest.mark.parametrize(
    "times", [3, pytest.param(25, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_nkqa_index_killed_at_a_random_moment_leaves_the_old_or_the_new_index(
    made: tuple[Path, Path], articles: Path, nkqa_started: Any, times: int
) -> None:
    index, _ = made
    build_index([articles], index, model="hashed", forget=[made[1]])
    begun = time.monotonic()
    assert nkqa_started("index", "--index", index, stdout=subprocess.DEVNULL).wait() == 0
    usual = time.monotonic() - begun
    dice = random.Random(_SEED)
    for number in range(times):
        for article in range(20):
            (articles / f"more-{article}.txt").write_text(f"Edition {number} of {article} sold.")
        process = nkqa_started(
            "index", "--index", index, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(dice.uniform(0.3, 1.1) * usual)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
        assert verify_index(index).faults == ()
        with open_index(index) as opened:
            found = opened.ask("Which edition sold?", 50)
            editions = {
                edition
                for citation in found.citations
                for edition in re.findall(r"Edition (\d+) of", citation.quote)
            }
            assert len(editions) <= 1  # Never a part of the one and a part of the other.
            assert opened.ask("How many pupils?").citations
    build_index([], index)
    left = [p.name for p in index.iterdir() if p.name not in ("LOCK", "CURRENT")]
    assert all(name.startswith("gen-") for name in left)


def test_the_first_index_killed_halfway_is_no_index_and_no_obstacle(
    articles: Path, index: Path, script: Any, sync: Any, ask: Any
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys; from embeddings.hashed import HashedEncoder\n"
            "from qa import build_index\n"
            "def kill(stage, *_):\n"
            "    if stage == 'writing': os.kill(os.getpid(), signal.SIGKILL)\n"
            "build_index([sys.argv[1]], sys.argv[2], encoder=HashedEncoder(), progress=kill)",
            str(articles),
            str(index),
        ],
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert any(index.glob("tmp-*"))
    with pytest.raises(StoreError, match="no index"):
        open_index(index)
    sync(articles)
    assert not any(index.glob("tmp-*"))
    assert ask("How many pupils?").citations


def test_an_interrupt_leaves_the_index_as_it_was(made: tuple[Path, Path], articles: Path) -> None:
    index, _ = made
    before = sorted(p.name for p in index.iterdir())

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "embedding":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([articles], index, progress=interrupt)
    assert sorted(p.name for p in index.iterdir()) == before


def test_an_interrupted_first_index_leaves_nothing(articles: Path, index: Path) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([articles], index, model="hashed", progress=interrupt)
    assert not index.exists()


# A file may not grow beyond so many bytes: writing fails as on a full disk, at another place each.
_FULL = """
import json, resource, sys
from embeddings.hashed import HashedEncoder
from qa import StoreError, build_index

index, told = sys.argv[1], {}
for limit in map(int, sys.argv[2].split(",")):
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        build_index([], index, encoder=HashedEncoder())
        told[limit] = "done"
    except StoreError as error:
        told[limit] = "refused"
        assert str(error)
    except BaseException as error:
        told[limit] = f"{type(error).__module__}.{type(error).__name__}: {error}"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(json.dumps(told))
"""


@pytest.mark.parametrize("size", [0, 50, 200, 500, 1500, 5000, 20_000, 40_000, 60_000])
def test_a_full_disk_is_told_and_the_old_index_stays(
    made: tuple[Path, Path], articles: Path, script: Any, size: int
) -> None:
    index, _ = made
    build_index([articles], index, model="hashed", forget=[made[1]])
    (articles / "late.txt").write_text("A late ferry reached Sokcho. Crew of nine was aboard.")
    for number in range(120):
        (articles / f"more-{number}.txt").write_text(f"Edition {number} was printed. " * 8)
    before = sorted(p.name for p in index.iterdir())
    told = json.loads(script(_FULL, index, size))
    assert told == {str(size): "refused"}
    assert sorted(p.name for p in index.iterdir()) == before
    assert verify_index(index).faults == ()
    with open_index(index) as opened:
        assert not any(
            "Crew of nine" in citation.quote for citation in opened.ask(_QUESTION, 50).citations
        )
    build_index([], index)
    with open_index(index) as opened:
        assert "Crew of nine" in opened.ask(_QUESTION).citations[0].quote


@pytest.mark.parametrize("size", [0, 2000, 40_000])
def test_a_full_disk_at_the_first_index_leaves_nothing(
    articles: Path, index: Path, nkqa_process: Any, size: int
) -> None:
    import resource

    for number in range(120):
        (articles / f"more-{number}.txt").write_text(f"Edition {number} was printed. " * 8)
    done = nkqa_process(
        "index",
        articles,
        "--index",
        index,
        "--model",
        "hashed",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert done.status == 4, done.err
    assert "Traceback" not in done.err
    assert str(index) in done.err
    assert not index.exists()


@pytest.mark.parametrize("place", ["/proc/nkqa/index", "file/index", "/dev/null/index"])
def test_a_folder_that_cannot_be_made_is_refused(
    articles: Path, tmp_path: Path, nkqa: Any, place: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    done = nkqa("index", articles, "--index", place, "--model", "hashed")
    assert done.status == 4
    assert "Cannot write an index" in done.err
    assert done.out == ""


def test_a_read_only_index_is_read_and_not_written(
    made: tuple[Path, Path], articles: Path, nkqa_process: Any, as_plain_user: Any
) -> None:
    index, _ = made
    for path in [*index.rglob("*"), index]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        asked = nkqa_process("ask", _QUESTION, "--index", index, preexec_fn=as_plain_user)
        wrote = nkqa_process("index", articles, "--index", index, preexec_fn=as_plain_user)
    finally:
        for path in [index, *index.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert wrote.status == 4
    assert "ermission" in wrote.err
    assert "Traceback" not in wrote.err
    assert asked.status == 0, asked.err
    assert "ferry" in asked.out


def test_an_index_that_may_not_be_read_is_refused(
    made: tuple[Path, Path], nkqa_process: Any, as_plain_user: Any
) -> None:
    index, _ = made
    (index / "CURRENT").chmod(0)
    done = nkqa_process("ask", _QUESTION, "--index", index, preexec_fn=as_plain_user)
    assert done.status == 4
    assert "ermission" in done.err
    assert "Traceback" not in done.err
    assert os.fspath(index) in done.err
