"""Promise: the server answers as documented, whoever asks, however slowly, and whatever is
committed meanwhile.

Every run sends each request of `inputs.requests` and holds 500 connections of clients that never
finish. A case is 100 requests from four clients, in the middle of which the index is updated; each
edition of its articles has a number, so that an answer which mixes two of them shows.
"""

import contextlib
import json
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from embeddings.hashed import HashedEncoder
from qa import build_index
from tests.campaign.command import scratch
from tests.campaign.inputs.requests import TOKEN, Request, locked_matrix, matrix, mcp_matrix
from tests.campaign.report import Failure, Outcome
from tests.campaign.serving import Server, serving

_CLIENTS, _REQUESTS = 4, 25
_SLOW = 500
_PATIENCE = 10.0
# What may be more at the end than after the first tenth of the cases: descriptors and bytes.
_MORE_DESCRIPTORS, _MORE_MEMORY = 16, 48 << 20
_ENCODER = HashedEncoder()
_EDITION = re.compile(r"Edition (\d{5})")
_TARGETS = (
    "/api/ask?question=Which+edition+was+printed%3F&k=20", "/?question=Which+edition+was+printed%3F&k=20",
    "/api/search?question=Which+edition+was+printed%3F", "/api/articles/articles/a-0.md", "/articles/articles/a-0.md",
    "/api/verify?passage_id=articles/a-1.md", "/api/status", "/",
)  # fmt: skip


def run(seed: int, count: int = 100) -> Outcome:
    """Runs the cases `seed` to `seed + count - 1`, 100 requests each, and once all the rest."""
    begun = time.perf_counter()
    faults: list[str] = []
    with scratch() as home:
        index = home / "index"
        editions = Editions(home / "articles", index)
        with serving(faults, "serve", "--index", index, "--token", TOKEN) as server:
            sent = _answered_as_documented(server, locked_matrix(), home, faults)
        with serving(faults, "mcp", "--http", "--index", index) as server:
            sent += _answered_as_documented(server, mcp_matrix(), home, faults)
        with serving(faults, "serve", "--index", index) as server:
            sent += _answered_as_documented(server, matrix(), home, faults)
            slowest = _answered_beside_slow_clients(server, faults)
            failures, growth = _cases(server, editions, range(seed, seed + count), faults)
    failures = [Failure(seed, fault) for fault in faults] + failures
    notes = (f"{sent} requests of the matrix", f"{_SLOW} slow clients, slowest answer {slowest:.1f} s",
             f"{count * _CLIENTS * _REQUESTS:,} requests over {count} commits", growth)  # fmt: skip
    return Outcome("http", count, tuple(failures), time.perf_counter() - begun, notes)


def _answered_as_documented(
    server: Server, requests: Iterator[Request], home: Path, faults: list[str]
) -> int:
    """Sends each request; how many they were."""
    number = 0
    for number, request in enumerate(requests, 1):
        status, body = server.exchange(request.sent, request.last)
        wrong = []
        if status not in request.expected:
            wrong.append(f"status {status} instead of {sorted(request.expected)[:5]}")
        if "Traceback" in body:
            wrong.append("a traceback")
        if not request.asked and (
            shown := [p for p in (str(home), sys.prefix, str(Path.cwd())) if p in body]
        ):
            wrong.append(f"the path {shown[0]} in {body[:200]!r}")
        if wrong:
            faults.append(f"{request.sent[:120]!r} is answered with {' and '.join(wrong)}")
    return number


def _answered_beside_slow_clients(server: Server, faults: list[str]) -> float:
    """The seconds that the slowest of some honest answers took while the slow clients hold on."""
    slowest = 0.0
    before = server.descriptors
    with contextlib.ExitStack() as held:
        for number in range(_SLOW):
            held.enter_context(_SLOW_CLIENTS[number % len(_SLOW_CLIENTS)](server))
        for target in (*_TARGETS, "/static/page.css"):
            slowest = max(slowest, _patiently(server, target, faults))
    until = time.monotonic() + _PATIENCE
    while (left := server.descriptors) > before + _CLIENTS and time.monotonic() < until:
        time.sleep(0.1)
    if left > before + _CLIENTS:
        faults.append(f"{left - before} descriptors stay open after the slow clients have gone")
    return slowest


def _patiently(server: Server, target: str, faults: list[str]) -> float:
    """Seconds until a request is answered; being told to come back later counts as waiting."""
    begun = time.monotonic()
    status = 0
    while time.monotonic() < begun + _PATIENCE:
        with contextlib.suppress(OSError):
            status, _ = server.get(target)
        if status == 200:
            break
        time.sleep(0.2)
    else:
        faults.append(
            f"{target} is not answered within {_PATIENCE:g} s beside slow clients: {status}"
        )
    return time.monotonic() - begun


def _idle(server: Server) -> socket.socket:
    return server.connect()


