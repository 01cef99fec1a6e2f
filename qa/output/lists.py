"""Lists of articles and of publishers to text for a terminal."""

from rich.console import Console
from rich.text import Text

from qa.output.left_out import left_out
from qa.output.serial import visible
from qa.text.invisible import line_of
from qa.types import Listing, Publishers

# The width of the longest date.
_DATE = len("2019-04-26")


def show_articles(listing: Listing, out: Console) -> None:
    """A line for each article: its date, its publisher, its title and its id."""
    for one in listing.articles:
        line = Text(f"{one.published or 'no date':{_DATE}}  ")
        line.append(_line(one.source or "publisher unknown"), style="bold")
        if one.title:
            line.append(f", {_line(one.title)}", style="italic")
        out.print(line.append(f"  {_line(one.doc_id)}", style="dim"), soft_wrap=True)


def show_publishers(publishers: Publishers, out: Console) -> None:
    """A line for each publisher: the number of its articles, and its name."""
    width = len(f"{publishers.publishers[0].documents:,}") if publishers.publishers else 0
    for one in publishers.publishers:
        line = Text(f"{one.documents:>{width},}  ")
        line.append(_line(one.source or "publisher unknown"), style="bold" if one.source else "dim")
        out.print(line, soft_wrap=True)


def show_left_out(listed: Listing | Publishers, out: Console) -> None:
    """What the list leaves out: articles that it has no room for, and those that filters cannot
    tell."""
    if isinstance(listed, Listing):
        shown = len(listed.articles)
        if not listed.total:
            out.print("No article passes these filters.")
        elif shown < listed.total:
            first = f"{listed.skip + 1:,} to {listed.skip + shown:,}" if shown else "None"
            out.print(f"{first} of {listed.total:,} articles; -n and --skip choose others.")
    for notice in left_out(listed.undated, listed.sourceless):
        out.print(notice)


def _line(text: str) -> str:
    return visible(line_of(text))
