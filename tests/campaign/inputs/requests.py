"""Requests to `nkqa serve` and `nkqa mcp --http`, good and bad, and the documented statuses.

The articles served are those of `tests.campaign.http`; `PORT` in a request is that of the server.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = "opensesame"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Request:
    """The bytes of a request, and the statuses that may be answered, 0 for none at all.

    `asked` where the answer may hold the paths of articles and of the index, because that is what
    the request is for; `last` where the client says that nothing more will come.
    """

    sent: bytes
    expected: frozenset[int]
    asked: bool = False
    last: bool = False


# The path of each route, the status of a good request, and whether the answer holds paths.
ROUTES = (
    ("/", 200, False), ("/?question=printed", 200, True),
    ("/articles/articles/a-0.md", 200, True), ("/articles/articles/none.md", 404, False),
    ("/docs", 200, False), ("/openapi.json", 200, False), ("/static/page.css", 200, False),
    ("/static/nothing", 404, False), ("/api/ask?question=printed", 200, True),
    ("/api/search?question=printed", 200, False), ("/api/articles/articles/a-0.md", 200, True),
    ("/api/articles/none", 404, False), ("/api/verify?passage_id=articles/a-0.md", 200, False),
    ("/api/articles", 200, False), ("/api/publishers", 200, False),
    ("/api/status", 200, True), ("/nothing", 404, False), ("/api/nothing", 404, False),
)  # fmt: skip
_METHODS = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get")
_HOSTS = ("localhost", "LOCALHOST:1", "[::1]:9", "127.0.0.1", "127.0.0.2:80")
_FOREIGN_HOSTS = (
    "evil.example", "127.0.0.1.evil.example", "192.0.2.1", "user@127.0.0.1", "", "0.0.0.0",
    "localhost.evil", "127.0.0.1:99999999", "\x01",
)  # fmt: skip
_FOREIGN_ORIGINS = (
    "http://evil.example", "null", "https://evil.example:PORT",
    "http://127.0.0.1.evil.example:PORT", "file://", "http://[",
    "http://evil.example, http://127.0.0.1:PORT", "data:,x",
)  # fmt: skip
_WRONG_TOKENS = (
    "X: y", "Authorization: Bearer wrong", "Authorization: Bearer ",
    "Authorization: Basic opensesame", "Authorization: Bearer opensesame2",
    "Cookie: nkqa-token=opensesame", "Authorization: Bearer \xf6", "Cookie: " + "a=b; " * 900,
)  # fmt: skip
_ASK = "/api/ask?question="
_UNUSABLE = (
    "/api/ask", _ASK, f"{_ASK}%20%09", "/api/ask?q=x", f"{_ASK}x&k=", f"{_ASK}x&k=0",
    f"{_ASK}x&k=-1", f"{_ASK}x&k=101", f"{_ASK}x&k=1e1", f"{_ASK}x&k=5.5",
    f"{_ASK}x&k=" + "9" * 5000, f"{_ASK}x&k=%00", f"{_ASK}x&since=soon",
    f"{_ASK}x&since=04/05/2019", f"{_ASK}x&since=2019-02-30",
    f"{_ASK}x&since=2020&until=2019", f"{_ASK}x&until=99999-01-01",
    f"{_ASK}x&since=%F0%9F%98%80", f"{_ASK}x&source=Nobody", f"{_ASK}x&source=" + "N" * 9000,
    f"{_ASK}x&unknown=1", f"{_ASK}x&question_=y", f"{_ASK}x&K=5", _ASK + "x" * 8001,
    _ASK + "x" * 100_000, "/api/search", "/api/search?question=x&depth=0",
    "/api/search?question=x&depth=1001", "/api/search?question=x&depth=-9999999999999",
    "/api/search?question=x&depth=NaN", "/api/search?question=x&k=5", "/api/verify",
    "/api/verify?passage_id=articles/a-0.md&quote=...",
    "/api/verify?passage_id=articles/a-0.md&quote=" + "x" * 8001, "/api/verify?quote=x",
    "/api/status?x=1", "/api/articles?n=1001", "/api/articles?skip=-1", "/api/articles?n=0",
    f"{_ASK}x" + "&source=a" * 101, "/api/publishers?n=1", "/api/publishers?source=Nobody",
    "/api/articles/articles/a-0.md?x=1", "/?question=", "/?question=x&k=abc",
    "/?question=x&k=0", "/?question=x&since=soon", "/?question=x&source=Nobody",
    "/?question=" + "x" * 9000,
)  # fmt: skip
_TOO_LARGE = (
    _ASK + "%E2%82%AC" * 100_000, "/?question=" + "x" * 140_000, "/" + "x" * 140_000,
    "/api/articles/" + "x/" * 70_000,
)  # fmt: skip
_MISSING = (
    "/api/articles/", "/api/articles/%2e%2e/%2e%2e/etc/passwd",
    "/api/articles/..%2f..%2fetc%2fpasswd", "/api/articles/%00",
    "/api/articles/articles/a-0.md%230-99999", "/api/articles/articles/a-0.md%235-5",
    "/api/articles/articles/a-0.md%23999999999999-1", "/api/articles/%ff%fe",
    "/api/articles/" + "a" * 9000, "/articles/..%2f..%2fetc%2fpasswd",
    "/static/..%2f..%2fserver.py", "/static/%2e%2e/%2e%2e/server.py", "/static/%00", "/api/",
    "/API/ask?question=x", "/.git/config", "/openapi.json/x", "/articles/%F0%9F%98%80",
    "/articles/articles/a-0.md%230-99999", "//evil.example/", "/\\evil.example",
)  # fmt: skip
_FINE = (
    f"{_ASK}%F0%9F%98%80+%D7%A9%D7%9C%D7%95%D7%9D", f"{_ASK}%ff%fe", f"{_ASK}%00printed",
    f"{_ASK}%ed%a0%80printed", f"{_ASK}x&k=100", f"{_ASK}%22%3Cscript%3E", _ASK + "x" * 8000,
    f"{_ASK}printed&since=2019&until=2019-12-31", f"{_ASK}printed&source=edition",
    f"{_ASK}%27%20OR%201=1--", f"{_ASK}*?~AND+OR+NOT+(%22", f"{_ASK}%0d%0aX-Injected:%201",
    f"{_ASK}x;k=5", "/?unknown=1", "/api/search?question=x&depth=1000",
    "/api/search?question=" + "%CC%81" * 4000, "/api/verify?passage_id=nothing",
    "/api/verify?passage_id=", "/api/verify?passage_id=articles/a-0.md&quote=was+printed",
    "/api/verify?passage_id=articles/a-0.md%230-5&quote=%E2%80%9Cx",
    "/api/verify?passage_id=%ff%00&quote=x",
    "/api/verify?passage_id=x%23999999999999-999999999999", "/?", "/?question=printed&k=100",
    "/articles/articles/a-0.md?start=0&end=5", "/articles/articles/a-0.md?start=-1&end=x",
    "/articles/articles/a-0.md?start=" + "9" * 5000,
)  # fmt: skip
_PARAMETERS = {422: _UNUSABLE, 413: _TOO_LARGE, 404: _MISSING, 200: _FINE}
_HEAD = "GET /api/ask?question=printed HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
_BODIES = (
    ("Content-Length: 4\r\n\r\nabcd", 200), ("Content-Length: 0\r\n\r\n", 200),
    ("Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", 200),
    ("Content-Length: 70000\r\n\r\n" + "x" * 70_000, 413),
    ("Transfer-Encoding: chunked\r\n\r\n11170\r\n" + "x" * 70_000 + "\r\n0\r\n\r\n", 413),
    ("Content-Length: -1\r\n\r\n", 400), ("Content-Length: abc\r\n\r\n", 400),
    ("Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400),
    ("Transfer-Encoding: gzip\r\n\r\nabc", 400),
    ("Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ("Content-Length: 99999999999999999999999\r\n\r\n", 400),
    ("Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab", 200),
    ("X: " + "x" * 900_000 + "\r\n\r\n", 200), ("X: \x00\r\n\r\n", 400),
    ("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 200),
    ("Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 200),
    ("X-Forwarded-Host: evil.example\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n", 200),
    ("Range: bytes=0-1\r\n\r\n", 200), ("X\r\n\r\n", 400), (": y\r\n\r\n", 400),
    ("Accept-Encoding: gzip, br\r\nAccept: text/xml\r\n\r\n", 200),
    ("Host: localhost\r\n\r\n", 400), ("Cookie: \xff\r\n\r\n", 200),
)  # fmt: skip
_HEADS = (
    b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 99,
    b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\r\n\r\n\r\n", b"GET\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"G" * 2_000_000,
    b"GET / HTTP/1.1\nHost: localhost\n\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n",
    b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
)  # fmt: skip


def matrix() -> Iterator[Request]:
    """Requests to a server that has no token."""
    for target, status, asked in ROUTES:
        for method in ("GET", "HEAD"):
            yield _request(target, status, method=method, asked=asked)
        for method in _METHODS:
            known = "nothing" not in target or target.startswith("/static/")
            yield _request(target, 405 if known else 404, method=method)
        for host in _HOSTS:
            yield _request(target, status, f"Origin: http://{host}", host=host, asked=asked)
        for host in _FOREIGN_HOSTS:
            yield _request(target, 421, host=host)
        for origin in _FOREIGN_ORIGINS:
            yield _request(target, 403, f"Origin: {origin}")
    for code, targets in _PARAMETERS.items():
        for target in targets:
            yield _request(target, code, asked=code == 200)
    for rest, code in _BODIES:
        yield Request((_HEAD + rest).encode("latin-1"), frozenset({code}), code == 200)
    for head in _HEADS:
        yield Request(head, frozenset({0, 400, 404, 405, 421}), last=True)


def locked_matrix() -> Iterator[Request]:
    """Requests to a server that asks for `TOKEN`."""
    for target, status, asked in ROUTES:
        yield _request(target, status, f"Authorization: Bearer {TOKEN}", asked=asked)
        for token in _WRONG_TOKENS:
            yield _request(target, status if target.startswith("/static/") else 401, token)
        if not target.startswith(("/api", "/static", "/openapi")):
            yield _request(f"{target}{'&' if '?' in target else '?'}token={TOKEN}", 303)


def mcp_matrix() -> Iterator[Request]:
    """Requests to `nkqa mcp --http`; the protocol has statuses of its own, none of them a 500."""
    calls = [
        _call("ask", question="printed"), _call("ask"), _call("ask", question=""),
        _call("ask", question="x", k=10**30), _call("fetch", id="none"),
        _call("list", n=10**30), _call("list", skip=10**30), _call("publishers", source=[[]]),
        _call("fetch", id="../../etc/passwd"),
        _call("verify", passage_id="none", quote="x" * 9000), _call("search", query="\ud800"),
        _call("no-such-tool"), {"jsonrpc": "2.0"}, [], "text", 9**99, {"a": "b" * 300_000},
        _told("resources/read", uri="nkqa://article/none"),
        _told("resources/read", uri="file:///etc/passwd"), _told("x" * 9000),
        _told("tools/list") | {"id": {"a": 1}}, _told("resources/read", uri=5),
    ]  # fmt: skip
    bodies = [json.dumps(call) for call in calls] + ["", "{", "[" * 100_000, "\x00", "NaN"]
    fine = frozenset(range(200, 500))
    yield _posted(bodies[0], frozenset({200}), asked=True)
    for body in bodies[1:]:
        yield _posted(body, fine)
    yield _posted(bodies[0], frozenset({421}), host="evil.example")
    yield _posted(bodies[0], frozenset({403}), "Origin: http://evil.example")
    for method in ("PUT", "DELETE", "OPTIONS"):  # GET opens a stream that has no end.
        yield _posted("", fine, method=method)
    yield _posted(bodies[0], fine, kind="text/plain")


def _told(method: str, **parameters: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}


def _call(tool: str, **arguments: object) -> dict[str, object]:
    return _told("tools/call", name=tool, arguments=arguments)


def _request(
    target: str,
    status: int,
    *headers: str,
    method: str = "GET",
    host: str = "127.0.0.1:PORT",
    asked: bool = False,
) -> Request:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, "Connection: close", "", ""]
    return Request("\r\n".join(lines).encode("latin-1"), frozenset({status}), asked)


def _posted(
    body: str,
    expected: frozenset[int],
    *headers: str,
    method: str = "POST",
    host: str = "127.0.0.1:PORT",
    kind: str = "application/json",
    asked: bool = False,
) -> Request:
    content = body.encode("utf-8", "replace")
    lines = [
        f"{method} /mcp HTTP/1.1", f"Host: {host}", f"Content-Type: {kind}",
        "Accept: application/json, text/event-stream", f"Content-Length: {len(content)}",
        *headers, "Connection: close", "", "",
    ]  # fmt: skip
    return Request("\r\n".join(lines).encode("latin-1") + content, expected, asked)
