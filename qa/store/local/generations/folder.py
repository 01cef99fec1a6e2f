"""The index folder: immutable generations, one commit point, nothing served unchecked.

    <index>/
      LOCK                 held by the one process that writes; lists what it has not committed yet
      CURRENT              the generation that counts, and the digest of its manifest
      gen-000042-9f31c2aa/ never changed once committed
        MANIFEST.json      how it was made, and the size and digest of every file
        articles.sqlite    the record
        passages.faiss     derived from the record
        terms/             derived from the record
      gen-000041-.../      the one before, for `rollback`
      tmp-*/               being built; thrown away by the next writer
      unfinished/          what an interrupted build has embedded; the next one goes on from it

A generation is built in tmp-*, flushed to disk, read back, renamed, and becomes the index when
CURRENT is replaced, which is atomic: a process killed at any moment leaves the old index or the
new one. Opening compares every file with the manifest and refuses what differs.
"""

import contextlib
import errno
import fcntl
import functools
import logging
import os
import re
import secrets
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Self

import xxhash

from embeddings.errors import IndexDamaged, IndexMismatch, IndexMissing, StoreError
from qa.store.local.generations import disk
from qa.store.local.generations.generation import (
    BASIS,
    CURRENT,
    GENERATION,
    MANIFEST,
    RECORD,
    TERMS,
    UNFINISHED,
    VECTORS,
    Generation,
    Manifest,
    damaged,
    digest_of,
    load,
)
from qa.store.local.generations.lock import LOCK, Lock, is_ours, listed

_log = logging.getLogger(__name__)

_POINTER = re.compile(rf"({GENERATION.pattern}) ([0-9a-f]{{32}})\n")
# Everything that stands in the folder of a generation.
_PARTS = {MANIFEST, RECORD, VECTORS, TERMS}


def current(root: Path) -> Generation:
    """The generation that CURRENT names, its manifest checked, its files not yet.

    Raises `IndexMissing` when the folder holds no index or cannot be looked at, `IndexDamaged`
    when it holds a broken one, and `IndexMismatch` for another format.
    """
    _require_folder(root)
    try:
        line = (root / CURRENT).read_bytes().decode("ascii")
    except FileNotFoundError as error:
        if any(_number(name) not in listed(root) for name in generations(root)):
            raise damaged(root / CURRENT, "the name of a generation", "no such file") from error
        begun = _begun(root)
        raise IndexMissing(
            f"{root} holds no index{' yet, one was begun' if begun else ''}. "
            f"{'Finish it' if begun else 'Make one'} with `nkqa index PATH --index {root}`."
        ) from error
    except (OSError, ValueError) as error:
        raise damaged(root / CURRENT, "a generation and a digest", error) from error
    match = _POINTER.fullmatch(line)
    if match is None:
        raise damaged(root / CURRENT, "a generation and a digest", repr(line[:80]))
    name, digest = match.groups()
    if not os.path.isdir(root / name):  # noqa: PTH112  never raises
        raise damaged(root / CURRENT, "the name of a generation", repr(name))
    generation, data = load(root / name)
    if xxhash.xxh3_128_hexdigest(data) != digest:
        raise damaged(root / CURRENT, "the digest of its manifest", repr(digest))
    return generation


def _require_folder(root: Path) -> None:
    """Raises `IndexMissing` unless `root` is a folder."""
    try:
        if stat.S_ISDIR(root.stat().st_mode):
            return
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as error:  # No permission, too long, links in a circle.
        raise IndexMissing(
            f"No index can be read at {root}: {getattr(error, 'strerror', None) or error}. Check "
            "the path and its permissions, or name another index with --index."
        ) from error
    raise IndexMissing(
        f"There is no index at {root}. Make one with `nkqa index PATH --index {root}`."
    )


def _number(generation: str) -> str:
    """What LOCK lists of a generation's name before its commit."""
    return generation.rpartition("-")[0]


def _begun(root: Path) -> bool:
    """Whether an interrupted build left something to go on from."""
    return os.path.exists(root / UNFINISHED / BASIS)  # noqa: PTH110  never raises


def generations(root: Path) -> list[str]:
    """The names of all generations in the folder, oldest first."""
    try:
        names = os.listdir(root)  # noqa: PTH208  names alone are needed
    except OSError:
        return []
    return sorted(
        name
        for name in names
        if GENERATION.fullmatch(name) and os.path.isdir(root / name)  # noqa: PTH112  never raises
    )


@contextlib.contextmanager
def reading(root: Path) -> Iterator[Generation]:
    """The current generation, which no writer removes while the context lasts.

    Raises as `current`.
    """
    while True:
        seen = pointer(root)
        try:
            generation = current(root)
            file = _open_manifest(generation)
        except IndexDamaged:
            if pointer(root) != seen:
                continue  # A writer committed twice meanwhile and removed what was named.
            raise
        with file:
            fcntl.flock(file, fcntl.LOCK_SH)
            if pointer(root) != seen and not (generation.path / MANIFEST).exists():
                continue
            yield generation
            return


