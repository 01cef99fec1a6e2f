"""The bytes of a regular file, and their hash. Nothing here can block on a pipe or a device."""

import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

from qa.loading.article import NotLoaded
from qa.loading.limits import in_words

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def hash_file(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hex; enough to know that it need not be read again.

    Raises: NotLoaded when the file cannot be read.
    """
    with open_regular(path) as stream:
        return hash_stream(stream)


def hash_stream(stream: BufferedReader) -> str:
    """The SHA-256 of what is left of the stream, in hex."""
    try:
        return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise NotLoaded(f"cannot be read: {reason(error)}") from error


def read_bytes(path: Path, limit: int) -> bytes:
    """All bytes of the file.

    Raises: NotLoaded when it cannot be read or holds more than `limit` bytes.
    """
    with open_regular(path) as stream:
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise NotLoaded(f"cannot be read: {reason(error)}") from error
    if len(data) > limit:
        raise NotLoaded(f"larger than {in_words(limit)}, the limit for one file of its kind")
    return data


def open_regular(path: Path) -> BufferedReader:
    """The file opened for reading, and certainly a regular file.

    Raises: NotLoaded for anything else that may stand under the name.
    """
    try:
        _refuse(os.stat(path).st_mode)  # noqa: PTH116  before opening: that may act on a device
        # O_NONBLOCK: a pipe put in the file's place meanwhile must not hold us.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise NotLoaded(f"cannot be read: {reason(error)}") from error
    stream = os.fdopen(descriptor, "rb")
    try:
        _refuse(os.fstat(descriptor).st_mode)
    except NotLoaded:
        stream.close()
        raise
    return stream


def kind_of(mode: int) -> str:
    """What stands under a name that is not a regular file: `a folder`, `a named pipe`, ..."""
    return next((name for test, name in _KINDS if test(mode)), "of an unknown kind")


def reason(error: OSError) -> str:
    """The operating system's own words in small letters: `permission denied`."""
    return (error.strerror or type(error).__name__).lower()


def _refuse(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NotLoaded(f"not a regular file but {kind_of(mode)}")