def _unfinished_head(server: Server) -> socket.socket:
    return _sending(server, b"GET /api/ask?question=printed HTTP/1.1\r\nHost: localhost\r\nX: ")


def _unfinished_body(server: Server) -> socket.socket:
    return _sending(
        server,
        b"GET /api/ask?question=printed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nab",
    )


def _never_reading(server: Server) -> socket.socket:
    """Sends questions one after the other and reads no answer."""
    return _sending(
        server, b"GET /api/ask?question=printed&k=100 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2_000
    )


def _sending(server: Server, sent: bytes) -> socket.socket:
    connection = server.connect()
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        connection.send(sent)
    return connection


_SLOW_CLIENTS: tuple[Callable[[Server], socket.socket], ...] = (
    _idle, _unfinished_head, _unfinished_body, _never_reading,
)  # fmt: skip


class Editions:
    """The articles, all of which change with every edition, and the index that follows them."""

    def __init__(self, folder: Path, index: Path) -> None:
        self._folder = folder
        self._index = index
        self.number = 0
        # By the name of a generation: its edition, and how many articles that has.
        self.of: dict[str, tuple[int, int]] = {}
        folder.mkdir()
        self.commit()

    def commit(self) -> None:
        """Writes the next edition and brings the index up to date."""
        self.number += 1
        edition, many = f"Edition {self.number:05}", 4 + self.number % 5
        for number in range(10):
            file = self._folder / f"a-{number}.md"
            if number < many:
                file.write_text(
                    f"---\ntitle: {edition} of the Herald\npublisher: {edition} Press\n---\n\n"
                    f"{edition} was printed on Monday. Article {number} stands in {edition}.\n"
                )
            else:
                file.unlink(missing_ok=True)
        report = build_index([self._folder], self._index, encoder=_ENCODER)
        self.of[report.generation] = (self.number, many)


@dataclass(frozen=True, slots=True)
class Answered:
    """A request of a case, and what came back."""

    target: str
    status: int
    body: str

    def faults(self, editions: Editions, least: int) -> Iterator[str]:
        """What is wrong with the answer; it must be of edition `least` or a later one."""
        if self.status != 200:
            yield f"{self.target} is answered with status {self.status}: {self.body[:200]}"
            return
        told = {int(number) for number in _EDITION.findall(self.body)}
        if self.target.startswith("/api/") and (
            generation := json.loads(self.body).get("generation")
        ):
            edition, many = editions.of.get(generation, (0, 0))
            told.add(edition)
            held = json.loads(self.body)
            counted = held.get("documents") or len(held.get("citations") or held.get("hits") or ())
            if counted != many:
                yield f"{self.target} has {counted} articles of edition {edition}, which has {many}"
        if len(told) != 1:
            yield f"{self.target} mixes the editions {sorted(told)}"
        elif not least <= min(told) <= editions.number:
            yield f"{self.target} is of edition {min(told)}, expected {least} to {editions.number}"


def _cases(
    server: Server, editions: Editions, seeds: range, faults: list[str]
) -> tuple[list[Failure], str]:
    """Runs the cases; what failed, and how much the server has grown meanwhile, in words."""
    failures: list[Failure] = []
    warm = (server.descriptors, server.memory)
    for seed in seeds:
        failures += [Failure(seed, fault) for fault in _case(server, editions, seed)]
        if seed == seeds[len(seeds) // 10]:
            warm = (server.descriptors, server.memory)
    now = (server.descriptors, server.memory)
    if now[0] > warm[0] + _MORE_DESCRIPTORS or now[1] > warm[1] + _MORE_MEMORY:
        faults.append(f"the server has grown from {warm} to {now} (descriptors, bytes)")
    growth = f"descriptors {warm[0]} to {now[0]}, memory {warm[1] >> 20} to {now[1] >> 20} MiB"
    return failures, growth


def _case(server: Server, editions: Editions, seed: int) -> Iterator[str]:
    """What is not as promised in 100 requests with a commit in their middle."""
    before = editions.number
    with ThreadPoolExecutor(_CLIENTS) as pool:
        asking = [
            pool.submit(_ask, server, Random(f"{seed} {client}")) for client in range(_CLIENTS)
        ]
        time.sleep(Random(seed).random() / 5)
        editions.commit()
        answered = [each.result() for each in asking]
    answered.append([Answered(target, *server.get(target)) for target in _TARGETS])
    for answers in answered:
        # A client never sees an older edition again; after the commit, nobody does.
        least = editions.number if answers is answered[-1] else before
        for answer in answers:
            yield from answer.faults(editions, least)
            least = max([least, *map(int, _EDITION.findall(answer.body))])


def _ask(server: Server, rng: Random) -> list[Answered]:
    client = server.client()
    try:
        targets = rng.choices(_TARGETS, k=_REQUESTS)
        return [Answered(target, *server.get(target, client)) for target in targets]
    finally:
        client.close()
