"""The command that lists the articles and the publishers of an index."""

from typing import Annotated

import typer

from qa.cli.streams import put
from qa.cli.terminal import IndexOption, Json, Since, Source, Until, errors, opened, results


def list_articles(
    index: IndexOption = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    n: Annotated[int, typer.Option("-n", min=0, help="How many articles at most.")] = 20,
    skip: Annotated[
        int, typer.Option(min=0, metavar="N", help="Leave out the first so many articles.")
    ] = 0,
    publishers: Annotated[
        bool, typer.Option("--publishers", help="List the publishers, with their articles counted.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the articles of an index, newest first; or its publishers."""
    from qa.output.lists import show_articles, show_left_out, show_publishers
    from qa.output.serial import to_json

    with opened(index) as reading:
        if publishers:
            named = reading.publishers(since=since, until=until, source=source)
        else:
            listed = reading.articles(n, since=since, until=until, source=source, skip=skip)
    with results() as out:
        if as_json:
            put(to_json("publishers", named) if publishers else to_json("list", listed))
        elif publishers:
            show_publishers(named, out)
        else:
            show_articles(listed, out)
    if not as_json:
        show_left_out(named if publishers else listed, errors())
