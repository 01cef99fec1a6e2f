"""All limits of the HTTP server in one place."""

from dataclasses import dataclass

from qa.http.connections import CONNECTIONS, PATIENCE


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds and counts; in parentheses, the status that answers what exceeds a limit.

    * `target`: bytes of a request's path and query (413).
    * `body`: bytes of a request's body, which no route uses (413).
    * `drain`: bytes of a body that are read and discarded, so that the client gets the 413.
    * `threads`: requests answered at once.
    * `waiting`: further requests that wait for a thread (503).
    * `seconds`: for a request to wait and be answered (504).
    * `connections`: open at once; `qa.http.connections` decides which to close for a new one.
    * `patience`: seconds for a client to send the head of a request, to send its body (408), and to
      read each block of the response.
    * `head`: bytes of a request's head that are read before it is parsed (400).
    * `grace`: seconds for running requests to finish after the server is stopped.
    """

    target: int = 128 << 10
    body: int = 64 << 10
    drain: int = 64 << 20
    threads: int = 4
    waiting: int = 128
    seconds: float = 30.0
    connections: int = CONNECTIONS
    patience: int = PATIENCE
    head: int = 1 << 20
    grace: int = 30
