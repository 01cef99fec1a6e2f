"""A stdout or stderr that is closed, full, gone or of another encoding: one line and a status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.cli.terminal import lines

_TITLE = "Dvořák 四重奏 opens 🎻 festival"
# What is printed by rich, by `print` and by typer, of commands that read and that write.
_BROKEN = [
    ("full", ["ask", "festival"]),
    ("full", ["ask", "festival", "--json"]),
    ("full", ["list"]),
    ("full", ["verify"]),
    ("full", ["repair"]),
    ("closed", ["ask", "festival"]),
    ("closed", ["status", "--json"]),
    ("closed", ["rollback"]),
]


@pytest.fixture
def ready(sync: Any, tmp_path: Path, index: Path) -> Path:
    """An index of two generations whose only article has characters of few encodings."""
    folder = tmp_path / "articles"
    folder.mkdir()
    article = folder / "a.md"
    for text in ("It opened.", "The Pražák ensemble opened the festival."):
        article.write_text(f"---\ntitle: {_TITLE}\npublisher: Žurnál\n---\n\n{text}\n", "utf-8")
        sync(folder)
    return index


@pytest.mark.parametrize(
    ("broken", "command"), _BROKEN, ids=lambda one: one if isinstance(one, str) else " ".join(one)
)
def test_a_result_that_cannot_be_written_is_told_in_a_line(
    nkqa_started: Any, ready: Path, command: list[str], broken: str
) -> None:
    options: dict[str, Any] = {"stderr": subprocess.PIPE}
    with Path("/dev/full").open("wb") as full:
        options |= {"full": {"stdout": full}, "closed": {"preexec_fn": lambda: os.close(1)}}[broken]
        process = nkqa_started(*command, "--index", ready, **options)
        err = process.communicate(timeout=120)[1].decode()
    expected = {"full": "No space left on device", "closed": "stdout is closed"}[broken]
    assert expected in err
    assert err.startswith("nkqa: ")
    assert err.count("\n") == 1
    assert process.returncode == 1


@pytest.mark.parametrize("words", [["--version"], ["ask", "--help"]], ids=" ".join)
def test_help_that_cannot_be_written_is_told_and_help_cut_short_is_no_failure(
    nkqa_started: Any, words: list[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        process = nkqa_started(*words, stdout=full, stderr=subprocess.PIPE)
        err = process.communicate(timeout=60)[1]
    assert (process.returncode, err) == (1, b"nkqa: [Errno 28] No space left on device\n")
    theirs, ours = os.pipe()
    os.close(theirs)
    process = nkqa_started(*words, stdout=ours, stderr=subprocess.PIPE)
    os.close(ours)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 0


def test_an_index_is_made_whole_though_its_report_cannot_be_written(
    nkqa_process: Any, nkqa: Any, ready: Path, tmp_path: Path
) -> None:
    (tmp_path / "articles" / "b.md").write_text("More articles came.")
    done = nkqa_process("index", "--index", ready, preexec_fn=lambda: os.close(1))
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert nkqa("verify", "--index", ready).status == 0
    assert json.loads(nkqa("list", "--index", ready, "--json").out)["total"] == 2


@pytest.mark.parametrize("broken", ["full", "closed"])
def test_a_message_that_nobody_can_get_leaves_the_status(
    nkqa_started: Any, ready: Path, broken: str
) -> None:
    with Path("/dev/full").open("wb") as full:
        options = {"full": {"stderr": full}, "closed": {"preexec_fn": lambda: os.close(2)}}[broken]
        process = nkqa_started("show", "z", "--index", ready, stdout=subprocess.PIPE, **options)
        out = process.communicate(timeout=60)[0]
    assert (process.returncode, out) == (3, b"")


@pytest.mark.parametrize("encoding", ["latin-1", "shift_jis"])
def test_what_an_encoding_cannot_hold_is_escaped(
    nkqa_started: Any, ready: Path, encoding: str
) -> None:
    def told(*words: object) -> str:
        process = nkqa_started(
            *words, "--index", ready, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )  # fmt: skip
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, b"")
        return str(out.decode(encoding))

    escaped = _TITLE.encode(encoding, "backslashreplace").decode(encoding)
    assert escaped.split()[0] in told("ask", "festival").replace("\\u00", "\\x")
    assert json.loads(told("show", "a.md", "--json"))["title"] == _TITLE


def test_progress_is_told_in_lines_where_stderr_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, write = os.pipe()
    with os.fdopen(read) as told, os.fdopen(write, "w") as err:
        monkeypatch.setattr(sys, "stderr", err)
        with lines(0.001) as show:
            assert told.readline() == "nkqa: preparing\n"
            show("embedding", 1200, 40_000)
            # A line may have been on its way.
            assert "nkqa: embedding: 1,200 of 40,000\n" in _until_changed(told.readline)


def _until_changed(readline: Callable[[], str]) -> list[str]:
    """Lines up to the first one that is not about preparing."""
    got = [readline()]
    while got[-1] == "nkqa: preparing\n":
        got.append(readline())
    return got
