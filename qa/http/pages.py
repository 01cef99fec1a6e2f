"""The HTML pages: the question form with its citations, the articles, and the API description.

They are rendered on the server and readable without a script. The template engine escapes all text
from articles and requests.
"""

import dataclasses
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from embeddings.errors import Error, InputError
from qa.http import view
from qa.http.failures import for_readers, status_of
from qa.http.workers import Workers
from qa.index import MAX_K, MAX_QUESTION, Index
from qa.output.left_out import left_out
from qa.output.links import article_link, web_address
from qa.output.serial import visible
from qa.output.stories import in_other_outlets
from qa.output.verdicts import (
    by_article,
    is_far,
    is_marked,
    is_unlikely,
    outdated,
    remark,
    value_rows,
    values_heading,
    values_left_out,
    who_says,
)
from qa.types import Answer, Coverage

_K = 5
_MORE = 20
# The fields of the form, and `token`, which stays in the address if the browser has the cookie.
_PARAMETERS = ("question", "since", "until", "source", "k", "token")


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was filled in."""

    question: str = ""
    since: str = ""
    until: str = ""
    source: tuple[str, ...] = ()
    k: int = _K


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qa.http"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Runs on every printed value before it is escaped.
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters.update(
        by_article=by_article,
        day=view.day,
        in_article=view.in_article,
        marked=lambda citation, answer: is_marked(answer, citation),
        outdated=outdated,
        outlets=in_other_outlets,
        quoted=view.quoted,
        quoted_name="“{}”".format,
        remark=lambda citation, answer: remark(answer, citation),
        place_of=view.place_of,
        points=view.points,
        unlikely=is_unlikely,
        value_rows=value_rows,
        values_heading=values_heading,
        values_left_out=values_left_out,
        web=web_address,
        who_says=who_says,
    )
    environment.globals.update(
        article_link=article_link, left_out=left_out, max_k=MAX_K, max_question=MAX_QUESTION
    )
    return environment


class Pages:
    """The routes that answer with HTML."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._templates = _environment()

    def add_to(self, app: FastAPI) -> None:
        """Add the routes, for GET and HEAD."""
        self._app = app
        app.add_route("/", self.ask, include_in_schema=False)
        app.add_route("/articles/{doc_id:path}", self.article, include_in_schema=False)
        app.add_route("/docs", self.docs, include_in_schema=False)

    async def ask(self, request: Request) -> Response:
        """The form, with the answer if there is a question."""
        parameters = request.query_params
        asked, wrong = _read(parameters)
        status = 422 if wrong else 200
        asks = not wrong and "question" in parameters

        def work(index: Index) -> tuple[Answer | Error | None, Coverage, bool]:
            # Everything that the page shows must come from one generation.
            found = _answer(index, asked) if asks else None
            return found, index.coverage, self._workers.live.trouble is not None

        found, coverage, trouble = await self._workers.read(work)
        answer = None if isinstance(found, Error) else found
        if isinstance(found, Error):
            wrong, status = for_readers(found), status_of(found)
        return self._page(
            "ask.html",
            status,
            asked=asked,
            answer=answer,
            wrong=wrong,
            far=answer is not None and is_far(answer),
            more=_more(request, asked, answer),
            unread=[name for name in parameters if name not in _PARAMETERS],
            usual_k=_K,
            coverage=coverage,
            holds=_holds(coverage),
            trouble=trouble,
        )

    async def article(self, request: Request) -> Response:
        """An article with `[start, end)` marked. The id of a passage redirects to its place."""
        doc_id = request.path_params["doc_id"]
        document = await self._workers.read(lambda index: index.article(doc_id))
        if document.start is not None or document.doc_id != doc_id:
            place = article_link(document.doc_id, document.start, document.end)
            return RedirectResponse(place, 303)
        wanted = [request.query_params.get(name) for name in ("start", "end")]
        span, wrong = _span(wanted, len(document.text))
        body = view.paragraphs(document.text, [span] if span else [])
        return self._page("article.html", 200, document=document, body=body, span=span, wrong=wrong)

    async def docs(self, _: Request) -> Response:
        """The OpenAPI description as HTML."""
        return self._page("docs.html", 200, api=self._app.openapi())

    async def locked(self, request: Request) -> Response:
        """The form that asks for the token."""
        pairs = request.query_params.multi_items()
        kept = [pair for pair in pairs if pair[0] != "token"]
        wrong = len(kept) < len(pairs)
        return self._page("locked.html", 401, wrong=wrong, path=request.url.path, kept=kept)

    def failure(self, status: int, message: str) -> Response:
        """The page for an error."""
        return self._page("failure.html", status, status=status, message=message)

    def _page(self, template: str, code: int, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values), code)


def _read(parameters: QueryParams) -> tuple[Asked, str | None]:
    """The form's fields, and an error message or None."""
    since, until = (parameters.get(name, "").strip() for name in ("since", "until"))
    source = tuple(name for each in parameters.getlist("source") if (name := each.strip()))
    asked = Asked(parameters.get("question", ""), since, until, source)
    try:
        return dataclasses.replace(asked, k=int(parameters.get("k") or _K)), None
    except ValueError:
        return asked, f"k is {parameters['k'][:80]!r}; expected a number, 1 to 100."


def _answer(index: Index, asked: Asked) -> Answer | Error:
    """The answer, or the error to show beside the form."""
    if not asked.question.strip():
        return InputError("There is no question yet. Write one above, in plain language.")
    try:
        return index.ask(
            asked.question,
            asked.k,
            since=asked.since or None,
            until=asked.until or None,
            source=asked.source,
        )
    except Error as error:
        return error


def _more(request: Request, asked: Asked, answer: Answer | None) -> str | None:
    """The address of the same question with more passages; None if there cannot be more."""
    if answer is None or asked.k >= _MORE or len(answer.citations) < asked.k:
        return None
    return f"/?{request.url.include_query_params(k=_MORE).query}"


def _span(wanted: list[str | None], length: int) -> tuple[tuple[int, int] | None, str | None]:
    """`[start, end)` from the address, or None; and an error message or None."""
    if wanted == [None, None]:
        return None, None
    if None in wanted:
        named, other = ("start", "end") if wanted[1] is None else ("end", "start")
        return None, f"The address names the {named} of a place but no {other}; expected both."
    try:
        start, end = (int(str(each)) for each in wanted)
    except ValueError:
        start = end = -1
    if 0 <= start < end <= length:
        return (start, end), None
    return None, (
        f"The address names the characters {str(wanted[0])[:20]} to {str(wanted[1])[:20]}, the "
        f"article has {length:,}: it has changed since, or the address is not whole."
    )


def _holds(coverage: Coverage) -> str:
    """One line on the number of articles and publishers, and the range of dates."""
    count, publishers = coverage.documents, len(coverage.sources)
    articles = f"{count:,} article{'' if count == 1 else 's'}"
    if publishers:
        articles += f" from {publishers:,} publisher{'' if publishers == 1 else 's'}"
    if coverage.oldest and coverage.newest:
        articles += f", {view.day(coverage.oldest)} to {view.day(coverage.newest)}"
    return articles
