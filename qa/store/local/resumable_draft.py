"""The record of a build in progress, which a later build can resume.

It is stored in `unfinished/` beside the generations. If a build is killed or stopped after it saved
vectors, the record stays there, with a note of the build's rules and parent. The next build by the
same rules from the same parent checks the whole record and continues with it.
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
    """The record being built by `recipe` from `parent` for the next generation of `writer`'s index.
    A context manager.

    Inside the context, `resumed` is whether an earlier build started the record; `begin` creates it
    otherwise. After the context, the writer removes the record unless `keep` was called.
    """

    resumed: bool

    def __init__(self, writer: Writer, recipe: Recipe, parent: Generation | None) -> None:
        self._writer = writer
        self._folder = writer.root / UNFINISHED
        self._file = self._folder / RECORD
        self._record: WritableRecord | None = None
        self._parent = parent
        self._dimension = recipe.model.dimension
        # A different set of folders does not prevent resuming.
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
        """The record to write to, initially a copy of the parent's. Later calls return the same."""
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
        """Whether an earlier build by the same rules from the same parent left an intact record."""
        try:
            if (self._folder / BASIS).read_bytes() != self._basis:
                return False
            if self._file.stat().st_nlink > 1:  # It was committed: a generation links to it.
                return False
            # Opening it for writing rolls back unsaved changes.
            with WritableRecord.writable(self._file) as record:
                faults = list(record.faults(self._dimension, finished=False))
        except (OSError, sqlite3.Error):
            return False
        for fault in faults:
            _log.warning("an unfinished build is not used: %s", fault)
        return not faults

    def keep(self) -> None:
        """From now on, an interrupted build leaves its saved record to the next build."""
        if not self._kept():
            with self._writer.writing():
                disk.write(self._folder / BASIS, self._basis)
                disk.flush(self._folder)
                disk.flush(self._folder.parent)

    def hand_over(self, folder: Path) -> None:
        """Adds the finished record to the generation in `folder`.

        The record also stays in `unfinished/` until the commit, so that a process killed in between
        loses nothing.
        """
        with self._writer.writing():
            disk.link_or_copy(self._file, folder / RECORD)

    def drop(self) -> None:
        self._writer.discard(UNFINISHED)

    def __exit__(self, *_: object) -> None:
        if self._record is not None:
            self._record.close()
