"""Running nkqa's commands as a person does, with limits, and with file permissions that hold."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

COMMAND = (sys.executable, "-c", "from qa.cli.commands import main; main()")
# Seconds of processor time that a command may take, and bytes that it may hold; the process in
# which it parses a page or a PDF has the limit that docs/loading.md tells.
SECONDS = 60.0
MEMORY = 1 << 30
_PARSER_MEMORY = 2 << 30
# A command that does nothing for so long waits for what does not come. The machine may have other
# work, so the clock on the wall says little more than that.
_IDLE = 100.0
_LONGEST = 900.0
# More is a fault of whatever takes it; less would harm the machine that the campaign runs on.
_ADDRESS_SPACE = 12 << 30
_SHOWN = 400
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: `seconds` of processor time, with the processes that it started;
    `memory`, the most bytes that it held at once, and `most`, which such a process or it held.

    `killed` says why it had to be ended.
    """

    status: int
    out: str
    err: str
    seconds: float
    memory: int
    most: int
    killed: str | None

    def faults(self) -> Iterator[str]:
        """What no command may do, whatever it is given."""
        if self.killed:
            yield f"was killed: {self.killed}"
        elif self.status not in (0, 3):
            yield f"ended with status {self.status}: {self._told}"
        elif "Traceback" in self.err:
            yield f"told a traceback: {self._told}"
        if self.seconds > SECONDS and not self.killed:
            yield f"took {self.seconds:.0f} s of processor time"
        if self.memory > MEMORY:
            yield f"held {self.memory >> 20:,} MiB"
        if self.most > _PARSER_MEMORY:
            yield f"had a parser that held {self.most >> 20:,} MiB"

    @property
    def _told(self) -> str:
        return " / ".join(self.err.strip().splitlines()[-3:])[-_SHOWN:]


def nkqa(*words: object, meanwhile: Callable[[], None] | None = None) -> Done:
    """Runs a command to its end, or until it has worked or waited for too long; calls `meanwhile`
    again and again while it runs."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            preexec_fn=_prepared,
        )
        try:
            memory, killed = _watched(process.pid, meanwhile)
        except BaseException:  # It has a session of its own, which Ctrl-C does not reach.
            os.killpg(process.pid, signal.SIGKILL)
            raise
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Done(
            status=process.returncode,
            out=_text(out),
            err=_text(err),
            seconds=used.ru_utime + used.ru_stime,
            memory=memory,
            most=used.ru_maxrss << 10,
            killed=killed,
        )


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


def _watched(pid: int, meanwhile: Callable[[], None] | None) -> tuple[int, str | None]:
    """Returns once the process has ended; kills it if it must not go on.

    The most bytes that it has held, and why it was killed.
    """
    begun = active = time.monotonic()
    before, memory = 0.0, 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        now, worked = time.monotonic(), _seconds_of(pid)
        active, before = (now, worked) if worked != before else (active, before)
        memory = _memory_of(pid) or memory
        why = (
            f"it worked for {worked:.0f} s" if worked > SECONDS
            else f"it did nothing for {_IDLE:g} s" if now - active > _IDLE
            else f"it did not end within {_LONGEST:g} s" if now - begun > _LONGEST
            else None
        )  # fmt: skip
        if why:
            os.killpg(pid, signal.SIGKILL)
            return memory, why
        if meanwhile:
            meanwhile()
        time.sleep(0.002 if meanwhile else 0.02)
    return memory, None


def _seconds_of(pid: int) -> float:
    """The processor time that the process itself has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS


def _memory_of(pid: int) -> int:
    """The most bytes that the process has held so far; 0 when it is about to end."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


_SYSTEM = ctypes.CDLL(None, use_errno=True)
_CAPBSET_DROP = 24
_OVERRIDE, _READ_SEARCH = 1, 2


def _prepared() -> None:
    """In the new process: permissions hold also where root runs the campaign, memory is limited."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    if os.geteuid() == 0:
        for capability in (_OVERRIDE, _READ_SEARCH):
            _SYSTEM.prctl(_CAPBSET_DROP, capability, 0, 0, 0)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a case, gone afterwards whatever stands in it."""
    name = tempfile.mkdtemp(prefix="nkqa-campaign-")
    try:
        yield Path(name).resolve()
    finally:
        # These reach folders that are locked, or deeper than Python's recursion goes.
        subprocess.run(["chmod", "-R", "u+rwX", name], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["rm", "-rf", name], check=True)
