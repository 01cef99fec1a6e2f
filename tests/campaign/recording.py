"""The file operations of commands, recorded, and what of them a power loss may leave on a disk.

The recorder takes a picture of the folder around every call that changes it (see `calls`); what
differs from one picture to the next are the operations, whoever made them: files written, names
added and removed, a rename being both at once. A flush is recorded when the call returns.

On the disk is for certain what was flushed: the bytes of a file with its own flush, a name with
that of its folder. Everything else may be there, in part, or not, whatever its order.
"""

import os
import random
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.calls import Watcher

# What a disk writes whole.
_SECTOR = 512
Name = tuple[int, str]
"""A name in a folder, which is known by its number."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file holds these bytes now."""

    file: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Renamed:
    """Names went and came, all at once; a new name stands for a file or folder."""

    gone: tuple[Name, ...]
    come: tuple[tuple[Name, int], ...]

    @property
    def folders(self) -> set[int]:
        """The folders whose flush brings this to the disk."""
        return {folder for folder, _ in (*self.gone, *(name for name, _ in self.come))}


@dataclass(frozen=True, slots=True)
class Flushed:
    """A file or folder is on the disk as it is now. `path` says which it was."""

    number: int
    path: Path
    folder: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A command begins, or has reported success: `state` is what it leads to, or what counts."""

    state: str
    done: bool


Step = Written | Renamed | Flushed | Mark


@dataclass(slots=True)
class Disk:
    """A tree of numbered folders and files; number 0 is the folder it lies in."""

    names: dict[Name, int] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)
    folders: set[int] = field(default_factory=lambda: {0})

    def rename(self, steps: Iterable[Renamed]) -> None:
        for step in steps:
            for name in step.gone:
                self.names.pop(name, None)
            self.names.update(step.come)

    def tree(self, folder: int = 0, at: str = "") -> Iterator[tuple[str, bytes | None]]:
        """Every path that can be reached with its bytes, None for a folder."""
        for (where, name), number in sorted(self.names.items()):
            if where == folder:
                yield f"{at}{name}", self.files.get(number)
                if number in self.folders:
                    yield from self.tree(number, f"{at}{name}/")


class Recorder(Watcher):
    """Records what changes below `top`; `steps` is the record so far."""

    def __init__(self, top: Path) -> None:
        self.steps: list[Step] = []
        self.folders = {0}
        self._top = top
        self._numbers = {top.stat().st_ino: 0}
        self._next = 1
        self._names: dict[Name, int] = {}
        self._bytes: dict[int, bytes] = {}
        self.look()

    def before(self, _name: str, _path: str) -> None:
        self.look()

    def after(self, name: str, path: str) -> None:
        self.look()
        if name in ("fsync", "fdatasync"):
            number = self._numbers[Path(path).stat().st_ino]
            self.steps.append(Flushed(number, Path(path), number in self.folders))

    def look(self) -> None:
        """Takes a picture and records how it differs from the one before."""
        numbers, names = {self._top.stat().st_ino: 0}, dict[Name, int]()
        for path, found in _walk(self._top):
            number = numbers.get(found.st_ino, self._numbers.get(found.st_ino))
            if number is None:
                number, self._next = self._next, self._next + 1
            numbers[found.st_ino] = number
            names[numbers[path.parent.stat().st_ino], path.name] = number
            if stat.S_ISDIR(found.st_mode):
                self.folders.add(number)
            elif self._bytes.get(number) != (data := path.read_bytes()):
                self._bytes[number] = data
                self.steps.append(Written(number, data))
        self._numbers, before, self._names = numbers, self._names, names
        self.steps += _renamed(before, names)


def _walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in sorted(folder.iterdir()):
        found = entry.lstat()
        yield entry, found
        if stat.S_ISDIR(found.st_mode):
            yield from _walk(entry)


def _renamed(before: dict[Name, int], now: dict[Name, int]) -> Iterator[Renamed]:
    gone = {number: name for name, number in before.items() if name not in now}
    for name, number in now.items():
        if before.get(name) != number:
            old = gone.pop(number, None)
            yield Renamed((old,) if old else (), ((name, number),))
    for name in gone.values():
        yield Renamed((name,), ())


def settled(steps: Iterable[Step], folders: set[int]) -> Disk:
    """A disk on which everything that these steps did has arrived."""
    disk = Disk(folders=folders)
    for step in steps:
        if isinstance(step, Written):
            disk.files[step.file] = step.data
        elif isinstance(step, Renamed):
            disk.rename([step])
    return disk


def after_power_loss(steps: Iterable[Step], start: Disk, dice: random.Random) -> Disk:
    """The disk at `start` as it may be when the power fails after these steps."""
    disk = Disk(dict(start.names), dict(start.files), start.folders)
    written: dict[int, list[bytes]] = {}
    renamed: list[Renamed] = []
    for step in steps:
        if isinstance(step, Written):
            written.setdefault(step.file, []).append(step.data)
        elif isinstance(step, Renamed):
            renamed.append(step)
        elif isinstance(step, Flushed) and step.folder:
            disk.rename(one for one in renamed if step.number in one.folders)
            renamed = [one for one in renamed if step.number not in one.folders]
        elif isinstance(step, Flushed) and step.number in written:
            disk.files[step.number] = written.pop(step.number)[-1]
    names_kept, bytes_kept = dice.choice((0, 0.5, 0.9, 1)), dice.choice((0, 0.5, 0.9, 1))
    disk.rename(one for one in renamed if dice.random() < names_kept)
    for file, versions in written.items():
        whole = dice.random() < bytes_kept
        old = disk.files.get(file, b"")
        disk.files[file] = versions[-1] if whole else _torn(old, dice.choice(versions), dice)
    return disk


def _torn(old: bytes, new: bytes, dice: random.Random) -> bytes:
    """What may lie on the disk of a file that was not flushed: the old bytes, a beginning of the
    new ones, or sectors of both, where a new one may also be still empty."""
    kind = dice.randrange(3)
    if kind == 0:
        return old
    if kind == 1:
        return new[: dice.randrange(len(new) + 1)]
    sectors = range(0, len(new), _SECTOR)
    padded = old.ljust(len(new), b"\0")
    mixed = ((new if dice.random() < 0.5 else padded)[at : at + _SECTOR] for at in sectors)
    return b"".join(mixed)[: len(new)]
