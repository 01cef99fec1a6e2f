"""A term index is opened where it lies; where that may not be written, nothing is left behind."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import IndexDamaged, open_index
from qa.store.local.engines.terms import TermIndex

# Opens a term index; "killed" when the first of its files is linked.
_OPEN = """
import os, signal, sys
from pathlib import Path
from qa.store.local.engines.terms import TermIndex

def kill(event, told):
    if event == "os.symlink":
        os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2:] == ["killed"]:
    sys.addaudithook(kill)
print(len(TermIndex(Path(sys.argv[1]))))
"""


@pytest.fixture
def terms(made: tuple[Path, Path]) -> Path:
    return max(made[0].glob("gen-*")) / "terms"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of this process and of those that it starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def read_only(made: tuple[Path, Path]) -> Iterator[Path]:
    """An index that nobody may write to."""
    index, _ = made
    for path in [index, *index.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    yield index
    for path in [index, *index.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def test_an_index_that_may_be_written_is_opened_without_a_temporary_folder(
    terms: Path, temporary: Path
) -> None:
    before = sorted(terms.iterdir())
    temporary.rmdir()  # Where there is none, none can be made in it.
    index = TermIndex(terms)
    assert len(index.search(["ferri"], 10)) == 1
    assert sorted(terms.iterdir()) == before


def test_an_index_that_may_not_be_written_is_opened_and_leaves_nothing(
    read_only: Path, temporary: Path, nkqa_process: Any, as_plain_user: Any
) -> None:
    asked = nkqa_process("ask", "Which ferry?", "--index", read_only, preexec_fn=as_plain_user)
    assert asked.status == 0, asked.err
    assert "ferry" in asked.out
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_leaves_goes_when_the_next_one_opens_an_index(
    read_only: Path, temporary: Path, as_plain_user: Any
) -> None:
    def opened(*more: str) -> "subprocess.CompletedProcess[str]":
        folder = max(read_only.glob("gen-*")) / "terms"
        command = [sys.executable, "-c", _OPEN, str(folder), *more]
        return subprocess.run(
            command, capture_output=True, check=False, text=True, preexec_fn=as_plain_user
        )

    assert opened("killed").returncode == -signal.SIGKILL
    (left,) = temporary.iterdir()
    used = temporary / left.name.replace(left.name[-4:], "used")
    used.mkdir()
    with _locked(used):  # As a process does that opens an index at this moment.
        assert opened().stdout == "7\n"
        assert list(temporary.iterdir()) == [used]
    assert opened().stdout == "7\n"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("byte", [0, 255])
@pytest.mark.parametrize("kind", ["fast", "idx", "term"])
def test_a_file_that_is_overwritten_while_it_is_open_is_damage_and_no_traceback(
    made: tuple[Path, Path], kind: str, byte: int
) -> None:
    index, _ = made
    file = next(max(index.glob("gen-*")).glob(f"terms/*.{kind}"))
    with open_index(index) as opened:
        with file.open("r+b") as written:  # The same file, which is mapped to memory.
            written.write(bytes([byte]) * file.stat().st_size)
        with pytest.raises(IndexDamaged, match="nkqa repair"):
            opened.ask("Which ferry reached Sokcho?")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    yield
    os.close(held)
