"""What every format gives back: an article, or the reason why there is none."""

from dataclasses import dataclass

from embeddings.errors import InputError


class NotLoaded(InputError):
    """Why a file, or one line of it, gives no document; `str(error)` is the sentence shown."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as a format reads it, before it has an id, a path and hashes.

    `title` is None when the file states none; the loader then finds another name for it.
    `warnings` say what was lost although the text could be kept.
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
