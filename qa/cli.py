"""The command `nkqa`: each command parses, makes one public call, renders, returns a status.

Results go to stdout, everything else to stderr. Exit statuses: see `embeddings.errors`.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.errors import Error, InputError, UsageError
from eval.cli import app as eval_app

if TYPE_CHECKING:
    from rich.console import Console

    from qa.engine import Index
    from qa.types import Problem

app = typer.Typer(
    help="Ask a folder of news articles a question; get the passages that answer it, cited.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The index folder. Default: $NKQA_INDEX, else the nearest .nkqa/ in this folder or "
        "above it, else (to read) the articles nkqa ships with.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md) instead of text.")]


def _version(wanted: bool) -> None:
    if wanted:
        from qa.version import __version__

        typer.echo(f"nkqa {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Ask a folder of news articles a question; get the passages that answer it, cited."""
    if context.invoked_subcommand is None and not version:
        typer.echo(context.get_help())


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, in plain language.")],
    k: Annotated[int, typer.Option("-k", help="How many citations at most, 1 to 100.")] = 5,
    index: _IndexOption = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only articles from this day on (ISO).")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only articles up to this day (ISO).")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this publisher; a part of its name is enough."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each passage was found.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show each passage whole.")] = False,
    timings: Annotated[
        bool, typer.Option("--timings", help="Print where the time went, on stderr.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Answer a question with cited passages."""
    from time import perf_counter

    begun = perf_counter()
    with _opened(index) as opened:
        ready = perf_counter()
        answer = opened.ask(" ".join(question), k, since=since, until=until, source=source)
    from qa.render import show_answer, to_json

    with _results() as out:
        if as_json:
            typer.echo(to_json("answer", answer))
        else:
            show_answer(answer, out, explain, full)
    if timings:
        told = answer.timings
        typer.echo(
            f"open {ready - begun:.3f} s, encode {told.encode:.3f} s, "
            f"search {told.search:.3f} s, answer {told.answer:.3f} s",
            err=True,
        )


@app.command()
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Folders or files; none: those indexed before."),
    ] = None,
    index: _IndexOption = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="A sentence-transformers model on this machine, by "
            "name or folder. Default: all-MiniLM-L6-v2, or the one the index was made with.",
        ),
    ] = None,
    forget: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Drop a folder or file that was indexed before."),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew, embedding everything.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Index folders of articles, or bring an index up to date with them."""
    from qa import build_index
    from qa.config import index_to_write
    from qa.render import show_problems, show_report, to_json

    target = index_to_write(index)
    if index is None and target.is_absolute():
        typer.echo(f"The index is {target}; --index chooses another.", err=True)
    with _progress() as progress:
        report = build_index(
            paths or [],
            target,
            model=model,
            forget=forget or [],
            rebuild=rebuild,
            progress=progress,
        )
    with _results() as out:
        if as_json:
            typer.echo(to_json("index", report))
        else:
            show_report(report, out)
    if not as_json:
        show_problems(report.problems, _errors())
    _status_of(report.problems)


@app.command()
def show(
    article: Annotated[
        str, typer.Argument(help="The id of an article or a passage, as citations give it.")
    ],
    index: _IndexOption = None,
    as_json: _Json = False,
) -> None:
    """Show an article as it was indexed, with the cited passage marked in it."""
    from qa.render import show_article, to_json

    doc_id, start, end = _place(article)
    with _opened(index) as opened:
        document = opened.article(doc_id)
    with _results() as out:
        if as_json:
            typer.echo(to_json("article", document))
        else:
            show_article(document, out, start, end)


@app.command()
def status(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Say what an index holds and how it was made."""
    from qa import index_status
    from qa.render import show_problems, show_status, to_json

    told = index_status(_existing(index))
    with _results() as out:
        if as_json:
            typer.echo(to_json("status", told))
        else:
            show_status(told, out)
            show_problems(told.problems, out)


@app.command()
def verify(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Check every byte of an index, and every quote against its article."""
    from qa import verify_index
    from qa.render import to_json, visible

    report = verify_index(_existing(index))
    with _results():
        if as_json:
            typer.echo(to_json("verify", report))
        else:
            for fault in report.faults:
                typer.echo(visible(fault))
            typer.echo(
                f"{report.generation}: {report.files} files and {report.passages} passages "
                f"checked, faults: {len(report.faults)}."
            )
    if report.faults:
        raise typer.Exit(4)


@app.command()
def repair(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Make the derived files anew from the record; nothing is embedded again."""
    from qa import repair_index
    from qa.render import to_json

    with _progress() as progress:
        generation = repair_index(_existing(index), progress=progress)
    told = {"path": str(_existing(index)), "generation": generation}
    typer.echo(to_json("repair", told) if as_json else f"Repaired: {generation} is current.")


@app.command()
def rollback(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Return to the generation before the current one."""
    from qa import rollback_index
    from qa.render import to_json

    left, now = rollback_index(_existing(index))
    told = {"path": str(_existing(index)), "left": left, "generation": now}
    was = left or "a damaged one"
    typer.echo(to_json("rollback", told) if as_json else f"{now} is current, {was} was left.")


# `nkqa eval` is at home in `eval`, which imports what it needs when it runs.
app.add_typer(eval_app, name="eval")


def main() -> None:
    """The entry point: runs the command and turns errors into messages and exit statuses."""
    # One question's matrices are too small to share among threads, which then wait for each other.
    # Read when numpy is imported, which no line before this one does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        status = app(standalone_mode=False)
    except Error as error:
        from qa.render import visible

        typer.echo(f"nkqa: {visible(str(error))}", err=True)
        sys.exit(error.exit_status)
    except typer.TyperException as error:
        # A wrong option or argument: typer's own message, on one line and without a frame.
        from qa.render import visible

        typer.echo(f"nkqa: {visible(error.format_message())} Run `nkqa --help`.", err=True)
        sys.exit(UsageError.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    if status == 130:  # typer's way to tell an interrupt, too
        typer.echo("nkqa: interrupted; the index is as it was before.", err=True)
    sys.exit(status if isinstance(status, int) else 0)


@contextmanager
def _results() -> "Iterator[Console]":
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


def _place(passage_id: str) -> tuple[str, int, int]:
    """The article that an id names, and the span in it; an empty one for the id of an article."""
    match = re.fullmatch(r"(.+)#(\d+)-(\d+)", passage_id, re.DOTALL)
    return (match[1], int(match[2]), int(match[3])) if match else (passage_id, 0, 0)


def _existing(given: Path | None) -> Path:
    """The index to read, made from the shipped articles where there is no other."""
    from qa.config import chosen_index, shipped_index

    chosen = chosen_index(given)
    if chosen is not None:
        return chosen
    path, articles = shipped_index()
    note = "No index here (nkqa index PATH makes one): asking the articles that nkqa ships with."
    typer.echo(note, err=True)
    if not (path / "CURRENT").exists():
        typer.echo("First their index is made and the model prepared for this machine.", err=True)
        from qa import build_index

        with _progress() as progress:
            build_index([articles], path, progress=progress)
    return path


def _opened(given: Path | None) -> "Index":
    from qa import open_index

    return open_index(_existing(given), recheck=False)


def _status_of(problems: "tuple[Problem, ...]") -> None:
    if any(problem.kind in ("unread", "duplicate") for problem in problems):
        raise typer.Exit(InputError.exit_status)


def _errors() -> "Console":
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage, on stderr, where that is a terminal."""
    console = _errors()
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
