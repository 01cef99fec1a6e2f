"""The command `nkqa`: each command parses, makes one public call, renders, returns a status.

Results go to stdout, everything else to stderr. Exit statuses: see `embeddings.errors`.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from embeddings.errors import ArticleMissing, Error, InputError, UsageError
from eval.cli import app as eval_app
from qa.cli import listing, serving, stories
from qa.cli.streams import end as _end
from qa.cli.streams import fail as _fail
from qa.cli.streams import prepare as _prepare
from qa.cli.streams import put as _put
from qa.cli.terminal import IndexOption as _IndexOption
from qa.cli.terminal import Json as _Json
from qa.cli.terminal import Since as _Since
from qa.cli.terminal import Source as _Source
from qa.cli.terminal import Until as _Until
from qa.cli.terminal import end_with as _status_of
from qa.cli.terminal import errors as _errors
from qa.cli.terminal import interruptible as _interruptible
from qa.cli.terminal import kept as _kept
from qa.cli.terminal import opened as _opened
from qa.cli.terminal import progress as _progress
from qa.cli.terminal import results as _results

app = typer.Typer(
    help="Ask a folder of news articles a question; get the passages that answer it, cited.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from qa.version import __version__

        _put(f"nkqa {__version__}")
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
        _put(context.get_help())


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, in plain language.")],
    k: Annotated[int, typer.Option("-k", help="How many citations at most, 1 to 100.")] = 5,
    index: _IndexOption = None,
    since: _Since = None,
    until: _Until = None,
    source: _Source = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each passage was found.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show each passage whole.")] = False,
    read: Annotated[
        bool,
        typer.Option(
            "--read/--no-read", help="Read the passages for an answer, or only find them."
        ),
    ] = True,
    timings: Annotated[
        bool, typer.Option("--timings", help="Print where the time went, on stderr.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Answer a question, or say that the articles do not, with the passages cited."""
    from time import perf_counter

    begun = perf_counter()
    with _opened(index) as opened:
        ready = perf_counter()
        answer = opened.ask(
            " ".join(question), k, since=since, until=until, source=source, read=read
        )
    from qa.output.screen import show_answer
    from qa.output.serial import to_json

    with _results() as out:
        if as_json:
            _put(to_json("answer", answer))
        else:
            show_answer(answer, out, explain, full)
    if timings:
        told = answer.timings
        typer.echo(
            f"open {ready - begun:.3f} s, encode {told.encode:.3f} s, "
            f"search {told.search:.3f} s, read {told.read:.3f} s, answer {told.answer:.3f} s",
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
            help="A sentence-transformers model on this machine, by name or folder; or static, "
            "which embeds some thirty times faster and finds less (docs/performance.md). Default: "
            "all-MiniLM-L6-v2, or the one the index was made with.",
        ),
    ] = None,
    forget: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Drop a folder or file that was indexed before."),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew, embedding everything.")
    ] = False,
    follow_links: Annotated[
        bool | None,
        typer.Option(
            "--follow-links/--no-follow-links",
            help="Follow links that lead out of the folders. Default: as the last time, else no.",
        ),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Index folders of articles, or bring an index up to date with them."""
    from qa import build_index
    from qa.output.screen import show_problems, show_report
    from qa.output.serial import to_json
    from qa.which_index import index_to_write

    target = index_to_write(index)
    if index is None and target.is_absolute():
        typer.echo(f"The index is {target}; --index chooses another.", err=True)
    with _interruptible(target):
        with _progress() as progress:
            report = build_index(
                paths or [],
                target,
                model=model,
                forget=forget or [],
                rebuild=rebuild,
                follow_links=follow_links,
                progress=progress,
            )
        with _results() as out:
            if as_json:
                _put(to_json("index", report))
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
    from qa.output.screen import show_article
    from qa.output.serial import to_json

    with _opened(index) as opened:
        try:
            document = opened.article(article)
        except ArticleMissing as error:
            raise ArticleMissing(f"{error} This is the index at {opened.path}.") from None
    with _results() as out:
        if as_json:
            _put(to_json("article", document))
        else:
            show_article(document, out)


@app.command()
def check(
    cited: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="The id of a passage or an article, as cited; or a file with your own text. A "
            "name that is both is an id; ./NAME is the file.",
        ),
    ],
    quotation: Annotated[
        str | None, typer.Argument(help="What is said to stand there; none: is there such an id?")
    ] = None,
    index: _IndexOption = None,
    as_json: _Json = False,
) -> None:
    """Check that a quotation stands where it is cited from, or that articles bear out a text of
    your own (Markdown or plain text); exit status 3 when they do not."""
    from qa.cli.drafts import check_draft
    from qa.output.screen import show_check
    from qa.output.serial import to_json

    with _opened(index) as opened:
        told = opened.check_quote(cited, quotation)
        # A file counts more than the end of an id, and less than a whole one.
        whole = told.verdict != "unknown" and told.cited == cited
        if quotation is None and not whole and os.path.lexists(cited):
            check_draft(opened, Path(cited), as_json)
            return
        path = opened.path
    with _results() as out:
        if as_json:
            _put(to_json("check", told))
        else:
            show_check(told, out)
    if told.verdict == "unknown":
        nor = "" if quotation else "There is no file of this name either. "
        typer.echo(f"{nor}The index is {path}; --index chooses another.", err=True)
    if not told.stands:
        raise typer.Exit(InputError.exit_status)


@app.command()
def status(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Say what an index holds and how it was made."""
    from qa import index_status
    from qa.output.screen import show_problems, show_status
    from qa.output.serial import to_json

    told = index_status(_kept(index))
    with _results() as out:
        if as_json:
            _put(to_json("status", told))
        else:
            show_status(told, out)
            show_problems(told.problems, out)


@app.command()
def verify(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Check every byte of an index, and every quote against its article."""
    from qa import verify_index
    from qa.output.serial import to_json, visible

    report = verify_index(_kept(index))
    with _results():
        if as_json:
            _put(to_json("verify", report))
        else:
            for fault in report.faults:
                _put(visible(fault))
            _put(
                f"{report.generation}: {report.files} files and {report.passages} passages "
                f"checked, faults: {len(report.faults)}."
            )
    if report.faults:
        raise typer.Exit(4)


@app.command()
def repair(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Make the derived files anew from the record; nothing is embedded again.

    It cannot mend the record itself, the manifest or CURRENT: then `nkqa rollback` returns to the
    generation before, and `nkqa index --rebuild PATH` makes the index anew.
    """
    from qa import repair_index
    from qa.output.serial import to_json

    path = _kept(index)
    with _interruptible(path):
        with _progress() as progress:
            generation = repair_index(path, progress=progress)
        told = {"path": str(path), "generation": generation}
        _put(to_json("repair", told) if as_json else f"Repaired: {generation} is current.")


@app.command()
def rollback(index: _IndexOption = None, as_json: _Json = False) -> None:
    """Return to the generation before the current one."""
    from qa import rollback_index
    from qa.output.serial import to_json

    path = _kept(index)
    with _interruptible(path):
        left, now = rollback_index(path)
        told = {"path": str(path), "left": left, "generation": now}
        was = left or "a damaged one"
        _put(to_json("rollback", told) if as_json else f"{now} is current, {was} was left.")


app.command("list")(listing.list_articles)
app.command()(stories.stories)
app.command()(stories.story)
app.command()(serving.serve)
app.command()(serving.mcp)
app.command()(serving.chat)
# `nkqa eval` is at home in `eval`, which imports what it needs when it runs.
app.add_typer(eval_app, name="eval")


def main() -> None:
    """The entry point: runs the command and turns errors into messages and exit statuses."""
    # One question's matrices are too small to share among threads, which then wait for each other.
    # Read when numpy is imported, which no line before this one does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _prepare()
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except Error as error:
        _fail(str(error), error.exit_status)
    except typer.TyperException as error:
        # A wrong option or argument: typer's own message, on one line and without a frame.
        _fail(f"{error.format_message()} Run `nkqa --help`.", UsageError.exit_status)
    except OSError as error:
        # Of the surroundings, and nobody had more to say: no folder for temporary files, say.
        _end(error)
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    except SystemExit as stop:
        if isinstance(stop.__context__, OSError):  # typer makes this of a broken pipe.
            _end(stop.__context__)
        raise
    if status == 130:  # typer's way to tell an interrupt, too
        _fail("interrupted.", 130)
    sys.exit(status if isinstance(status, int) else 0)
