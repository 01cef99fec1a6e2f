"""Whether the file that a citation names is still the one that was indexed."""

import hashlib
import os
import stat
from typing import TypeAlias

from qa.types import FileState

Stamp: TypeAlias = tuple[int, int]
"""Size in bytes and time of modification in nanoseconds."""

# A larger file whose size or time differs is called changed without being read.
_READ_AT_MOST = 64 << 20


def stamp(path: str) -> Stamp | None:
    """The stamp of a file; None when there is no such file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a citation's path, five a question
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def file_state(path: str, indexed: Stamp, sha256: str) -> FileState:
    """The state of a file that had this stamp and this SHA-256 when it was indexed.

    An unchanged stamp is believed; with another one the bytes decide.
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
            # One byte more than was indexed: an endless file is another one.
            found = hashlib.sha256(file.read(indexed[0] + 1)).hexdigest()
    except OSError:
        return "gone"
    return "same" if found == sha256 else "changed"


def _without_waiting(path: str, flags: int) -> int:
    """Opens what may be a pipe by now, and then would wait for somebody to write."""
    return os.open(path, flags | os.O_NONBLOCK)
