"""A command that is killed or interrupted leaves the old index or the new one, whole.

Every eleventh case sends SIGINT, SIGTERM or SIGHUP, all others SIGKILL: before one of the calls
that change the index, often one near the commit, or at a random time. Afterwards the index must
show the old or the new state, what was printed must be true, the next `nkqa index` must succeed
and give what a fresh build gives, and nothing may be left behind.
"""

import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.campaign import forked
from tests.campaign.calls import Counter, watched
from tests.campaign.report import Outcome
from tests.campaign.scenes import NEXT, OPERATIONS, Operation, Place, Scene, brief, left_behind

COUNT = 1100
_ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# How many cases of a hundred come at a time, and at a call that is so near a rename; the rest
# come at any call.
_AT_A_TIME, _AT_A_RENAME, _NEAR = 30, 25, 4


@dataclass(frozen=True, slots=True)
class _Stage:
    """The scene, and of each operation the calls that it makes and the seconds that it takes."""

    scene: Scene
    calls: dict[str, list[str]]
    seconds: dict[str, float]


_stage: _Stage


def run(seed: int, count: int = COUNT) -> Outcome:
    global _stage
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nkqa-campaign-") as folder:
        home = Path(folder)
        _stage = _rehearsed(Scene(home / "scene"), home / "rehearsal")
        failures, ways = forked.over(range(seed, seed + count), _case, home)
    return Outcome("kill", count, tuple(failures), time.monotonic() - begun, tuple(ways))


def _rehearsed(scene: Scene, folder: Path) -> _Stage:
    place = Place(folder / "index", folder / "temporary")
    calls, seconds = {}, {}
    for operation in OPERATIONS:
        begun = time.monotonic()
        calls[operation.name] = scene.calls(operation, place)
        seconds[operation.name] = time.monotonic() - begun
    return _Stage(scene, calls, seconds)


def _case(seed: int, folder: Path) -> tuple[str | None, str]:
    dice = random.Random(seed)
    operation = dice.choice(OPERATIONS)
    sent = dice.choice(_ASKING) if seed % 11 == 10 else signal.SIGKILL
    place = Place(folder / "index", folder / "temporary")
    _stage.scene.place(operation, place)
    if dice.randrange(100) < _AT_A_TIME:
        after = dice.uniform(0, 1.1 * _stage.seconds[operation.name])
        moment = f"after {after:.3f} s"
        ended = forked.call(lambda: _stage.scene.run(operation, place), (after, sent))
    else:
        calls = _stage.calls[operation.name]
        at = _a_call(dice, calls)
        moment = f"before call {at} of {len(calls)} ({calls[at]})"
        ended = forked.call(lambda: _end_at(operation, place, at, sent))
    wrong = _wrong(operation, place, ended)
    way = "finished" if ended.status == 0 else f"ended by {sent.name}"
    return (f"{operation.name}, {sent.name} {moment}: {'; '.join(wrong)}" if wrong else None), way


def _a_call(dice: random.Random, calls: list[str]) -> int:
    if dice.randrange(100 - _AT_A_TIME) >= _AT_A_RENAME:
        return dice.randrange(len(calls))
    renames = [at for at, name in enumerate(calls) if name in ("rename", "replace")] or [0]
    return min(max(0, dice.choice(renames) + dice.randint(-_NEAR, _NEAR)), len(calls) - 1)


def _end_at(operation: Operation, place: Place, at: int, sent: signal.Signals) -> None:
    with watched(place.index, Counter(at, lambda: os.kill(os.getpid(), sent))):
        _stage.scene.run(operation, place)


def _wrong(operation: Operation, place: Place, ended: forked.Ended) -> list[str]:
    """Everything that is not as promised, after the command ended."""
    scene = _stage.scene
    wrong = []
    if ended.hung or ended.error or "Traceback" in ended.printed:
        wrong.append(f"the command: {ended.error or ended.printed}")
    states, why = scene.which(place.index)
    if why or not states & {operation.old, operation.new}:
        wrong.append(f"the index {why or f'shows {states}'}")
    elif ended.status == 0 and operation.new not in states:
        wrong.append("the command succeeded, the index is the old one")
    elif "as it was before" in ended.printed and operation.old not in states:
        wrong.append("“the index is as it was before” is not so: it is the new one")
    following = forked.call(lambda: scene.run(NEXT, place))
    if following.broken or following.status:
        wrong.append(f"the next build: {brief(following.broken or following.printed, place.index)}")
    else:
        if NEXT.new not in scene.which(place.index)[0]:
            wrong.append("the next build gives another index than a fresh one")
        if left := left_behind(place):
            wrong.append(f"left behind: {', '.join(left)}")
    return wrong
