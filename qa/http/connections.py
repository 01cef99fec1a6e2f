"""A protocol class for uvicorn that keeps slow clients from using up the connections.

uvicorn limits connections by two settings, and both leave a gap. `timeout_keep_alive` applies only
between a response and the next byte, so a client that never finishes a request, or never reads a
response, keeps its connection. `limit_concurrency` then answers 503 to everyone else. Here

* a client has `timeout_keep_alive` seconds for each step: to send the head of a request, to send
  the body, and to read each block of the response;
* a connection beyond `limit_concurrency` replaces the connection whose client has been late for
  longest, and gets a 503 only if all the others are being answered;
* a connection carries one request at a time. If the next request arrives before the response is
  sent, the connection closes after that response (RFC 9112, 9.3.2: the client then repeats the
  remaining requests).
"""

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# Far above what one machine answers at a time. Together with the connections accepted in one turn
# of the event loop, and as many being closed, well below the usual limit of 1,024 open files.
CONNECTIONS = 512
_ACCEPTED = 128
# In seconds. A request from the far side of the world takes one, plus one for each lost packet.
PATIENCE = 10
# In bytes. A client that reads less than a block in PATIENCE seconds is disconnected: 1.6 KB/s, a
# tenth of a bad mobile line.
_BLOCK = 16 << 10
# Seconds between two checks of a connection.
_LOOK = 1.0
_REFUSED = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def server_config(
    app: "ASGIApp", connections: int = CONNECTIONS, patience: int = PATIENCE, **settings: Any
) -> uvicorn.Config:
    """uvicorn's settings for a server with the limits of this module; `patience` is in seconds."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=connections,
        timeout_keep_alive=patience,
        backlog=_ACCEPTED,
        **settings,
    )


class Connection(H11Protocol):
    """A connection that measures how long it has been waiting for its client."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Disable uvicorn's own check, which also counts requests of closed connections.
        self._places, self.limit_concurrency = self.limit_concurrency, None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._awaited: object = self._awaits()
        self._since = self.loop.time()
        self._make_room()
        self.loop.call_later(_LOOK, self._look)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering and self.conn.their_state is h11.DONE and self.conn.trailing_data[0]:
            # As if the request had contained `Connection: close`.
            self.headers.append(CLOSE_HEADER)
            self.cycle.keep_alive = False
        self.waited()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.waited()

    def waited(self) -> float | None:
        """Seconds spent waiting for the client, or None while the client waits for the server."""
        now, awaited = self.loop.time(), self._awaits()
        if awaited != self._awaited:
            self._awaited, self._since = awaited, now
        return None if awaited is None else now - self._since

    def _awaits(self) -> object:
        """A value for the client's pending step, which changes once the step is done.

        None if it is the server's turn.
        """
        if unsent := self.transport.get_write_buffer_size():
            return unsent // _BLOCK
        if self.cycle is None or self.cycle.response_complete:
            return "request", self.cycle
        return ("body", self.cycle) if self.cycle.more_body else None

    def _look(self) -> None:
        if self not in self.connections:
            return
        if (self.waited() or 0) > self.timeout_keep_alive:
            half_a_head = self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]
            half_a_body = self.cycle and self.cycle.more_body and not self.cycle.response_started
            if half_a_head or half_a_body:
                self._refuse(b"408 Request Timeout")
            self._drop()
        self.loop.call_later(_LOOK, self._look)

    def _make_room(self) -> None:
        if self._places is None or len(self.connections) <= self._places:
            return
        others = cast("set[Connection]", self.connections) - {self}
        idle = [(waited, one) for one in others if (waited := one.waited()) is not None]
        if idle:
            max(idle, key=lambda each: each[0])[1]._drop()
        else:
            self._refuse(b"503 Service Unavailable")
            self._drop()

    def _refuse(self, status: bytes) -> None:
        self.transport.write(_REFUSED % status)

    def _drop(self) -> None:
        # Not left to `connection_lost`, which runs later: several new connections in one turn would
        # all choose this one to drop.
        self.connections.discard(self)
        if self.transport.get_write_buffer_size():
            # `close` would wait for the client to read. With SO_LINGER at 0 the kernel discards its
            # unsent bytes, too.
            unread = self.transport.get_extra_info("socket")
            unread.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        else:
            self.transport.close()
