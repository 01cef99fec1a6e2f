"""Who writes at the same time waits or is refused; who reads sees one committed state.

Two commands that write start together, or one a moment after the other: each succeeds or reports
that another process is writing, at least one succeeds, and the index is what those that succeeded
make of it. Then one process commits edition after edition of all articles while eight others ask,
half of them opening the index for each question and half staying with it as a server does: each
answer is wholly of one edition, the one of the generation that it names, and never an older one
than had been reported when the question was asked.
"""

import contextlib
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from embeddings.hashed import HashedEncoder
from qa import IndexBusy, LiveIndex, build_index, open_index
from tests.campaign import corpus, forked
from tests.campaign.calls import Counter, watched
from tests.campaign.report import Failure, Outcome
from tests.campaign.scenes import Operation, Place, Scene, brief, left_behind

COUNT = 200
_COMMITS_A_PAIR = 5
_READERS = 8
_ARTICLES = 6
_BUSY = "Another process is writing"


@dataclass(frozen=True, slots=True)
class _Stage:
    """A scene, commands that write there, and what the index shows after those that succeeded.

    `left` and `right` each add a folder of their own; `repair` changes nothing that is shown.
    """

    scene: Scene
    operations: dict[str, Operation]
    states: dict[frozenset[str], Any]


_stage: _Stage


def run(seed: int, count: int = COUNT) -> Outcome:
    global _stage
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nkqa-campaign-") as folder:
        home = Path(folder)
        _stage = _staged(home)
        failures, ways = forked.over(range(seed, seed + count), _pair, home)
        wrong, answers = _read_along(home, count * _COMMITS_A_PAIR)
    failures += [Failure(seed, one) for one in wrong]
    notes = (*ways, f"{answers} answers during {count * _COMMITS_A_PAIR} commits")
    return Outcome("writers", count, tuple(failures), time.monotonic() - begun, notes)


def _staged(home: Path) -> _Stage:
    scene, dice = Scene(home / "scene"), random.Random("writers")
    operations = {"repair": Operation("repair", ("repair",), "second", "second")}
    states = {frozenset[str](): scene.states["second"]}
    for name in ("left", "right"):
        corpus.write_small(home / name, dice, 4)
        operations[name] = Operation(name, ("index", str(home / name)), "second", name)
    for added in (("left",), ("right",), ("left", "right")):
        folders = [scene.articles, *(home / name for name in added)]
        index = home / "-".join(["fresh", *added])
        forked.value(partial(build_index, folders, index, encoder=HashedEncoder()))
        states[frozenset(added)] = forked.value(partial(corpus.look, index))
    return _Stage(scene, operations, states)


def _pair(seed: int, folder: Path) -> tuple[str | None, str]:
    """Two commands, the second of which begins when the first makes one of its calls."""
    dice, scene = random.Random(seed), _stage.scene
    first, second = (_stage.operations[name] for name in dice.sample(sorted(_stage.operations), 2))
    at = dice.choice([0, 1, dice.randrange(50)])
    place = Place(folder / "index", folder / "temporary")
    scene.place(first, place)
    wait, go = os.pipe()

    def begin_second() -> None:
        os.write(go, b"!")

    def run_first() -> None:
        with watched(place.index, Counter(at, begin_second)):
            scene.run(first, place)

    def run_second() -> None:
        os.read(wait, 1)
        scene.run(second, place)

    running = {second.name: forked.start(run_second), first.name: forked.start(run_first)}
    ended = {first.name: running[first.name].ended()}
    begin_second()  # Should the first have ended before that call.
    ended[second.name] = running[second.name].ended()
    os.close(wait)
    os.close(go)
    wrong = list(_wrong(ended, place))
    way = "in turn" if not any(one.status for one in ended.values()) else "refused the other"
    what = f"{first.name}, and {second.name} at its call {at}: {'; '.join(wrong)}"
    return (what if wrong else None), way


