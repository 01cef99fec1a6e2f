"""The process: its address, its token, its end, and what a network can send it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from qa import build_index
from qa.http.limits import Limits


def _get(url: str, target: str, **headers: str) -> tuple[int, bytes]:
    """A request as plain as can be: status and body."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _ask(url: str, question: str) -> dict[str, Any]:
    status, body = _get(url, "/api/ask?" + urllib.parse.urlencode({"question": question}))
    assert status == 200, body
    told: dict[str, Any] = json.loads(body)
    return told


@pytest.fixture
def ready(sync: Any, articles: Path, index: Path) -> Path:
    sync(articles)
    return index


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_its_address_and_nothing_else_and_ends_well_when_told(
    serve: Any, ready: Path, how: signal.Signals
) -> None:
    server = serve(ready)
    assert "450" in _ask(server.url, "How many pupils?")["citations"][0]["quote"]
    assert _get(server.url, "/")[0] == 200
    assert server.stop(how) == (0, "", "")


def test_a_request_that_runs_when_it_is_stopped_gets_its_answer(serve: Any, ready: Path) -> None:
    server = serve(ready)
    parts = urllib.parse.urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        # It runs from its first line on: the guard waits for the rest of the body.
        connection.sendall(
            b"GET /api/ask?question=pupils HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
            b"Expect: 100-continue\r\n\r\nab"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")
        server.process.send_signal(signal.SIGTERM)
        while _listens(parts.hostname, parts.port):
            pass
        connection.sendall(b"cd")
        told = b""
        while block := connection.recv(65536):
            told += block
    assert told.startswith(b"HTTP/1.1 200")
    assert b"nkqa.answer/2" in told
    assert server.stop()[0] == 0


def _listens(host: str | None, port: int | None) -> bool:
    try:
        socket.create_connection((host, port), timeout=60).close()
    except OSError:
        return False
    return True


def test_what_is_indexed_while_it_runs_is_answered_without_a_restart(
    serve: Any, ready: Path, articles: Path, sync: Any
) -> None:
    server = serve(ready)
    before = _ask(server.url, "What fell in the sea?")
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    sync()
    after = _ask(server.url, "What fell in the sea?")
    assert "meteor" not in before["citations"][0]["quote"]
    assert "meteor" in after["citations"][0]["quote"]
    assert before["generation"] != after["generation"]


def test_an_address_that_others_reach_needs_a_token(
    nkqa_process: Any, serve: Any, ready: Path
) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1"):
        refused = nkqa_process("serve", "--index", ready, "--host", host, "--port", 0)
        assert refused.status == 2
        assert "a token is required" in refused.err or "Cannot listen" in refused.err
        empty = {**os.environ, "NKQA_TOKEN": ""}
        refused = nkqa_process("serve", "--index", ready, "--host", host, env=empty)
        assert refused.status == 2
    server = serve(ready, "--host", "0.0.0.0", env={**os.environ, "NKQA_TOKEN": "opensesame"})
    assert server.url.startswith("http://127.0.0.1:")
    assert _get(server.url, "/api/status")[0] == 401
    assert _get(server.url, "/api/status", Authorization="Bearer opensesame")[0] == 200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "no.such.host.invalid"], "no address 'no.such.host.invalid'"),
        (["--port", "70000"], "65535"),
        (["--port", "-1"], "--port"),
        (["--token", "with space"], "no space"),
        (["--token", "ö"], "ASCII"),
    ],
)
def test_an_address_or_token_that_cannot_be_is_a_usage_error(
    nkqa: Any, ready: Path, words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror("Name or service not known")

    if "no.such.host.invalid" in words:  # No test looks a name up.
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refused = nkqa("serve", "--index", ready, *words)
    assert refused.status == 2
    assert told in refused.err


def test_a_port_that_is_taken_is_told(nkqa_process: Any, serve: Any, ready: Path) -> None:
    port = urllib.parse.urlsplit(serve(ready).url).port
    refused = nkqa_process("serve", "--index", ready, "--port", port)
    assert refused.status == 2
    assert "Choose another with --port" in refused.err


def test_a_damaged_index_is_not_served(nkqa_process: Any, ready: Path) -> None:
    current = ready / (ready / "CURRENT").read_text().split()[0]
    (current / "articles.sqlite").write_bytes(b"")
    refused = nkqa_process("serve", "--index", ready, "--port", 0)
    assert refused.status == 4
    assert "articles.sqlite" in refused.err


def test_without_the_extra_it_says_what_to_install(ready: Path) -> None:
    script = """
import sys
sys.modules["uvicorn"] = None
sys.argv = ["nkqa", "serve", "--index", sys.argv[1]]
from qa.cli.commands import main
main()
"""
    told = subprocess.run([sys.executable, "-c", script, ready], capture_output=True, text=True)
    assert told.returncode == 6
    assert told.stderr == (
        "nkqa: `nkqa serve` needs the package uvicorn, which cannot be imported (import of uvicorn "
        "halted; None in sys.modules). Install it with `pip install '.[serve]'` in the folder that "
        "nkqa was installed from.\n"
    )


def _exchange(url: str, sent: bytes) -> bytes:
    """What comes back for raw bytes, until the server closes."""
    parts = urllib.parse.urlsplit(url)
    told = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while block := connection.recv(65536):
                told += block
        except OSError:
            pass  # It hung up before all was sent.
    return told


def test_requests_that_are_none_or_endless_are_refused_and_others_answered(
    serve: Any, ready: Path
) -> None:
    server = serve(ready)
    status, body = _get(server.url, f"/api/ask?question={'x' * 100_000}")
    assert (status, json.loads(body)["error"]) == (422, "UsageError")
    status, body = _get(server.url, f"/api/ask?question={'%E2%82%AC' * 100_000}")
    assert (status, json.loads(body)["error"]) == (413, "TooLarge")
    endless = _exchange(server.url, b"GET /" + b"x" * (3 << 20))
    assert endless == b"" or endless.startswith(b"HTTP/1.1 400")
    for sent in (
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /%ff%fe%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /api/ask?question=%ff%00%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\n"
        b"Connection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        told = _exchange(server.url, sent)
        assert not told.startswith(b"HTTP/1.1 5")
        assert b"Traceback" not in told
    assert _ask(server.url, "How many pupils?")["citations"]
    status, _, err = server.stop()
    assert status == 0
    assert "Traceback" not in err


def _resident(process: "subprocess.Popen[bytes]") -> int:
    """MiB of memory the process holds."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") >> 20


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_large_bodies_leave_no_memory_behind(serve: Any, ready: Path) -> None:
    server = serve(ready)
    _ask(server.url, "How many pupils?")
    before = _resident(server.process)
    parts = urllib.parse.urlsplit(server.url)
    for _ in range(5):
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        connection.request("POST", "/api/ask", body=b"x" * (60 << 20))
        response = connection.getresponse()
        assert response.status == 413
        assert json.loads(response.read())["error"] == "TooLarge"
        connection.close()
    assert _resident(server.process) < before + 40
    assert server.stop() == (0, "", "")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_two_hundred_clients_at_once_get_an_answer_or_are_told_to_wait(
    serve: Any, ready: Path
) -> None:
    server = serve(ready)
    _ask(server.url, "How many pupils?")
    together = threading.Barrier(200)

    def ask(number: int) -> tuple[int, bytes]:
        together.wait()
        return _get(server.url, f"/api/ask?question=How+many+pupils+in+{number}%3F&k=20")

    held = []
    for _ in range(4):
        with ThreadPoolExecutor(200) as pool:
            told = list(pool.map(ask, range(200)))
        assert {status for status, _ in told} <= {200, 503}
        answered = [json.loads(body) for status, body in told if status == 200]
        assert len(answered) >= Limits().threads + Limits().waiting
        assert all(answer["citations"] for answer in answered)
        held.append(_resident(server.process))
    assert held[-1] < held[0] + 40
    assert server.stop()[0] == 0


_ASKED = b"GET /api/ask?question=How+many+pupils%3F HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "kinds",
    [
        [b""],
        [_ASKED],
        [_ASKED + b"Content-Length: 10\r\n\r\nx"],
        [(_ASKED + b"\r\n") * 50],
        [b"", _ASKED, _ASKED + b"Content-Length: 10\r\n\r\nx", (_ASKED + b"\r\n") * 50],
    ],
    ids=["idle", "unfinished head", "unfinished body", "never reads", "all"],
)
def test_beside_six_hundred_slow_clients_a_question_is_answered(
    serve: Any, ready: Path, kinds: list[bytes]
) -> None:
    server = serve(ready)
    parts = urllib.parse.urlsplit(server.url)
    with contextlib.ExitStack() as clients:
        for number in range(600):
            address = (parts.hostname, parts.port)
            client = clients.enter_context(socket.create_connection(address, timeout=60))
            # None of them ever reads.
            client.sendall(kinds[number % len(kinds)])
        for _ in range(5):
            assert _ask(server.url, "How many pupils?")["citations"]
    assert server.stop() == (0, "", "")


@pytest.mark.slow
def test_the_shipped_articles_are_served_where_there_is_no_index(
    nkqa_started: Any, tmp_path: Path
) -> None:
    process = nkqa_started(
        "serve", "--port", 0, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        url = process.stdout.readline().decode().strip()
        quote = _ask(url, "How many workers are in Russia?")["citations"][0]["quote"]
        assert "30,000 workers" in quote
    finally:
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"No index here" in err


@pytest.mark.slow
def test_a_commit_while_many_ask_changes_answers_and_breaks_none(
    serve: Callable[..., Any], ready: Path, articles: Path, encoder: Any
) -> None:
    server = serve(ready)
    done = threading.Event()

    def ask() -> set[str]:
        seen = set()
        while not done.is_set():
            seen.add(str(_ask(server.url, "Which edition?")["generation"]))
        return seen

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        try:
            for number in range(5):
                (articles / "more.txt").write_text(f"Edition {number} was printed.\n")
                last = build_index([], ready, encoder=encoder).generation
        finally:
            done.set()
        seen = set().union(*(each.result() for each in asking))
    assert len(seen) > 1
    assert _ask(server.url, "Which edition?")["generation"] == last
    assert server.stop() == (0, "", "")
