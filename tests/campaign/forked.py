"""Work in forked processes: an abort, a kill or a hang becomes a result like any other.

A fork without exec starts in milliseconds because everything is imported already. The process
that forks must not have used an engine itself: their threads would not survive the fork.
"""

import contextlib
import importlib
import multiprocessing
import os
import pickle
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.campaign.report import Failure

JOBS = 2
# Far longer than any case takes: what is still running then hangs.
LIMIT = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a forked process ended.

    `status` is its exit status, or the negative number of the signal that ended it. `value` is
    what the work returned, `error` the traceback of what it raised instead, `printed` its stdout
    and stderr together.
    """

    status: int
    value: Any
    error: str
    printed: str
    hung: bool

    @property
    def broken(self) -> str | None:
        """Why the work did not end as Python code does; None when it returned a value."""
        if self.hung:
            return f"hangs\n{self.printed}"
        if self.status < 0:
            return f"aborted by {signal.Signals(-self.status).name}\n{self.printed[-500:]}"
        return self.error or None


@dataclass(slots=True)
class Running:
    """A forked process at work; `ended` waits for it, once."""

    _process: int
    _value: int
    _printed: int

    def ended(self, interrupt: tuple[float, int] | None = None, limit: float = LIMIT) -> Ended:
        """How it ended. `interrupt` is a signal to send it, after so many seconds.

        What still runs after `limit` seconds is killed, and hangs.
        """
        said = {self._value: b"", self._printed: b""}
        reading = set(said)
        begun, hung = time.monotonic(), False
        with _pidfd(self._process) as process:
            while True:
                wait = begun + (interrupt[0] if interrupt else limit) - time.monotonic()
                ready, _, _ = select.select([*reading, process], [], [], max(wait, 0))
                for pipe in reading.intersection(ready):
                    said[pipe] += (block := os.read(pipe, 1 << 20))
                    if not block:
                        reading.remove(pipe)
                if ready == [process]:
                    break
                if not ready and interrupt:
                    os.kill(self._process, interrupt[1])
                    interrupt = None
                elif not ready:
                    hung = True
                    os.kill(self._process, signal.SIGKILL)
            status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        wrote = said[self._value] and status >= 0
        value, error = pickle.loads(said[self._value]) if wrote else (None, "")  # noqa: S301 - ours
        for pipe in said:
            os.close(pipe)
        return Ended(status, value, error, said[self._printed].decode(errors="replace"), hung)


def start(work: Callable[[], Any]) -> Running:
    """Starts `work` in a forked process."""
    (ours, its), (heard, printed) = os.pipe(), os.pipe()
    process = os.fork()
    if not process:
        _work(work, its, printed)
    os.close(its)
    os.close(printed)
    return Running(process, ours, heard)


def call(work: Callable[[], Any], interrupt: tuple[float, int] | None = None) -> Ended:
    """Runs `work` in a forked process until it ends; see `Running.ended`."""
    return start(work).ended(interrupt)


def value(work: Callable[[], Any]) -> Any:
    """What `work` returns; for what must succeed before a promise can be judged."""
    ended = call(work)
    if ended.broken or ended.status:
        raise RuntimeError(f"a campaign cannot begin: {ended.broken or ended.printed}")
    return ended.value


def _work(work: Callable[[], Any], pipe: int, printed: int) -> None:
    """The life of the forked process, which never returns to the code that forked it."""
    value, error, status = None, "", 1
    try:
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        try:
            value, status = work(), 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BaseException:  # noqa: BLE001 - the process that waits reports it
            error = traceback.format_exc()
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        with open(pipe, "wb") as file:
            pickle.dump((value, error), file)
    finally:
        os._exit(status)


def import_for(work: Callable[[], Any]) -> None:
    """Imports here what `work` imports, so that no forked process needs to do it again."""

    def names() -> list[str]:
        with contextlib.suppress(SystemExit):
            work()
        return list(sys.modules)

    for name in call(names).value or ():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


@contextlib.contextmanager
def _pidfd(process: int) -> Iterator[int]:
    handle = os.pidfd_open(process)
    try:
        yield handle
    finally:
        os.close(handle)


Case = Callable[[int, Path], tuple[str | None, str]]
"""Judges one seed in a folder of its own process: what broke the promise (None: nothing), and how
the case ended, in a word."""
_folder: Path


def over(seeds: Iterable[int], case: Case, home: Path) -> tuple[list[Failure], list[str]]:
    """Judges all seeds in some processes; the failures, and how many cases ended in which way."""
    failures, ways = [], Counter[str]()
    with ProcessPoolExecutor(JOBS, multiprocessing.get_context("fork"), _settle, (home,)) as pool:
        judged = [(seed, pool.submit(_judge, case, seed)) for seed in seeds]
        for seed, future in judged:
            wrong, way = future.result()
            ways[way] += 1
            if wrong is not None:
                failures.append(Failure(seed, wrong))
    return failures, [f"{number} {way}" for way, number in sorted(ways.items())]


def _settle(home: Path) -> None:
    global _folder
    _folder = Path(tempfile.mkdtemp(dir=home))


def _judge(case: Case, seed: int) -> tuple[str | None, str]:
    try:
        return case(seed, _folder)
    except Exception:  # noqa: BLE001 - a fault of the campaign itself must not end the run
        return f"the campaign itself: {traceback.format_exc()}", "not judged"
