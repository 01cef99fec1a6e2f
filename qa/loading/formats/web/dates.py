"""Find the publication date that an HTML page states, and where the page states it.

Sources, in this order: JSON-LD `datePublished` of the article, OpenGraph `article:published_time`,
other meta elements, an element marked as the date, a line between headline and text, the only
<time> of the article. Not used: copyright footers, dates of comments and of other articles, and
guesses from the layout.
"""

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from qa.loading.dates import parse_date
from qa.loading.formats.web.linked import Linked
from qa.loading.formats.web.page import Page, text_of
from qa.loading.formats.web.text import MainText
from qa.loading.formats.web.whose import (
    MOST,
    Elements,
    beside_link,
    elsewhere,
    names_of,
    under_headline,
)
from qa.loading.scraped.lines import dated, posted, updated

Found = tuple[str, str]

_META = (
    "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "published_time", "published-date", "publicationdate", "originalpublicationdate",
    "article.published", "article_date_original", "article:post_date", "dc.date",
    "dc.date.issued", "dc.date.created", "dc:date", "dcterms.created", "dcterms.date",
    "dcterms.issued", "citation_publication_date", "citation_date", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "rnews:datepublished", "dateissued",
    "article:published_date", "article:publish_time", "publishtime", "publish_time", "og:pubdate",
    "dc.date.published", "dcterms.published", "prism.publicationdate", "bt:pubdate", "pub_date",
    "cxenseparse:publishtime", "og:release_date", "published_at", "article_publish_date",
)  # fmt: skip
_URL_DATE = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/|$)")
# The classes that microformats and content systems give to the date of publication.
_PUBLISHED = re.compile(
    r"(?:^|\s)(?:published|dt-published|entry-date|post-date|article-date|pubdate|pub-date|"
    r"publish(?:ed)?-?(?:date|time|at|on)|date-published|datePublished)(?:\s|$)",
    re.I,
)
_ELEMENTS = ("time", "span", "p", "div", "abbr", "meta", "li", "em", "small")
_CHANGED = re.compile(r"updat|modif|revis", re.I)
_DATE_CLASS = re.compile(
    r"dat(?:e|um|a)(?![a-z])|date|time|publi|meta|byline|info|posted|stamp|fecha|zeit|heure|hora|일시|日期",
    re.I,
)
_VALUES = (
    "datetime",
    "content",
    "data-date-time",
    "data-datetime",
    "data-date",
    "data-time",
    "title",
)
_LONGEST = 80


def published(page: Page, linked: Linked, main: MainText) -> Found | None:
    """The date that the page states for its article, and where the page states it."""
    if day := _day(linked.value("datePublished")):
        return day, "JSON-LD datePublished"
    trunk = page.trunk | main.trunk
    return (
        _meta(page)
        or _marked(page.tree, main, trunk)
        or _near_headline(page.tree, main, trunk)
        or _time(page.tree, main, trunk)
    )


def from_url(url: str | None) -> Found | None:
    """The date in the path of the page's URL (`/2019/04/26/`)."""
    try:
        found = _URL_DATE.search(urlsplit(url or "").path)
    except ValueError:
        return None
    day = parse_date("-".join(found.groups())) if found else None
    return (day, "address (URL) of the page") if day else None


def _meta(page: Page) -> Found | None:
    for name in ("article:published_time", *_META):
        for value in page.metas.get(name, ())[:3]:
            if day := _day(value):
                known = "OpenGraph" if name == "article:published_time" else "meta"
                return day, f"{known} {name}"
    return None


def _marked(tree: HtmlElement, main: MainText, trunk: Elements) -> Found | None:
    """The date in elements marked `datePublished`, `pubdate` or with a class that says so."""
    behind = _behind(tree, main)
    for is_marked, told in (
        (_by_name, "element marked datePublished"),
        (_by_class, "element of class {}"),
    ):
        found = [
            (day, each) for each in islice(filter(is_marked, tree.iter(*_ELEMENTS)), MOST)
            if (day := _day_in(each)) and not elsewhere(each, trunk)
            and not (each in behind and beside_link(each, trunk))
        ]  # fmt: skip
        near = [
            each for each in found if main.place is not None and _in(each[1], main.place)
        ] or found
        if len({day for day, _ in near}) == 1:
            day, element = near[0]
            return day, told.format((element.get("class") or "").strip()[:40])
    return None


def _behind(tree: HtmlElement, main: MainText) -> Elements:
    """The elements behind the article's last paragraph and outside of its element."""
    if main.place is None:
        return frozenset()
    elements = tree.iter()
    for element in elements:
        if element is main.last:
            break
    inside = set(main.place.iter())
    return frozenset(element for element in elements if element not in inside)


def _by_name(element: HtmlElement) -> bool:
    marks = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
    return "datePublished" in marks or "pubdate" in element.attrib


def _by_class(element: HtmlElement) -> bool:
    marks = element.get("class") or ""
    return element.tag != "meta" and bool(_PUBLISHED.search(marks)) and not _CHANGED.search(marks)


def _near_headline(tree: HtmlElement, main: MainText, trunk: Elements) -> Found | None:
    """The only date that stands alone between the headline and the first paragraph."""
    if main.first is None:
        return None
    found: dict[str, str] = {}
    for element in under_headline(tree, main.first):
        names = names_of(element if element.tag not in ("li", "dd") else element.getparent())
        if not (_DATE_CLASS.search(names) or element.tag in ("time", "p")):
            continue
        if _CHANGED.search(names_of(element)) or elsewhere(element, trunk):
            continue
        text = text_of(element)
        if len(text) <= _LONGEST and not updated(text) and (day := _day_in(element)):
            found.setdefault(day, f'line "{text}" under the headline')
    return next(iter(found.items())) if len(found) == 1 else None


def _time(tree: HtmlElement, main: MainText, trunk: Elements) -> Found | None:
    """The date of the article's <time> elements, if they agree."""
    found: set[str] = set()
    behind = _behind(tree, main)
    for element in islice(tree.iter("time"), MOST):
        if _CHANGED.search(_marks(element)) or element in behind:
            continue
        inside = main.place is not None and _in(element, main.place)
        if not inside and not _within(element, "article", "main"):
            continue
        if (
            not elsewhere(element, trunk)
            and not _in_sentence(element)
            and (day := _day_in(element))
        ):
            found.add(day)
    return (next(iter(found)), "the only <time> of the article") if len(found) == 1 else None


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('itemprop') or ''}"


def _in_sentence(element: HtmlElement) -> bool:
    """Whether the date is one that the text speaks of."""
    around = next(element.iterancestors("p", "li", "blockquote"), None)
    return around is not None and len(text_of(around)) > len(text_of(element)) + _LONGEST


def _within(element: HtmlElement, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _in(element: HtmlElement, place: HtmlElement) -> bool:
    return any(above is place for above in element.iterancestors())


def _day_in(element: HtmlElement) -> str | None:
    for name in _VALUES:
        if day := _day(element.get(name)):
            return day
    text = text_of(element)
    return (dated(text) or posted(text)) if len(text) <= _LONGEST else None


def _day(written: object) -> str | None:
    if isinstance(written, list):
        written = written[0] if written else None
    if isinstance(written, dict):
        written = written.get("@value")
    day = parse_date(written) if isinstance(written, str) else None
    return day if day and len(day) > 4 else None
