"""The record that a build writes, and what is left of it when the build is interrupted.

It lies in `unfinished/` beside the generations. A build that is killed or stopped after it saved
some embedding leaves it there with a note of what it was begun from; the next build from the same
goes on with it, after all of it was checked.
"""

import json
import logging
import os
import shutil
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Self

from qa.store.local.folder import write_file
from qa.store.local.generation import BASIS, RECORD, UNFINISHED, Generation, Recipe
from qa.store.local.record import Record

_log = logging.getLogger(__name__)


class Draft:
    """The record being built for a new generation of the index at `root`; a context manager.

    `recipe` and `parent` are what it is built by and from. Inside the context `resumed` tells
    whether an earlier build began it, and `begin` makes it where none did. Afterwards nothing is
    left unless `keep` was called.
    """

    resumed: bool

    def __init__(self, root: Path, recipe: Recipe, parent: Generation | None) -> None:
        self._folder = root / UNFINISHED
        self._file = self._folder / RECORD
        self._record: Record | None = None
        self._parent = parent
        self._dimension = recipe.model.dimension
        rules = {**asdict(recipe), "roots": None}  # Folders may be added meanwhile.
        self._basis = json.dumps([rules, parent.name if parent else None]).encode()

    def __enter__(self) -> Self:
        self.resumed = self._sound()
        if not self.resumed:
            self.drop()
        return self

    def begin(self) -> Record:
        """The record to write to, which is a copy of the parent's at first; always the same."""
        if self._record is None:
            self._record = self._open()
        return self._record

    def _open(self) -> Record:
        if self.resumed:
            return Record.writable(self._file)
        try:
            self._folder.mkdir(mode=0o700)
            if self._parent is None:
                return Record.create(self._file)
            shutil.copyfile(self._parent.path / RECORD, self._file)
            return Record.writable(self._file)
        except BaseException:
            self.drop()
            raise

    def _sound(self) -> bool:
        """Whether an earlier build by the same rules from the same parent left a sound record."""
        try:
            if (self._folder / BASIS).read_bytes() != self._basis:
                return False
            # Opening it for writing takes back what was not saved.
            with Record.writable(self._file) as record:
                faults = list(record.faults(self._dimension, finished=False))
        except (OSError, sqlite3.Error):
            return False
        for fault in faults:
            _log.warning("an unfinished build is not used: %s", fault)
        return not faults

    def keep(self) -> None:
        """Leaves what was saved so far to the next build, should this one not end."""
        if not (self._folder / BASIS).exists():
            write_file(self._folder / BASIS, self._basis)

    def hand_over(self, folder: Path) -> None:
        """Makes the finished record part of the generation in `folder`; it stays here, too, until
        `drop`, so that a process killed in between loses nothing."""
        os.link(self._file, folder / RECORD)

    def drop(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def __exit__(self, *_: object) -> None:
        if self._record is not None:
            self._record.close()
        if not (self._folder / BASIS).exists():
            self.drop()
