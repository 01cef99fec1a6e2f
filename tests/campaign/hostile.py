"""Promise: no file or folder can hang, crash or exhaust the indexer, or cost another article.

Each case puts one hostile input beside five honest articles and runs `nkqa index`, `nkqa ask` and
`nkqa check`. It fails when a command takes more than 60 s of processor time or 1 GiB of memory,
or waits for ever; ends by a signal, a traceback or another status than 0 and 3; when an honest
article is not indexed or does not answer; or when a hostile file is neither indexed nor named with
a reason in the report. The case with seed S has generator S modulo their number.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from embeddings.hashed import HashedEncoder
from qa import build_index
from tests.campaign.command import nkqa, scratch
from tests.campaign.inputs.formats import FORMATS
from tests.campaign.inputs.links import LINKS
from tests.campaign.inputs.moving import MOVING, Meddle
from tests.campaign.inputs.patterns import ATTACKS
from tests.campaign.inputs.pdf import PDFS
from tests.campaign.inputs.places import PLACES
from tests.campaign.inputs.texts import RUNS, page
from tests.campaign.report import Failure, Outcome

COUNT = 400
# More than this is not embedded by the default model: even honest text would take its time.
_MODEL_BYTES = 200_000
_ENTRY_BYTES = 500

_FOLDERS = {**PLACES, **LINKS, **MOVING}
_FILES = {**FORMATS, **PDFS, **RUNS, **ATTACKS}
GENERATORS = (*_FOLDERS, *_FILES)
# By name: the article's content, a question, and what the answer must quote.
_HONEST = {
    "a.html": (
        page("<p>Zebras graze behind the lighthouse of Port Ellis every autumn.</p>"),
        "Which animals graze behind the lighthouse?", "Zebras graze",
    ),
    "a.md": (
        "---\ntitle: Ferry\ndate: 2019-04-26\n---\n\nThe ferry Aurora carried 812 passengers.\n",
        "How many passengers did the ferry Aurora carry?", "812 passengers",
    ),
    "z.html": (
        page("<p>Violin makers of Cremona ordered spruce from a forest near Tarvisio.</p>"),
        "From where did violin makers order spruce?", "forest near Tarvisio",
    ),
    "z.jsonl": (
        '{"text": "A comet was seen above Quito on Sunday night. It had a green tail."}\n',
        "What was seen above Quito?", "comet was seen above Quito",
    ),
    "z.txt": (
        "Miners struck copper beneath Kilimanjaro. The find is said to be small.\n",
        "What did miners strike beneath Kilimanjaro?", "struck copper",
    ),
}  # fmt: skip


def run(seed: int, count: int = COUNT) -> Outcome:
    """Runs the cases `seed` to `seed + count - 1`."""
    begun = time.perf_counter()
    failures: list[Failure] = []
    costs: list[tuple[float, int]] = []
    for each in range(seed, seed + count):
        case = Case(each)
        try:
            failures += [Failure(each, f"{case.name}: {fault}") for fault in case.faults()]
        except (ValueError, KeyError, StopIteration) as error:  # What it printed is no report.
            failures.append(Failure(each, f"{case.name}: {type(error).__name__}: {error}"))
        costs.append((case.seconds, case.memory))
    dearest, largest = max(cost[0] for cost in costs), max(cost[1] for cost in costs)
    notes = (
        f"{min(count, len(GENERATORS))} of {len(GENERATORS)} generators",
        f"at most {dearest:.0f} s of processor time and {largest >> 20} MiB for one",
    )
    return Outcome("hostile", count, tuple(failures), time.perf_counter() - begun, notes)


class Case:
    """One hostile input; `seconds` and `memory` are what indexing it took."""

    def __init__(self, seed: int) -> None:
        self.name = GENERATORS[seed % len(GENERATORS)]
        self._made = Random(seed)
        # Not the same: how often a generator is called while its files are read is left to chance.
        self._rng = Random(f"{seed} asked")
        self.seconds, self.memory = 0.0, 0

    def faults(self) -> Iterator[str]:
        """What is not as promised."""
        with scratch() as home:
            folder = home / "articles"
            hostile = folder / "hostile"
            hostile.mkdir(parents=True)
            for name, (content, _, _) in _HONEST.items():
                (folder / name).write_text(content, encoding="utf-8")
            meddle = self._make(hostile)
            index = home / "index"
            if _weight(hostile) > _MODEL_BYTES:
                (home / "begun.txt").write_text("An index keeps the model it was begun with.")
                build_index([home / "begun.txt"], index, encoder=HashedEncoder())
            yield from self._run("index", folder, "--index", index, "--json", meanwhile=meddle)
            self.seconds, self.memory = self._done.seconds, self._done.memory
            if self._done.out:
                report = json.loads(self._done.out)
                if meddle is None:
                    yield from unaccounted(folder, report)
                yield from self._answers(index, report)

    def _make(self, hostile: Path) -> Meddle | None:
        if self.name in _FOLDERS:
            return _FOLDERS[self.name](self._made, hostile)
        for name, content in _FILES[self.name](self._made):
            (hostile / name).write_bytes(content)
        return None

    def _run(self, *words: object, meanwhile: Meddle | None = None) -> Iterator[str]:
        """Runs a command, which leaves what it did in `self._done`; what it did that none may."""
        self._done = nkqa(*words, meanwhile=meanwhile)
        yield from (f"nkqa {words[0]} {fault}" for fault in self._done.faults())

    def _answers(self, index: Path, report: dict[str, Any]) -> Iterator[str]:
        added = report["added"]
        for name in _HONEST:
            if _id_of(name) not in added:
                yield f"the honest article {name} is not indexed"
        name = self._rng.choice(list(_HONEST))
        _, question, quoted = _HONEST[name]
        yield from self._run("ask", question, "--index", index, "--json")
        if self._done.status == 0:
            citations = json.loads(self._done.out)["citations"]
            if not any(c["doc_id"] == _id_of(name) and quoted in c["quote"] for c in citations):
                yield f"the honest article {name} does not answer {question!r}"
        if strange := [doc_id for doc_id in added if doc_id.startswith("articles/hostile/")]:
            yield from self._quoted(index, self._rng.choice(strange))

    def _quoted(self, index: Path, doc_id: str) -> Iterator[str]:
        """A stretch of a hostile article is looked up as a quotation."""
        yield from self._run("show", "--index", index, "--json", "--", doc_id)
        if self._done.status == 0:
            text = json.loads(self._done.out)["text"].replace("\0", " ")
            start = self._rng.randrange(len(text))
            quotation = text[start : start + self._rng.choice((40, 800, 8_000))]
            yield from self._run("check", "--index", index, "--json", "--", doc_id, quotation)


def _id_of(name: str) -> str:
    return f"articles/{name}" + (":1" if name.endswith(".jsonl") else "")


def _weight(folder: Path) -> int:
    """About how many bytes of text the folder may hold."""
    sizes = (os.lstat(entry).st_size for entry in _inside(folder) if os.path.lexists(entry))
    return sum(_ENTRY_BYTES + size for size in sizes)


def unaccounted(folder: Path, report: dict[str, Any]) -> Iterator[str]:
    """What stands in the folder, is not indexed, and is not named with a reason either."""
    files = {
        doc_id.rpartition(":")[0] if ".jsonl:" in doc_id else doc_id for doc_id in report["added"]
    }
    named = {problem["path"] for problem in report["problems"] if problem["reason"].strip()}
    for entry in _entries(folder):
        told = os.fsencode(entry).decode("utf-8", "backslashreplace")
        label = f"articles{told.removeprefix(str(folder))}"
        above = {str(parent) for parent in Path(told).parents}
        if label not in files and told not in named and not above & named:
            yield f"{label[:300]!r} is neither indexed nor named in the report"


def _entries(folder: Path) -> Iterator[str]:
    """Every file, and every link but those to folders and to what stands in `folder` anyway."""
    for entry in _inside(folder):
        # pathlib raises where a path is too long.
        target = os.path.realpath(entry)  # Also of a chain that is too long for the system.
        linked = os.path.islink(entry) and os.path.exists(target)  # noqa: PTH110, PTH114
        here = linked and Path(target).is_relative_to(folder)
        if not (here or os.path.isdir(entry) or "/." in entry.removeprefix(str(folder))):  # noqa: PTH112
            yield entry


def _inside(folder: Path) -> Iterator[str]:
    """Everything in the folder and in its folders; links are not followed."""
    waiting = [str(folder)]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry.path
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
