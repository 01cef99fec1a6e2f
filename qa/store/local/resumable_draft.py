"""The record that a build writes, and what is left of it when the build is interrupted.

It lies in `unfinished/` beside the generations. A build that is killed or stopped after it saved
some embedding leaves it there with a note of what it was begun from; the next build from the same
goes on with it, after all of it was checked.
"""

import json
import logging
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Self

from qa.store.local.generations import disk
from qa.store.local.generations.folder import Writer
from qa.store.local.generations.generation import BASIS, RECORD, UNFINISHED, Generation
from qa.store.local.writable_record import WritableRecord
from qa.store.values import Recipe

_log = logging.getLogger(__name__)


class Draft:
    """The record being built for the next generation of the index that `writer` writes; a context
    manager.

    `recipe` and `parent` are what it is built by and from. Inside the context `resumed` tells
    whether an earlier build began it, and `begin` makes it where none did. Afterwards nothing is
    left unless `keep` was called.
    """

    resumed: bool

    def __init__(self, writer: Writer, recipe: Recipe, parent: Generation | None) -> None:
        self._writer = writer
        self._folder = writer.root / UNFINISHED
        self._file = self._folder / RECORD
        self._record: WritableRecord | None = None
        self._parent = parent
        self._dimension = recipe.model.dimension
        # Folders may be added meanwhile.
        rules = {**asdict(recipe), "roots": None, "follow_links": None}
        self._basis = json.dumps([rules, parent.name if parent else None]).encode()

    def __enter__(self) -> Self:
        self.resumed = self._sound()
        if not self.resumed and self._kept():
            self.drop()
        return self

    def _kept(self) -> bool:
        return (self._folder / BASIS).exists()

    def begin(self) -> WritableRecord:
        """The record to write to, which is a copy of the parent's at first; always the same."""
        if self._record is None:
            self._record = self._open()
        return self._record

    def _open(self) -> WritableRecord:
        if self.resumed:
            return WritableRecord.writable(self._file)
        self._writer.make_folder(UNFINISHED)
        if self._parent is None:
            return WritableRecord.create(self._file)
        with self._writer.writing():
            disk.copy(self._parent.path / RECORD, self._file)
        return WritableRecord.writable(self._file)

    def _sound(self) -> bool:
        """Whether an earlier build by the same rules from the same parent left a sound record."""
        try:
            if (self._folder / BASIS).read_bytes() != self._basis:
                return False
            if self._file.stat().st_nlink > 1:  # It was committed: a generation has it too.
                return False
            # Opening it for writing takes back what was not saved.
            with WritableRecord.writable(self._file) as record:
                faults = list(record.faults(self._dimension, finished=False))
        except (OSError, sqlite3.Error):
            return False
        for fault in faults:
            _log.warning("an unfinished build is not used: %s", fault)
        return not faults

    def keep(self) -> None:
        """Leaves what was saved so far to the next build, should this one not end."""
        if not self._kept():
            with self._writer.writing():
                disk.write(self._folder / BASIS, self._basis)
                disk.flush(self._folder)
                disk.flush(self._folder.parent)

    def hand_over(self, folder: Path) -> None:
        """Makes the finished record part of the generation in `folder`; it stays here, too, until
        the commit, so that a process killed in between loses nothing."""
        with self._writer.writing():
            disk.link_or_copy(self._file, folder / RECORD)

    def drop(self) -> None:
        self._writer.discard(UNFINISHED)

    def __exit__(self, *_: object) -> None:
        if self._record is not None:
            self._record.close()
