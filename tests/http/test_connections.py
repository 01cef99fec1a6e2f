"""Clients that are slow on purpose, over real sockets: each kind is cut, and keeps nobody out."""

import asyncio
import contextlib
import http.client
import select
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from qa.http.app import build_app
from qa.http.connections import server_config
from qa.http.failures import Refused
from qa.http.guard import hosts_of
from qa.http.limits import Limits
from qa.http.workers import Workers
from qa.live import LiveIndex

_GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
# More than the buffers between two sockets of this machine hold.
_LARGE = 64 << 20
_TICKS = 400


class _App:
    """Answers "/large" with a body that has to be read and "/held" once `go` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.held = threading.Semaphore(0)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        if scope["path"] == "/held":
            self.held.release()
            await asyncio.to_thread(self.go.wait)
        body = b"x" * (_LARGE if scope["path"] == "/large" else 2)
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def app() -> _App:
    return _App()


@contextlib.contextmanager
def _served(app: Any, **bounds: int) -> Iterator[int]:
    """The port of a server that runs in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            server_config(app, lifespan="off", timeout_graceful_shutdown=1, **bounds)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def _idle(client: socket.socket) -> None:
    pass


def _half_a_head(client: socket.socket) -> None:
    client.sendall(_GET)


def _half_a_body(client: socket.socket) -> None:
    client.sendall(_GET + b"Content-Length: 1000\r\n\r\nx")


def _unread(client: socket.socket) -> None:
    client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    client.recv(1, socket.MSG_PEEK)  # The answer has begun.


_KINDS = (_idle, _half_a_head, _half_a_body, _unread)
_Slow = Callable[[socket.socket], None]


def _client(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def _get(port: int, path: str = "/") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()


def _hung_up(client: socket.socket, milliseconds: int = 50) -> bool:
    """Whether the server has ended the connection, or does within that time."""
    waiting = select.poll()
    waiting.register(client, getattr(select, "POLLRDHUP", select.POLLHUP))
    return bool(waiting.poll(milliseconds))


def _is_cut(client: socket.socket, drip: bytes = b"") -> bool:
    """Whether the server hangs up on a client that reads nothing, and sends `drip` at each tick."""
    for _ in range(_TICKS):
        if _hung_up(client):
            return True
        with contextlib.suppress(ConnectionError):
            client.send(drip)
    return False


@pytest.mark.parametrize(
    ("slow", "drip"),
    [(_idle, b""), (_half_a_head, b"x"), (_half_a_body, b"x"), (_unread, b"")],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_client_that_is_waited_for_too_long_is_cut(app: _App, slow: _Slow, drip: bytes) -> None:
    with _served(app, patience=1) as port, _client(port) as client:
        slow(client)
        assert _is_cut(client, drip)
        assert _get(port) == (200, b"xx")


@pytest.mark.parametrize("slow", [_half_a_head, _half_a_body])
def test_a_request_that_does_not_end_is_told_so(app: _App, slow: _Slow) -> None:
    with _served(app, patience=1) as port, _client(port) as client:
        slow(client)
        assert client.recv(1000).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_an_answer_that_is_read_slowly_but_steadily_is_read_to_its_end(app: _App) -> None:
    with _served(app, patience=1) as port, _client(port) as client:
        _unread(client)
        read = 0
        for _ in range(2):  # For as long as the server waits for two clients, one after the other.
            with _client(port) as silent:
                while not _hung_up(silent):
                    read += len(client.recv(1 << 20))
        while block := client.recv(1 << 20):
            read += len(block)
        assert read > _LARGE


@pytest.mark.parametrize("slow", _KINDS)
def test_where_all_places_are_taken_a_newcomer_gets_that_of_the_slowest(
    app: _App, slow: _Slow
) -> None:
    with _served(app, connections=4) as port, contextlib.ExitStack() as clients:
        held = [clients.enter_context(_client(port)) for _ in range(4)]
        for client in held:
            slow(client)
        assert _get(port) == (200, b"xx")
        assert _is_cut(held[0])
        assert not any(map(_hung_up, held[1:]))


def test_requests_that_are_being_answered_keep_their_places(app: _App) -> None:
    with _served(app, connections=2) as port, contextlib.ExitStack() as clients:
        held = [clients.enter_context(_client(port)) for _ in range(2)]
        for client in held:
            client.sendall(b"GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n")
            app.held.acquire()
        with _client(port) as newcomer:
            assert newcomer.recv(1000).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        app.go.set()
        for client in held:
            assert client.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_client_that_does_not_wait_for_answers_gets_one(app: _App) -> None:
    with _served(app) as port, _client(port) as client:
        client.sendall((_GET + b"\r\n") * 100)
        told = b""
        while block := client.recv(65536):
            told += block
    assert told.count(b"HTTP/1.1 200 OK\r\n") == 1
    assert b"\r\nconnection: close\r\n" in told.lower()


def test_a_client_that_waits_for_answers_asks_again_on_its_connection(app: _App) -> None:
    with _served(app) as port, _client(port) as client:
        for _ in range(3):
            client.sendall(_GET + b"Content-Length: 2\r\n\r\nab")
            told = b""
            while not told.endswith(b"\r\n\r\nxx"):
                told += client.recv(65536)
            assert b"connection: close" not in told.lower()


async def test_a_client_that_left_before_its_body_ended_is_not_answered_from_the_index(
    served: LiveIndex,
) -> None:
    app = build_app(served, hosts_of("127.0.0.1"))
    scope = {
        "type": "http", "method": "GET", "path": "/api/status", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-length", b"9")],
    }  # fmt: skip
    received = iter(
        [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]
    )
    sent = []

    async def receive() -> Any:
        return next(received)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent == []


async def test_the_request_that_has_waited_longest_makes_room_for_a_new_one(
    served: LiveIndex,
) -> None:
    workers = Workers(served, Limits(threads=1, waiting=1))
    go, began = threading.Event(), threading.Event()

    def hold() -> str:
        began.set()
        go.wait()
        return "first"

    first = asyncio.create_task(workers.run(hold))
    await asyncio.to_thread(began.wait)
    second, third = (asyncio.create_task(workers.run(lambda: "later")) for _ in range(2))
    with pytest.raises(Refused) as refused:
        await second
    assert (refused.value.status, refused.value.error) == (503, "Busy")
    go.set()
    assert (await first, await third) == ("first", "later")
