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

_INTERRUPTED = 130


def main() -> None:
    """Runs the command line and exits with its status."""
    # A shell has the commands that it starts in the background ignore Ctrl-C.
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:
        signal.signal(signal.SIGINT, _interrupt)
        # Python takes its handlers away before the process is gone.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    status = _INTERRUPTED
    try:
        from qa.cli.commands import main as run

        run()
    except KeyboardInterrupt:
        pass  # It came before or after what `run` itself catches.
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    if heeded:
        signal.signal(signal.SIGINT, lambda *_: _end(status))
    sys.exit(status)


def _interrupt(_: int, frame: "FrameType | None") -> None:
    if frame is None or frame.f_code is main.__code__ or _tidies_up() or _imports(frame):
        _end(_INTERRUPTED, b"nkqa: interrupted; the index is as it was before.\n")
    raise KeyboardInterrupt


def _tidies_up() -> bool:
    """Whether an interrupt that came before is being handled."""
    error = sys.exc_info()[1]
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
