"""Names, sizes, times, permissions and numbers of files that are out of the common."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.campaign.inputs.texts import PROSE
from tests.campaign.inputs.titles import EXTENSIONS, titled


def sparse(rng: Random, folder: Path) -> None:
    """Files of 10 GB and more that take no room on the disk."""
    for suffix in rng.sample(EXTENSIONS, 2):
        with (folder / f"sparse{suffix}").open("wb") as file:
            file.truncate(rng.choice((10, 40, 1_000)) * 10**9)


def long_path(rng: Random, folder: Path) -> None:
    """A folder in a folder, until the path has more than 4,096 bytes; an article at many depths."""
    name = rng.choice(("n" * 255, "한" * 85, "ab"))
    inside = os.open(folder, os.O_RDONLY)
    try:
        for depth in range(9_000 // (len(os.fsencode(name)) + 1)):
            if depth % 7 == 0:
                _write_at(inside, "article.txt")
            os.mkdir(name, dir_fd=inside)
            below = os.open(name, os.O_RDONLY, dir_fd=inside)
            os.close(inside)
            inside = below
        _write_at(inside, "deepest.txt")
    finally:
        os.close(inside)


def _write_at(folder: int, name: str) -> None:
    with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=folder), "w") as file:
        file.write(PROSE)


def odd_names(rng: Random, folder: Path) -> None:
    """Names that are not UTF-8, or command a terminal, or are as long as they may be."""
    names = (
        b"caf\xe9.txt", b"\xff\xfe.md", b"new\nline.txt", b"\x1b[31mred\x1b[2J.txt", b"--help.txt",
        b"a\tb.txt", b" .txt", b"...txt", b"x" * 251 + b".txt", b"*?[.txt", b"back\\slash.txt",
        b"#0-5.txt", b"a#0-5", b"%2e%2e.html", b"\x7f.txt", b"'\".jsonl", b"no-extension",
        b"CON.txt", "\u202etxt.md".encode(), "e\u0301.txt".encode(), "\xe9.txt".encode(),
        "\ufeff.txt".encode(),
    )  # fmt: skip
    for name in rng.sample(names, 15):
        content = b"{}\n" if name.endswith(b".jsonl") else PROSE.encode()
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/folder-\xe9"))
    odd.mkdir()
    (odd / "article.txt").write_text(PROSE)


def case_twins(rng: Random, folder: Path) -> None:
    """Names that differ by letter case or by composition alone."""
    names = (
        "Article.txt", "article.txt", "ARTICLE.TXT", "article.Txt", "Stra\xdfe.md", "STRASSE.md",
        "caf\xe9.txt", "cafe\u0301.txt", "\u212b.txt", "\xc5.txt",
    )  # fmt: skip
    for name in rng.sample(names, 8):
        (folder / name).write_text(f"{PROSE} It is told in {name}.", encoding="utf-8")


def locked(rng: Random, folder: Path) -> None:
    """Folders that cannot be entered or listed, and files that cannot be read."""
    for number, mode in enumerate(rng.sample((0o000, 0o100, 0o200, 0o400, 0o600, 0o300), 4)):
        inside = folder / f"locked-{number}"
        inside.mkdir()
        (inside / "article.txt").write_text(PROSE)
        (folder / f"link-{number}.txt").symlink_to(inside / "article.txt")
        inside.chmod(mode)
    for suffix in EXTENSIONS:
        (folder / f"unreadable{suffix}").write_text(PROSE)
        (folder / f"unreadable{suffix}").chmod(0o000)


def odd_times(rng: Random, folder: Path) -> None:
    """Files from before 1970, and from long after anyone counts nanoseconds in 64 bits."""
    seconds = (-(2**31), -1, 0, 2**31, 2**33 - 1, 2**34 - 1, rng.randrange(2**34))
    for number, second in enumerate(seconds):
        file = folder / f"time-{number}.txt"
        file.write_text(f"{PROSE} It is number {number}.")
        os.utime(file, ns=(second * 10**9 - 1,) * 2)


def crowd(rng: Random, folder: Path) -> None:
    """Ten thousand files or folders in one folder."""
    kind = rng.choice(("files", "folders", "links", "hidden"))
    for number in range(10_000):
        entry = folder / f"{'.' if kind == 'hidden' else ''}{number}.txt"
        if kind == "folders":
            entry.mkdir()
        elif kind == "links":
            entry.symlink_to("first.txt")
        else:
            entry.write_text(f"Train {number} left.")
    (folder / "first.txt").write_text(PROSE)


def nested(rng: Random, folder: Path) -> None:
    """Folders in folders, the same two names at every level."""
    for names in itertools.product("ab", repeat=rng.choice((6, 10))):
        inside = folder.joinpath(*names)
        inside.mkdir(parents=True)
        (inside / "a.txt").write_text(PROSE)


PLACES: dict[str, Callable[[Random, Path], None]] = titled(
    sparse, long_path, odd_names, case_twins, locked, odd_times, crowd, nested
)
