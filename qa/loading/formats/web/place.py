"""Where in the page the article stands, and which blocks stand there with it."""

import re
from collections import Counter

from lxml.html import HtmlElement

from qa.loading.formats.web.blocks import HEADINGS, PARAGRAPHS, Block

_CONTAINERS = frozenset(("article", "main"))
_FLOW = PARAGRAPHS | HEADINGS | {"ul", "ol", "dl", "table", "details", "header"}
# Microformats and microdata name the element of an article.
_ENTRY = re.compile(r"(?:^|\s)h-?entry(?:\s|$)|schema\.org/(?:\w*Article|BlogPosting)(?:\s|$)")
_STANDFIRST = 500
# So few paragraphs, with so little of the text, do not show where the others stand.
_FEW = 3
_LITTLE = 0.4


def innermost(prose: list[Block], body: HtmlElement) -> HtmlElement:
    """The innermost element that holds nine tenths of the paragraphs."""
    mass: Counter[HtmlElement] = Counter()
    for block in prose:
        for above in (block.element, *block.element.iterancestors()):
            mass[above] += len(block.text)
    total = sum(len(block.text) for block in prose)
    place = body
    if not prose:
        return body
    while (best := max(place, key=lambda child: mass.get(child, 0), default=None)) is not None:
        if mass.get(best, 0) < 0.9 * total or best.tag in PARAGRAPHS:
            break
        place = best
    return place


def article_around(place: HtmlElement, prose: list[Block]) -> HtmlElement:
    """The <article> or <main> around the element; else what holds it and its like.

    Some systems cut the text into several elements of one kind.
    """
    around = (place, *place.iterancestors())
    article = next((each for each in around if _holds_article(each)), None)
    parent = place.getparent()
    if article is not None or parent is None or place.tag == "body":
        return place if article is None else article
    kind = _kind(place)
    with_prose = {
        above for block in prose for above in (block.element, *block.element.iterancestors())
    }
    like = (each for each in parent if each is not place and each.tag == place.tag)
    return parent if any(each in with_prose and _kind(each) & kind for each in like) else place


def _kind(element: HtmlElement) -> set[str]:
    """The words of the element's class without their numbers."""
    return {re.sub(r"\d+", "", word) for word in (element.get("class") or "-").split()}


def _holds_article(element: HtmlElement) -> bool:
    if element.tag in _CONTAINERS or element.get("role") in ("article", "main"):
        return True
    return bool(_ENTRY.search(f"{element.get('class')} {element.get('itemtype')}"))


def kin(blocks: list[Block], found: list[Block], place: HtmlElement) -> list[Block]:
    """The blocks inside of `place` that stand in the page where the paragraphs in `found` stand.

    A paragraph is kin of others if the tags around it are theirs, or if it is beside one of them. A
    heading, list or table must be beside one. The transcript of a video between two paragraphs and
    the list of other articles below them are not kin.
    """
    inside = set(place.iter())
    within = [block for block in blocks if block.element in inside]
    known = {id(block) for block in found}
    prose = [block for block in within if block.prose]
    length = sum(len(block.text) for block in found)
    if len(found) < _FEW and length < _LITTLE * sum(len(block.text) for block in prose):
        known = {id(block) for block in prose}
    paths = {_path(block.element, place) for block in prose if id(block) in known}
    parents = _parents([block for block in prose if id(block) in known])
    similar = [
        block for block in prose
        if _path(block.element, place) in paths or _beside(block.element, parents, place)
    ]  # fmt: skip
    similar += _standfirst(within, similar)
    parents |= _parents(similar)
    kept = {id(block) for block in similar}
    return [
        block for block in within if id(block) in kept or _beside(block.element, parents, place)
    ]


def _standfirst(blocks: list[Block], similar: list[Block]) -> list[Block]:
    """The paragraph between the headline and the first of the paragraphs, if it is alone."""
    known = {id(block) for block in similar}
    first = next((at for at, block in enumerate(blocks) if id(block) in known), 0)
    headline = max((at for at in range(first) if blocks[at].kind in ("h1", "h2")), default=first)
    between = [block for block in blocks[headline:first] if block.prose]
    if len(between) != 1 or len(between[0].text) > _STANDFIRST:
        return []
    listed = next(between[0].element.iterancestors("li", "td"), None)
    return between if listed is None and between[0].kind != "li" else []


def _path(element: HtmlElement, place: HtmlElement) -> tuple[str, ...]:
    """The tags from the element up to `place`."""
    path: list[str] = []
    for above in (element, *element.iterancestors()):
        if above is place:
            break
        path.append(str(above.tag))
    return tuple(path)


def _parents(blocks: list[Block]) -> set[HtmlElement]:
    own = {block.element for block in blocks if block.element.tag not in PARAGRAPHS}
    return own | {block.element.getparent() for block in blocks if block.element.tag in PARAGRAPHS}


def _beside(element: HtmlElement, parents: set[HtmlElement], place: HtmlElement) -> bool:
    """Whether the element is, or is in, a paragraph, list, heading or table right in a parent."""
    if element in parents:
        return True
    for above in (element, *element.iterancestors()):
        if above is place:
            return False
        if above.getparent() in parents:
            return above.tag in _FLOW
    return False
