"""Which store a location means, and the calls that need no open store.

A location is a folder today. Another store adds a kind of location here and a folder beside
`local`; nothing above this module changes.
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
    """The store at `location`, to be loaded. See `LocalStore` for `recheck` and what is raised."""
    from qa.store.local.reader import LocalStore

    return LocalStore(location, recheck=recheck)


def open_writer(location: Path) -> StoreWriter:
    """The writer of the store at `location`, which is made where there is none. Enter it with
    `with`; see `LocalWriter` for what is raised."""
    from qa.store.local.writer import LocalWriter

    return LocalWriter(location)


def repair(location: Path, progress: Progress) -> str:
    """Makes what is derived from the documents again, embedding nothing; the new state's name.

    Raises `IndexDamaged` when the documents themselves are damaged.
    """
    from qa.store.local.repair import repair as repaired

    return repaired(location, progress)


def state_token(location: Path) -> bytes | None:
    """Bytes that every commit changes; None where there is no readable state."""
    return folder.pointer(location)


def wait_for_writer(location: Path) -> None:
    """Returns when no process writes to the store."""
    lock.wait(location)


def model_of(location: Path) -> ModelIdentity:
    """The model that the current state was made with. Raises as `open_store`."""
    return maintenance.model(location)


def status_of(location: Path) -> IndexStatus:
    """What a store holds and how it was made, without loading it. Raises as `open_store`."""
    return maintenance.status(location)


def verify(location: Path) -> VerifyReport:
    """Checks every byte of the current state. Raises as `open_store`."""
    return maintenance.verify(location)


def rollback(location: Path) -> tuple[str | None, str]:
    """Returns to the state before; the names of the one left and the one now current."""
    return maintenance.rollback(location)


def local_format() -> tuple[str, str]:
    """What decides whether a folder can be read by this version: the names of the format of its
    files, with the digest of the record's schema, and of its analyzer of words."""
    from qa.store.local.engines.terms import ANALYZER
    from qa.store.local.generations.generation import FORMAT
    from qa.store.local.tables import SCHEMA

    return f"{FORMAT} {xxhash.xxh3_64_hexdigest(SCHEMA.encode())}", ANALYZER
