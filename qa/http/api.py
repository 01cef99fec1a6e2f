"""The JSON routes: each validates its parameters, makes one public call, and returns its JSON."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.security import HTTPBearer
from starlette.responses import Response

from qa.http.schemas import (
    AnswerJson,
    ArticleJson,
    AskQuery,
    CheckJson,
    CheckQuery,
    ErrorJson,
    Found,
    ListJson,
    ListQuery,
    NoQuery,
    PublishersJson,
    PublishersQuery,
    Search,
    SearchJson,
    SearchQuery,
    StatusJson,
    StoriesJson,
    StoriesQuery,
    StoryJson,
)
from qa.http.workers import Workers
from qa.index import Index
from qa.output.serial import to_json
from qa.types import Filters

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorJson, "description": description}
    for status, description in {
        401: "The server has a token and the request has not",
        403: "Sent by a page of another origin",
        413: "Larger than is read",
        421: "Sent to a name that is not this server's",
        422: "A parameter that cannot be used",
        503: "Too busy, or the index cannot be read",
        504: "No answer in time",
    }.items()
}


def _answers(model: type, description: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "description": description}}


def api_routes(workers: Workers, locked: bool) -> APIRouter:
    """The routes under /api. `locked` documents that they need a token; the guard checks it."""
    dependencies = [Depends(HTTPBearer(auto_error=False))] if locked else []
    api = APIRouter(prefix="/api", responses=_ERRORS, dependencies=dependencies, tags=["questions"])

    @api.get("/ask", responses=_answers(AnswerJson, "The answer and the citations, best first"))
    async def ask(query: Annotated[AskQuery, Query()]) -> Response:
        """Answer a question, or say that the articles do not, with the passages cited."""

        def work(index: Index) -> str:
            answer = index.ask(
                query.question,
                query.k,
                since=query.since,
                until=query.until,
                source=query.source,
                read=query.read,
            )
            return to_json("answer", answer)

        return _json(await workers.read(work))

    @api.get("/search", responses=_answers(SearchJson, "The passages, best first"))
    async def search(query: Annotated[SearchQuery, Query()]) -> Response:
        """Rank passages for a question, without their text. Suited to evaluation: many and fast."""
        filters = Filters(query.since, query.until, query.source)

        def work(index: Index) -> str:
            hits = index.search(query.question, query.depth, filters)
            found = tuple(
                Found(rank, hit.passage_id, hit.scores) for rank, hit in enumerate(hits, 1)
            )
            return to_json("search", Search(query.question, found, index.generation))

        return _json(await workers.read(work))

    @api.get("/articles", responses=_answers(ListJson, "The articles, newest first"))
    async def articles(query: Annotated[ListQuery, Query()]) -> Response:
        """List articles: id, title, publisher and date of each."""

        def work(index: Index) -> str:
            listing = index.articles(
                query.n, since=query.since, until=query.until, source=query.source, skip=query.skip
            )
            return to_json("list", listing)

        return _json(await workers.read(work))

    @api.get("/publishers", responses=_answers(PublishersJson, "The publishers"))
    async def publishers(query: Annotated[PublishersQuery, Query()]) -> Response:
        """List the publishers, with how many articles each has."""

        def work(index: Index) -> str:
            listed = index.publishers(since=query.since, until=query.until, source=query.source)
            return to_json("publishers", listed)

        return _json(await workers.read(work))

    @api.get(
        "/articles/{doc_id:path}",
        responses={
            **_answers(ArticleJson, "The article"),
            404: {"model": ErrorJson, "description": "The index has no such article or place"},
        },
    )
    async def article(
        doc_id: Annotated[
            str, Path(description="Or the id of a passage; `#` and `?` percent-encoded.")
        ],
        _: Annotated[NoQuery, Query()],
    ) -> Response:
        """Return a whole article as indexed; for a passage's id, with the passage's place."""
        return _json(await workers.read(lambda index: to_json("article", index.article(doc_id))))

    @api.get("/stories", responses=_answers(StoriesJson, "The stories, in that order"))
    async def stories(query: Annotated[StoriesQuery, Query()]) -> Response:
        """List the events that articles of several publishers are about."""

        def work(index: Index) -> str:
            found = index.stories(
                query.n,
                order=query.order,
                since=query.since,
                until=query.until,
                source=query.source,
            )
            return to_json("stories", found)

        return _json(await workers.read(work))

    @api.get(
        "/stories/{story_id:path}",
        responses={
            **_answers(StoryJson, "The story"),
            404: {"model": ErrorJson, "description": "The index has no such story or article"},
        },
    )
    async def story(
        story_id: Annotated[
            str, Path(description="Or the id of an article or passage of it, percent-encoded.")
        ],
        _: Annotated[NoQuery, Query()],
    ) -> Response:
        """Return the articles about one event, oldest first."""
        return _json(await workers.read(lambda index: to_json("story", index.story(story_id))))

    @api.get("/verify", responses=_answers(CheckJson, "What became of the quotation"))
    async def verify(query: Annotated[CheckQuery, Query()]) -> Response:
        """Check whether a quotation appears in a passage or an article, and where."""

        def work(index: Index) -> str:
            return to_json("check", index.check_quote(query.passage_id, query.quote))

        return _json(await workers.read(work))

    @api.get("/status", responses=_answers(StatusJson, "What the index holds"))
    async def status(_: Annotated[NoQuery, Query()]) -> Response:
        """Return what the index contains and how it was built."""
        return _json(await workers.run(lambda: to_json("status", workers.live.status())))

    return api


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
