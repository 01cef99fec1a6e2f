"""A disk that is full or broken fails the command, says why, and leaves the index as it was.

Every case is one place where a disk can fail one operation: the n-th call that changes files gives
ENOSPC or EIO, files may not grow beyond a size, or the whole disk (a small tmpfs, where mounting
is allowed) has so many kilobytes. The command must end with an error status and the reason, or
succeed wholly; the index must show the old state (the new one only where the command does not say
that nothing changed); and the same command must succeed once the disk is well again.
"""

import errno
import os
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.campaign import forked
from tests.campaign.calls import Counter, watched
from tests.campaign.report import Outcome
from tests.campaign.scenes import NEXT, OPERATIONS, Operation, Place, Scene, brief, left_behind

_OPERATIONS = OPERATIONS[:5]
# The sizes that are tried, up to more than is needed. A tmpfs of size 0 would have no limit.
_FILE_SIZES, _FREE_SIZES = range(0, 192 << 10, 1 << 10), range(4 << 10, 512 << 10, 8 << 10)
_LARGE = 1 << 30
_CLAIMS = ("as it was before", "othing was changed")
_REASONS = (
    "full", "No space", "too large", "MiB free", "Input/output error", "I/O error", "os error 5",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One way to fail.

    `kind` is "ENOSPC" or "EIO", which the call numbered `limit` gives, or "file" or "disk": files
    may not grow beyond `limit` bytes, or the disk has so many free.
    """

    operation: Operation
    kind: str
    limit: int

    def __str__(self) -> str:
        return f"{self.operation.name}, {self.kind} {self.limit}"


@dataclass(frozen=True, slots=True)
class _Stage:
    """A scene, with every trouble that its operations can meet there, in an order of chance."""

    scene: Scene
    troubles: list[_Trouble]


_stage: _Stage


def run(seed: int, count: int | None = None) -> Outcome:
    global _stage
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nkqa-campaign-") as folder:
        home = Path(folder)
        mounts = _may_mount(home)
        scene = Scene(home / "scene")
        _stage = _Stage(scene, list(_all_troubles(scene, home / "rehearsal", mounts)))
        random.Random("troubles").shuffle(_stage.troubles)
        count = len(_stage.troubles) if count is None else count
        failures, ways = forked.over(range(seed, seed + count), _case, home)
    ways += [] if mounts else ["no full disks: this user may not mount a tmpfs"]
    return Outcome("disk", count, tuple(failures), time.monotonic() - begun, tuple(ways))


def _all_troubles(scene: Scene, folder: Path, mounts: bool) -> Iterator[_Trouble]:
    place = Place(folder / "index", folder / "temporary")
    for operation in _OPERATIONS:
        calls = scene.calls(operation, place)
        for kind in ("ENOSPC", "EIO"):
            yield from (_Trouble(operation, kind, at) for at in range(len(calls)))
        yield from (_Trouble(operation, "file", size) for size in _FILE_SIZES)
        if mounts:
            yield from (_Trouble(operation, "disk", size) for size in _FREE_SIZES)


def _may_mount(home: Path) -> bool:
    probe = home / "probe"
    probe.mkdir()
    try:
        _mount(probe, 1 << 20)
    except (OSError, subprocess.CalledProcessError):
        return False
    _unmount(probe)
    return True


def _mount(folder: Path, size: int, how: str = "") -> None:
    words = ["mount", "-t", "tmpfs", "-o", f"{how}size={size}", "tmpfs", str(folder)]
    subprocess.run(words, check=True, capture_output=True)


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", folder], check=True, capture_output=True)


def _case(seed: int, folder: Path) -> tuple[str | None, str]:
    trouble = _stage.troubles[seed % len(_stage.troubles)]
    disk = folder / "disk"
    disk.mkdir(exist_ok=True)
    place = Place(disk / "index", folder / "temporary")
    small = trouble.kind == "disk"
    if small:
        _mount(disk, _LARGE)
    try:
        _stage.scene.place(trouble.operation, place)
        if small:
            seen = os.statvfs(disk)
            used = (seen.f_blocks - seen.f_bfree) * seen.f_frsize
            _mount(disk, used + trouble.limit, "remount,")
        ended = forked.call(lambda: _suffer(trouble, place))
        if small:
            _mount(disk, _LARGE, "remount,")
        wrong = _wrong(trouble.operation, place, ended)
    finally:
        if small:
            _unmount(disk)
    way = "refused" if ended.status else "succeeded all the same"
    return (f"{trouble}: {'; '.join(wrong)}" if wrong else None), way


def _suffer(trouble: _Trouble, place: Place) -> None:
    """Runs the operation on a disk that has this trouble."""
    at = -1
    if trouble.kind == "file":
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.limit, hard))
    elif trouble.kind != "disk":
        at = trouble.limit
    with watched(place.index, Counter(at, lambda: _fail(trouble.kind))):
        _stage.scene.run(trouble.operation, place)


def _fail(kind: str) -> None:
    number = getattr(errno, kind)
    raise OSError(number, os.strerror(number))


def _wrong(operation: Operation, place: Place, ended: forked.Ended) -> list[str]:
    """Everything that is not as promised, after the command ended on the bad disk."""
    scene, said = _stage.scene, ended.printed.strip()
    wrong = []
    if ended.broken or "Traceback" in said or "panicked" in said:
        wrong.append(f"the command: {(ended.broken or said)[-300:]}")
    elif ended.status and not any(reason in said for reason in _REASONS):
        wrong.append(f"no reason in {said!r}")
    states, why = scene.which(place.index)
    if why or not states & {operation.old, operation.new}:
        wrong.append(f"the index {why or f'shows {states}'}")
    elif not ended.status and operation.new not in states:
        wrong.append("the command succeeded, the index is the old one")
    elif any(claim in said for claim in _CLAIMS) and operation.old not in states:
        wrong.append(f"said {brief(said, place.index)!r}, but the index is the new one")
    # Two rollbacks return to where they began, so after one that failed the next build is tried.
    again = NEXT if operation.name == "rollback" else operation
    retried = forked.call(lambda: scene.run(again, place))
    if retried.broken or retried.status:
        wrong.append(f"a retry fails: {brief(retried.broken or retried.printed, place.index)}")
    elif again.new not in scene.which(place.index)[0]:
        wrong.append("a retry gives another index")
    elif left := left_behind(place):
        wrong.append(f"left behind after the retry: {', '.join(left)}")
    return wrong
