"""The standard streams of a command: whatever is wrong with them ends in one line and a status."""

import codecs
import contextlib
import errno
import io
import json
import os
import select
import sys
from pathlib import Path
from typing import NoReturn

from embeddings.errors import Error

_STDOUT, _STDERR = 1, 2


def prepare() -> None:
    """Opens those of stdout and stderr that are closed, and has both show what their encoding
    cannot hold as `\\u0159`.

    Nothing can be written to a stdout that was closed. It is opened all the same, since the next
    file would take its number and everything that is printed.
    """
    if sys.stdout is None:
        _occupy(_STDOUT, os.O_RDONLY)
        sys.stdout = open(_STDOUT, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        _occupy(_STDERR, os.O_WRONLY)
        sys.stderr = open(_STDERR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    codecs.register_error(_escaped.__name__, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_escaped.__name__)


def put(text: str) -> None:
    """Prints to stdout at once."""
    print(text, flush=True)


def fail(message: str, status: int) -> NoReturn:
    """Ends the process with a message on stderr."""
    from qa.output.serial import visible

    with contextlib.suppress(OSError):  # There is nowhere else to say so.
        print(f"nkqa: {visible(message)}", file=sys.stderr, flush=True)
    sys.exit(status)


def end(error: OSError) -> NoReturn:
    """Ends the process after an error of the system, most often of its output.

    `nkqa ... | head -1` closes stdout early, which is no failure.
    """
    reader_is_gone = isinstance(error, BrokenPipeError) and _has_no_reader()
    # The interpreter flushes stdout once more at its end, and must not meet the error again.
    _occupy(_STDOUT, os.O_WRONLY)
    if reader_is_gone:
        sys.exit(0)
    closed = error.errno == errno.EBADF and error.filename is None
    fail(
        "stdout is closed; expected it open for the result." if closed else str(error),
        Error.exit_status,
    )


def _has_no_reader() -> bool:
    """Whether stdout is a pipe that nobody reads, or was one: rich then replaces it."""
    if os.path.samestat(os.fstat(_STDOUT), Path(os.devnull).stat()):
        return True
    poll = select.poll()
    poll.register(_STDOUT, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _occupy(number: int, mode: int) -> None:
    """Makes the file of this number the null device."""
    null = os.open(os.devnull, mode)
    if null != number:
        os.dup2(null, number)
        os.close(null)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What the encoding cannot hold, as in JSON, so that JSON stays what it is."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end
