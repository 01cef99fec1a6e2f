"""The index folder: immutable generations, one commit point, nothing served unchecked.

    <index>/
      LOCK                 locked by the writing process; lists its uncommitted names
      CURRENT              the current generation, and the digest of its manifest
      gen-000042-9f31c2aa/ never changed once committed
        MANIFEST.json      how it was built, and the size and digest of every file
        articles.sqlite    the record
        passages.faiss     derived from the record
        terms/             derived from the record
      gen-000041-.../      the previous generation, for `rollback`
      tmp-*/               being built; the next writer removes leftovers
      unfinished/          the record of an interrupted build; the next build resumes from it

A generation is built in tmp-*, flushed to disk, read back, and renamed. It becomes the index when
CURRENT is replaced, which is atomic: a process killed at any moment leaves the old index or the new
one. Opening compares every file with the manifest and refuses a file that differs.
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
# The contents of a generation's folder.
_PARTS = {MANIFEST, RECORD, VECTORS, TERMS}


def current(root: Path) -> Generation:
    """The generation that CURRENT names. Its manifest is checked, its other files are not.

    Raises `IndexMissing` if the folder contains no index or cannot be read, `IndexDamaged` if the
    index is damaged, and `IndexMismatch` if its format is not `FORMAT`.
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
    """A generation's name without its digest, which is unknown before the commit; see LOCK."""
    return generation.rpartition("-")[0]


def _begun(root: Path) -> bool:
    """Whether an interrupted build left a record to resume from."""
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
    """The current generation; no writer removes it inside the context.

    Raises the same errors as `current`.
    """
    while True:
        seen = pointer(root)
        try:
            generation = current(root)
            file = _open_manifest(generation)
        except IndexDamaged:
            if pointer(root) != seen:
                continue  # Two commits happened in between and removed this generation.
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
    """The bytes of CURRENT, which change with every commit; None if it cannot be read."""
    try:
        return (root / CURRENT).read_bytes()
    except (OSError, ValueError):
        return None


def _named(line: bytes | None) -> str | None:
    """The generation name in the bytes of CURRENT; None if they are missing or malformed."""
    match = _POINTER.fullmatch(line.decode("ascii", "replace")) if line else None
    return match[1] if match else None


