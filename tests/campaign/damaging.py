"""Ways in which a file of an index is damaged, each with what undoes it."""

import contextlib
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_PAGE = 4096
RECORD = "articles.sqlite"


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to which file. `in_place`: it is the same file and has the same size."""

    what: str
    file: Path
    in_place: bool
    undo: Callable[[], None]


def damage(index: Path, dice: random.Random, aims: Sequence[tuple[int, int]]) -> Damage:
    """Damages a file below `index`; more often than not one of the current generation.

    `aims` are ranges of bytes in its record that are hit more often than others.
    """
    current = index / (index / "CURRENT").read_text().split()[0]
    files = sorted(path for path in index.rglob("*") if path.is_file())
    weights = [5 if current in path.parents else 1 for path in files]
    if aims and dice.random() < 0.5:
        files, weights = [current / RECORD], [1]
    file = dice.choices(files, weights)[0]
    aimed = file == current / RECORD and aims and dice.random() < 0.6
    low, high = dice.choice(aims) if aimed else (0, file.stat().st_size)
    if high > low and (aimed or dice.random() < 0.7):
        way = dice.choice([_flip, _flip, _overwrite, _overwrite, _letter, _zero, _other_page])
        return _in_place(file, *way(file, dice, low, high))
    return dice.choice([_truncate, _extend, _swap, _delete])(file, dice, index)


Patch = tuple[str, int, bytes]
"""What is done, from which byte on, and the bytes that lie there afterwards."""


def _flip(file: Path, dice: random.Random, low: int, high: int) -> Patch:
    at, bit = dice.randrange(low, high), dice.randrange(8)
    return f"bit {bit} of byte {at} flipped", at, bytes([_bytes(file, at, 1)[0] ^ 1 << bit])


def _letter(file: Path, dice: random.Random, low: int, high: int) -> Patch:
    """A byte that text may hold: nothing notices it by its form."""
    at = dice.randrange(low, high)
    return f"byte {at} made a letter or figure", at, dice.choice(b"abcXYZ0189").to_bytes()


def _overwrite(file: Path, dice: random.Random, low: int, high: int) -> Patch:
    at = dice.randrange(low, high)
    size = min(dice.choice([2, 8, 64, 1000]), file.stat().st_size - at)
    return f"{size} bytes from {at} overwritten", at, dice.randbytes(size)


def _zero(file: Path, dice: random.Random, low: int, high: int) -> Patch:
    at = dice.randrange(low, high) // _PAGE * _PAGE
    return f"page at {at} zeroed", at, bytes(min(_PAGE, file.stat().st_size - at))


def _other_page(file: Path, dice: random.Random, low: int, high: int) -> Patch:
    at = dice.randrange(low, high) // _PAGE * _PAGE
    other = dice.randrange(file.stat().st_size) // _PAGE * _PAGE
    found = _bytes(file, other, _PAGE)[: file.stat().st_size - at]
    return f"page at {other} written at {at}", at, found


def _bytes(file: Path, at: int, size: int) -> bytes:
    with file.open("rb") as opened:
        opened.seek(at)
        return opened.read(size)


def _in_place(file: Path, what: str, at: int, new: bytes) -> Damage:
    old = _bytes(file, at, len(new))
    _write(file, at, new)
    return Damage(f"{file.name}: {what}", file, True, lambda: _write(file, at, old))


def _write(file: Path, at: int, data: bytes) -> None:
    with _times_kept(file), file.open("r+b") as opened:
        opened.seek(at)
        opened.write(data)


def _truncate(file: Path, dice: random.Random, _index: Path) -> Damage:
    size = file.stat().st_size
    left = dice.choice([0, size // 2, max(0, size - 1), dice.randrange(size + 1)])
    lost = _bytes(file, left, size - left)
    with _times_kept(file):
        os.truncate(file, left)
    return Damage(
        f"{file.name}: truncated to {left}", file, not lost, lambda: _write(file, left, lost)
    )


def _extend(file: Path, dice: random.Random, _index: Path) -> Damage:
    size, more = file.stat().st_size, dice.randbytes(dice.choice([1, 100, _PAGE]))
    _write(file, size, more)

    def undo() -> None:
        with _times_kept(file):
            os.truncate(file, size)

    return Damage(f"{file.name}: {len(more)} bytes added", file, False, undo)


def _swap(file: Path, dice: random.Random, index: Path) -> Damage:
    """With another file, of this generation or the other."""
    others = sorted(path for path in index.rglob("*") if path.is_file() and path != file)
    other = dice.choice(others)

    def exchange() -> None:
        aside = index.with_name("aside")
        file.rename(aside)
        other.rename(file)
        aside.rename(other)

    exchange()
    return Damage(f"{file.name}: swapped with {other.relative_to(index)}", file, False, exchange)


def _delete(file: Path, _dice: random.Random, index: Path) -> Damage:
    aside = index.with_name("aside")
    file.rename(aside)
    return Damage(f"{file.name}: deleted", file, False, lambda: _rename(aside, file))


def _rename(path: Path, target: Path) -> None:
    path.rename(target)


@contextlib.contextmanager
def _times_kept(file: Path) -> Iterator[None]:
    seen = file.stat()
    yield
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
