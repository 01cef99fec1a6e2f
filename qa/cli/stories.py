"""The commands `stories` and `story`."""

from typing import Annotated

import typer

from qa.cli.streams import put
from qa.cli.terminal import IndexOption, Json, Since, Source, Until, opened, results


def stories(
    n: Annotated[int, typer.Option("-n", help="How many stories at most, 1 to 1000.")] = 20,
    order: Annotated[
        str, typer.Option(metavar="ORDER", help="newest, largest, or by publisher: publisher.")
    ] = "newest",
    since: Since = None,
    until: Until = None,
    source: Source = None,
    index: IndexOption = None,
    as_json: Json = False,
) -> None:
    """List the events that articles of several publishers are about."""
    from qa.output.serial import to_json
    from qa.output.stories import show_stories

    with opened(index) as reading:
        found = reading.stories(n, order=order, since=since, until=until, source=source)  # type: ignore[arg-type]
    with results() as out:
        if as_json:
            put(to_json("stories", found))
        else:
            show_stories(found, out)


def story(
    story_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="The id of a story, or of an article or passage of it."),
    ],
    index: IndexOption = None,
    as_json: Json = False,
) -> None:
    """Show the articles about one event, oldest first."""
    from qa.output.serial import to_json
    from qa.output.stories import show_story

    with opened(index) as reading:
        found = reading.story(story_id)
    with results() as out:
        if as_json:
            put(to_json("story", found))
        else:
            show_story(found, out)
