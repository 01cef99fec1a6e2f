"""The index folder: immutable generations, one commit point, nothing served unchecked.

    <index>/
      LOCK                 held by the one process that writes
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
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import xxhash

from embeddings.errors import IndexBusy, IndexDamaged, IndexMissing, StoreError
from qa.store.local.generation import (
    BASIS,
    CURRENT,
    MANIFEST,
    UNFINISHED,
    Generation,
    Manifest,
    damaged,
    digest_of,
    load,
)

_LOCK = "LOCK"
_NAME = re.compile(r"gen-\d{6,}-[0-9a-f]{8}")
_POINTER = re.compile(rf"({_NAME.pattern}) ([0-9a-f]{{32}})\n")


def current(root: Path) -> Generation:
    """The generation that CURRENT names, its manifest checked, its files not yet.

    Raises `IndexMissing` when the folder holds no index, `IndexDamaged` when it holds a broken
    one, and `IndexMismatch` for another format.
    """
    if not root.is_dir():
        raise _missing(root)
    try:
        told = (root / CURRENT).read_bytes().decode("ascii")
    except FileNotFoundError as error:
        if any(root.glob("gen-*")):
            raise damaged(root / CURRENT, "the name of a generation", "no such file") from error
        begun = (root / UNFINISHED / BASIS).exists()
        raise IndexMissing(
            f"{root} holds no index{' yet, one was begun' if begun else ''}. "
            f"{'Finish it' if begun else 'Make one'} with `nkqa index PATH --index {root}`."
        ) from error
    except (OSError, ValueError) as error:
        raise damaged(root / CURRENT, "a generation and a digest", error) from error
    pointer = _POINTER.fullmatch(told)
    if pointer is None:
        raise damaged(root / CURRENT, "a generation and a digest", repr(told[:80]))
    name, digest = pointer.groups()
    if not (root / name).is_dir():
        raise damaged(root / CURRENT, "the name of a generation", repr(name))
    generation, data = load(root / name)
    if xxhash.xxh3_128_hexdigest(data) != digest:
        raise damaged(root / CURRENT, "the digest of its manifest", repr(digest))
    return generation


def _missing(root: Path) -> IndexMissing:
    return IndexMissing(
        f"There is no index at {root}. Make one with `nkqa index PATH --index {root}`."
    )


def generations(root: Path) -> list[str]:
    """The names of all committed generations, oldest first."""
    return sorted(
        path.name for path in root.glob("gen-*") if _NAME.fullmatch(path.name) and path.is_dir()
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
            file = (generation.path / MANIFEST).open("rb")
        except (IndexDamaged, OSError) as error:
            if pointer(root) != seen:
                continue  # A writer committed twice meanwhile and removed what was named.
            if isinstance(error, IndexDamaged):
                raise
            raise damaged(generation.path / MANIFEST, "a manifest", error.strerror) from error
        with file:
            fcntl.flock(file, fcntl.LOCK_SH)
            if pointer(root) != seen and not (generation.path / MANIFEST).exists():
                continue
            yield generation
            return


def pointer(root: Path) -> bytes | None:
    """The bytes of CURRENT, which every commit changes; None when it cannot be read."""
    try:
        return (root / CURRENT).read_bytes()
    except OSError:
        return None


class Writer:
    """The one process that may write; use as a context manager.

    Raises `IndexBusy` at once when another process writes, `StoreError` when the folder cannot
    be written. `folder` is an empty folder to build the next generation in.
    """

    def __init__(self, root: Path, *, create: bool = True) -> None:
        self.root = root
        self._create = create
        self._made = False
        self._lock: int | None = None
        self.folder: Path

    def __enter__(self) -> Self:
        if not self._create and not self.root.is_dir():
            raise _missing(self.root)
        try:
            with contextlib.suppress(FileExistsError):
                self.root.mkdir(mode=0o700, parents=True)
                self._made = True
            self._lock = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusy(
                    f"Another process is writing to {self.root}. Wait until it is done, then run "
                    "the command again."
                ) from error
            for stale in self.root.glob("tmp-*"):
                shutil.rmtree(stale)
            if not self._begun():
                shutil.rmtree(self.root / UNFINISHED, ignore_errors=True)
            self.folder = Path(tempfile.mkdtemp(prefix="tmp-", dir=self.root))
        except OSError as error:
            self._release()
            raise StoreError(
                f"Cannot write an index to {self.root}: {error.strerror or error}. Nothing was "
                "changed. Choose another folder with --index, or mend its permissions."
            ) from error
        except IndexBusy:
            self._release()
            raise
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._made and not generations(self.root) and not self._begun():
            shutil.rmtree(self.root, ignore_errors=True)
        self._release()
        if isinstance(error, OSError | sqlite3.Error):
            full = isinstance(error, OSError) and error.errno == errno.ENOSPC
            raise StoreError(
                f"Cannot write the index to {self.root}: "
                f"{'the disk is full' if full else error}. The index is as it was before."
            ) from error

    def _begun(self) -> bool:
        return (self.root / UNFINISHED / BASIS).exists()

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def reserve(self, needed: int) -> None:
        """Raises `StoreError` when the disk has less than `needed` bytes free."""
        free = shutil.disk_usage(self.root).free
        if free < needed:
            raise StoreError(
                f"{self.root} has {free >> 20} MiB free, the index needs about {needed >> 20} "
                "MiB. Nothing was changed. Make room, or choose another folder with --index."
            )

    def commit(self, manifest: Manifest) -> Generation:
        """Makes what lies in `folder` the index. `manifest` lacks only its name and files.

        When this returns the new generation is on the disk; until then the old one counts.
        """
        try:
            return self._commit(manifest)
        except OSError as error:
            full = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
            raise StoreError(
                f"Cannot write the index to {self.root}: {full}. The index is as it was before."
            ) from error

    def _commit(self, manifest: Manifest) -> Generation:
        files: dict[str, tuple[int, str]] = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                _flush(path)
                files[path.relative_to(self.folder).as_posix()] = digest_of(path)
        known = [int(name.split("-")[1]) for name in generations(self.root)]
        data = replace(manifest, files=files).to_json()
        digest = xxhash.xxh3_128_hexdigest(data)
        name = f"gen-{max(known, default=0) + 1:06d}-{digest[:8]}"
        write_file(self.folder / MANIFEST, data)
        for folder in [path for path in self.folder.rglob("*") if path.is_dir()] + [self.folder]:
            _flush(folder)
        target = self.root / name
        self.folder.rename(target)
        _flush(self.root)
        _point(self.root, name, data)
        self._prune(keep={name, manifest.parent})
        return Generation(target, Manifest.from_json(data, target))

    def _prune(self, keep: set[str | None]) -> None:
        """Removes generations that are neither kept nor being read."""
        for name in set(generations(self.root)) - keep:
            folder = self.root / name
            if not (folder / MANIFEST).is_file():  # Nobody can read it.
                shutil.rmtree(folder, ignore_errors=True)
                continue
            # Only a process that reads holds this lock, so none is left to be surprised.
            with contextlib.suppress(OSError), (folder / MANIFEST).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)


def rollback(root: Path) -> tuple[Generation | None, Generation]:
    """Makes the generation before the current one current; returns both, old and new.

    The old one is None when CURRENT or its manifest is damaged.

    The one to return to is checked whole first. The one left stays, so that rolling back again
    brings it back. Raises `StoreError` when there is no other.
    """
    with Writer(root, create=False):
        try:
            left: Generation | None = current(root)
        except IndexDamaged:
            left = None
        others = [name for name in generations(root) if left is None or name != left.name]
        older = [name for name in others if left is None or name < left.name]
        if not others:
            raise StoreError(f"{root} holds no other generation to go back to.")
        refused: IndexDamaged | None = None
        for name in reversed(older or others):
            try:
                target, data = load(root / name)
                target.check()
            except IndexDamaged as error:
                refused = refused or error
                continue
            _point(root, target.name, data)
            return left, target
        raise refused or StoreError(f"{root} holds no other generation to go back to.")


def write_file(path: Path, data: bytes) -> None:
    """Writes and flushes to the disk; raises `OSError` unless every byte is there."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _point(root: Path, name: str, manifest: bytes) -> None:
    new = root / f"{CURRENT}.tmp"
    write_file(new, f"{name} {xxhash.xxh3_128_hexdigest(manifest)}\n".encode())
    new.replace(root / CURRENT)
    _flush(root)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
