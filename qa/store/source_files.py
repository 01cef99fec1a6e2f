"""Check whether a cited file is unchanged since it was indexed."""

import hashlib
import os
import stat
from typing import TypeAlias

from qa.types import FileState

Stamp: TypeAlias = tuple[int, int]
"""Size in bytes and modification time in nanoseconds."""

# A larger file with a different stamp is reported as changed without reading it.
_READ_AT_MOST = 64 << 20


def stamp(path: str) -> Stamp | None:
    """The stamp of a file; None if there is no such file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a citation's path, five a question
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def file_state(path: str, indexed: Stamp, sha256: str) -> FileState:
    """The current state of a file that had this stamp and this SHA-256 when it was indexed.

    A file with an unchanged stamp counts as unchanged. Otherwise its bytes are hashed.
    """
    now = stamp(path)
    if now is None:
        return "gone"
    if now == indexed:
        return "same"
    if now[0] != indexed[0] or now[0] > _READ_AT_MOST:
        return "changed"
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return "changed"
            # Read one byte more than was indexed: enough to detect a longer or endless file.
            found = hashlib.sha256(file.read(indexed[0] + 1)).hexdigest()
    except OSError:
        return "gone"
    return "same" if found == sha256 else "changed"


def _without_waiting(path: str, flags: int) -> int:
    """Opens without blocking: the file may have become a pipe, whose opening waits for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)
