"""What the commands have in common: their options, the index they open, where they print.

Results go to stdout, everything else to stderr.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
Since = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Only articles from this day on: 2019-04-26, 2019-04, 'April 2019', yesterday, "
        "'last week', '3 days ago'.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only articles up to this day; of a month or year its last."),
]
Source = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Only this publisher; a part of its name is enough. Repeated: any of them.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md) instead of text.")]

_NO_INDEX = "No index here (nkqa index PATH makes one)"


@contextmanager
def results() -> "Iterator[Console]":
    """Where results are printed, all of them once the block is left."""
    from rich.console import Console

    class Results(Console):
        def on_broken_pipe(self) -> None:
            raise  # The error itself, for `streams.end`: rich would end the process with status 1.

    yield Results(highlight=False, markup=False, emoji=False)
    sys.stdout.flush()


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
    """A bar for each stage on stderr where that is a terminal, else a line every ten seconds."""
    console = errors()
    if not console.is_terminal:
        with lines() as show_line:
            yield show_line
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


@contextmanager
def lines(seconds: float = 10.0) -> Iterator[Callable[[str, int, int], None]]:
    """A line on stderr every so many seconds, also while a stage says nothing of its progress."""
    from threading import Event, Thread

    ended = Event()
    now = "preparing"

    def show(stage: str, done: int, total: int) -> None:
        nonlocal now
        now = f"{stage}: {done:,} of {total:,}"

    def tell() -> None:
        while not ended.wait(seconds):
            with suppress(OSError):  # Nobody reads it; the work goes on.
                print(f"nkqa: {now}", file=sys.stderr, flush=True)

    telling = Thread(target=tell, daemon=True, name="progress")
    telling.start()
    try:
        yield show
    finally:
        ended.set()
        telling.join()


def end_with(problems: "Sequence[Problem]") -> None:
    """Ends the command with the status of bad input where an article is missing from the index."""
    if any(problem.kind in ("unread", "duplicate") for problem in problems):
        raise typer.Exit(InputError.exit_status)
