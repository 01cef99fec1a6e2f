"""Choose the store for a location, and the functions that need no open store.

Currently a location is a folder. A new store adds a kind of location here and a package beside
`local`; the callers of this module stay the same.
"""

from pathlib import Path

import xxhash

from embeddings import ModelIdentity
from qa.store.local import maintenance
from qa.store.local.generations import folder, lock
from qa.store.seam import PassageStore, StoreWriter
from qa.store.values import Progress
from qa.types import IndexStatus, VerifyReport


def open_store(location: Path, *, recheck: bool = True) -> PassageStore:
    """The store at `location`, not loaded yet. See `LocalStore` for `recheck` and the errors."""
    from qa.store.local.reader import LocalStore

    return LocalStore(location, recheck=recheck)


def open_writer(location: Path) -> StoreWriter:
    """The writer of the store at `location`, which is created if missing. A context manager; see
    `LocalWriter` for the errors."""
    from qa.store.local.writer import LocalWriter

    return LocalWriter(location)


def repair(location: Path, progress: Progress) -> str:
    """Rebuilds the files derived from the documents, without embedding; returns the new state's
    name.

    Raises `IndexDamaged` if the documents themselves are damaged.
    """
    from qa.store.local.repair import repair as repaired

    return repaired(location, progress)


def state_token(location: Path) -> bytes | None:
    """A token that changes with every commit; None if there is no readable state."""
    return folder.pointer(location)


def wait_for_writer(location: Path) -> None:
    """Waits until no process is writing to the store."""
    lock.wait(location)


def model_of(location: Path) -> ModelIdentity:
    """The embedding model of the current state. Raises the same errors as `open_store`."""
    return maintenance.model(location)


def status_of(location: Path) -> IndexStatus:
    """The contents of a store and how it was built, read without loading the store.

    Raises the same errors as `open_store`.
    """
    return maintenance.status(location)


def verify(location: Path) -> VerifyReport:
    """Checks every byte of the current state. Raises the same errors as `open_store`."""
    return maintenance.verify(location)


def rollback(location: Path) -> tuple[str | None, str]:
    """Goes back to the previous state. Returns the names of the replaced state (None if it was
    damaged) and of the new current state."""
    return maintenance.rollback(location)


def local_format() -> tuple[str, str]:
    """The versions that decide whether this version of nkqa can read a folder: the file format
    with the digest of the record's schema, and the text analyzer."""
    from qa.store.local.engines.analyzer import ANALYZER
    from qa.store.local.generations.generation import FORMAT
    from qa.store.local.tables import SCHEMA

    return f"{FORMAT} {xxhash.xxh3_64_hexdigest(SCHEMA.encode())}", ANALYZER
