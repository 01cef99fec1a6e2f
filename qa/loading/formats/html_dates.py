"""Find the publication date that an HTML page states, and where the page states it.

Sources, in this order: JSON-LD `datePublished` of an article, OpenGraph
`article:published_time`, other meta elements, a marked <time> element, the only <time> of the
article. Not used: copyright footers, dates of related articles, and guesses from the layout.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from qa.loading.dates import parse_date

Found = tuple[str, str]

_ARTICLES = re.compile(r"\w*Article|BlogPosting|LiveBlogPosting|\w*Report|Review|NewsMediaObject")
_PAGES = re.compile(r"WebPage|ItemPage|VideoObject")
# Only these keys lead to the subject of the page; other keys lead to other articles.
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")
_META = (
    "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "published_time", "published-date", "publicationdate", "originalpublicationdate",
    "article.published", "article_date_original", "article:post_date", "dc.date",
    "dc.date.issued", "dc.date.created", "dc:date", "dcterms.created", "dcterms.date",
    "dcterms.issued", "citation_publication_date", "citation_date", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "rnews:datepublished", "dateissued",
)  # fmt: skip
_URL_DATE = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/|$)")
_MOST_OBJECTS = 2000


def published(tree: HtmlElement, linked: list[object]) -> Found | None:
    """The date that the page states for itself, and where the page states it."""
    return _json_ld(linked) or _meta(tree) or _time(tree)


def from_url(url: str | None) -> Found | None:
    """The date in the path of the page's URL (`/2019/04/26/`)."""
    try:
        found = _URL_DATE.search(urlsplit(url or "").path)
    except ValueError:
        return None
    day = parse_date("-".join(found.groups())) if found else None
    return (day, "address (URL) of the page") if day else None


def json_ld(tree: HtmlElement) -> list[object]:
    """Every JSON-LD object that describes the page itself, articles first."""
    found: list[object] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            text = (script.text or "").strip().removeprefix("<!--").removesuffix("-->")
            try:
                found.append(json.loads(text.strip().rstrip(";"), strict=False))
            except (ValueError, RecursionError):
                continue
    objects = list(_objects(found))
    return sorted(objects, key=lambda each: not _is(each, _ARTICLES))


def _objects(waiting: list[object]) -> Iterator[object]:
    waiting = list(reversed(waiting))
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in _INTO if key in value)


def _is(value: object, kinds: re.Pattern[str]) -> bool:
    names = value.get("@type") if isinstance(value, dict) else None
    listed = names if isinstance(names, list) else [names]
    return any(isinstance(n, str) and bool(kinds.fullmatch(n.split("/")[-1])) for n in listed)


def _json_ld(objects: list[object]) -> Found | None:
    for kinds in (_ARTICLES, _PAGES):
        for value in objects:
            if isinstance(value, dict) and _is(value, kinds):
                day = _date(value.get("datePublished"))
                if day:
                    return day, "JSON-LD datePublished"
    return None


def _meta(tree: HtmlElement) -> Found | None:
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            name = (meta.get(attribute) or "").strip().lower()
            if name and (day := _date(meta.get("content") or meta.get("datetime"))):
                stated.setdefault(name, day)
    if day := stated.get("article:published_time"):
        return day, "OpenGraph article:published_time"
    for name in _META:
        if day := stated.get(name):
            return day, f"meta {name}"
    return None


def _time(tree: HtmlElement) -> Found | None:
    marked: list[str] = []
    inside: list[str] = []
    for time in tree.iter("time", "span", "p", "div", "abbr"):
        marks = f"{time.get('itemprop') or ''} {'pubdate' if 'pubdate' in time.attrib else ''}"
        is_marked = "datePublished" in marks or "pubdate" in marks
        if time.tag != "time" and not is_marked:
            continue
        written = time.get("datetime") or time.get("content") or time.text
        if not (day := _date(written)) or _elsewhere(time):
            continue
        if is_marked:
            marked.append(day)
        elif "dateModified" not in marks and _within(time, "article", "main"):
            inside.append(day)
    if marked:
        return marked[0], "element marked datePublished"
    return (inside[0], "the only <time> of the article") if len(set(inside)) == 1 else None


def _within(element: HtmlElement, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _elsewhere(element: HtmlElement) -> bool:
    """Whether the element is in a sidebar, footer, navigation, list or nested article."""
    if _within(element, "aside", "footer", "nav", "li"):
        return True
    return sum(1 for _ in element.iterancestors("article")) > 1


def _date(written: object) -> str | None:
    if isinstance(written, list):
        written = written[0] if written else None
    day = parse_date(written) if isinstance(written, str) else None
    return day if day and len(day) > 4 else None
