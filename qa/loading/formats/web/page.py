"""What a page states about itself, collected once."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from qa.loading.formats.web.address import address_of
from qa.loading.normalise import one_line

TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_MOST = 0.6


@dataclass(frozen=True)
class Page:
    """`metas`: the contents of the meta elements by lower-case name, in the page's order.
    `trunk`: the elements from the root down that hold most paragraphs of the page."""

    tree: HtmlElement
    address: str | None
    metas: dict[str, tuple[str, ...]]
    trunk: frozenset[HtmlElement]

    def meta(self, *names: str) -> str | None:
        """The first value that one of the meta elements has; the first name counts most."""
        return next((self.metas[name][0] for name in names if name in self.metas), None)


def page_of(tree: HtmlElement, text: str) -> Page:
    """The page with its tree and its text."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        value = plain(meta.get("content") or meta.get("datetime"))
        names = {(meta.get(name) or "").strip().lower() for name in ("property", "name")}
        parent = meta.getparent()
        if parent is not None and parent.tag == "head":
            # In the body, it is a fact of the item around it.
            names.add((meta.get("itemprop") or "").strip().lower())
        for name in names if value else ():
            if name:
                found.setdefault(name, []).append(value or "")
    metas = {name: tuple(each) for name, each in found.items()}
    return Page(tree, address_of(tree, text), metas, frozenset(_trunk(tree)))


def _trunk(tree: HtmlElement) -> Iterator[HtmlElement]:
    place: HtmlElement | None = tree
    paragraphs = sum(1 for _ in tree.iter("p"))
    while place is not None:
        yield place
        counts = [(sum(1 for _ in child.iter("p")), child) for child in place]
        place = next((child for count, child in counts if 0 < paragraphs * _MOST < count), None)
        place = place if place is not None and place.tag != "p" else None


def plain(written: object) -> str | None:
    """A value of JSON-LD or of an attribute as one line: no markup, no entities."""
    if not isinstance(written, str):
        return None
    # Some systems escape twice.
    text = html.unescape(html.unescape(written[:4000]))
    return one_line(TAG.sub("", text))


def text_of(element: HtmlElement) -> str:
    """The text of an element on one line."""
    return one_line(" ".join(element.itertext()), 1000) or ""
