"""Read and hash regular files.

The type and size of a file are checked before reading: by path, and again once the file is open.
Nothing here can block on a pipe or a device, or read endlessly.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from qa.loading.article import NotLoaded
from qa.loading.extensions import JSONL
from qa.loading.limits import Limits, in_words

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_BLOCK = 1 << 18


def hash_file(path: Path, suffix: str | None = None) -> str:
    """The SHA-256 of the file's bytes, in hex; an unchanged hash means no need to re-read.

    `suffix` selects the limits; the default is the file's own suffix. Raises: NotLoaded if the
    file cannot be read or is too large; the size is checked first.
    """
    suffix, limits = suffix or path.suffix, Limits()
    with open_regular(path, limits.of_file(suffix)) as stream:
        if suffix.lower() in JSONL:
            _refuse_endless_line(stream, limits.line_bytes)
        return hash_stream(stream)


def hash_stream(stream: BufferedReader) -> str:
    """The SHA-256 of the bytes of a newly opened file, in hex."""
    digest = hashlib.sha256()
    for block in _blocks(stream):
        digest.update(block)
    return digest.hexdigest()


def read_bytes(path: Path, limit: int) -> bytes:
    """All bytes of the file.

    Raises: NotLoaded if it cannot be read or holds more than `limit` bytes.
    """
    with open_regular(path, limit) as stream:
        return b"".join(_blocks(stream))


def _blocks(stream: BufferedReader) -> Iterator[bytes]:
    """The bytes of a newly opened file, reading at most one byte past its reported size: a file
    that is not on a disk may be endless whatever its size."""
    size, done = os.fstat(stream.fileno()).st_size, 0
    while done <= size:
        try:
            block = stream.read(min(size + 1 - done, _BLOCK))
        except OSError as error:
            raise NotLoaded(f"cannot be read: {reason(error)}") from error
        if not block:
            break
        done += len(block)
        yield block
    if done != size:
        raise NotLoaded(
            f"holds {'more' if done > size else 'fewer'} bytes than the {size} of its size: it is "
            "being written, or is not stored on a disk"
        )


def _refuse_endless_line(stream: BufferedReader, limit: int) -> None:
    """Refuse a file whose first line exceeds `limit` before reading gigabytes, then rewind it."""
    try:
        first = stream.readline(limit + 1)
    except OSError as error:
        raise NotLoaded(f"cannot be read: {reason(error)}") from error
    if len(first) > limit and not first.endswith(b"\n"):
        raise NotLoaded(f"its first line is longer than {in_words(limit)}, the limit for a line")
    stream.seek(0)


def open_regular(path: Path, limit: int) -> BufferedReader:
    """The file opened for reading, verified to be a regular file of at most `limit` bytes.

    Raises: NotLoaded for anything else at this path, a link included.
    """
    try:
        _refuse(os.stat(path), limit)  # noqa: PTH116  before opening: opening may act on a device
        # A replacement put at this path meanwhile must not block (a pipe) or redirect (a link).
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path, flags)
    except OSError as error:
        raise NotLoaded(f"cannot be read: {reason(error)}") from error
    try:
        _refuse(os.fstat(descriptor), limit)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def kind_of(mode: int) -> str:
    """The type of a file that is not regular: `a folder`, `a named pipe`, ..."""
    return next((name for test, name in _KINDS if test(mode)), "of an unknown kind")


def reason(error: OSError) -> str:
    """The operating system's error message in lower case: `permission denied`."""
    return (error.strerror or type(error).__name__).lower()


def _refuse(status: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotLoaded(f"not a regular file but {kind_of(status.st_mode)}")
    if status.st_size > limit:
        raise NotLoaded(f"larger than {in_words(limit)}, the limit for one file of its kind")
