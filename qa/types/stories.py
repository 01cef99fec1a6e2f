"""Events that articles of several publishers are about."""

from dataclasses import dataclass
from typing import Literal

StoryOrder = Literal["newest", "largest", "publisher"]
"""By the last article; by the number of publishers, then of articles; by the first publisher."""


@dataclass(frozen=True, slots=True)
class StorySummary:
    """Articles of one event by several publishers: how many, by whom, from when to when.

    `story_id` and `title` are those of the oldest article, and `sources` are in the order in which
    they first wrote about it. `oldest` and `newest` are the days of the first and the last article.
    """

    story_id: str
    title: str
    sources: tuple[str, ...]
    articles: int
    oldest: str
    newest: str


@dataclass(frozen=True, slots=True)
class Stories:
    """The first stories in the order asked for; `total` is how many are within the filters."""

    stories: tuple[StorySummary, ...]
    total: int
    generation: str


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One article of a story."""

    doc_id: str
    title: str
    source: str
    published: str
    url: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of one event, oldest first. Fields are as in `StorySummary`."""

    story_id: str
    title: str
    sources: tuple[str, ...]
    articles: tuple[StoryArticle, ...]
    oldest: str
    newest: str
    generation: str
