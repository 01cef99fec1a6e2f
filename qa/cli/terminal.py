"""What the commands have in common: their options, the index they open, where they print.

Results go to stdout, everything else to stderr.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from embeddings.errors import Error, IndexMissing, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from qa.index import Index
    from qa.types import Problem

IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The index folder. Default: $NKQA_INDEX, else the nearest .nkqa/ in this folder or "
        "above it, else (to read) the articles nkqa ships with.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md) instead of text.")]

_NO_INDEX = "No index here (nkqa index PATH makes one)"


@contextmanager
def results() -> "Iterator[Console]":
    """Where results are printed. `nkqa ... | head -1` closes it early, which is no failure."""
    from rich.console import Console

    class Results(Console):
        def on_broken_pipe(self) -> None:
            raise  # The error itself: rich would end the process with status 1.

    try:
        yield Results(highlight=False, markup=False, emoji=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at its end, and must not meet the closed pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def existing(given: Path | None) -> Path:
    """The index to read, made from the shipped articles where there is no other."""
    from qa.which_index import chosen_index, made_shipped_index

    chosen = chosen_index(given)
    if chosen is not None:
        return chosen
    typer.echo(f"{_NO_INDEX}: asking the articles that nkqa ships with.", err=True)
    return made_shipped_index(_build, lambda line: typer.echo(line, err=True))


def _build(articles: Path, index: Path) -> None:
    from qa import build_index

    with progress() as bars:
        build_index([articles], index, progress=bars)


def kept(given: Path | None) -> Path:
    """The index to look after, which is not made for that.

    Raises `IndexMissing` where there is none, not even that of the shipped articles.
    """
    from qa.which_index import chosen_index, shipped_index

    chosen = chosen_index(given)
    if chosen is not None:
        return chosen
    from qa.store.opening import state_token

    path, _ = shipped_index()
    if state_token(path) is None:
        raise IndexMissing(f"{_NO_INDEX}.")
    typer.echo(f"{_NO_INDEX}: this is that of the articles that nkqa ships with.", err=True)
    return path


def opened(given: Path | None) -> "Index":
    from qa import open_index

    return open_index(existing(given), recheck=False)


class Interrupted(Error):
    """Ctrl-C while an index was written."""

    exit_status = 130


@contextmanager
def interruptible(index: Path) -> Iterator[None]:
    """For a block that writes the index: says after Ctrl-C what became of it."""
    from qa.store.opening import state_token

    before = state_token(index)
    try:
        yield
    except KeyboardInterrupt:
        changed = state_token(index) != before
        state = "the change is in place" if changed else "the index is as it was before"
        raise Interrupted(f"interrupted; {state}.") from None


def errors() -> "Console":
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage, on stderr, where that is a terminal."""
    console = errors()
    if not console.is_terminal:
        yield lambda *_: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console) as bars:
        stages: dict[str, int] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total)
            bars.update(stages[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield show


def fail(message: str, status: int) -> NoReturn:
    """Ends the process with a message on stderr."""
    from qa.output.serial import visible

    typer.echo(f"nkqa: {visible(message)}", err=True)
    sys.exit(status)


def end_with(problems: "Sequence[Problem]") -> None:
    """Ends the command with the status of bad input where an article is missing from the index."""
    if any(problem.kind in ("unread", "duplicate") for problem in problems):
        raise typer.Exit(InputError.exit_status)
