"""The parent's side of the parser process: start it, send requests, kill it on timeout."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import fields
from pathlib import Path

from qa.loading.article import Article, NotLoaded
from qa.loading.limits import Limits, in_words
from qa.loading.parser.worker import OUT_OF_MEMORY, receive, send

# Importing the parsers takes half a second; a machine under load may need far longer.
_START_SECONDS = 120.0
_FIELDS = frozenset(field.name for field in fields(Article))


class ParserProcess:
    """A worker that starts at the first file and restarts after each file that ended it.

    Serves a single thread; only `stop` may be called from other threads. The worker's processor
    time is limited. A wall-clock timeout ends a worker that waits; it is `at_once` times as long,
    since that many workers may share a core.
    """

    def __init__(self, limits: Limits, at_once: int = 1) -> None:
        self._limits = limits
        self._patience = limits.seconds * at_once
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._late = False

    def read(self, kind: str, data: bytes) -> Article:
        """The article in the bytes of an `html` or `pdf` file.

        Raises: NotLoaded if it has none, or takes more time or memory than the limits allow.
        """
        process = self._process or self._start()
        answer = self._ask(process, (kind.encode(), data), self._patience)
        if answer is None:
            raise NotLoaded(self._why_it_ended(process))
        told = json.loads(answer)
        if "refused" in told:
            raise NotLoaded(told["refused"])
        told["warnings"] = tuple(told["warnings"])
        return Article(**{name: told[name] for name in _FIELDS})

    def stop(self) -> None:
        """Kill the worker, from any thread, and start no other; a pending `read` then fails."""
        self._stopped.set()
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the worker, if running."""
        process, self._process = self._process, None
        self._stopped.clear()
        if process is not None:
            process.kill()
            _close_pipes(process)
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._stopped.is_set():
            raise NotLoaded("reading was stopped")
        limits = self._limits
        process = subprocess.Popen(  # noqa: S603  own interpreter and module
            [
                sys.executable, "-P", "-m", "qa.loading.parser.worker",
                str(limits.memory_bytes), str(int(limits.seconds) + 1), str(limits.text_characters),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )  # fmt: skip
        self._process = process
        if self._stopped.is_set():  # `stop` ran meanwhile and saw no process.
            process.kill()
        if self._ask(process, (), _START_SECONDS) != b"ready":
            why = self._why_it_ended(process)
            raise NotLoaded(f"the parser process did not start: {why}")
        return process

    def _ask(
        self, process: subprocess.Popen[bytes], messages: tuple[bytes, ...], seconds: float
    ) -> bytes | None:
        """The worker's answer; None if the worker exited or timed out."""
        self._late = False
        # Killing the worker unblocks a pending read or write.
        watch = threading.Timer(seconds, self._stop, (process,))
        watch.daemon = True
        watch.start()
        try:
            to_worker, from_worker = process.stdin, process.stdout
            if to_worker is None or from_worker is None:
                return None
            for message in messages:
                send(to_worker, message)
            answer = receive(from_worker)
        except OSError:
            answer = None
        finally:
            watch.cancel()
            watch.join()
        return None if self._late else answer

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        self._late = True
        process.kill()

    def _why_it_ended(self, process: subprocess.Popen[bytes]) -> str:
        self._process = None
        _close_pipes(process)
        status = process.wait()
        if self._late or status == -signal.SIGXCPU:
            return f"took longer than {self._limits.seconds:g} s"
        if status == OUT_OF_MEMORY:
            return f"needed more than {in_words(self._limits.memory_bytes)} of memory"
        if status < 0:
            return f"the parser crashed (signal {-status})"
        return f"the parser stopped (status {status})"


def _environment() -> dict[str, str]:
    """The parent's environment, with the parent's module search path and no other."""
    root = str(Path(__file__).resolve().parents[3])
    paths = [path for path in sys.path if path]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths if root in paths else [*paths, root]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            try:
                pipe.close()
            except OSError:
                # Buffered data has no reader any more.
                continue
