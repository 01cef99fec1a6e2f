"""What may stand in a folder besides honest files: names, links, devices, and files that move."""

import contextlib
import itertools
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.campaign.inputs.texts import PROSE

# What goes on changing the folder while it is indexed; called again and again until it is.
Meddle = Callable[[], None]
Place = Callable[[Random, Path], Meddle | None]

_EXTENSIONS = (".txt", ".md", ".html", ".pdf", ".jsonl")
# Regular files by their mode, or devices; each without an end, without a beginning, or blocking.
_ENDLESS = (
    "/proc/kmsg", "/proc/kcore", "/proc/self/mem", "/proc/self/pagemap", "/proc/kpagecount",
    "/proc/self/environ", "/dev/zero", "/dev/urandom", "/dev/full", "/dev/tty", "/dev/stdin",
    "/dev/fd/0", "/dev/kmsg", "/proc/sysrq-trigger", "/proc/self/clear_refs", "/proc/pressure/cpu",
    "/sys/kernel/tracing/trace_pipe", "/sys/kernel/debug/tracing/trace_pipe", "/proc/self/fd/1",
)  # fmt: skip


def sparse(rng: Random, folder: Path) -> None:
    """Files of 10 GB and more that take no room on the disk."""
    for suffix in rng.sample(_EXTENSIONS, 2):
        with (folder / f"sparse{suffix}").open("wb") as file:
            file.truncate(rng.choice((10, 40, 1_000)) * 10**9)


def pipes(rng: Random, folder: Path) -> None:
    """Named pipes and sockets, and links to them."""
    os.mkfifo(folder / f"pipe{rng.choice(_EXTENSIONS)}")
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(folder):
        listening.bind(f"socket{rng.choice(_EXTENSIONS)}")
    os.mkfifo(folder.parent.parent / "outer-pipe")
    (folder / "link.txt").symlink_to(folder.parent.parent / "outer-pipe")


def endless(rng: Random, folder: Path) -> None:
    """Devices and endless files behind links."""
    for number, target in enumerate(rng.sample(_ENDLESS, 3)):
        (folder / f"link-{number}{rng.choice(_EXTENSIONS)}").symlink_to(target)


def kernel_log(rng: Random, folder: Path) -> None:
    """A file that says it is regular, and blocks whoever reads it to its end."""
    (folder / f"log{rng.choice(_EXTENSIONS)}").symlink_to("/proc/kmsg")


def link_loops(rng: Random, folder: Path) -> None:
    """Links to themselves, to each other, to the folder that holds them; and a long chain."""
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "one.md").symlink_to("other.md")
    (folder / "other.md").symlink_to("one.md")
    (folder / "up").symlink_to("..")
    (folder / "deep").mkdir()
    for number in range(rng.randint(1, 30)):
        (folder / "deep" / f"back-{number}").symlink_to(folder)
    (folder / "deep" / "article.txt").write_text(PROSE)
    (folder / "chain-0.txt").symlink_to("deep/article.txt")
    for number in range(1, rng.choice((5, 60))):
        (folder / f"chain-{number}.txt").symlink_to(f"chain-{number - 1}.txt")


def links_out(rng: Random, folder: Path) -> None:
    """Links to files and folders elsewhere, to nothing, and to much."""
    outside = folder.parent.parent / "outside"
    outside.mkdir()
    (outside / "article.txt").write_text(PROSE)
    (folder / "file.txt").symlink_to(outside / "article.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "broken.txt").symlink_to(outside / "nothing.txt")
    (folder / f"through{rng.choice(_EXTENSIONS)}").symlink_to(outside / "article.txt" / "x")
    (folder / "too-long.md").symlink_to("x" * 4_000)
    (folder / "much").symlink_to(
        rng.choice(("/proc/self/task", "/proc/self", "/sys/kernel", "/dev"))
    )


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
    names: list[bytes] = [
        b"caf\xe9.txt",
        b"\xff\xfe.md",
        b"new\nline.txt",
        b"\x1b[31mred\x1b[2J.txt",
        b"--help.txt",
        b"a\tb.txt",
        b" .txt",
        b"...txt",
        b"x" * 251 + b".txt",
        b"*?[.txt",
        b"back\\slash.txt",
        b"#0-5.txt",
        b"a#0-5",
        b"%2e%2e.html",
        b"\x7f.txt",
        b"'\".jsonl",
        b"no-extension",
        b"CON.txt",
        *(
            name.encode()
            for name in ("\u202etxt.md", "e\u0301.txt", "\xe9.txt", "\ufeff.txt", "😀.txt")
        ),
    ]
    for name in rng.sample(names, 15):
        content = b"{}\n" if name.endswith(b".jsonl") else PROSE.encode()
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/folder-\xe9"))
    odd.mkdir()
    (odd / "article.txt").write_text(PROSE)


def case_twins(rng: Random, folder: Path) -> None:
    """Names that differ by letter case or by composition alone."""
    names = ("Article.txt", "article.txt", "ARTICLE.TXT", "article.Txt", "Stra\xdfe.md", "STRASSE.md",
             "caf\xe9.txt", "cafe\u0301.txt", "\u212b.txt", "\xc5.txt")  # fmt: skip
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
    for suffix in _EXTENSIONS:
        (folder / f"unreadable{suffix}").write_text(PROSE)
        (folder / f"unreadable{suffix}").chmod(0o000)


def odd_times(rng: Random, folder: Path) -> None:
    """Files from before 1970, and from long after anyone counts nanoseconds in 64 bits."""
    for number, year in enumerate(
        (-(2**31), -1, 0, 2**31, 2**33 - 1, 2**34 - 1, rng.randrange(2**34))
    ):
        file = folder / f"time-{number}.txt"
        file.write_text(f"{PROSE} It is number {number}.")
        os.utime(file, ns=(year * 10**9 - 1, year * 10**9 - 1))


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


def vanishing(rng: Random, folder: Path) -> Meddle:
    """Files that are there for a moment, and folders too."""

    def meddle() -> None:
        for number in range(30):
            file = folder / f"{number}{_EXTENSIONS[number % 5]}"
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
        for suffix in _EXTENSIONS:
            with (folder / f"changing{suffix}").open("ab") as file:
                file.write(f'{{"text": "{PROSE}"}}\n'.encode() * 200)
                if file.tell() > 30 << 20 or rng.random() < 0.05:
                    file.truncate(rng.randrange(1, 5_000))

    meddle()
    return meddle


def swapping(rng: Random, folder: Path) -> Meddle:
    """A name behind which a file, a folder, a pipe and a link take turns."""

    def meddle() -> None:
        for suffix in _EXTENSIONS:
            entry, new = folder / f"swapping{suffix}", folder / ".new"
            make = rng.choice((Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero"),
                               lambda path: path.write_text(PROSE)))  # fmt: skip
            make(new)
            if entry.is_dir() and not entry.is_symlink():
                entry.rmdir()
            elif new.is_dir():
                entry.unlink(missing_ok=True)
            new.rename(entry)

    meddle()
    return meddle


PLACES: dict[str, Place] = {
    (made.__doc__ or "").partition("\n")[0].rstrip("."): made
    for made in (
        sparse,
        pipes,
        endless,
        kernel_log,
        link_loops,
        links_out,
        long_path,
        odd_names,
        case_twins,
        locked,
        odd_times,
        crowd,
        nested,
        vanishing,
        changing,
        swapping,
    )  # fmt: skip
}
