"""The stories of an index: those of cited articles, a list of them, one in order of time."""

import datetime
from collections.abc import Callable, Collection
from typing import Any, get_args

from embeddings.errors import IndexDamaged, InputError, UsageError
from qa.store.seam import PassageStore
from qa.store.values import StoredStory
from qa.text.days import day_range
from qa.types import (
    CitedStory,
    Document,
    Filters,
    Stories,
    Story,
    StoryArticle,
    StoryOrder,
    StorySummary,
)

MOST_STORIES = 1000


def cited_stories(doc_ids: Collection[str], store: PassageStore) -> dict[str, CitedStory]:
    """The stories that these articles are part of, by the article's id."""
    told = {}
    for doc_id, story in store.story_of(doc_ids).items():
        (own,) = (source for one, source, _ in story.articles if one == doc_id)
        others = tuple(source for source in _sources(story) if source != own)
        told[doc_id] = CitedStory(story.story_id, others)
    return told


def list_stories(store: PassageStore, order: str, n: int, filters: Filters) -> Stories:
    """The first `n` stories with an article within the filters.

    `order` is "newest" (by their last article), "largest" (by the number of publishers, then of
    articles) or "publisher" (by the name of the first one). Raises `UsageError` for another order
    or `n`.
    """
    if order not in _ORDERS:
        raise UsageError(f"order is {order[:80]!r}; expected {', '.join(get_args(StoryOrder))}.")
    if not 1 <= n <= MOST_STORIES:
        raise UsageError(f"n is {n:,}; expected 1 to {MOST_STORIES:,}.")
    found = sorted(store.stories(filters), key=_ORDERS[order])
    return Stories(tuple(_summary(one, store) for one in found[:n]), len(found), store.state)


def read_story(store: PassageStore, story_id: str) -> Story:
    """The story with this id, or that the article or passage with this id is part of.

    Raises `ArticleMissing` for an unknown id, `InputError` for an article that is part of none.
    """
    from qa.store.ids import lookup  # A question needs none of it.

    document, _ = lookup(story_id, store)
    story = store.story_of([document.doc_id]).get(document.doc_id)
    if story is None:
        raise InputError(
            f"The article {document.doc_id!r} is part of no story: {_alone(document)}."
        )
    articles = tuple(_article(doc_id, store) for doc_id, _, _ in story.articles)
    return Story(
        story_id=story.story_id,
        title=articles[0].title,
        sources=_sources(story),
        articles=articles,
        oldest=articles[0].published,
        newest=articles[-1].published,
        generation=store.state,
    )


_ORDERS: dict[str, Callable[[StoredStory], Any]] = {
    "newest": lambda story: (-story.articles[-1][2], story.story_id),
    "largest": lambda story: (
        -len(_sources(story)), -len(story.articles), -story.articles[-1][2], story.story_id,
    ),
    "publisher": lambda story: (
        story.articles[0][1].casefold(), -story.articles[-1][2], story.story_id,
    ),
}  # fmt: skip


def _sources(story: StoredStory) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for _, source, _ in story.articles))


def _summary(story: StoredStory, store: PassageStore) -> StorySummary:
    first = _article(story.story_id, store)
    return StorySummary(
        story_id=story.story_id,
        title=first.title,
        sources=_sources(story),
        articles=len(story.articles),
        oldest=first.published,
        newest=datetime.date.fromordinal(story.articles[-1][2]).isoformat(),
    )


def _article(doc_id: str, store: PassageStore) -> StoryArticle:
    one = store.document(doc_id)
    if one is None or one.source is None or one.published is None:
        raise IndexDamaged(
            f"The index is damaged: its stories name the article {doc_id!r}, which is not as they "
            "say. `nkqa rollback` returns to the generation before, `nkqa index --rebuild PATH` "
            "makes the index anew."
        )
    return StoryArticle(one.doc_id, one.title, one.source, one.published, one.url, one.path)


def _alone(document: Document) -> str:
    """Why an article is part of no story."""
    if document.source is None:
        return "it does not tell its publisher, so it cannot be another outlet's"
    if document.published is None or len(set(day_range(document.published))) > 1:
        return "it does not tell its day, and a story is of a few days"
    return (
        "no other publisher's article of the same days is like it, or it is about many events, as "
        "a round-up is"
    )
