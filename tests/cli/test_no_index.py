"""Where there is no index: which commands make that of the shipped articles, and which do not."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa import build_index
from qa.store.local.generations import folder as store
from qa.which_index import shipped_index

_ASK = [
    sys.executable,
    "-c",
    "from qa.cli.commands import main; main()",
    "ask",
    "How many workers?",
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that is empty: no compiled model, no index of the shipped articles."""
    monkeypatch.setenv("NKQA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def shipped(cache: Path) -> Path:
    """The index of the shipped articles, made with the encoder that needs no model."""
    index, articles = shipped_index()
    build_index([articles], index, encoder=HashedEncoder())
    return index


@pytest.mark.parametrize("command", ["status", "verify", "repair", "rollback"])
def test_a_command_that_looks_after_an_index_makes_none(
    nkqa: Any, cache: Path, command: str
) -> None:
    done = nkqa(command)
    assert done.status == 4
    assert done.out == ""
    assert done.err == "nkqa: No index here (nkqa index PATH makes one).\n"
    assert not cache.exists()


@pytest.mark.parametrize("command", ["status", "verify", "repair"])
def test_such_a_command_looks_after_the_index_of_the_shipped_articles_and_says_so_once(
    nkqa: Any, shipped: Path, command: str
) -> None:
    done = nkqa(command)
    assert done.status == 0
    assert done.err.count("No index here") == 1
    assert done.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["index"], "No folder of articles was named"),
        (["index", "nowhere"], "does not exist"),
        (["index", "nothing"], "holds no article"),
        (["index", "photos"], "photo.jpg"),
    ],
)
def test_nothing_to_index_is_told_before_a_model_is_prepared(
    nkqa: Any, cache: Path, tmp_path: Path, words: list[str], reason: str
) -> None:
    for folder in ("nothing", "photos"):
        (tmp_path / folder).mkdir()
    (tmp_path / "photos" / "photo.jpg").write_bytes(b"\xff\xd8")
    done = nkqa(*words)
    assert done.status == 3
    assert reason in done.err
    assert not cache.exists()
    assert not (tmp_path / ".nkqa").exists()


def test_a_first_question_waits_for_another_process_that_makes_the_index_and_is_answered(
    cache: Path, tmp_path: Path
) -> None:
    index, articles = shipped_index()
    notes: list[str] = []
    asking: subprocess.Popen[str] | None = None

    def ask_meanwhile(stage: str, done: int, total: int) -> None:
        nonlocal asking
        if stage == "writing" and asking is None:
            asking = subprocess.Popen(
                _ASK, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            assert asking.stderr
            for line in asking.stderr:
                notes.append(line)
                if "waits" in line or line.startswith("nkqa:"):
                    break

    build_index([articles], index, encoder=HashedEncoder(), progress=ask_meanwhile)
    assert asking
    out, err = asking.communicate(timeout=60)
    assert asking.returncode == 0, (notes, err)
    assert notes[-1] == "Another process is making it already; this one waits until it is there.\n"
    assert "workers" in out


def test_a_second_nkqa_index_does_not_wait(nkqa: Any, articles: Path, index: Path) -> None:
    with store.Writer(index):
        done = nkqa("index", articles, "--index", index, "--model", "hashed")
    assert done.status == 4
    assert "Another process is writing" in done.err


def test_repair_says_once_which_index_it_is(nkqa: Any, shipped: Path) -> None:
    assert nkqa("repair").err.count("\n") == 1


_INTERRUPTED = """
import sys
from pathlib import Path
from qa.cli.commands import main

when, sys.argv = sys.argv[1], ["nkqa", *sys.argv[2:]]
renamed = False

def interrupt(event, args):
    # Ctrl-C, just before or at the first step after the new generation is named in CURRENT.
    global renamed
    renaming = event == "os.rename" and Path(args[1]).name == "CURRENT"
    if renaming if when == "before" else renamed:
        renamed = False
        raise KeyboardInterrupt
    renamed = renaming

sys.addaudithook(interrupt)
main()
"""


@pytest.mark.parametrize("command", ["index", "repair", "rollback"])
@pytest.mark.parametrize(
    ("when", "state"), [("before", "the index is as it was before"), ("after", "is in place")]
)
def test_an_interrupted_command_says_truly_what_became_of_the_index(
    made: tuple[Path, Path], articles: Path, command: str, when: str, state: str
) -> None:
    index, _ = made
    words = [articles] if command == "index" else []
    before = (index / "CURRENT").read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, when, command, *words, "--index", index],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130
    assert state in done.stderr
    assert ((index / "CURRENT").read_bytes() == before) == (when == "before")
