"""`python -m eval.bench`: one command per benchmark, importing its dependencies when called.

A benchmark takes minutes to hours and needs an otherwise idle machine. Its result is written as
JSON, named by commit, and reported in docs/performance.md.
"""

from pathlib import Path
from typing import Annotated

import typer

from embeddings.errors import UsageError

app = typer.Typer(help="Measure speed, memory and size.", no_args_is_help=True)


_Work = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Where environments and indexes are made.",
        show_default="nkqa's cache",
    ),
]
_JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json",
        metavar="FILE",
        help="Where the result goes.",
        show_default="eval/results/, named by benchmark and commit",
    ),
]


@app.callback()
def bench() -> None:
    """Measure speed, memory and size."""


@app.command()
def peers(
    beir: Annotated[
        Path, typer.Argument(metavar="DIR", help="A BEIR folder whose queries quote evidence.")
    ],
    work: _Work = None,
    articles: Annotated[int, typer.Option(min=1, help="How many articles.")] = 80,
    questions: Annotated[int, typer.Option(min=1, help="How many questions at most.")] = 300,
    builds: Annotated[int, typer.Option(min=1, help="How often each builds its index.")] = 3,
    firsts: Annotated[int, typer.Option(min=1, help="How many fresh processes answer.")] = 5,
    without: Annotated[
        list[str] | None, typer.Option(metavar="PEER", help="Leave this peer out.")
    ] = None,
    json_file: _JsonFile = None,
) -> None:
    """Compare nkqa with txtai, LangChain, LlamaIndex, Haystack and Chroma."""
    from embeddings.cache import cache_folder
    from eval.bench.peers.command import run

    folder = work or cache_folder() / "peers"
    run(beir, folder, articles, questions, builds, firsts, without or [], json_file, _progress)


@app.command()
def scale(
    beir: Annotated[
        Path, typer.Argument(metavar="DIR", help="A BEIR folder whose articles are retold.")
    ],
    sizes: Annotated[str, typer.Option(help="Passages of each index.")] = (
        "1000,10000,100000,1000000"
    ),
    model: Annotated[str, typer.Option(help="The encoder; the static one lets text grow.")] = (
        "static"
    ),
    work: _Work = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the indexes there.")] = False,
    json_file: _JsonFile = None,
) -> None:
    """Measure questions and changes as an index grows to a million passages."""
    from rich.console import Console

    from embeddings.cache import cache_folder
    from eval.bench.scale.measuring import Scale
    from eval.bench.scale.telling import result, show
    from eval.datasets import require
    from eval.results import write_result

    require(beir, "corpus.jsonl", "queries.jsonl")
    folder = work or cache_folder() / "scale"
    one = Scale(folder.resolve(), beir.resolve(), model, keep)
    measured = []
    for size in one.measure(_numbers(sizes), _progress):
        measured.append(size)
        # Write after each size, because the next takes ten times as long.
        report = result(beir, model, measured)
        write_result(json_file or _result_file("scale", report["commit"]), report)
    show(report, Console(highlight=False))


@app.command()
def encoder(
    beir: Annotated[
        Path, typer.Argument(metavar="DIR", help="A BEIR folder, for texts of real length.")
    ],
    rounds: Annotated[int, typer.Option(min=1, help="How often each takes its turn.")] = 5,
    json_file: _JsonFile = None,
) -> None:
    """Compare the compiled model with sentence-transformers and the processor's limit."""
    from rich.console import Console

    from eval.bench.encoder import measure, show
    from eval.datasets import require
    from eval.results import write_result

    require(beir, "corpus.jsonl")
    report = measure(beir / "corpus.jsonl", rounds, _progress)
    write_result(json_file or _result_file("encoder", report["commit"]), report)
    show(report, Console(highlight=False))


def _numbers(sizes: str) -> list[int]:
    numbers = [int(one) if one.strip().isdecimal() else 0 for one in sizes.split(",")]
    if not all(numbers):
        raise UsageError(f"{sizes!r} are no sizes; expected numbers from 1 on, such as 1000,10000.")
    return numbers


def _result_file(name: str, commit: str | None) -> Path:
    return Path(__file__).parents[1] / "results" / f"{name}-{(commit or 'unknown')[:7]}.json"


def _progress(stage: str, done: int, total: int) -> None:
    typer.echo(f"{stage} {done} of {total}", err=True)


def main() -> None:
    """Runs a benchmark; an `Error` prints its message and sets the exit status."""
    import sys

    from embeddings.errors import Error

    try:
        app()
    except Error as error:
        print(f"eval.bench: {error}", file=sys.stderr)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
