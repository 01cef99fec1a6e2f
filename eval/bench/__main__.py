"""`python -m eval.bench`: one command per benchmark; each brings what it needs when it is called.

A benchmark takes minutes to hours and wants a machine with nothing else to do. What it found is
written as JSON, named by commit, and told in docs/performance.md.
"""

import typer

app = typer.Typer(help="Measure speed, memory and size.", no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure speed, memory and size."""


def main() -> None:
    """Runs a benchmark; an error raised on purpose ends it with its message and exit status."""
    import sys

    from embeddings.errors import Error

    try:
        app()
    except Error as error:
        print(f"eval.bench: {error}", file=sys.stderr)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
