"""What every format module returns: an Article, or the error that explains why it has none."""

from dataclasses import dataclass

from embeddings.errors import InputError


class NotLoaded(InputError):
    """A file, or a line of a file, yields no document; `str(error)` is the message shown."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its format module parses it, before the id, path and hashes are set.

    `title` is None if the file states no title; the loader then uses the file name.
    `warnings` describe what was lost while the text was kept.
    """

    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    published_from: str | None = None
    url: str | None = None
    encoding: str | None = None
    warnings: tuple[str, ...] = ()


# What a format module yields for a file that holds several articles: the line where the article
# begins (None if the file holds one), its id if it states one, and the article or the error.
Part = tuple[int | None, str | None, Article | NotLoaded]
