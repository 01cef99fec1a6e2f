"""The server process: one address, graceful shutdown, and only nkqa's own lines in the log."""

import ipaddress
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from embeddings.errors import UsageError
from qa.http.app import build_app
from qa.http.connections import server_config
from qa.http.guard import hosts_of
from qa.http.limits import Limits
from qa.live import LiveIndex
from qa.output.serial import visible


class _Lines(logging.Formatter):
    """Log lines in one style, without terminal control sequences."""

    def format(self, record: logging.LogRecord) -> str:
        return f"nkqa: {visible(super().format(record))}"


def run(
    path: Path,
    host: str,
    port: int,
    token: str | None,
    allowed: Sequence[str],
    ready: Callable[[str], None],
    limits: Limits | None = None,
) -> None:
    """Serve the index until SIGINT or SIGTERM, then finish the running requests.

    Calls `ready` with the address once the server accepts connections. Raises `UsageError` if it
    cannot listen on the address, if the address requires a token, or if the token cannot be sent in
    a header; otherwise raises as `LiveIndex`.
    """
    limits = limits or Limits()
    _check_token(token)
    with _listening(host, port, token) as listening, LiveIndex(path) as live:
        app = build_app(live, hosts_of(host, allowed), token, limits)
        config = server_config(
            app,
            limits.connections,
            limits.patience,
            lifespan="off",
            h11_max_incomplete_event_size=limits.head,
            timeout_graceful_shutdown=limits.grace,
        )
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        logging.basicConfig(level=logging.WARNING, handlers=[handler])
        server = uvicorn.Server(config)
        # Handle signals from here on, not only once uvicorn runs. uvicorn raises a caught signal
        # again after it has stopped; this handler makes that harmless.
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, server.handle_exit)
        listening.listen()
        ready(_address(host, listening.getsockname()[1]))
        server.run(sockets=[listening])


def _check_token(token: str | None) -> None:
    if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
        raise UsageError(
            "The token has characters that a request cannot carry; expected letters, digits and "
            "signs of ASCII, no space."
        )


def _listening(host: str, port: int, token: str | None) -> socket.socket:
    """A socket bound to the address, IPv4 if there is a choice."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"There is no address {host!r} to listen on: {error}.") from error
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    if token is None and not ipaddress.ip_address(str(address[0])).is_loopback:
        raise UsageError(
            f"Others can reach {host}, so a token is required: set NKQA_TOKEN (or --token), for "
            'example to "$(openssl rand -hex 24)". Without --host only this machine can ask.'
        )
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except (OSError, OverflowError) as error:
        bound.close()
        raise UsageError(
            f"Cannot listen on {host} port {port}: {error}. Choose another with --port; 0 takes a "
            "free one."
        ) from error
    return bound


def _address(host: str, port: int) -> str:
    """The address to open on this machine; loopback in place of the wildcards 0.0.0.0 and ::."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
