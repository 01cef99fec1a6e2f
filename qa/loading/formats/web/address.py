"""The address of a page: the one that it states, and behind the address of an archive or a cache,
the one of the article."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

_WEB = re.compile(r"https?://[^\s<>\"]{3,2000}")
# `<!-- saved from url=(0042)https://... -->` of browsers, and the comment of SingleFile.
_SAVED = re.compile(
    r"<!--\s{0,20}(?:saved from url=\(\d{4}\)|Page saved with SingleFile\s{1,20}url:\s{0,20})"
    r"(https?://[^\s<>\"]{3,2000})"
)
_ARCHIVED = (
    re.compile(r"https?://(?:web|wayback)\.archive\.org/(?:web/)?(?:\d{1,14}\*?|\*)(?:[a-z]{2}_)?/(.+)"),
    re.compile(r"https?://archive\.(?:today|ph|is|li|md|vn|fo)/(?:o/\w+|\d{4,14}|newest|oldest)/(.+)"),
    re.compile(r"https?://webcache\.googleusercontent\.com/search\?(?:.*&)?q=cache:(?:[\w-]{5,20}:)?([^+&]+)"),
    re.compile(r"https?://translate\.google\.[a-z.]{2,6}/(?:website|translate)\?(?:.*&)?u=([^&]+)"),
    re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(?:s/)?(.+)"),
    re.compile(r"https?://[\w-]+\.cdn\.ampproject\.org/[cv]/(?:s/)?(.+)"),
    re.compile(r"https?://(?:r\.jina\.ai|12ft\.io)/(.+)"),
)  # fmt: skip
# Hosts that publish nothing themselves: archives, caches and networks.
_NO_PUBLISHERS = re.compile(
    r"(?:.+\.)?(?:archive\.(?:org|today|ph|is|li|md|vn|fo)|googleusercontent\.com|google\.[a-z.]{2,6}|"
    r"ampproject\.org|twitter\.com|x\.com|t\.co|facebook\.com|fb\.com|instagram\.com|youtube\.com|"
    r"youtu\.be|linkedin\.com|t\.me|telegram\.me|vk\.com|weibo\.com|tiktok\.com|pinterest\.com|"
    r"schema\.org|localhost|jina\.ai|12ft\.io|webcitation\.org|perma\.cc)",
    re.I,
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}(?:/|$)", re.I)


def address_of(tree: HtmlElement, page: str) -> str | None:
    """The URL that the page states for itself, behind any archive; the most reliable first."""
    saved = _SAVED.search(page[:4096])
    base = web(next((base.get("href") for base in tree.iter("base")), None))
    base = base or (saved[1] if saved else None)
    stated = [web(_joined(base, url)) for url in _stated(tree)]
    for url in (*stated, saved[1] if saved else None, base):
        if url and (own := behind_archives(url)):
            return own
    return None


def _stated(tree: HtmlElement) -> Iterator[str | None]:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield link.get("href")
            break
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").strip().lower() == "og:url":
            yield meta.get("content")
            break


def _joined(base: str | None, url: str | None) -> str | None:
    url = (url or "").strip()
    if url.startswith("//"):
        return f"https:{url}"
    try:
        return urljoin(base, url) if base and url else url
    except ValueError:
        return None


def web(url: str | None) -> str | None:
    """The URL if it is one of the web, else None."""
    url = (url or "").strip()
    return url if _WEB.fullmatch(url) else None


def behind_archives(url: str) -> str:
    """`https://web.archive.org/web/2019/https://a.example/1` -> `https://a.example/1`."""
    for _ in range(3):
        inner = next((found[1] for rule in _ARCHIVED if (found := rule.match(url))), None)
        if inner is None:
            break
        inner = unquote(inner) if "%3A" in inner or "%2F" in inner else inner
        inner = re.sub(r"^(https?):/(?=[^/])", r"\1://", inner)
        if not inner.startswith(("http://", "https://")):
            if not _HOST.match(inner):
                break
            inner = f"https://{inner}"
        url = inner
    return url


def publisher_host(url: str | None) -> str | None:
    """The host of the URL, unless an archive, a cache or a network has it."""
    host = _host(url)
    return host if host and "." in host and not _NO_PUBLISHERS.fullmatch(host) else None


def same_page(one: str, other: str) -> bool:
    """Whether two URLs name the same article, whatever scheme, host prefix or AMP suffix."""
    return _key(one) == _key(other)


def is_front_page(url: str) -> bool:
    """Whether the URL has no path, so that it names a site and not an article."""
    return not _key(url)[1]


def _key(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(behind_archives(url))
    except ValueError:
        return url, url
    host = re.sub(r"^(?:www|m|mobile|amp)\.", "", (parts.hostname or "").lower())
    path = re.sub(
        r"(?:^/amp(?=/)|/amp/?$|\.amp(?=\.html?$|$)|/index\.html?$|/+$)", "", unquote(parts.path)
    )
    # Some systems name the article in the query alone.
    query = (
        parts.query if re.search(r"(?:^|&)(?:\w*id|no|p|aid|idxno|article)=", parts.query) else ""
    )
    return host, path + (f"?{query}" if query else "")


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return re.sub(r"^(?:www|m|mobile|amp)\.(?=.+\.)", "", host) if host else None
