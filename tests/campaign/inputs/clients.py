"""Clients of a server that begin something and do not finish it."""

import contextlib
import socket
from collections.abc import Callable

from tests.campaign.serving import Server

_QUESTION = b"GET /api/ask?question=printed&k=100 HTTP/1.1\r\nHost: localhost\r\n"


def _idle(server: Server) -> socket.socket:
    return server.connect()


def _unfinished_head(server: Server) -> socket.socket:
    return _sending(server.connect(), _QUESTION + b"X: ")


def _unfinished_body(server: Server) -> socket.socket:
    return _sending(server.connect(), _QUESTION + b"Content-Length: 99\r\n\r\nab")


def _never_reading(server: Server) -> socket.socket:
    """Sends question after question and reads no answer."""
    return _sending(server.connect(buffer=4096), (_QUESTION + b"\r\n") * 2_000)


def _sending(connection: socket.socket, sent: bytes) -> socket.socket:
    connection.setblocking(False)
    with contextlib.suppress(OSError):  # It takes no more, or has hung up.
        connection.send(sent)
    return connection


SLOW_CLIENTS: tuple[Callable[[Server], socket.socket], ...] = (
    _idle, _unfinished_head, _unfinished_body, _never_reading,
)  # fmt: skip
