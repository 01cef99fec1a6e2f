"""Who may write to an index folder, and which names in it are not part of the index yet.

LOCK is held by the one process that writes. Before that process makes anything in the folder, it
lists there the names that it is going to use; when nothing is left under them that was not
committed, it empties the list. After a crash the next writer removes what stands under the listed
names, and nothing that somebody else put into the folder.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterable
from pathlib import Path

from embeddings.errors import IndexBusy
from qa.store.local.generations import disk
from qa.store.local.generations.generation import CURRENT, UNFINISHED

LOCK = "LOCK"
_FIRST_LINE = "nkqa uses these names:"
# The number of a generation stands for the whole name, whose end is known at its commit only.
_LISTED = re.compile(rf"(tmp|{CURRENT})-[0-9a-f]{{8}}|gen-\d{{6,}}|{UNFINISHED}")
# The list is one write of this many bytes, a page.
_BYTES = 4096


class Lock:
    """The right to write to the folder `root`, from when it is made until `release`.

    Raises `IndexBusy` when another process has it, `OSError` when the folder cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / LOCK
        self._handle = _locked(self._path)

    def list(self, names: Iterable[str]) -> None:
        """Replaces the list, which is on the disk when this returns."""
        new = not is_ours(self._path.parent)
        self._write(names)
        disk.flush(self._path)
        if new:
            disk.flush(self._path.parent)

    def empty(self) -> None:
        """Empties the list, at the latest when the next one is written."""
        self._write(())

    def _write(self, names: Iterable[str]) -> None:
        lines = "\n".join([_FIRST_LINE, *sorted(names)])
        disk.overwrite(self._path, lines.encode().ljust(_BYTES, b"\n"))

    def release(self, *, remove: bool = False) -> None:
        """Gives the right up, and removes LOCK if asked to."""
        if remove:
            with contextlib.suppress(OSError):
                disk.remove(self._path)
        os.close(self._handle)


def _locked(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:  # The process that held it has removed it.
            pass
        except BlockingIOError as error:
            os.close(handle)
            raise IndexBusy(
                f"Another process is writing to {path.parent}. Wait until it is done, then run "
                "the command again."
            ) from error
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def listed(root: Path) -> frozenset[str]:
    """The names in LOCK: what stands under them may be half made."""
    return frozenset(name for name in _lines(root)[1:] if _LISTED.fullmatch(name))


def is_ours(root: Path) -> bool:
    """Whether nkqa wrote the LOCK of this folder."""
    return _lines(root)[0] == _FIRST_LINE


def _lines(root: Path) -> list[str]:
    try:
        with (root / LOCK).open("rb") as file:
            return file.read(_BYTES).decode("ascii", "replace").split("\n")
    except (OSError, ValueError):
        return [""]


def wait(root: Path) -> None:
    """Returns when no process writes to the folder."""
    with contextlib.suppress(FileNotFoundError), (root / LOCK).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
