"""Access checks that every request passes before it reaches a route.

A page of another site can make a browser send requests to this machine. By pointing its own name
at 127.0.0.1 ("DNS rebinding") it can even read the responses. So on every route, both the name a
request was sent to (Host) and the site it came from (Origin) must be this server's.
"""

import hashlib
import ipaddress
import re
import secrets
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.http.failures import Refused, refusal
from qa.http.limits import Limits

COOKIE = "nkqa-token"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]/@?#]+)(?::\d{1,5})?")
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def is_loopback(host: str) -> bool:
    """Whether the host is a loopback address or `localhost`, which no other machine can reach."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts a request may be sent to: `names`, localhost, and IP addresses.

    IP addresses are safe because they involve no DNS lookup that could be rebound. With `loopback`,
    only loopback addresses are accepted.
    """

    names: frozenset[str]
    loopback: bool

    def __contains__(self, host: str) -> bool:
        if host.lower() in self.names or is_loopback(host):
            return True
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return False
        return not self.loopback


def hosts_of(bound: str, allowed: Iterable[str] = ()) -> Hosts:
    """The hosts for a server that listens on `bound` and is also known by the names `allowed`."""
    return Hosts(frozenset(name.lower() for name in (bound, *allowed)), is_loopback(bound))


class Guard:
    """ASGI middleware: checks Host, Origin, sizes and token, and adds the security headers.

    `locked` answers a browser that has not given the token.
    """

    def __init__(
        self, app: ASGIApp, locked: ASGIApp, hosts: Hosts, token: str | None, limits: Limits
    ) -> None:
        self.app = app
        self._locked = locked
        self._hosts = hosts
        self._token = token
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        answer = self.app
        try:
            self._check_names(Headers(scope=scope))
            await self._check_sizes(scope, receive)
            answer = self._unlocked(scope) or answer
        except Refused as refused:
            answer = refusal(refused)
        except ClientDisconnect:
            return
        await answer(scope, receive, _with_headers(send, scope["path"]))

    def _check_names(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None or found[1] not in self._hosts:
            raise Refused(
                421,
                "ForeignHost",
                f"The request was sent to {', '.join(hosts) or 'no host'}, which is not a name of "
                "this server; see --allow-host.",
            )
        for origin in headers.getlist("origin"):
            if _host_of(origin) != hosts[0].lower():
                raise Refused(
                    403,
                    "ForeignOrigin",
                    f"The request comes from a page of {origin}; only pages of this server may "
                    "send any.",
                )

    async def _check_sizes(self, scope: Scope, receive: Receive) -> None:
        size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if size > self._limits.target:
            raise Refused(
                413,
                "TooLarge",
                f"The address of the request has {size:,} bytes; at most {self._limits.target:,} "
                "are read. Ask in a sentence or two.",
            )
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
            await self._drain(receive)

    async def _drain(self, receive: Receive) -> None:
        """Read and discard a body, because no route reads one. Raises `Refused` above `body`."""
        size, more = 0, True
        while more and size <= self._limits.drain:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        if size > self._limits.body:
            raise Refused(
                413,
                "TooLarge",
                f"The request has a body of more than {self._limits.body:,} bytes; none is read.",
                connection="close",
            )

    def _unlocked(self, scope: Scope) -> ASGIApp | None:
        """Check the token; None if the app may answer.

        Otherwise returns the redirect that removes `?token=` from the address, or the page that
        asks for the token. Raises `Refused` for a program without the token.
        """
        path = scope["path"]
        if self._token is None or path.startswith("/static/"):
            return None
        headers = Headers(scope=scope)
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and _same(bearer.strip(), self._token):
            return None
        if not path.startswith("/api/"):
            cookies = cookie_parser(headers.get("cookie", ""))
            if _same(cookies.get(COOKIE, ""), _sealed(self._token)):
                return None
            query = QueryParams(scope["query_string"])
            if _same(query.get("token", ""), self._token):
                return self._let_in(scope, query)
            if path != "/openapi.json":
                return self._locked
        raise Refused(
            401,
            "TokenMissing",
            "This server asks for its token: send `Authorization: Bearer TOKEN`; in a browser open "
            "/?token=TOKEN once.",
            www_authenticate="Bearer",
        )

    def _let_in(self, scope: Scope, query: QueryParams) -> Response:
        kept = urllib.parse.urlencode([pair for pair in query.multi_items() if pair[0] != "token"])
        # Exactly one leading slash: browsers take `//name` for another host.
        path = "/" + urllib.parse.quote(scope["path"].lstrip("/\\"))
        response = RedirectResponse(f"{path}?{kept}" if kept else path, 303)
        response.set_cookie(
            COOKIE, _sealed(str(self._token)), httponly=True, samesite="strict", path="/"
        )
        return response


def _with_headers(send: Send, path: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault(
                "cache-control", "no-cache" if path.startswith("/static/") else "no-store"
            )
        await send(message)

    return sending


def _host_of(origin: str) -> str | None:
    try:
        parts = urllib.parse.urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in ("http", "https") else None


def _same(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())


def _sealed(token: str) -> str:
    """The value of the cookie: a hash, so that the cookie does not reveal the token."""
    return hashlib.sha256(f"nkqa {token}".encode()).hexdigest()
