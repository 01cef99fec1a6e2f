"""The bytes of a regular file, and their hash.

The kind and the size of a file are checked before a byte is read: by its name, and again once it is
open. Nothing here can block on a pipe or a device, or read without an end.
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
    """The SHA-256 of the file's bytes, in hex; enough to know that it need not be read again.

    It is read as a file with that `suffix`, by default its own. Raises: NotLoaded when it cannot be
    read or is too large, which is found out first.
    """
    suffix, limits = suffix or path.suffix, Limits()
    with open_regular(path, limits.of_file(suffix)) as stream:
        if suffix.lower() in JSONL:
            _refuse_endless_line(stream, limits.line_bytes)
        return hash_stream(stream)


def hash_stream(stream: BufferedReader) -> str:
    """The SHA-256 of the bytes of a file that was just opened, in hex."""
    digest = hashlib.sha256()
    for block in _blocks(stream):
        digest.update(block)
    return digest.hexdigest()


def read_bytes(path: Path, limit: int) -> bytes:
    """All bytes of the file.

    Raises: NotLoaded when it cannot be read or holds more than `limit` bytes.
    """
    with open_regular(path, limit) as stream:
        return b"".join(_blocks(stream))


def _blocks(stream: BufferedReader) -> Iterator[bytes]:
    """The bytes of a file that was just opened: as many as its size says, and never more than one
    beyond, for a file that no disk holds may be endless whatever its size."""
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
    """Refuses what has no lines before gigabytes of it are read; goes back to the beginning."""
    try:
        first = stream.readline(limit + 1)
    except OSError as error:
        raise NotLoaded(f"cannot be read: {reason(error)}") from error
    if len(first) > limit and not first.endswith(b"\n"):
        raise NotLoaded(f"its first line is longer than {in_words(limit)}, the limit for a line")
    stream.seek(0)


def open_regular(path: Path, limit: int) -> BufferedReader:
    """The file opened for reading, and certainly a regular file of at most `limit` bytes.

    Raises: NotLoaded for anything else that may stand under the name, a link included.
    """
    try:
        _refuse(os.stat(path), limit)  # noqa: PTH116  before opening: that may act on a device
        # What was put in the file's place meanwhile must not hold us (a pipe), nor lead elsewhere.
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
    """What stands under a name that is not a regular file: `a folder`, `a named pipe`, ..."""
    return next((name for test, name in _KINDS if test(mode)), "of an unknown kind")


def reason(error: OSError) -> str:
    """The operating system's own words in small letters: `permission denied`."""
    return (error.strerror or type(error).__name__).lower()


def _refuse(status: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotLoaded(f"not a regular file but {kind_of(status.st_mode)}")
    if status.st_size > limit:
        raise NotLoaded(f"larger than {in_words(limit)}, the limit for one file of its kind")
