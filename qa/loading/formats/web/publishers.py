"""The publisher of a page, and every name that the page has for its site."""

import re
from collections.abc import Iterator

from qa.loading.formats.web.address import publisher_host
from qa.loading.formats.web.linked import Linked
from qa.loading.formats.web.page import Page, plain
from qa.loading.formats.web.titles import key, same, stated

_NAMED = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher",
          "dcterms.publisher", "dc:publisher", "publisher", "citation_journal_title", "rbpubname",
          "sailthru.publisher", "copyright", "dcterms.rights", "article:publisher",
          "twitter:site")  # fmt: skip
# The words of a rights line around the name of its owner.
_RIGHTS = re.compile(
    r"all rights reserved\.?|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados|"
    r"tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden|"
    r"版权所有|版權所有|保留所有权利|无断转载禁止|無断転載(?:を)?禁(?:じます|止)|무단\s?전재.{0,30}|"
    r"\b(?:copyright|copr\.?)\b|©|ⓒ|\(c\)|(?<!\d)(?:19|20)\d\d(?:\s?[-–]\s?(?:(?:19|20)?\d\d|present))?(?!\d)",
    re.I,
)
_EDGES = " \t,.;:|-–—·•/\xa0"
_HOST = re.compile(r"(?:www\.)?((?:[\w-]+\.)+[a-z]{2,24})/?", re.I)
_ARCHIVES = frozenset(("internet archive", "wayback machine", "archive.today", "google cache"))
_LONGEST = 80
_MOST_WORDS = 8


def publisher_of(page: Page, linked: Linked) -> str | None:
    """The publisher that the page names; else the host of its address."""
    headlines = stated(page)
    for name in _stated(page, linked):
        if not _is_headline(name, page, headlines):
            return name
    return publisher_host(page.address)


def names_of_site(page: Page, linked: Linked) -> list[str]:
    """Every name that the page has for its site, as they stand beside a headline."""
    host = publisher_host(page.address)
    names = list(_stated(page, linked))
    if host:
        labels = host.split(".")
        names += [host, *(label for label in labels[:-1] if len(label) > 3)]
    return names + [
        re.sub(r"^(?:the|der|die|das|le|la|el|il) ", "", name, flags=re.I) for name in names
    ]


def name(written: object) -> str | None:
    """A publisher's name without the words of its rights; None if it is no name."""
    text = plain(written)
    if not text or text.startswith("@"):
        return None
    if "://" in text or text.startswith("//"):
        return publisher_host(text if "://" in text else f"https:{text}")
    text = " ".join(_RIGHTS.sub(" ", text).split()).strip(_EDGES)
    text = re.sub(r"^(?:by|by the|von|par) (?=\S)", "", text, flags=re.I)
    if (
        text.casefold() in _ARCHIVES
        or not 2 <= len(text) <= _LONGEST
        or len(text.split()) > _MOST_WORDS
        or text.isdigit()
    ):
        return None
    host = _HOST.fullmatch(text)
    return (host[1] if publisher_host(f"https://{host[1]}") else None) if host else text


def _stated(page: Page, linked: Linked) -> Iterator[str]:
    written: list[object] = [*linked.names("publisher")]
    written += [page.meta("og:site_name")]
    written += [each.get("name") for kind in ("WebSite", "") for each in linked.sites
                if kind in str(each.get("@type"))]  # fmt: skip
    written += map(page.meta, _NAMED)
    # "Pier closes | courier.example"
    written += [end for line in stated(page) if _HOST.fullmatch(end := line.rsplit(" ", 1)[-1])]
    yield from filter(None, map(name, written))


def _is_headline(text: str, page: Page, headlines: list[str]) -> bool:
    """Whether the name is the title of the page, as some systems write it."""
    own = [
        line
        for line in headlines
        if key(line) == key(text) or (len(text.split()) > 3 and same(line, text))
    ]
    return bool(own) and key(text) != key(page.meta("og:site_name") or "")
