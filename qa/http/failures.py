"""Errors as HTTP responses: the status of each, and the JSON that all share."""

import logging
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from embeddings.errors import (
    ArticleMissing,
    EncoderError,
    Error,
    InputError,
    StoreError,
    UsageError,
)
from qa.output.serial import to_json

# The first class in the method resolution order decides.
_STATUS: dict[type[Error], int] = {
    ArticleMissing: 404,
    InputError: 422,
    UsageError: 422,
    StoreError: 503,
    EncoderError: 503,
    Error: 500,
}
# Errors under these paths are JSON; elsewhere they are an HTML page.
_PROGRAMS = ("/api/", "/openapi.json")
_log = logging.getLogger(__name__)
# Characters of a wrong value that a message repeats.
_SHOWN = 80


class Refused(Exception):
    """A request that the server refuses or gives up on.

    Underscores in the names of `headers` become hyphens.
    """

    def __init__(self, status: int, error: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def status_of(error: Error) -> int:
    """The HTTP status for an error of the product."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def for_readers(error: Error) -> str:
    """The message for the page.

    What is wrong with the index concerns whoever runs the server, so it goes to the log instead.
    """
    if not isinstance(error, StoreError | EncoderError):
        return str(error)
    _log.error("%s", error)
    return "The articles cannot be read at the moment; the server's log says why."


def failure(status: int, error: str, message: str, headers: dict[str, str]) -> Response:
    """The error as a `nkqa.error/1` response; `error` is its kind."""
    fields = {"status": status, "error": error, "message": message}
    return Response(to_json("error", fields), status, headers, "application/json")


def refusal(refused: Refused) -> Response:
    """The response to a refused request."""
    return failure(refused.status, refused.error, str(refused), refused.headers)


def in_words(problems: RequestValidationError) -> str:
    """One sentence for each invalid parameter of a request."""
    sentences = []
    for problem in problems.errors():
        name = ".".join(str(part) for part in problem["loc"][1:]) or "The request"
        expected = problem["msg"]
        if problem["type"] == "missing":
            sentences.append(f"{name} is missing; it is required.")
        elif problem["type"] == "extra_forbidden":
            sentences.append(f"{name} is no parameter of this route; see /docs.")
        else:
            found = repr(problem["input"])
            found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."
            expected = expected.removeprefix("Input should be ").partition(", unable")[0]
            expected = expected.replace("String should have", "text of")
            sentences.append(f"{name} is {found}; expected {expected}.")
    return " ".join(sentences)


def _of_a_program(request: Request) -> bool:
    return request.url.path.startswith(_PROGRAMS)


def install(app: FastAPI, page: Callable[[int, str], Response]) -> None:
    """Make the app answer errors with `nkqa.error/1` JSON, or with `page` outside the API."""

    def answer(request: Request, status: int, kind: str, message: str, **more: str) -> Response:
        if _of_a_program(request):
            return failure(status, kind, message, more)
        return page(status, message)

    @app.exception_handler(Error)
    async def ours(request: Request, error: Error) -> Response:
        status, kind = status_of(error), type(error).__name__
        if _of_a_program(request):
            return failure(status, kind, str(error), {})
        return page(status, for_readers(error))

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return answer(request, error.status, error.error, str(error), **error.headers)

    @app.exception_handler(RequestValidationError)
    async def parameters(request: Request, error: RequestValidationError) -> Response:
        return answer(request, 422, "UsageError", in_words(error))

    @app.exception_handler(HTTPException)
    async def routing(request: Request, error: HTTPException) -> Response:
        kind, message = {
            404: ("NotFound", f"There is nothing at {request.url.path}; /docs lists the routes."),
            405: ("MethodNotAllowed", f"{request.method} is not answered here; GET and HEAD are."),
        }.get(error.status_code, ("HTTPError", str(error.detail)))
        return answer(request, error.status_code, kind, message, **(error.headers or {}))

    @app.exception_handler(Exception)
    async def bug(request: Request, _: Exception) -> Response:
        message = "nkqa failed at this; the server's log says where. Other requests are answered."
        return answer(request, 500, "InternalError", message)