class Writer:
    """Exclusive write access to an index folder; a context manager.

    Raises `IndexBusy` without waiting if another process is writing, `StoreError` if the folder
    cannot be written or contains other files but no index; without `create`, `IndexMissing` if it
    contains no index. Files are created only when needed, and uncommitted files are removed on
    exit.
    """

    def __init__(self, root: Path, *, create: bool = True) -> None:
        self.root = root
        self._create = create
        self._token = secrets.token_hex(4)
        self._lock: Lock
        # The names listed in LOCK, and whether they include those of this writer.
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
        """Removes uncommitted files under the listed names, of this writer and of earlier ones.

        Keeps a record to resume from. If removal fails, the names stay listed.
        """
        if not self._listed:
            return
        known = generations(self.root)
        made = {name for name in known if _number(name) in self._listed}
        current_name = _named(pointer(self.root))
        if current_name is None and (made < set(known) or os.path.lexists(self.root / CURRENT)):
            made = set()  # CURRENT is damaged: it may have named any of them.
        others = {name for name in self._listed if not name.startswith("gen-")}
        begun = {UNFINISHED} if _begun(self.root) else set()
        left = [self.root / name for name in (made | others) - {current_name} - begun]
        try:
            # Also if nothing is left: a killed writer may have removed files without a flush.
            if not self._lists_own or any(map(os.path.lexists, left)):
                for path in left:
                    disk.remove(path)
                disk.flush(self.root)
            self._lock.empty()
            self._listed = frozenset()
        except OSError as error:
            _log.warning("%s: what is no part of the index was not removed: %s", self.root, error)

    def _prune_again(self) -> None:
        """Removes old generations that a killed writer did not get to remove."""
        with contextlib.suppress(StoreError):
            now = current(self.root)
            if now.manifest.parent in generations(self.root):
                self._prune({now.name, now.manifest.parent})

    def _list_names(self) -> None:
        """Lists the names of this writer; call before creating anything under one of them."""
        if not self._lists_own:
            names = {f"tmp-{self._token}", f"{CURRENT}-{self._token}", self._next}
            if _begun(self.root) or not os.path.lexists(self.root / UNFINISHED):
                names.add(UNFINISHED)
            self._lock.list(self._listed | names)
            self._listed |= names
            self._lists_own = True

    @functools.cached_property
    def _next(self) -> str:
        """The name of the next generation without its digest, as in `_number`."""
        last = max((int(_number(name)[4:]) for name in generations(self.root)), default=0)
        return f"gen-{last + 1:06d}"

    @functools.cached_property
    def folder(self) -> Path:
        """An empty folder to build the next generation in."""
        return self.make_folder(f"tmp-{self._token}")

    def make_folder(self, name: str) -> Path:
        """Creates a folder, removed on exit, or by the next writer if this one is killed.

        Raises `StoreError` if the name is taken by something that nkqa did not create.
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
        """Removes a folder that `make_folder` created, in this or an earlier writer."""
        try:
            self._list_names()
            if name in self._listed:
                disk.remove(self.root / name)
                disk.flush(self.root)
        except OSError as error:
            _log.warning("%s: what is no part of the index was not removed: %s", self.root, error)

    def reserve(self, needed: int) -> None:
        """Raises `StoreError` if the disk has less than `needed` bytes free."""
        with self.writing():
            free = shutil.disk_usage(self.root).free
        if free < needed:
            raise StoreError(
                f"{self.root} has {free >> 20} MiB free, the index needs about {needed >> 20} "
                "MiB. Nothing was changed. Make room, or choose another folder with --index."
            )

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Converts errors in a block that only writes to the index to `StoreError`."""
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
        """Makes the contents of `folder` the current generation.

        `manifest` is complete except for its files. `done` names a folder from `make_folder` that
        is obsolete after the commit. When this returns, the new generation is on disk; until then,
        the old one is current.
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
        """Makes a generation current, on disk, and removes the folder `done`."""
        line = f"{name} {xxhash.xxh3_128_hexdigest(manifest)}\n"
        new = self.root / f"{CURRENT}-{self._token}"
        with self.writing():
            self._list_names()
            disk.write(new, line.encode())
            disk.rename(new, self.root / CURRENT)
            if done:
                with contextlib.suppress(OSError):  # Its name is listed for the next writer.
                    disk.remove(self.root / done)
            disk.flush(self.root)

    def _prune(self, keep: set[str | None]) -> None:
        """Removes generations that are neither in `keep` nor open in a reader; logs failures."""
        for name in set(generations(self.root)) - keep:
            try:
                _remove_generation(self.root / name)
            except OSError as error:
                _log.warning("an older generation was not removed: %s", error)


def _refuse_other_contents(root: Path) -> None:
    """Raises `StoreError` if a folder has other contents but no index: it has another use."""
    try:
        names = set(os.listdir(root))  # noqa: PTH208  names alone are needed
    except FileNotFoundError:
        return
    if is_ours(root) or generations(root) or _named(pointer(root)) or _begun(root):
        return
    if LOCK in names and not (root / LOCK).stat().st_size:  # A writer was killed before listing.
        names.remove(LOCK)
    others = sorted(name for name in names if not name.startswith("."))
    if others:
        some = ", ".join(others[:3]) + (", ..." if len(others) > 3 else "")
        raise StoreError(
            f"{root} holds other things ({some}) and no index. Nothing was changed. Choose a new "
            "or an empty folder with --index."
        )


def _flushed(folder: Path) -> dict[str, tuple[int, str]]:
    """Flushes all files in a folder; returns their sizes and digests by relative path."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            disk.flush(path)
            files[path.relative_to(folder).as_posix()] = digest_of(path)
    return files


def _remove_generation(folder: Path) -> None:
    """Removes a generation unless a reader has it open or it contains foreign files."""
    if not _PARTS.issuperset(os.listdir(folder)):  # noqa: PTH208  names alone are needed
        return
    try:
        file = (folder / MANIFEST).open("rb")
    except (FileNotFoundError, IsADirectoryError):  # No process can open this generation.
        disk.remove(folder)
        return
    # Readers hold a shared lock on the manifest; if this lock succeeds, no reader is left.
    with file, contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        disk.remove(folder)