def _open_manifest(generation: Generation) -> BinaryIO:
    try:
        return (generation.path / MANIFEST).open("rb")
    except OSError as error:
        raise damaged(generation.path / MANIFEST, "a manifest", error.strerror) from error


def pointer(root: Path) -> bytes | None:
    """The bytes of CURRENT, which every commit changes; None when it cannot be read."""
    try:
        return (root / CURRENT).read_bytes()
    except (OSError, ValueError):
        return None


def _named(line: bytes | None) -> str | None:
    """The generation that the bytes of CURRENT name; None when they name none."""
    match = _POINTER.fullmatch(line.decode("ascii", "replace")) if line else None
    return match[1] if match else None


class Writer:
    """The one process that may write; use as a context manager.

    Raises `IndexBusy` at once when another process writes, `StoreError` when the folder cannot be
    written or holds other things and no index; without `create`, `IndexMissing` when it holds no
    index. What was made and not committed is removed at the end; nothing is made before it is
    needed.
    """

    def __init__(self, root: Path, *, create: bool = True) -> None:
        self.root = root
        self._create = create
        self._token = secrets.token_hex(4)
        self._lock: Lock
        # The names that LOCK lists, and whether those of this writer are among them.
        self._listed: frozenset[str] = frozenset()
        self._lists_own = False
        self._before: bytes | None = None
        self._entered = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as entered:
            try:
                self._enter_root(entered)
                self._lock = Lock(self.root)
            except OSError as error:
                raise StoreError(
                    f"Cannot write an index to {self.root}: {error.strerror or error}. Nothing "
                    "was changed. Choose another folder with --index, or mend its permissions."
                ) from error
            entered.callback(self._leave)
            self._before = pointer(self.root)
            self._listed = listed(self.root)
            self._sweep()
            self._prune_again()
            self._entered = entered.pop_all()
        return self

    def _enter_root(self, entered: contextlib.ExitStack) -> None:
        if not self._create:
            with contextlib.suppress(IndexDamaged, IndexMismatch):
                current(self.root)
        _refuse_other_contents(self.root)
        for folder in disk.make_folders(self.root):
            entered.callback(disk.remove_empty, folder)

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        failed = self._failed(error) if isinstance(error, sqlite3.Error) else None
        self._entered.close()
        if failed:
            raise failed from error

    def _leave(self) -> None:
        self._sweep()
        kept = self._listed or _begun(self.root) or os.path.lexists(self.root / CURRENT)
        self._lock.release(remove=not kept and not generations(self.root))

    def _sweep(self) -> None:
        """Removes what stands under the listed names and was not committed, whoever listed them; a
        record to go on from stays. What cannot be removed stays listed."""
        if not self._listed:
            return
        known = generations(self.root)
        made = {name for name in known if _number(name) in self._listed}
        counts = _named(pointer(self.root))
        if counts is None and (made < set(known) or os.path.lexists(self.root / CURRENT)):
            made = set()  # CURRENT is damaged: it may have named any of them.
        others = {name for name in self._listed if not name.startswith("gen-")}
        begun = {UNFINISHED} if _begun(self.root) else set()
        left = [self.root / name for name in (made | others) - {counts} - begun]
        try:
            # What a killed writer removed is not on the disk either.
            if not self._lists_own or any(map(os.path.lexists, left)):
                for path in left:
                    disk.remove(path)
                disk.flush(self.root)
            self._lock.empty()
            self._listed = frozenset()
        except OSError as error:
            _log.warning("%s: what is no part of the index was not removed: %s", self.root, error)

    def _prune_again(self) -> None:
        """Removes the generations that a writer was killed before it removed."""
        with contextlib.suppress(StoreError):
            now = current(self.root)
            if now.manifest.parent in generations(self.root):
                self._prune({now.name, now.manifest.parent})

    def _list_names(self) -> None:
        """Lists the names that this writer uses, before it makes anything under one of them."""
        if not self._lists_own:
            names = {f"tmp-{self._token}", f"{CURRENT}-{self._token}", self._next}
            if _begun(self.root) or not os.path.lexists(self.root / UNFINISHED):
                names.add(UNFINISHED)
            self._lock.list(self._listed | names)
            self._listed |= names
            self._lists_own = True

    @functools.cached_property
    def _next(self) -> str:
        """The number of the next generation, as `_number`."""
        last = max((int(_number(name)[4:]) for name in generations(self.root)), default=0)
        return f"gen-{last + 1:06d}"

    @functools.cached_property
    def folder(self) -> Path:
        """An empty folder to build the next generation in."""
        return self.make_folder(f"tmp-{self._token}")

    def make_folder(self, name: str) -> Path:
        """Makes a folder that is removed at the end, or by the next writer if this one is killed.

        Raises `StoreError` when something that nkqa did not make has the name.
        """
        path = self.root / name
        with self.writing():
            self._list_names()
            if name not in self._listed:
                raise StoreError(
                    f"{path} is in the way: nkqa needs a folder of this name and did not make this "
                    "one. The index is as it was before. Move it elsewhere, then run the command "
                    "again."
                )
            disk.make_folder(path)
        return path

    def discard(self, name: str) -> None:
        """Removes a folder that `make_folder` made, here or in an earlier writer."""
        try:
            self._list_names()
            if name in self._listed:
                disk.remove(self.root / name)
                disk.flush(self.root)
        except OSError as error:
            _log.warning("%s: what is no part of the index was not removed: %s", self.root, error)

    def reserve(self, needed: int) -> None:
        """Raises `StoreError` when the disk has less than `needed` bytes free."""
        with self.writing():
            free = shutil.disk_usage(self.root).free
        if free < needed:
            raise StoreError(
                f"{self.root} has {free >> 20} MiB free, the index needs about {needed >> 20} "
                "MiB. Nothing was changed. Make room, or choose another folder with --index."
            )

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """For a block that only writes to the index: its errors become `StoreError`."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError | sqlite3.Error) -> StoreError:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        why = "the disk is full" if full else error
        if pointer(self.root) == self._before:
            return StoreError(
                f"Cannot write the index to {self.root}: {why}. The index is as it was before."
            )
        return StoreError(
            f"The change of the index at {self.root} is in place, but the disk has not confirmed "
            f"that it keeps it: {why}. A power failure may undo it. Check the disk, then the index "
            f"with `nkqa verify --index {self.root}`."
        )

    def commit(self, manifest: Manifest, *, done: str | None = None) -> Generation:
        """Makes what lies in `folder` the index. `manifest` lacks only its name and files; `done`
        is a folder that `make_folder` made and the commit leaves no use for.

        When this returns the new generation is on the disk; until then the old one counts.
        """
        with self.writing():
            data = replace(manifest, files=_flushed(self.folder)).to_json()
            name = f"{self._next}-{xxhash.xxh3_128_hexdigest(data)[:8]}"
            disk.write(self.folder / MANIFEST, data)
            for folder in [path for path in self.folder.rglob("*") if path.is_dir()]:
                disk.flush(folder)
            disk.flush(self.folder)
            disk.rename(self.folder, self.root / name)
            disk.flush(self.root)
        self.point_to(name, data, done)
        self._prune({name, manifest.parent})
        return Generation(self.root / name, Manifest.from_json(data, self.root / name))

    def point_to(self, name: str, manifest: bytes, done: str | None = None) -> None:
        """Makes a generation the one that counts, on the disk, and removes the folder `done`."""
        line = f"{name} {xxhash.xxh3_128_hexdigest(manifest)}\n"
        new = self.root / f"{CURRENT}-{self._token}"
        with self.writing():
            self._list_names()
            disk.write(new, line.encode())
            disk.rename(new, self.root / CURRENT)
            if done:
                with contextlib.suppress(OSError):  # It is listed: the next writer removes it.
                    disk.remove(self.root / done)
            disk.flush(self.root)

    def _prune(self, keep: set[str | None]) -> None:
        """Removes generations that are neither kept nor being read; a failure is no error."""
        for name in set(generations(self.root)) - keep:
            try:
                _remove_generation(self.root / name)
            except OSError as error:
                _log.warning("an older generation was not removed: %s", error)


def _refuse_other_contents(root: Path) -> None:
    """Raises `StoreError` where a folder holds something and no index: it has another use."""
    try:
        names = set(os.listdir(root))  # noqa: PTH208  names alone are needed
    except FileNotFoundError:
        return
    if is_ours(root) or generations(root) or _named(pointer(root)) or _begun(root):
        return
    if LOCK in names and not (root / LOCK).stat().st_size:  # A writer was killed at once.
        names.remove(LOCK)
    others = sorted(name for name in names if not name.startswith("."))
    if others:
        some = ", ".join(others[:3]) + (", ..." if len(others) > 3 else "")
        raise StoreError(
            f"{root} holds other things ({some}) and no index. Nothing was changed. Choose a new "
            "or an empty folder with --index."
        )


def _flushed(folder: Path) -> dict[str, tuple[int, str]]:
    """Flushes all files in a folder; their sizes and digests by name."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            disk.flush(path)
            files[path.relative_to(folder).as_posix()] = digest_of(path)
    return files


def _remove_generation(folder: Path) -> None:
    """Removes a generation, unless a process reads it or it holds what nkqa does not put there."""
    if not _PARTS.issuperset(os.listdir(folder)):  # noqa: PTH208  names alone are needed
        return
    try:
        file = (folder / MANIFEST).open("rb")
    except (FileNotFoundError, IsADirectoryError):  # Nobody can read it.
        disk.remove(folder)
        return
    # Only a process that reads holds this lock, so none is left to be surprised.
    with file, contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        disk.remove(folder)
