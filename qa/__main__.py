"""The console script `nkqa`, also `python -m qa`: Ctrl-C ends it with status 130, no traceback.

A running command gets a KeyboardInterrupt, so that it can tidy up. The process ends at once when a
second Ctrl-C comes while it does, when the command is done, and in the middle of an import: Python
can keep the lock of a module whose import an exception broke off, and a thread that imports that
module then never returns. Ending at once harms no index: whatever is committed is whole.
"""

import atexit
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

_INTERRUPTED = 130


def main() -> None:
    """Runs the command line and exits with its status."""
    # A shell has the commands that it starts in the background ignore Ctrl-C.
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:
        signal.signal(signal.SIGINT, _interrupt)
        # Python takes its handlers away before the process is gone.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    try:
        from qa.cli.commands import main as run

        run()
    except KeyboardInterrupt:  # It came before or after what `run` itself catches.
        _leave(_INTERRUPTED, heeded)
    except SystemExit as stop:
        _leave(_status(stop), heeded)


def _leave(status: int, heeded: bool) -> "NoReturn":
    if heeded:
        signal.signal(signal.SIGINT, lambda *_: _end(status))
    sys.exit(status)


def _status(stop: SystemExit) -> int:
    return stop.code if isinstance(stop.code, int) else 1


def _interrupt(_: int, frame: "FrameType | None") -> None:
    error = sys.exc_info()[1]
    if isinstance(error, SystemExit):  # The command is done and has said all.
        _end(_status(error))
    begins = frame is None or frame.f_code is main.__code__ or _imports(frame)
    if begins or isinstance(error, KeyboardInterrupt):
        _end(_INTERRUPTED, b"nkqa: interrupted; the index is as it was before.\n")
    if _tidies_up(error):  # The command is about to say so itself, or has.
        _end(_INTERRUPTED)
    raise KeyboardInterrupt


def _tidies_up(error: BaseException | None) -> bool:
    """Whether an interrupt that came before is being handled."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _imports(frame: "FrameType | None") -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _end(status: int, told: bytes = b"") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # A further one would print the message again.
    if os.isatty(2) and os.environ.get("TERM") != "dumb":
        told += b"\x1b[?25h"  # A progress bar hides the cursor.
    try:
        os.write(2, told)
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
