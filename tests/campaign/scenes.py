"""The commands that the campaign disturbs, and the states of an index between which they lead.

A scene is a folder of articles in its third edition, an index with a generation for each of the
first two editions, and what the index shows in each state. An operation is a command line of
`nkqa`; it runs in a forked process.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from embeddings.hashed import HashedEncoder
from qa import build_index
from qa.cli.commands import main
from qa.store.local import embedding, writer
from tests.campaign import corpus, forked
from tests.campaign.calls import Counter, watched


@dataclass(frozen=True, slots=True)
class Operation:
    """A command line, and the names of the states before and after it.

    With `saving` it saves its embeddings at every step, as long builds do every few seconds.
    """

    name: str
    words: tuple[str, ...]
    old: str
    new: str
    saving: bool = False


_BUILD = ("index", "PATH", "--model", "hashed")
OPERATIONS = (
    Operation("build", _BUILD, "nothing", "third"),
    Operation("update", ("index",), "second", "third"),
    Operation("rollback", ("rollback",), "second", "first"),
    Operation("repair", ("repair",), "second", "second"),
    Operation("rebuild", (*_BUILD, "--rebuild"), "second", "third"),
    Operation("saved build", _BUILD, "nothing", "third", saving=True),
    Operation("saved update", ("index",), "second", "third", saving=True),
)
NEXT = OPERATIONS[0]


@dataclass(frozen=True, slots=True)
class Place:
    """The index and the temporary folder of one process of the campaign."""

    index: Path
    temporary: Path


class Scene:
    """The articles, the index, and what it shows in each state; made in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.articles = folder / "articles"
        self._folder = folder
        self._sound = folder / "sound"
        self.states: dict[str, Any] = {"nothing": None}
        dice = random.Random("scene")
        corpus.write_small(self.articles, dice)
        tried = Place(folder / "tried", folder)
        forked.import_for(lambda: self.run(NEXT, tried))
        self._build(self._sound, "first")
        corpus.edit(self.articles, dice, "second")
        self._build(self._sound, "second")
        corpus.edit(self.articles, dice, "third")
        self._build(folder / "fresh", "third")
        # Looked at last, because an index says of each article whether its file has changed.
        for edition in ("first", "second", "third"):
            self.states[edition] = forked.value(partial(corpus.look, folder / edition))

    def _build(self, index: Path, edition: str) -> None:
        forked.value(lambda: build_index(self.articles, index, encoder=HashedEncoder()))
        shutil.copytree(index, self._folder / edition)

    def place(self, operation: Operation, place: Place) -> None:
        """Empties the place and copies the index there that the operation starts from."""
        for folder in (place.index, place.temporary):
            shutil.rmtree(folder, ignore_errors=True)
        place.temporary.mkdir(parents=True)
        if operation.old != "nothing":
            shutil.copytree(self._sound, place.index)

    def run(self, operation: Operation, place: Place) -> None:
        """Runs the command in this process, which must be a forked one, and ends it."""
        if operation.saving:
            _save_often()
        os.environ.update(TMPDIR=str(place.temporary), NKQA_CACHE=str(self._folder / "cache"))
        tempfile.tempdir = None
        signal.signal(signal.SIGINT, signal.default_int_handler)
        words = [str(self.articles) if word == "PATH" else word for word in operation.words]
        sys.argv = ["nkqa", *words, "--index", str(place.index)]
        main()

    def calls(self, operation: Operation, place: Place) -> list[str]:
        """The names of the calls with which the undisturbed operation changes its index."""
        self.place(operation, place)
        counter = Counter()

        def work() -> list[str]:
            try:
                with watched(place.index, counter):
                    self.run(operation, place)
            except SystemExit as stop:
                if stop.code:
                    raise
            return counter.names

        names: list[str] = forked.value(work)
        return names

    def which(self, index: Path) -> tuple[set[str], str]:
        """The names of the states that look like this index; if there are none, why not."""
        ended = forked.call(lambda: corpus.look(index))
        if ended.broken:
            return set(), f"cannot be read: {brief(ended.broken, index)}"
        found = {name for name, seen in self.states.items() if corpus.same(ended.value, seen)}
        return found, "" if found else "shows a state that was never committed"


def brief(text: str, index: Path) -> str:
    """The last line of what was printed, with INDEX for the path of the index."""
    return text.strip().replace(str(index), "INDEX").splitlines()[-1][:240]


def left_behind(place: Place) -> list[str]:
    """Files and folders that a finished command should have removed."""
    generations = sorted(path.name for path in place.index.glob("gen-*"))
    known = {"LOCK", "CURRENT", *generations[-2:]}
    left = [path.name for path in place.index.iterdir() if path.name not in known]
    return [*left, *(f"$TMPDIR/{path.name}" for path in place.temporary.iterdir())]


def _save_often() -> None:
    for module, name, value in ((embedding, "_BATCH", 4), (writer, "SAVE_EVERY", 0.0)):
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__} has no {name} any more; fit {__file__}")
        setattr(module, name, value)
