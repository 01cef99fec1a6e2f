"""Files that vanish, change or are swapped while they are read.

Each generator returns what goes on doing that: it is called again and again.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.campaign.inputs.texts import PROSE
from tests.campaign.inputs.titles import EXTENSIONS, titled

Meddle = Callable[[], None]


def vanishing(rng: Random, folder: Path) -> Meddle:
    """Files that are there for a moment, and folders too."""

    def meddle() -> None:
        for number in range(30):
            file = folder / f"{number}{EXTENSIONS[number % 5]}"
            with contextlib.suppress(FileNotFoundError):
                file.unlink() if rng.random() < 0.5 else file.write_text(PROSE * 50)
        inside = folder / "inside"
        inside.mkdir(exist_ok=True)
        (inside / "article.txt").write_text(PROSE)
        shutil.rmtree(inside)

    meddle()
    return meddle


def changing(rng: Random, folder: Path) -> Meddle:
    """Files that grow and shrink while they are read."""

    def meddle() -> None:
        for suffix in EXTENSIONS:
            with (folder / f"changing{suffix}").open("ab") as file:
                file.write(f'{{"text": "{PROSE}"}}\n'.encode() * 200)
                if file.tell() > 30 << 20 or rng.random() < 0.05:
                    file.truncate(rng.randrange(1, 5_000))

    meddle()
    return meddle


def swapping(rng: Random, folder: Path) -> Meddle:
    """A name behind which a file, a folder, a pipe and a link take turns."""

    def meddle() -> None:
        for suffix in EXTENSIONS:
            entry, new = folder / f"swapping{suffix}", folder / ".new"
            rng.choice((Path.mkdir, os.mkfifo, _link, _article))(new)
            if entry.is_dir() and not entry.is_symlink():
                entry.rmdir()
            elif new.is_dir():
                entry.unlink(missing_ok=True)
            new.rename(entry)

    meddle()
    return meddle


def _link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _article(path: Path) -> None:
    path.write_text(PROSE)


MOVING: dict[str, Callable[[Random, Path], Meddle]] = titled(vanishing, changing, swapping)