def _wrong(ended: dict[str, forked.Ended], place: Place) -> Iterator[str]:
    won = {name for name, one in ended.items() if one.status == 0}
    for name, one in ended.items():
        if name not in won and not (one.status == IndexBusy.exit_status and _BUSY in one.printed):
            yield f"{name} ends with {one.status}: {brief(one.broken or one.printed, place.index)}"
    if not won:
        yield "neither succeeded"
    seen = forked.call(lambda: corpus.look(place.index))
    if seen.broken:
        yield f"the index cannot be read: {brief(seen.broken, place.index)}"
    elif not corpus.same(seen.value, _stage.states[frozenset(won - {"repair"})]):
        yield f"the index is not what {' and '.join(sorted(won))} make of it"
    if left := left_behind(place):
        yield f"left behind: {', '.join(left)}"


# Readers during commits


def _read_along(home: Path, commits: int) -> tuple[list[str], int]:
    """What readers saw that was wrong, and how many answers they got."""
    index, reported, stop = home / "read", home / "reported", home / "stop"
    names = forked.value(lambda: _commit(home, range(1)))
    readers = [
        forked.start(partial(_read, index, reported, stop, live=bool(number % 2)))
        for number in range(_READERS)
    ]
    wrote = forked.start(lambda: _commit(home, range(1, commits + 1))).ended(limit=10.0 * commits)
    stop.touch()
    wrong = [f"the writer: {wrote.broken}"] if wrote.broken else []
    names |= wrote.value or {}
    answers = 0
    for ended in [reader.ended() for reader in readers]:
        if ended.broken:
            wrong.append(f"a reader: {ended.broken}")
            continue
        said, pairs = ended.value
        wrong += said
        answers += len(pairs)
        wrong += [
            f"an answer of edition {edition} names {name}, which is edition {names.get(name)}"
            for name, edition in sorted(set(pairs))
            if names.get(name) != edition and not wrote.broken
        ]
    return wrong, answers


def _commit(home: Path, editions: range) -> dict[str, int]:
    """Commits these editions of all articles; the edition of each generation."""
    dice, folder, names = random.Random("editions"), home / "editions", dict[str, int]()
    folder.mkdir(exist_ok=True)
    for edition in editions:
        for number in range(_ARTICLES):
            words = " ".join(corpus.sentences(dice, 3))
            text = f"Edition {edition} opens. {words} So edition {edition} of {number} ends."
            (folder / f"{number}.txt").write_text(text)
        report = build_index(folder, home / "read", encoder=HashedEncoder())
        names[report.generation] = edition
        new = home / "reported.new"
        new.write_text(str(edition))
        new.replace(home / "reported")
    return names


def _read(
    index: Path, reported: Path, stop: Path, *, live: bool
) -> tuple[list[str], list[tuple[str, int]]]:
    """Asks until told to stop: what was wrong, and the generation and edition of each answer."""
    os.nice(10)  # The writer must not wait for its readers.
    wrong, pairs = [], []
    with contextlib.ExitStack() as opened:
        held = opened.enter_context(LiveIndex(index)) if live else None
        while not stop.exists():
            at_least = int(reported.read_text())
            with held.current() if held else open_index(index, encoder=HashedEncoder()) as found:
                answer = found.ask("Which edition opens or ends?", 100, read=False)
                texts = [one.quote for one in answer.citations]
                texts += [found.article(one.doc_id).text for one in answer.citations]
            editions = {int(one) for text in texts for one in re.findall(r"dition (\d+)", text)}
            if len(editions) != 1 or len(answer.citations) != _ARTICLES:
                wrong.append(f"{len(answer.citations)} citations of editions {sorted(editions)}")
                continue
            edition = editions.pop()
            pairs.append((answer.generation, edition))
            if edition < at_least:
                wrong.append(f"edition {edition} after {at_least} was reported")
            if held and held.trouble:
                wrong.append(held.trouble)
    return wrong, pairs
