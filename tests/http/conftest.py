"""A server in this process and one in a process of its own, over small indexes."""

import contextlib
import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from embeddings.hashed import HashedEncoder
from qa import LiveIndex, build_index
from qa.http.app import build_app
from qa.http.guard import hosts_of
from qa.http.limits import Limits

BASE = "http://127.0.0.1:8765"
# What a browser would run, or follow, if any of it reached a page unescaped.
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<mark id=passage onfocus=alert(1) autofocus>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//http://",
    "data:text/html,<script>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>",
    "\x1b[31m\u202eesrever\u2066",
)


@pytest.fixture
def served(sync: Any, articles: Path, index: Path) -> Iterator[LiveIndex]:
    """The small index, open."""
    sync(articles)
    with LiveIndex(index) as live:
        yield live


@pytest.fixture
def client_of() -> Callable[..., TestClient]:
    """A client of a server in this process: `client_of(live, host="0.0.0.0", token="t")`."""

    def made(
        live: LiveIndex,
        host: str = "127.0.0.1",
        token: str | None = None,
        limits: Limits | None = None,
        allowed: tuple[str, ...] = (),
        base: str = BASE,
    ) -> TestClient:
        app = build_app(live, hosts_of(host, allowed), token, limits)
        return TestClient(app, base, raise_server_exceptions=False, follow_redirects=False)

    return made


@pytest.fixture
def client(served: LiveIndex, client_of: Callable[..., TestClient]) -> TestClient:
    """A client of a server over the small index."""
    return client_of(served)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose articles are made of payloads, a field each."""
    home = tmp_path_factory.mktemp("hostile")
    (home / "wires").mkdir()
    records = []
    for number, payload in enumerate(PAYLOADS):
        records.append({
            "_id": f"wire-{number}/{payload}", "title": f"Title {payload}",
            "text": f"Seagulls {payload} attacked. {payload}\n\nNobody {payload} was hurt.",
            "source": f"Paper {payload}", "author": f"By {payload}", "url": payload,
            "date": "2019-04-26",
        })  # fmt: skip
        records.append({**records[-1], "_id": f"copy-{number}", "source": f"Copy {payload}"})
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (home / "wires" / "all.jsonl").write_text(lines)
    build_index([home / "wires"], home / "index", encoder=HashedEncoder())
    return home / "index"


@dataclass(frozen=True, slots=True)
class Server:
    """A running `nkqa serve`: where it is, and its process."""

    url: str
    process: "subprocess.Popen[bytes]"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Its exit status, and what it said on stdout after its address, and on stderr."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out.decode(), err.decode()


@pytest.fixture
def serve(nkqa_started: Any) -> Iterator[Callable[..., Server]]:
    """Start `nkqa serve` on a free port: `serve(index, "--token", "t")`."""
    with contextlib.ExitStack() as running:

        def started(index: Path, *words: object, **options: Any) -> Server:
            process = nkqa_started(
                "serve", "--index", index, "--port", 0, *words,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
            )  # fmt: skip
            running.callback(_end, process)
            url = process.stdout.readline().decode().strip()
            assert url.startswith("http://"), process.communicate()[1].decode()
            return Server(url, process)

        yield started


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.fixture(scope="session")
def payloads() -> tuple[str, ...]:
    """What a browser would run, or follow, if any of it reached a page unescaped."""
    return PAYLOADS


# By module: while it lasts, an event loop runs in this thread, and other tests have their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium; the tests that need it are left out where there is none."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program)
        yield launched
        launched.close()
