"""HTTP connections that slow clients cannot use up: the protocol class for uvicorn.

uvicorn bounds connections by two settings, and both leave a gap. `timeout_keep_alive` holds only
between an answer and the next byte, so a client that never finishes a request, or never reads an
answer, keeps its connection. `limit_concurrency` then answers 503 to everyone else. Here

* a client has `timeout_keep_alive` seconds for each thing it has to do: to send the head of a
  request, to send the body, and to read each block of the answer;
* a connection beyond `limit_concurrency` takes the place of the one that has waited for its client
  for longest, and gets the 503 only when all the others are being answered;
* a connection carries one request at a time. If the next arrives before the answer has left, the
  connection is closed after the answer (RFC 9112, 9.3.2: the client then repeats the others).
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

# Far above what one machine answers at a time. With those accepted in one turn of the event loop,
# and as many that are being closed, well below the 1,024 files that a process may usually open.
CONNECTIONS = 512
_ACCEPTED = 128
# Seconds: a request from the far side of the world takes one, and another for each packet lost.
PATIENCE = 10
# A slower reader than one block in PATIENCE seconds is cut: 1.6 KB/s, a tenth of a bad mobile line.
_BLOCK = 16 << 10
# Seconds between two looks at a connection.
_LOOK = 1.0
_REFUSED = b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def server_config(
    app: "ASGIApp", connections: int = CONNECTIONS, patience: int = PATIENCE, **settings: Any
) -> uvicorn.Config:
    """uvicorn's settings for a server that is as bounded as this module says."""
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
    """One connection, which knows how long it has been waiting for its client."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Taken from uvicorn, which would count requests of connections that are closed by now.
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
            # As if the request had asked for it.
            self.headers.append(CLOSE_HEADER)
            self.cycle.keep_alive = False
        self.waited()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.waited()

    def waited(self) -> float | None:
        """For how many seconds the client has been waited for; None while it waits for us."""
        now, awaited = self.loop.time(), self._awaits()
        if awaited != self._awaited:
            self._awaited, self._since = awaited, now
        return None if awaited is None else now - self._since

    def _awaits(self) -> object:
        """What the client has to do next, or None: a value that changes when it has done it."""
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
        # Not when it is lost, which is later: several may be dropped for as many newcomers.
        self.connections.discard(self)
        if self.transport.get_write_buffer_size():
            # Closing would wait until the client has read; the kernel forgets its part as well.
            unread = self.transport.get_extra_info("socket")
            unread.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        else:
            self.transport.close()
