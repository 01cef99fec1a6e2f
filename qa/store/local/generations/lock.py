"""The write lock of an index folder, and the list of names in it that may be uncommitted.

The writing process locks the file LOCK. Before it creates anything in the folder, it lists in LOCK
the names that it will use. Once nothing uncommitted is left under these names, it empties the list.
After a crash, the next writer removes uncommitted files under the listed names, and never a file
that nkqa did not create.
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
# A generation is listed by number, because the end of its name is unknown before the commit.
_LISTED = re.compile(rf"(tmp|{CURRENT})-[0-9a-f]{{8}}|gen-\d{{6,}}|{UNFINISHED}")
# The list is padded to one page and written with a single write.
_BYTES = 4096


class Lock:
    """The write lock of the folder `root`, held from construction until `release`.

    Raises `IndexBusy` if another process holds it, `OSError` if the folder cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / LOCK
        self._handle = _locked(self._path)

    def list(self, names: Iterable[str]) -> None:
        """Replaces the list, which is on disk when this returns."""
        new = not is_ours(self._path.parent)
        self._write(names)
        disk.flush(self._path)
        if new:
            disk.flush(self._path.parent)

    def empty(self) -> None:
        """Empties the list without a flush: an old list may survive a power failure."""
        self._write(())

    def _write(self, names: Iterable[str]) -> None:
        lines = "\n".join([_FIRST_LINE, *sorted(names)])
        disk.overwrite(self._path, lines.encode().ljust(_BYTES, b"\n"))

    def release(self, *, remove: bool = False) -> None:
        """Releases the lock; with `remove`, removes LOCK."""
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
        except FileNotFoundError:  # The previous holder removed LOCK.
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
    """The names in LOCK; files under these names may be incomplete."""
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
    """Waits until no process is writing to the folder."""
    with contextlib.suppress(FileNotFoundError), (root / LOCK).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
