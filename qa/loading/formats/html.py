"""HTML (.html, .htm): the main text and the metadata of a page.

Runs in the parser process only. trafilatura extracts the text. Metadata comes first from JSON-LD
and OpenGraph, then from the text. Nothing is fetched.
"""

import re
from urllib.parse import urlsplit

import trafilatura
from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, fromstring
from trafilatura.metadata import extract_metadata
from trafilatura.xml import xmltotxt

from qa.loading.article import Article, NotLoaded
from qa.loading.encodings import decode
from qa.loading.fields import text_field
from qa.loading.formats import html_dates
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.page import clean

_DECLARED = re.compile(
    rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^<>]{0,100}encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_XML = re.compile(r"\A\s*<\?xml[^<>]{0,200}\?>")
# What libxml2 logs when it stops in the middle of a page.
_NO_MEMORY = "emory allocation failed"
_TOO_DEEP = "Excessive depth"
# If less text is found, extraction is repeated with less strict settings.
_POOR = 200
# The block elements of trafilatura's tree, and its marker for an empty line (it drops unmarked
# empty lines).
_BLOCKS = ("p", "head", "quote", "list", "table")
_EMPTY_LINE = "\n\u2424\n"


def read(data: bytes) -> Article:
    """The article in the bytes of an HTML page.

    Raises: NotLoaded if the bytes are not text or the page has no main text.
    """
    declared = _DECLARED.search(data[:4096])
    name = (declared[1] or declared[2]).decode("ascii", "replace") if declared else None
    decoded, encoding, warnings = decode(data, name)
    page = _XML.sub("", normalise(decoded), count=1)
    tree = _tree(page)
    if tree is None:
        raise NotLoaded("not an HTML page: no element was found in it")
    linked = html_dates.json_ld(tree)
    stated = html_dates.published(tree, linked)
    text = normalise(_main_text(page) or _article_body(linked) or "").strip()
    if not text:
        raise NotLoaded("no main text was found in the page")
    facts = extract_metadata(tree, extensive=False)
    url = _url(tree) or _web(facts.url)
    source = _of_article(linked, "publisher") or one_line(facts.sitename) or _host(url)
    title = _title(one_line(facts.title), source)
    scrape = clean(text, title)
    dated = stated or (scrape.published, scrape.published_from)
    if dated[0] is None:
        dated = html_dates.from_url(url) or (None, None)
    return Article(
        text=scrape.text,
        title=title or one_line(scrape.title),
        source=source or scrape.source,
        author=_author(_of_article(linked, "author") or facts.author, source)
        or one_line(scrape.author),
        published=dated[0],
        published_from=dated[1],
        url=url,
        encoding=encoding,
        warnings=warnings,
    )


def _tree(page: str) -> HtmlElement | None:
    """The page as a tree.

    Raises: NotLoaded if elements are nested so deeply that the parser would drop content.
    """
    parser = HTMLParser(remove_comments=True, remove_pis=True)
    try:
        tree = fromstring(page, parser=parser)
    except (ParserError, ValueError):
        return None
    messages = " ".join(error.message for error in parser.error_log)
    if _NO_MEMORY in messages:
        raise MemoryError
    if _TOO_DEEP in messages:
        raise NotLoaded("nested too deeply to be read as a page")
    return tree


def _main_text(page: str) -> str | None:
    """The strictest extraction that finds `_POOR` characters, else the longest extraction."""
    found: list[str] = []
    for strictness in ({"favor_precision": True}, {}, {"favor_recall": True}):
        document = trafilatura.bare_extraction(
            page, include_comments=False, include_tables=True, with_metadata=False, **strictness
        )
        text = _in_paragraphs(document.body).strip() if document else ""
        if len(text) >= _POOR:
            return text
        found.append(text)
    return max(found, key=len)


def _in_paragraphs(body: HtmlElement) -> str:
    """The text of an extracted tree, with an empty line after each of its blocks."""
    within = {block for part in body.iter("item", "cell") for block in part.iter(*_BLOCKS)}
    for block in body.iter(*_BLOCKS):
        if block not in within:
            block.tail = _EMPTY_LINE + (block.tail or "")
    for line_break in body.iter("lb"):
        following = line_break.getnext()
        # Some pages separate paragraphs with two line breaks.
        if following is not None and following.tag == "lb" and not (line_break.tail or "").strip():
            line_break.tail = _EMPTY_LINE
    text: str = xmltotxt(body, include_formatting=False)
    return text


def _article_body(linked: list[object]) -> str | None:
    for each in linked:
        body = each.get("articleBody") if isinstance(each, dict) else None
        if isinstance(body, str) and body.strip():
            return body
    return None


def _of_article(linked: list[object], key: str) -> str | None:
    """The name of the article's `author` or `publisher` in JSON-LD."""
    for each in linked:
        if isinstance(each, dict) and (name := text_field(each, key)):
            return None if "://" in name else one_line(name)
    return None


def _url(tree: HtmlElement) -> str | None:
    """The URL that the page states for itself."""
    for link in tree.iter("link"):
        if (link.get("rel") or "").strip().lower() == "canonical":
            return _web(link.get("href"))
    for meta in tree.iter("meta"):
        if (meta.get("property") or "").strip().lower() == "og:url":
            return _web(meta.get("content"))
    return None


def _web(url: str | None) -> str | None:
    url = (url or "").strip()
    return url if re.fullmatch(r"https?://[^\s<>\"]{3,2000}", url) else None


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _title(title: str | None, source: str | None) -> str | None:
    """The title without the site name that many pages append."""
    if title and source:
        for mark in (" - ", " | ", " – ", " — ", " :: "):
            head, _, site = title.rpartition(mark)
            if head and site.strip().casefold() == source.casefold():
                return head.strip()
    return title


def _author(author: str | None, source: str | None) -> str | None:
    site = (source or "").casefold()
    names = (one_line(name) for name in (author or "").split(";"))
    people = [name for name in names if name and "://" not in name and name.casefold() != site]
    return ", ".join(people[:6]) or None
