"""A damaged index is refused, or shows exactly what the sound index shows.

Each case damages one file of an index, then asks questions and looks at articles, quotations and
the status. There are three indexes: a small one, whose files are compared with the manifest at each
opening; a small one whose files all count as large; and one whose record exceeds 64 MiB. A large
file is not read again while a note in the cache says that it was compared lately. In these cases
the note stays valid where the damage keeps the file's size, as when a disk loses bits by itself.
Order and scores may then differ, because the derived files are used as they are; everything else
that is shown may not.
"""

import dataclasses
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from embeddings.hashed import HashedEncoder
from qa import build_index
from qa.store.local.generations.recently_checked import LARGE, remember
from tests.campaign import corpus, damaging, forked, shown
from tests.campaign.report import Outcome

COUNT = 5000
# What a damaged index may make a process take before it ends.
_MEMORY = 16 << 30


@dataclasses.dataclass(frozen=True, slots=True)
class _Subject:
    """A sound index, from what size on its files count as large, and what it shows.

    `aims` are the places in its record that hold what the answers show.
    """

    name: str
    path: Path
    encoder: HashedEncoder
    large: int
    sound: shown.Sound
    aims: tuple[tuple[int, int], ...]


_subjects: tuple[_Subject, ...]


def run(seed: int, count: int = COUNT) -> Outcome:
    global _subjects
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nkqa-campaign-") as folder:
        home = Path(folder)
        os.environ["NKQA_CACHE"] = str(home / "cache")
        small, large = _made(home, "small"), _made(home, "large")
        as_large = dataclasses.replace(small, name="as large", large=0)
        _subjects = (small, small, as_large, large, large)
        forked.import_for(lambda: _ask(small, small.path))
        failures, ways = forked.over(range(seed, seed + count), _case, home)
    return Outcome("damage", count, tuple(failures), time.monotonic() - begun, tuple(ways))


def _made(home: Path, name: str) -> _Subject:
    """A sound index and what it shows, found out in a forked process."""
    articles, path, dice = home / f"{name} articles", home / name, random.Random(name)
    encoder = HashedEncoder() if name == "small" else HashedEncoder(1024)

    def work() -> tuple[shown.Sound, tuple[tuple[int, int], ...]]:
        if name == "small":
            corpus.write_small(articles, dice)
            first = build_index(articles, path, encoder=encoder)
            corpus.edit(articles, dice, "second")
            second = build_index(articles, path, encoder=encoder)
            ids = {*first.added, *second.added} - {*second.removed}
        else:
            corpus.write_large(articles, dice, 1300, 75)
            ids = {*build_index(articles, path, encoder=encoder).added}
        sound = shown.sound(path, encoder, ids)
        return sound, tuple(_aims(sound, _record(path).read_bytes()))

    sound, aims = forked.value(work)
    if name == "large" and _record(path).stat().st_size < LARGE:
        raise RuntimeError("the large index is too small")
    return _Subject(name, path, encoder, LARGE, sound, aims)


def _record(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().split()[0] / damaging.RECORD


def _aims(sound: shown.Sound, record: bytes) -> Iterator[tuple[int, int]]:
    """Where in the record stand the fields, the offsets and the spans of what is cited."""
    answers = [value for value in sound.steps.values() if "citations" in value]
    for citation in (one for answer in answers for one in answer["citations"]):
        for name in ("doc_id", "title", "author", "url", "path", "quote"):
            value = (citation[name] or "").encode()
            if value and (at := record.find(value)) >= 0:
                # Short numbers, the date and the publisher stand beside them.
                yield at - 20, at + len(value) + 20
        if (at := record.find(bytes.fromhex(citation["sha256"]))) >= 0:
            yield at - 20, at + 32 + 8 * len(citation["highlights"])


def _case(seed: int, folder: Path) -> tuple[str | None, str]:
    dice, subject = random.Random(seed), _subjects[seed % len(_subjects)]
    index = folder / subject.path.name
    if not index.exists():
        shutil.copytree(subject.path, index)
    digests = _digests(index, subject.large)
    for file in digests:
        remember(file, digests[file])
    damage = damaging.damage(index, dice, subject.aims)
    try:
        if damage.in_place and damage.file in digests:
            remember(damage.file, digests[damage.file])
        ended = forked.call(lambda: _ask(subject, index))
    finally:
        damage.undo()
    what = f"{subject.name}, {damage.what}"
    if ended.broken:
        return f"{what}: {ended.broken}", "broken"
    wrong, refused = ended.value
    if wrong:
        return f"{what}: {'; '.join(wrong[:5])}", "shown wrongly"
    return None, "refused" if refused else "shown as it was"


def _digests(index: Path, large: int) -> dict[Path, str]:
    """The digest of every file of the current generation that counts as large."""
    generation = _record(index).parent
    manifest = json.loads((generation / "MANIFEST.json").read_bytes())
    files = manifest["files"].items()
    return {generation / name: digest for name, (size, digest) in files if size >= large}


def _ask(subject: _Subject, index: Path) -> tuple[list[str], bool]:
    """What is shown wrongly, and whether something was refused."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    for name, module in list(sys.modules.items()):
        if name.startswith("qa.") and hasattr(module, "LARGE"):
            module.LARGE = subject.large  # type: ignore[attr-defined]
    found = shown.ask(index, subject.encoder, subject.sound.quoted)
    wrong = list(shown.false(found, subject.sound, exact=subject.name == "small"))
    return wrong, any(isinstance(one, shown.Refused) for one in found.values())
