"""Stories in words: a list of them, one in order of time, and the line of a citation."""

from rich.console import Console
from rich.text import Text

from qa.output.serial import visible
from qa.types import Citation, Stories, Story

# Publishers that are named in a line.
_MOST_NAMED = 6


def in_other_outlets(citation: Citation) -> str:
    """In which other outlets the story of a citation stands; empty for none."""
    if citation.story is None:
        return ""
    others = citation.story.others
    return f"also in {len(others):,} outlet{'' if len(others) == 1 else 's'}: {_named(others)}"


def show_stories(found: Stories, out: Console) -> None:
    """A story in two lines: its days, its title and its id, and who has it."""
    if not found.stories:
        out.print("No stories: no two publishers' articles of the same days are about one event.")
    for story in found.stories:
        days = story.oldest if story.oldest == story.newest else f"{story.oldest} to {story.newest}"
        head = Text(days, style="bold").append(f"  {visible(story.title)}", style="italic")
        out.print(head, soft_wrap=not out.is_terminal)
        told = f"{story.articles:,} articles in {len(story.sources):,} outlets: "
        _aside(told + _named(story.sources), out)
        _aside(story.story_id, out)
    if found.total > len(found.stories):
        out.print(f"{len(found.stories):,} of {found.total:,} stories; -n shows more.")


def show_story(story: Story, out: Console) -> None:
    """The articles of a story, oldest first."""
    out.print(
        f"{len(story.articles):,} articles in {len(story.sources):,} outlets, {story.oldest} to "
        f"{story.newest}.\n"
    )
    for article in story.articles:
        head = Text(article.published).append(f"  {visible(article.source)}", style="bold")
        head.append(f"  {visible(article.title)}", style="italic")
        out.print(head, soft_wrap=not out.is_terminal)
        _aside(f"{article.doc_id}  {article.url or article.path}", out)


def _named(sources: tuple[str, ...]) -> str:
    more = len(sources) - _MOST_NAMED
    named = ", ".join(sources[:_MOST_NAMED])
    return f"{named} and {more:,} more" if more > 0 else named


def _aside(told: str, out: Console) -> None:
    out.print(Text(f"   {visible(told)}", style="dim"), soft_wrap=True)
