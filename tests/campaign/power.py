"""A power loss at any moment leaves the state that was last reported, or the new one, whole.

Builds, updates, a rollback and a repair are recorded once (see `recording`). A case cuts the
record somewhere, makes a folder of what a disk may then hold, and opens the index in it. Each
tenth case also runs the next build. Before that, faults are put into the record of one update, as
if the store flushed too little or too late: the simulation must find a broken index for each.
"""

import hashlib
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.hashed import HashedEncoder
from qa import build_index, repair_index, rollback_index
from tests.campaign import corpus, forked
from tests.campaign.calls import watched
from tests.campaign.protocol import FAULTS
from tests.campaign.recording import Disk, Mark, Recorder, Step, after_power_loss, settled
from tests.campaign.report import Failure, Outcome
from tests.campaign.scenes import brief

COUNT = 20_000
# Cuts that must show a fault of the protocol, at most.
_CUTS = 1500
_INDEX = Path("new") / "index"


@dataclass(frozen=True, slots=True)
class _Record:
    """All steps, the numbers of the folders, and what each state shows."""

    steps: list[Step]
    folders: set[int]
    states: dict[str, Any]
    articles: Path


_record: _Record
# What was found in folders that were the same to the byte.
_judged: dict[bytes, tuple[str | None, str]] = {}


def run(seed: int, count: int = COUNT) -> Outcome:
    global _record
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nkqa-campaign-") as folder:
        home = Path(folder)
        _record = forked.value(lambda: _recorded(home / "recorded"))
        missed = [Failure(seed, f"not noticed: {fault.__doc__}") for fault in FAULTS
                  if not _noticed(fault, home)]  # fmt: skip
        failures, ways = forked.over(range(seed, seed + count), _case, home)
    notes = [f"{len(FAULTS) - len(missed)} of {len(FAULTS)} faults of the protocol noticed"]
    return Outcome("power", count, (*missed, *failures), time.monotonic() - begun, (*notes, *ways))


def _recorded(home: Path) -> _Record:
    """Runs the commands and records them; `new/index` is made by the first."""
    disk, articles = home / "disk", home / "articles"
    index, dice = disk / _INDEX, random.Random("power")
    disk.mkdir(parents=True)
    corpus.write_small(articles, dice, 6)
    recorder = Recorder(disk)
    encoder = HashedEncoder()
    commands: list[Callable[[], Any]] = [
        lambda: build_index(articles, index, encoder=encoder),
        lambda: build_index(articles, index, encoder=encoder),
        lambda: rollback_index(index),
        lambda: build_index(articles, index, encoder=encoder),
        lambda: repair_index(index),
        lambda: build_index(articles, index, encoder=encoder, rebuild=True),
    ]
    for number, command in enumerate(commands):
        recorder.steps.append(Mark(f"state {number}", done=False))
        with watched(disk, recorder):
            command()
        recorder.look()
        recorder.steps.append(Mark(f"state {number}", done=True))
        shutil.copytree(index, home / f"state {number}")
        corpus.edit(articles, dice, f"edition-{number}")
    build_index(articles, home / "fresh", encoder=encoder)
    states = {path.name: corpus.look(path) for path in (*home.glob("state *"), home / "fresh")}
    return _Record(recorder.steps, recorder.folders, {"nothing": None, **states}, articles)


def _case(seed: int, folder: Path) -> tuple[str | None, str]:
    dice = random.Random(seed)
    cut = _cut(_record.steps, dice)
    start = Disk(folders=_record.folders)
    wrong, way = _judge(_record.steps[:cut], start, dice, folder, following=seed % 10 == 0)
    return (f"after step {cut} of {len(_record.steps)}: {wrong}" if wrong else None), way


def _cut(steps: Sequence[Step], dice: random.Random) -> int:
    """How many steps were done: often all of a command, because then the most is promised."""
    ends = [at + 1 for at, step in enumerate(steps) if isinstance(step, Mark) and step.done]
    return dice.choice(ends) if dice.random() < 0.2 else dice.randrange(len(steps) + 1)


def _judge(
    steps: Sequence[Step], start: Disk, dice: random.Random, folder: Path, *, following: bool
) -> tuple[str | None, str]:
    """Opens what a power loss leaves after these steps: what is wrong with it, and which it is."""
    marks = [step for step in steps if isinstance(step, Mark)]
    counts = next((mark.state for mark in reversed(marks) if mark.done), "nothing")
    begun = marks[-1].state if marks else counts
    disk = after_power_loss(steps, start, dice)
    key = hashlib.sha256(repr([counts, begun, following, *disk.tree()]).encode()).digest()
    if key not in _judged:
        place = folder / "disk"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for path, data in disk.tree():
            if data is None:
                (place / path).mkdir()
            else:
                (place / path).write_bytes(data)
        _judged[key] = _opened(place / _INDEX, counts, begun, following=following)
    return _judged[key]


def _opened(index: Path, counts: str, begun: str, *, following: bool) -> tuple[str | None, str]:
    ended = forked.call(lambda: corpus.look(index))
    if ended.broken:
        return f"the index cannot be read: {brief(ended.broken, index)}", "broken"
    if corpus.same(ended.value, _record.states[counts]):
        way = "the reported state"
    elif corpus.same(ended.value, _record.states[begun]):
        way = "the new state"
    else:
        shown = "the index shows something else" if ended.value else "there is no index"
        return f"{shown}: expected {counts} or {begun}", "broken"
    if following:
        built = forked.call(lambda: build_index(_record.articles, index, encoder=HashedEncoder()))
        if built.broken:
            return f"the next build: {brief(built.broken, index)}", way
        seen = forked.call(lambda: corpus.look(index))
        if not corpus.same(seen.value, _record.states["fresh"]):
            return "the next build gives another index than a fresh one", way
    return None, way


def _noticed(fault: Callable[[list[Step]], list[Step]], home: Path) -> bool:
    """Whether the fault, in the record of one update, leads to an index that is not as promised."""
    begun, done = (at for at, one in enumerate(_record.steps)
                   if isinstance(one, Mark) and one.state == "state 1")  # fmt: skip
    start = settled(_record.steps[:begun], _record.folders)
    steps = [Mark("state 0", done=True), *fault(_record.steps[begun : done + 1])]
    for number in range(_CUTS):
        dice = random.Random(number)
        cut = max(1, _cut(steps, dice))
        if _judge(steps[:cut], start, dice, home / "fault", following=False)[0]:
            return True
    return False
