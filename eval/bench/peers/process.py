"""Run a participant in a child process: its answers, their times, and its memory."""

import contextlib
import json
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from embeddings.errors import Error

_SAMPLED_EVERY = 0.05
_LAST_LINES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of a process; `seconds` is the wall-clock time until it arrived, `peak` the peak
    memory of the process and its children in bytes."""

    seconds: float
    peak: int
    values: Mapping[str, Any]


class Process:
    """A running driver, which answers line by line. Use as a context manager.

    `answer` raises `Error` with the last lines of stderr if the process ends without answering.
    """

    def __init__(self, command: Sequence[str], variables: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            self._begun = time.perf_counter()
            self._command = " ".join(command)
            self._process = subprocess.Popen(  # noqa: S603
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(variables),
                text=True,
                encoding="utf-8",
            )
        self._questions = cast(IO[str], self._process.stdin)
        self._answers = cast(IO[str], self._process.stdout)
        self._peak = 0
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLED_EVERY):
            self._peak = max(self._peak, sum(map(resident, tree(self._process.pid))))

    def answer(self, question: str | None = None) -> Told:
        """The next answer, timed from the question, or without one from the process's start."""
        begun = self._begun
        if question is not None:
            begun = time.perf_counter()
            with contextlib.suppress(BrokenPipeError):  # The process ended; handled below.
                self._questions.write(json.dumps(question) + "\n")
                self._questions.flush()
        line = self._answers.readline()
        seconds = time.perf_counter() - begun
        if not line:
            self._process.wait()
            last = self._log.read_text("utf-8", "replace").strip().splitlines()[-_LAST_LINES:]
            raise Error(
                f"`{self._command}` ended with status {self._process.returncode} instead of "
                f"answering; the end of {self._log}:\n" + "\n".join(f"  {one}" for one in last)
            )
        values = json.loads(line)
        return Told(seconds, max(int(values["peak"]), self._peak), values)

    def first_answer(self, question: str) -> Told:
        """The answer to a first question, timed from the start of the process."""
        answer = self.answer(question)
        return Told(time.perf_counter() - self._begun, answer.peak, answer.values)

    def close(self) -> None:
        """Closes the process's stdin, which ends it, and waits for it."""
        with contextlib.suppress(BrokenPipeError):
            self._questions.close()
        self._process.wait()
        self._answers.close()
        self._ended.set()
        self._sampler.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        self.close()


def tree(pid: int) -> list[int]:
    """The ids of the process and its descendants, as far as /proc lists them."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text("ascii").split())
            except OSError:  # The process has ended.
                continue
    return found


def resident(pid: int) -> int:
    """The resident memory of a process in bytes; 0 if it has ended or there is no /proc."""
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * resource.getpagesize()
        )
    except (OSError, IndexError):
        return 0
