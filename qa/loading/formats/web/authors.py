"""The authors of the page's article."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from qa.loading.formats.web.linked import Linked
from qa.loading.formats.web.page import Page, plain, text_of
from qa.loading.formats.web.text import MainText
from qa.loading.formats.web.titles import key
from qa.loading.formats.web.whose import MOST, elsewhere, is_line, names_of, under_headline
from qa.loading.scraped.lines import byline
from qa.loading.scraped.names import person, role, without_label

_NAMED = ("author", "article:author", "byl", "dc.creator", "dcterms.creator", "dc:creator",
          "parsely-author", "sailthru.author", "citation_author", "og:author", "og:article:author",
          "authors", "article:author_name", "rbauthors", "shareaholic:article_author_name",
          "cxenseparse:author", "creator", "dcterms.creator.aut")  # fmt: skip
# Names of accounts and fields, not of people.
_NO_NAMES = frozenset(
    "admin administrator webmaster root user username guest null undefined none unknown anonymous "
    "author authors autor auteur autore by editor default system staff test 作者 记者 記者 编辑 "
    "責任編集 기자 관리자 管理员 管理員 佚名".split()
)
_CHANGED = re.compile(r"(?:last )?(?:updated?|modified|published|posted)\b", re.I)
_SPLIT = re.compile(r"\s*(?:[;|/，、]|,(?: and\b)?)\s*")
_AND = re.compile(r"\s+(?:and|und|et|y|e|&)\s+")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline\w*|author(?:s|-?names?)?|writer|reporter|journalist|zuozhe|fn|p-author|"
    r"posted-by|submitted-by|auteurs?|autor(?:es?|a|en)?|autore|redakteur|verfasser|periodista|contributors?)(?:$|[\s_-])|(?:Byline|AuthorName|authorName)",
)
_COMMENT = re.compile(r"comment|disqus|repl(?:y|ies)\b", re.I)
_EAST_ASIAN = re.compile(r"[\u3040-\ud7ff]{2,5}(?:[、，·\s][\u3040-\ud7ff]{2,5}){0,4}")
_ELEMENTS = tuple("a span div p address li cite strong em h3 h4 h5 td meta".split())
_BUTTON = re.compile(
    r"(?:follow|share|log|sign|view|read|more|contact|about|guest|my|your)\b", re.I
)
_URL = re.compile(r"https?://\S+|\S+@\S+")
# A year, an address, the name of a host.
_NO_NAME = re.compile(r"\d{3}|www\.|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}$")
_MOST = 12
_LONGEST = 120


def author_of(page: Page, linked: Linked, main: MainText, sites: Iterable[str]) -> str | None:
    """The authors, separated by commas; never the site itself."""
    of_site = {key(name) for name in sites}
    sources = chain([linked.names("author")], _of_metas(page), _of_elements(page, main))
    for names in sources:
        if people := _people(names, of_site):
            return ", ".join(people[:_MOST])
    return None


def _of_metas(page: Page) -> Iterator[list[str]]:
    for name in _NAMED:
        if name in page.metas:
            yield list(page.metas[name])


def _people(names: Iterable[str], of_site: set[str]) -> list[str]:
    """The names of people and agencies among the names, each once."""
    found: dict[str, str] = {}
    for written in names:
        for name in _single(without_label(_URL.sub(" ", plain(written) or "").strip())):
            name = name if key(name) in of_site else _without_site(name, of_site)
            same = key(name)
            if not _is_name(name) or same in of_site or same in _NO_NAMES:
                continue
            # "JONAS VALE", "jonas-vale" and "Jonas Vale" are one.
            if same not in found or _rank(name) > _rank(found[same]):
                found[same] = name
    people = [name for name in found.values() if not role(name)]
    return people or list(found.values())


def _without_site(name: str, of_site: set[str]) -> str:
    """`Ann Lee CNBC` -> `Ann Lee`, where CNBC is the site."""
    words = name.split()
    while len(words) > 2 and key(words[-1]) in of_site:
        words.pop()
    return " ".join(words)


def _rank(name: str) -> tuple[bool, bool]:
    return " " in name, not (name.isupper() or name.islower())


def _single(names: str) -> list[str]:
    """The single names in a list of them."""
    found: list[str] = []
    for part in _SPLIT.split(names):
        both = _AND.split(part)
        people = len(both) > 1 and all(len(each.split()) > 1 and person(each) for each in both)
        found += both if people else [part]
    return [without_label(name.strip(" ,.-–—")) for name in found if name.strip(" ,.-–—")]


def _is_name(name: str) -> bool:
    if "://" in name or "@" in name or len(name) > _LONGEST or _CHANGED.match(name):
        return False
    return any(letter.isalpha() for letter in name) and not _NO_NAME.search(name)


def _of_elements(page: Page, main: MainText) -> Iterator[list[str]]:
    """The names in elements that are marked as the article's author, those of the first byline."""
    trunk = page.trunk | main.trunk
    for is_byline in (_is_marked, _is_named):
        found: list[str] = []
        line: HtmlElement | None = None
        for element in islice(filter(is_byline, page.tree.iter(*_ELEMENTS)), MOST):
            if not is_line(element) or elsewhere(element, trunk):
                continue
            if line is not None and line not in (element, *islice(element.iterancestors(), 3)):
                continue
            if names := _names_in(element):
                found += names
                above = element.getparent()
                line = line if line is not None or above is None else above
        yield found
    for element in under_headline(page.tree, main.first) if main.first is not None else ():
        if (line := byline(text_of(element))) and line.author and not elsewhere(element, trunk):
            yield [line.author]


def _is_marked(element: HtmlElement) -> bool:
    marks = f"{element.get('itemprop') or ''} {element.get('property') or ''}".split()
    if "author" in marks or "author" in (element.get("rel") or "").split():
        return True
    return "name" in marks and any(
        "author" in (above.get("itemprop") or "").split() for above in element.iterancestors()
    )


def _is_named(element: HtmlElement) -> bool:
    return bool(_BYLINE.search(names_of(element))) and not _COMMENT.search(names_of(element))


def _names_in(element: HtmlElement) -> list[str]:
    """The names in an element of a byline: they must be written like names, or be labelled."""
    text = text_of(element) or plain(element.get("content")) or ""
    if _BUTTON.match(text):
        return []
    if (found := byline(text)) and found.author:
        return [found.author]
    linked = [
        told[0] for link in element.iter("a") if (told := person(without_label(text_of(link))))
    ]
    if linked or not text or len(text) > _LONGEST:
        return linked
    bare = without_label(text)
    if told := person(bare):
        return [told[0]]
    return [bare] if element.tag != "div" and _EAST_ASIAN.fullmatch(bare) else []
