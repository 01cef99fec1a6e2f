"""Rebuild the derived files of an index folder from the record."""

from dataclasses import replace
from pathlib import Path

from qa.store.local.derived_files import derive
from qa.store.local.engines.analyzer import ANALYZER
from qa.store.local.generations import disk, folder
from qa.store.local.generations.generation import RECORD
from qa.store.local.record import Record
from qa.store.values import Progress


def repair(root: Path, progress: Progress) -> str:
    """Commits a generation with the same record and new derived files; returns its name.

    Raises `IndexDamaged` if the record itself is damaged.
    """
    with folder.Writer(root, create=False) as writer:
        parent = folder.current(root)
        faults = parent.faults()
        if RECORD in faults:
            raise faults[RECORD]
        writer.reserve(2 * parent.size())
        with writer.writing():
            disk.copy(parent.path / RECORD, writer.folder / RECORD)
            with Record.readable(writer.folder / RECORD) as record:
                derive(writer.folder, record, parent.manifest.recipe.model.dimension, progress)
        recipe = replace(parent.manifest.recipe, analyzer=ANALYZER)
        counts = {**parent.manifest.counts, "changed": 0}
        # A damaged generation must not become the rollback target; its parent stays the target.
        before = parent.manifest.parent if faults else parent.name
        manifest = replace(parent.manifest, recipe=recipe, counts=counts, parent=before)
        return writer.commit(manifest).name
