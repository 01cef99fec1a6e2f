"""Maintenance of an index folder: status, verification and rollback."""

from pathlib import Path

from embeddings import ModelIdentity
from embeddings.errors import IndexDamaged, StoreError
from qa.store.local.generations import folder
from qa.store.local.generations.generation import RECORD, Generation, load
from qa.store.local.record import Record
from qa.types import IndexStatus, VerifyReport


def status(root: Path) -> IndexStatus:
    """The contents of the index and how it was built, read without loading it.

    Raises the same errors as `LocalStore`.
    """
    with folder.reading(root) as generation:
        generation.check([RECORD], recheck=False)
        with Record.readable(generation.path / RECORD) as record:
            return describe(root, generation, record)


def describe(root: Path, generation: Generation, record: Record) -> IndexStatus:
    """The status of one generation."""
    manifest, counts = generation.manifest, generation.manifest.counts
    dated, oldest, newest = record.dates()
    return IndexStatus(
        path=str(root),
        generation=generation.name,
        created=manifest.created,
        generations=tuple(folder.generations(root)),
        roots=manifest.recipe.roots,
        model=manifest.recipe.model.name,
        model_fingerprint=manifest.recipe.model.fingerprint,
        documents=counts["documents"],
        passages=counts["passages"],
        sentences=counts["sentences"],
        sources=len(record.sources()),
        dated=dated,
        oldest=oldest,
        newest=newest,
        bytes=generation.size(),
        problems=record.problems(),
    )


def verify(root: Path) -> VerifyReport:
    """Checks every byte of the current generation, and every quote against its article."""
    with folder.reading(root) as generation:
        faults = [str(fault) for fault in generation.faults().values()]
        if not faults:
            with Record.readable(generation.path / RECORD) as record:
                faults = list(record.faults(generation.manifest.recipe.model.dimension))
    return VerifyReport(
        path=str(root),
        generation=generation.name,
        files=len(generation.manifest.files),
        passages=generation.manifest.counts["passages"],
        faults=tuple(faults),
    )


def rollback(root: Path) -> tuple[str | None, str]:
    """Makes the previous generation current; returns the names of the old and the new current one.

    The old name is None if CURRENT or its manifest is damaged. All files of the new current
    generation are checked first. The old one is kept, so a second rollback restores it.

    Raises `StoreError` if there is no other generation, `IndexDamaged` if all others are damaged.
    """
    with folder.Writer(root, create=False) as writer:
        try:
            left: Generation | None = folder.current(root)
        except IndexDamaged:
            left = None
        others = [name for name in folder.generations(root) if left is None or name != left.name]
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
            writer.point_to(target.name, data)
            return left.name if left else None, target.name
        raise refused or StoreError(f"{root} holds no other generation to go back to.")


def model(root: Path) -> ModelIdentity:
    """The model of the current generation."""
    return folder.current(root).manifest.recipe.model
