"""Promise: the server answers as documented, whoever asks, however slowly, and whatever is
committed meanwhile.

Every run sends each request of `inputs.requests` and holds 1,200 connections of clients that never
finish. A case is 100 requests from four clients, in the middle of which the index is updated; each
edition of its articles has a number, so that an answer which mixes two of them shows.
"""

import contextlib
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from random import Random

from tests.campaign.command import scratch
from tests.campaign.editions import EDITION, Answered, Editions
from tests.campaign.inputs.clients import SLOW_CLIENTS
from tests.campaign.inputs.requests import TOKEN, Request, locked_matrix, matrix, mcp_matrix
from tests.campaign.report import Failure, Outcome
from tests.campaign.serving import Server, serving

COUNT = 100
_CLIENTS, _REQUESTS = 4, 25
# More than the server holds connections.
_SLOW = 1_200
_PATIENCE = 10.0
# What may be more at the end than after the first tenth of the cases: descriptors and bytes.
_MORE_DESCRIPTORS, _MORE_MEMORY = 16, 48 << 20
_TARGETS = (
    "/api/ask?question=Which+edition+was+printed%3F&k=20",
    "/?question=Which+edition+was+printed%3F&k=20",
    "/api/search?question=Which+edition+was+printed%3F", "/api/articles/articles/a-0.md",
    "/articles/articles/a-0.md", "/api/verify?passage_id=articles/a-1.md", "/api/status", "/",
)  # fmt: skip


def run(seed: int, count: int = COUNT) -> Outcome:
    """Runs the cases `seed` to `seed + count - 1`, 100 requests each, and once all the rest."""
    begun = time.perf_counter()
    faults: list[str] = []
    failures: list[Failure] = []
    notes: tuple[str, ...] = ()
    with scratch() as home, _no_server(faults):
        index = home / "index"
        editions = Editions(home / "articles", index)
        with serving(faults, "serve", "--index", index, "--token", TOKEN) as server:
            sent = _answered_as_documented(server, locked_matrix(), home, faults)
        with serving(faults, "mcp", "--http", "--index", index) as server:
            sent += _answered_as_documented(server, mcp_matrix(), home, faults)
        with serving(faults, "serve", "--index", index) as server:
            sent += _answered_as_documented(server, matrix(), home, faults)
            slowest = _answered_beside_slow_clients(server, faults)
            growth = _cases(server, editions, range(seed, seed + count), failures, faults)
        notes = (
            f"{sent} requests of the matrix",
            f"{_SLOW} slow clients, slowest answer {slowest:.1f} s",
            f"{count * _CLIENTS * _REQUESTS:,} requests over {count} commits", growth,
        )  # fmt: skip
    failures = [Failure(seed, fault) for fault in faults] + failures
    return Outcome("http", count, tuple(failures), time.perf_counter() - begun, notes)


@contextlib.contextmanager
def _no_server(faults: list[str]) -> Iterator[None]:
    """A server that cannot be reached is a fault of its own, and ends the run."""
    try:
        yield
    except (OSError, HTTPException) as error:
        faults.append(f"a server cannot be reached: {type(error).__name__}: {error}")


def _answered_as_documented(
    server: Server, requests: Iterator[Request], home: Path, faults: list[str]
) -> int:
    """Sends each request; how many they were."""
    sent = list(requests)
    secret = (str(home), sys.prefix, str(Path.cwd()))
    for request in sent:
        status, body = server.exchange(request.sent, request.last)
        wrong = []
        if status not in request.expected:
            wrong.append(f"status {status} instead of {sorted(request.expected)[:5]}")
        if "Traceback" in body:
            wrong.append("a traceback")
        if not request.asked and (shown := [path for path in secret if path in body]):
            wrong.append(f"the path {shown[0]} in {body[:200]!r}")
        if wrong:
            faults.append(f"{request.sent[:120]!r} is answered with {' and '.join(wrong)}")
    return len(sent)


def _answered_beside_slow_clients(server: Server, faults: list[str]) -> float:
    """The seconds that the slowest of some honest answers took while the slow clients hold on."""
    slowest = 0.0
    before = server.descriptors
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 2 * _SLOW), hard), hard))
    with contextlib.ExitStack() as held:
        for number in range(_SLOW):
            held.enter_context(SLOW_CLIENTS[number * len(SLOW_CLIENTS) // _SLOW](server))
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
        with contextlib.suppress(OSError, HTTPException):
            status, _ = server.get(target)
        if status == 200:
            break
        time.sleep(0.2)
    else:
        faults.append(
            f"{target} is not answered within {_PATIENCE:g} s beside slow clients: {status}"
        )
    return time.monotonic() - begun


def _cases(
    server: Server, editions: Editions, seeds: range, failures: list[Failure], faults: list[str]
) -> str:
    """Runs the cases; how much the server has grown meanwhile, in words."""
    warm = (server.descriptors, server.memory)
    for seed in seeds:
        failures += [Failure(seed, fault) for fault in _case(server, editions, seed)]
        if seed == seeds[len(seeds) // 10]:
            warm = (server.descriptors, server.memory)
    now = (server.descriptors, server.memory)
    if now[0] > warm[0] + _MORE_DESCRIPTORS or now[1] > warm[1] + _MORE_MEMORY:
        faults.append(f"the server has grown from {warm} to {now} (descriptors, bytes)")
    return f"descriptors {warm[0]} to {now[0]}, memory {warm[1] >> 20} to {now[1] >> 20} MiB"


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
            least = max([least, *map(int, EDITION.findall(answer.body))])


def _ask(server: Server, rng: Random) -> list[Answered]:
    client = server.client()
    try:
        targets = rng.choices(_TARGETS, k=_REQUESTS)
        return [Answered(target, *server.get(target, client)) for target in targets]
    finally:
        client.close()
