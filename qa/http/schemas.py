"""OpenAPI models of the API's parameters and its JSON, derived from the values serialized."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from qa.answers.stories import MOST_STORIES
from qa.index import MAX_K, MAX_LISTED, MAX_QUESTION
from qa.output.serial import schema as numbered
from qa.text.quotations import MAX_QUOTATION
from qa.types import (
    Answer,
    IndexedDocument,
    IndexStatus,
    Listing,
    Publishers,
    QuoteCheck,
    Scores,
    Stories,
    Story,
    StoryOrder,
)

# The most candidates that a search takes from each ranking, words and meaning.
_MAX_DEPTH = 1000
_DATE = "2019-04-26, 2019-04, April 2019, yesterday, last week or 3 days ago; included."


@dataclass(frozen=True, slots=True)
class Found:
    """A ranked passage: its rank from 1, its id, and the scores that ranked it."""

    rank: int
    passage_id: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Search:
    """The ranked passages for a question, without their text."""

    question: str
    hits: tuple[Found, ...]
    generation: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request got no answer.

    `error` is the kind of error. `message` says what was found, what was expected and what to do.
    """

    status: int
    error: str
    message: str


def _told(schema: str, value: type) -> type[BaseModel]:
    """The Pydantic model of the JSON that `to_json(schema, ...)` gives for a `value`."""
    hints = get_type_hints(value)
    fields: dict[str, Any] = {
        field.name: (hints[field.name], ...) for field in dataclasses.fields(value)
    }
    name: Any = Literal[numbered(schema)]
    fields["schema_"] = (name, Field(alias="schema"))
    made: type[BaseModel] = create_model(f"Nkqa{schema.title()}", __doc__=value.__doc__, **fields)
    return made


AnswerJson = _told("answer", Answer)
SearchJson = _told("search", Search)
ArticleJson = _told("article", IndexedDocument)
CheckJson = _told("check", QuoteCheck)
ListJson = _told("list", Listing)
PublishersJson = _told("publishers", Publishers)
StoriesJson = _told("stories", Stories)
StoryJson = _told("story", Story)
StatusJson = _told("status", IndexStatus)
ErrorJson = _told("error", Failure)


class _Query(BaseModel):
    """Base of the parameters: an unknown parameter is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class _Filtered(_Query):
    since: str | None = Field(None, description=f"Only articles from this day on: {_DATE}")
    until: str | None = Field(None, description=f"Only articles up to this day: {_DATE}")
    source: list[str] = Field(
        [],
        description="Only this publisher; a part of its name is enough. Repeated: any of them.",
    )


class _Question(_Filtered):
    question: str = Field(description="In plain language.", max_length=MAX_QUESTION)


class StoriesQuery(_Filtered):
    # The index checks the range, as that of `k`.
    n: int = Field(
        20,
        description="How many stories at most.",
        json_schema_extra={"minimum": 1, "maximum": MOST_STORIES},
    )
    order: StoryOrder = Field(
        "newest", description="Or by the number of publishers, or by the first."
    )


class AskQuery(_Question):
    read: bool = Field(True, description="Read the passages for an answer, or only find them.")
    # The range is only documented here: the index checks it, with the same message everywhere.
    k: int = Field(
        5,
        description="How many citations at most.",
        json_schema_extra={"minimum": 1, "maximum": MAX_K},
    )


class SearchQuery(_Question):
    depth: int = Field(
        100, description="How many passages come from each side.", ge=1, le=_MAX_DEPTH
    )


class ListQuery(_Filtered):
    n: int = Field(20, description="How many articles at most.", ge=1, le=MAX_LISTED)
    skip: int = Field(0, description="How many articles to leave out before.", ge=0)


class PublishersQuery(_Filtered):
    pass


class CheckQuery(_Query):
    passage_id: str = Field(description="The id of a passage or an article, as cited.")
    quote: str | None = Field(
        None,
        description="What is said to stand there; without it: is there such an id?",
        max_length=MAX_QUOTATION,
    )


class NoQuery(_Query):
    pass
