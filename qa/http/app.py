"""The ASGI app: JSON routes, pages, static files and error handlers behind the guard."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http import failures
from qa.http.api import api_routes
from qa.http.guard import Guard, Hosts
from qa.http.limits import Limits
from qa.http.pages import Pages
from qa.http.workers import Workers
from qa.live import LiveIndex
from qa.version import __version__

_ABOUT = (
    "Ask a folder of news articles a question; get the passages that answer it, each with a "
    "citation anyone can check. The JSON is that of the command line: fields are added within "
    "`schema`'s number, never renamed or removed. Offsets are code points, half open."
)


def build_app(
    live: LiveIndex, hosts: Hosts, token: str | None = None, limits: Limits | None = None
) -> Guard:
    """The app that serves `live` at the names in `hosts`; requests need `token` if there is one."""
    limits = limits or Limits()
    app = FastAPI(
        title="nkqa",
        version=__version__,
        description=_ABOUT,
        openapi_url="/openapi.json",
        # FastAPI's own pages load scripts from other sites; `pages` renders /docs instead.
        docs_url=None,
        redoc_url=None,
        # Send no telemetry, even if environment variables enable it in FastAPI.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    workers = Workers(live, limits)
    pages = Pages(workers)
    app.include_router(api_routes(workers, token is not None))
    pages.add_to(app)
    app.mount("/static", StaticFiles(packages=[("qa.http", "static")]))
    failures.install(app, pages.failure)

    async def locked(scope: Scope, receive: Receive, send: Send) -> None:
        await (await pages.locked(Request(scope)))(scope, receive, send)

    return Guard(_answering_head(app), locked, hosts, token, limits)


def _answering_head(app: ASGIApp) -> ASGIApp:
    """The app with HEAD on every route, answered like GET without the body."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            body = {"body": b""} if message["type"] == "http.response.body" else {}
            await send({**message, **body})

        await app({**scope, "method": "GET"}, receive, bare)

    return answer
