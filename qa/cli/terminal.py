"""What the commands have in common: the index they open, and where they print.

Results go to stdout, everything else to stderr.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from qa.index import Index


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
    from qa.which_index import chosen_index, shipped_index

    chosen = chosen_index(given)
    if chosen is not None:
        return chosen
    path, articles = shipped_index()
    note = "No index here (nkqa index PATH makes one): asking the articles that nkqa ships with."
    typer.echo(note, err=True)
    if not (path / "CURRENT").exists():
        typer.echo("First their index is made.", err=True)
        from qa import build_index

        with progress() as bars:
            build_index([articles], path, progress=bars)
    return path


def opened(given: Path | None) -> "Index":
    from qa import open_index

    return open_index(existing(given), recheck=False)


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
