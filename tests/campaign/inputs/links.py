"""Pipes, devices, endless files, and links that lead to them, in circles, or out of the folder."""

import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.campaign.inputs.texts import PROSE
from tests.campaign.inputs.titles import EXTENSIONS, titled

# Regular files by their mode, or devices; each without an end, without a beginning, or blocking.
_ENDLESS = (
    "/proc/kmsg", "/proc/kcore", "/proc/self/mem", "/proc/self/pagemap", "/proc/kpagecount",
    "/proc/self/environ", "/dev/zero", "/dev/urandom", "/dev/full", "/dev/tty", "/dev/stdin",
    "/dev/fd/0", "/dev/kmsg", "/proc/sysrq-trigger", "/proc/self/clear_refs", "/proc/pressure/cpu",
    "/sys/kernel/tracing/trace_pipe", "/sys/kernel/debug/tracing/trace_pipe", "/proc/self/fd/1",
)  # fmt: skip


def pipes(rng: Random, folder: Path) -> None:
    """Named pipes and sockets, and links to them."""
    os.mkfifo(folder / f"pipe{rng.choice(EXTENSIONS)}")
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(folder):
        listening.bind(f"socket{rng.choice(EXTENSIONS)}")
    os.mkfifo(folder.parent.parent / "outer-pipe")
    (folder / "link.txt").symlink_to(folder.parent.parent / "outer-pipe")


def endless(rng: Random, folder: Path) -> None:
    """Devices and endless files behind links."""
    for number, target in enumerate(rng.sample(_ENDLESS, 3)):
        (folder / f"link-{number}{rng.choice(EXTENSIONS)}").symlink_to(target)


def kernel_log(rng: Random, folder: Path) -> None:
    """A file that says it is regular, and blocks whoever reads it to its end."""
    (folder / f"log{rng.choice(EXTENSIONS)}").symlink_to("/proc/kmsg")


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
    (folder / f"through{rng.choice(EXTENSIONS)}").symlink_to(outside / "article.txt" / "x")
    (folder / "too-long.md").symlink_to("x" * 4_000)
    (folder / "much").symlink_to(
        rng.choice(("/proc/self/task", "/proc/self", "/sys/kernel", "/dev"))
    )


LINKS: dict[str, Callable[[Random, Path], None]] = titled(
    pipes, endless, kernel_log, link_loops, links_out
)
