"""The JSON-LD of a page, and which of its objects is the page's own article.

A page also describes other articles, authors and sites in JSON-LD. An object is the page's own if
its URL or its headline is the page's. An object that has another URL and another headline is not;
if several may be, none is.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from qa.loading.formats.web import titles
from qa.loading.formats.web.address import is_front_page, same_page, web
from qa.loading.formats.web.page import Page, plain

Object = dict[str, object]

_ARTICLES = re.compile(
    r"\w*Article|BlogPosting|LiveBlogPosting|\w*Report|NewsMediaObject|SocialMediaPosting", re.I
)
_REVIEWS = re.compile(r"\w*Review", re.I)
_PAGES = re.compile(r"WebPage|ItemPage|VideoObject", re.I)
_VIDEO = re.compile("VideoObject", re.I)
_SITES = re.compile(r"WebSite|NewsMediaOrganization|Organization", re.I)
# Only these keys lead to the subject of the page; other keys lead to other articles.
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_OBJECTS = 2000
# `//<![CDATA[ ... //]]>`, `/*<![CDATA[*/ ... /*]]>*/`, `<!-- ... -->`
_OPENING = re.compile(r"\A\s*+(?://|/\*)?\s*+(?:<!\[CDATA\[|<!--)\s*+(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?\s{0,20}(?:\]\]>|-->)\s*+(?:\*/)?\s*+\Z")
_BEGIN = re.compile(r"[{\[]\s*+[\"{\[]")
_TRAILING_COMMA = re.compile(r",(\s*+[}\]])")


@dataclass(frozen=True)
class Linked:
    """`own`: the objects of the page's article, the best first; `sites`: of who publishes it."""

    own: tuple[Object, ...] = ()
    sites: tuple[Object, ...] = ()
    by_id: dict[str, Object] = field(default_factory=dict)

    def value(self, key: str) -> object:
        """The value that the article has under that key."""
        return next((each[key] for each in self.own if each.get(key)), None)

    def names(self, key: str) -> list[str]:
        """The names of the people or organizations that the article has under that key."""
        return [name for name in self._names(self.value(key), 0) if name]

    def _names(self, value: object, depth: int) -> Iterator[str | None]:
        if depth > 4:
            return
        if isinstance(value, list):
            for each in value[:50]:
                yield from self._names(each, depth + 1)
        elif isinstance(value, dict):
            full = value if value.get("name") else self.by_id.get(str(value.get("@id")), value)
            given = [plain(full.get(part)) for part in ("givenName", "familyName")]
            if full.get("name"):
                yield from self._names(full["name"], depth + 1)
            elif all(given):
                yield " ".join(filter(None, given))
        else:
            yield plain(value)


def linked_of(page: Page) -> Linked:
    """The JSON-LD of the page."""
    found = [value for script in page.tree.iter("script") for value in _parsed(script)]
    objects = list(_objects(found))
    by_id = {
        key: each for each in reversed(objects)
        if isinstance(key := each.get("@id"), str) and len(each) > 1
    }  # fmt: skip
    headings = titles.stated(page)
    own = _own(objects, _ARTICLES, page, headings) or _own(objects, _REVIEWS, page, headings)
    about = [each for each in objects if _is(each, _PAGES) and _says_so(each, page, headings)]
    own += about if own else _own(objects, _PAGES, page, headings)
    sites = tuple(each for each in objects if _is(each, _SITES))
    return Linked(tuple(own), sites, by_id)


def _parsed(script: HtmlElement) -> Iterator[object]:
    if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
        return
    text = _CLOSING.sub("", _OPENING.sub("", script.text or "", count=1)).strip()
    text = text.rstrip("; \n\t")
    for mend in (str, _without_trailing_commas, html.unescape):
        try:
            yield json.loads(mend(text), strict=False)
        except (ValueError, RecursionError):
            continue
        return
    yield from _one_after_another(text)


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _one_after_another(text: str) -> Iterator[object]:
    """Objects that follow each other without a list around them, behind anything else."""
    decoder = json.JSONDecoder(strict=False)
    begin = _BEGIN.search(text)
    at = begin.start() if begin else len(text)
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        at = end + len(text[end : end + 50]) - len(text[end : end + 50].lstrip(" \n\t\r,;"))


def _objects(waiting: Sequence[object]) -> Iterator[Object]:
    stack = list(reversed(waiting))
    for _ in range(_MOST_OBJECTS):
        if not stack:
            return
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            stack.extend(value[key] for key in _INTO if key in value)


def _is(value: Object, kinds: re.Pattern[str]) -> bool:
    names = value.get("@type")
    listed = names if isinstance(names, list) else [names]
    # "https://schema.org/NewsArticle", "schema:NewsArticle"
    return any(
        isinstance(n, str) and bool(kinds.fullmatch(re.split(r"[/:#]", n)[-1])) for n in listed
    )


def _own(
    objects: list[Object], kinds: re.Pattern[str], page: Page, headings: list[str]
) -> list[Object]:
    """Those of the objects of these kinds that are the page's own."""
    described = [each for each in objects if _is(each, kinds)]
    if same := [each for each in described if _says_so(each, page, headings)]:
        return same
    possible = [
        each for each in described
        if not _is_other(each, page, headings) and not _is(each, _VIDEO)
    ]  # fmt: skip
    # The same article described twice is one.
    dates = {str(each.get("datePublished")) for each in possible}
    return possible if len(possible) == 1 or len(dates) == 1 else []


def _says_so(value: Object, page: Page, headings: list[str]) -> bool:
    address = page.address
    if (
        address
        and not is_front_page(address)
        and any(same_page(url, address) for url in _urls(value))
    ):
        return True
    return any(titles.same(name, heading) for name in _headlines(value) for heading in headings)


def _is_other(value: Object, page: Page, headings: list[str]) -> bool:
    """Whether the object names another article: by its headline, or where it has none, its URL."""
    names = _headlines(value)
    if names and headings:
        return not any(titles.alike(name, heading) for name in names for heading in headings)
    address, urls = page.address, list(_urls(value))
    return bool(not names and address and urls and not is_front_page(address))


def _headlines(value: Object) -> list[str]:
    return [
        name
        for key in ("headline", "alternativeHeadline", "name")
        if (name := plain(value.get(key)))
    ]


def _urls(value: Object) -> Iterable[str]:
    about = value.get("mainEntityOfPage")
    named = about.get("@id") or about.get("url") if isinstance(about, dict) else about
    for url in (value.get("url"), named, value.get("@id")):
        if isinstance(url, str) and (found := web(url.split("#")[0])):
            yield found
