"""Who may ask: names, origins, sizes, tokens, and too many at a time."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from qa import LiveIndex
from qa.http.limits import Limits

ROUTES = (
    "/",
    "/?question=pupils",
    "/articles/articles/school.txt",
    "/docs",
    "/openapi.json",
    "/static/page.css",
    "/static/page.js",
    "/api/ask?question=pupils",
    "/api/search?question=pupils",
    "/api/articles/articles/school.txt",
    "/api/verify?passage_id=articles/school.txt",
    "/api/status",
    "/nothing",
    "/api/nothing",
)


@pytest.mark.parametrize("route", ROUTES)
def test_a_name_or_an_origin_that_is_not_ours_is_refused_on_every_route(
    client: TestClient, route: str
) -> None:
    expected = 404 if "nothing" in route else 200
    for host in ("127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765", "127.0.0.1"):
        ours = {"host": host, "origin": f"http://{host}"}
        assert client.get(route, headers=ours).status_code == expected
    for host in ("evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil",
                 "192.0.2.1", "user@127.0.0.1", "127.0.0.1 evil", "", "0.0.0.0"):  # fmt: skip
        told = client.get(route, headers={"host": host})
        assert told.status_code == 421
        assert told.json()["error"] == "ForeignHost"
    for origin in ("http://evil.example", "https://127.0.0.1:8766", "null", "http://localhost:8765",
                   "file://", "http://[", "chrome-extension://abc"):  # fmt: skip
        told = client.get(route, headers={"origin": origin})
        assert told.status_code == 403
        assert told.json()["error"] == "ForeignOrigin"


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_has_the_headers_that_keep_a_browser_to_our_own_files(
    client: TestClient, route: str
) -> None:
    for headers in ({}, {"host": "evil.example"}):
        told = client.get(route, headers=headers).headers
        policy = told["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in told
        assert told["cache-control"] in ("no-store", "no-cache")


def test_a_server_that_others_reach_takes_addresses_and_the_names_it_was_given(
    served: LiveIndex, client_of: Callable[..., TestClient]
) -> None:
    client = client_of(served, host="0.0.0.0", token="t", allowed=("News.example",))
    bearer = {"authorization": "Bearer t"}
    for host in ("192.0.2.7:8765", "news.example", "NEWS.EXAMPLE:443", "localhost"):
        assert client.get("/api/status", headers={**bearer, "host": host}).status_code == 200
    for host in ("evil.example", "news.example.evil"):
        assert client.get("/api/status", headers={**bearer, "host": host}).status_code == 421


@pytest.fixture
def locked(served: LiveIndex, client_of: Callable[..., TestClient]) -> TestClient:
    """A client of a server with the token `opensesame`."""
    return client_of(served, token="opensesame")


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.startswith("/static")])
def test_with_a_token_nothing_is_told_without_it(locked: TestClient, route: str) -> None:
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer "},
        {"authorization": "Basic opensesame"},
        {"authorization": "Bearer öpensesame".encode()},
        {"cookie": "nkqa-token=opensesame"},
    ):
        told = locked.get(route, headers=headers)
        assert told.status_code == 401
        for secret in ("Khabarovsk", "450", "gen-", "Coast Daily", "/api/search"):
            assert secret not in told.text
    allowed = {"authorization": "Bearer opensesame"}
    assert locked.get(route, headers=allowed).status_code == (404 if "nothing" in route else 200)


def test_the_api_says_which_header_it_wants(locked: TestClient) -> None:
    told = locked.get("/api/status")
    assert told.headers["www-authenticate"] == "Bearer"
    assert "Authorization: Bearer" in told.json()["message"]


def test_a_browser_gives_the_token_once_and_its_address_does_not_keep_it(
    locked: TestClient,
) -> None:
    page = locked.get("/?question=pupils")
    assert page.status_code == 401
    assert 'name="token"' in page.text
    wrong = locked.get("/?token=wrong")
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    let_in = locked.get("/?question=How+many+pupils%3F&token=opensesame")
    assert let_in.status_code == 303
    assert let_in.headers["location"] == "/?question=How+many+pupils%3F"
    cookie = let_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "opensesame" not in cookie
    assert locked.get(let_in.headers["location"]).status_code == 200
    assert locked.get("/openapi.json").status_code == 200
    # A page of another site could send the cookie's owner there, but not the header.
    assert locked.get("/api/status").status_code == 401


def test_letting_in_leads_nowhere_else(locked: TestClient) -> None:
    for path in ("//evil.example/x", "/\\evil.example", "/%2Fevil.example", "/%0d%0aX-Y:z"):
        locked.cookies.clear()
        told = locked.get(f"http://127.0.0.1:8765{path}?token=opensesame")
        location = told.headers["location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert "x-y" not in told.headers


def test_a_body_is_not_read_and_a_large_one_is_refused(client: TestClient) -> None:
    small = client.request("GET", "/api/ask?question=pupils", content=b"x" * 1000)
    assert small.status_code == 200

    def large() -> Iterator[bytes]:
        for _ in range(60):
            yield b"x" * (1 << 20)

    for method in ("GET", "POST"):
        told = client.request(method, "/api/ask?question=pupils", content=large())
        assert (told.status_code, told.json()["error"]) == (413, "TooLarge")


def test_what_takes_too_long_is_given_up_and_what_is_too_many_turned_away(
    served: LiveIndex, client_of: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    began = threading.Semaphore(0)

    def slow(self: object) -> object:
        began.release()
        go.wait()
        return given(self)

    from qa import Index

    given = Index.status
    monkeypatch.setattr(Index, "status", slow)
    client = client_of(served, limits=Limits(threads=1, waiting=1, seconds=0.05))
    try:
        assert client.get("/api/status").json()["error"] == "TooSlow"
        began.acquire()
        # The one given up on still has the only thread; another may wait for it, no third.
        with ThreadPoolExecutor(4) as pool:
            told = list(pool.map(lambda _: client.get("/api/status"), range(4)))
        assert {each.status_code for each in told} == {503, 504}
        busy = next(each for each in told if each.status_code == 503)
        assert busy.json()["error"] == "Busy"
        assert busy.headers["retry-after"] == "1"
    finally:
        go.set()
    monkeypatch.undo()
    calm = client_of(served)
    assert calm.get("/api/status").status_code == 200


def test_a_bug_is_told_as_one_and_not_what_it_is(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("secret")

    monkeypatch.setattr("qa.Index.ask", broken)
    told = client.get("/api/ask?question=pupils")
    assert (told.status_code, told.json()["error"]) == (500, "InternalError")
    page = client.get("/?question=pupils")
    assert (page.status_code, "did not work" in page.text) == (500, True)
    for each in (told, page):
        assert "secret" not in each.text
        assert "content-security-policy" in each.headers


def test_damage_that_is_met_while_answering_is_told_and_no_answer_given(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from qa import IndexDamaged

    def damaged(*_: object, **__: object) -> object:
        raise IndexDamaged("A quote is not what was committed. Run `nkqa verify`.")

    monkeypatch.setattr("qa.Index.ask", damaged)
    told = client.get("/api/ask?question=pupils")
    assert (told.status_code, told.json()["error"]) == (503, "IndexDamaged")
    page = client.get("/?question=pupils")
    assert page.status_code == 503
    assert "cannot be read at the moment" in page.text
    assert "nkqa verify" not in page.text
    assert "nkqa verify" in caplog.text
