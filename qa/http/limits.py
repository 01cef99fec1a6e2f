"""How much a server takes at a time: every bound of the HTTP surface stands here."""

from dataclasses import dataclass

from qa.http.connections import CONNECTIONS, PATIENCE


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds and counts; what goes beyond is answered with the status named.

    `target`: bytes of a request's path and query (413). `body`: bytes of a request's body, which
    no route reads (413), and `drain`: how much of one is thrown away so that the client is still
    there to read that. `threads` answer, `waiting` more requests may wait for them (503), each for
    `seconds` (504). `connections` are open at once; `qa.http.connections` says which one is closed
    for one more. `patience` is how many seconds a client has to send the head of a request, its
    body (408), and to read each block of the answer. `head` is what is read of a request's head
    before it is understood (400), `grace` how long running requests have when the server is
    stopped.
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
