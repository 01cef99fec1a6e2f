"""What is passed on between the modules that read heads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one article of a file.

    `line` is the 1-based line of the file where it begins, None if the file holds one article.
    `export` says that marks of a database's export stand around it.
    """

    text: str
    line: int | None = None
    export: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of an article states, and the text without its head.

    `warnings` describe what the head states and could not be read. `verbatim` says that all of the
    text is the article's own, also lines that look like those of a head.
    """

    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    published_from: str | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()
    verbatim: bool = False
