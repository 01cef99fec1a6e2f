"""The generous reading of a page: every block of text that nothing shows to be foreign.

The precise reading (trafilatura) goes by the names of elements, and so loses paragraphs whose
element is called `sidebar-grid` or `share-target`. Here an element is foreign by what it contains:
links, controls of a form, a heading that is a link. Its names count only together with that.

    Block       a paragraph, heading, list item or table row, with the element that holds it
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from qa.loading.formats.web import whose
from qa.loading.scraped.lines import LONGEST, related_heading

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr q rb "
    "ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_UNREAD = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video picture map "
    "button select textarea input option head figure nav footer aside menu dialog".split()
)
_CONTROLS = frozenset("input button select textarea form".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PARAGRAPHS = frozenset("p li blockquote pre dd dt td th".split())
_FLOW = _PARAGRAPHS | _HEADINGS | {"ul", "ol", "dl", "table", "details", "header"}
_CONTAINERS = frozenset(("article", "main"))
# Microformats and microdata name the element of an article.
_ENTRY = re.compile(r"(?:^|\s)h-?entry(?:\s|$)|schema\.org/(?:\w*Article|BlogPosting)(?:\s|$)")
_SENTENCE = re.compile(r"[.!?。！？…][\"'”’»)\]」』]*(?:\s|$)")
_SPACE = re.compile(r"\s+")
# Stands for <br>: no page contains it, because control characters are removed from its text.
_BREAK = "\x01"
_EMPTY_LINE = re.compile(r"\x01\s*+\x01[\x01\s]*+")
_LINE_END = re.compile(r" ?\x01 ?")
# A paragraph of the article, as opposed to a label, a caption or a headline in a list.
_PROSE = 60
_PROSE_EAST_ASIAN = 25
_MOST_LINKED = 0.4
# A form with more text than this is the page itself, as ASP.NET writes it.
_FORM = 1500
# So few paragraphs, with so little of the text, do not show where the others stand.
_FEW = 3
_LITTLE = 0.4
# A table row with paragraphs of that length is the layout of the page, not a row of figures.
_LAYOUT = 200
_MOST_DEPTH = 200


@dataclass(frozen=True)
class Block:
    """`kind`: the tag, `p` for text without one. `prose`: whether it is a paragraph of an article."""

    text: str
    kind: str
    element: HtmlElement
    prose: bool


@dataclass(slots=True)
class _Inside:
    """What an element contains: characters of text, of links, of paragraphs; form controls."""

    text: int = 0
    linked: int = 0
    prose: int = 0
    controls: bool = False
    heading: bool = False
    linked_heading: bool = False
    blocks: bool = False


def blocks_of(body: HtmlElement) -> list[Block]:
    """The blocks of the page in its order, without what is foreign to its article."""
    inside = _measure(body)
    return list(_blocks(body, inside, 0))


def innermost(prose: list[Block], body: HtmlElement) -> HtmlElement:
    """The innermost element that holds nine tenths of the paragraphs."""
    mass: Counter[HtmlElement] = Counter()
    for block in prose:
        for above in (block.element, *block.element.iterancestors()):
            mass[above] += len(block.text)
    total = sum(len(block.text) for block in prose)
    place = body
    while (best := max(place, key=lambda child: mass.get(child, 0), default=None)) is not None:
        if mass.get(best, 0) < 0.9 * total or best.tag in _PARAGRAPHS:
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
    parents |= _parents(similar)
    kept = {id(block) for block in similar}
    return [
        block for block in within if id(block) in kept or _beside(block.element, parents, place)
    ]


def _path(element: HtmlElement, place: HtmlElement) -> tuple[str, ...]:
    """The tags from the element up to `place`."""
    path: list[str] = []
    for above in (element, *element.iterancestors()):
        if above is place:
            break
        path.append(str(above.tag))
    return tuple(path)


def _parents(blocks: list[Block]) -> set[HtmlElement]:
    own = {block.element for block in blocks if block.element.tag not in _PARAGRAPHS}
    return own | {block.element.getparent() for block in blocks if block.element.tag in _PARAGRAPHS}


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


def _measure(body: HtmlElement) -> dict[HtmlElement, _Inside]:
    """What is inside of each element, in one pass from the leaves to the root."""
    elements = [each for each in body.iter() if isinstance(each.tag, str)]
    inside = {each: _Inside() for each in elements}
    for each in reversed(elements):
        own = inside[each]
        if each.tag in _UNREAD:
            own.text = own.linked = own.prose = 0
        else:
            own.text += len((each.text or "").strip())
        if each.tag == "a":
            own.linked = own.text
        own.controls = own.controls or each.tag in _CONTROLS
        if each.tag in _PARAGRAPHS and not own.prose:
            own.prose = (
                own.text if own.text >= _PROSE_EAST_ASIAN and own.linked < own.text / 2 else 0
            )
        if each.tag in _HEADINGS:
            own.heading = True
            own.linked_heading = own.linked * 2 > own.text
        elif each.tag == "a":
            own.linked_heading = own.heading
        parent = inside.get(each.getparent())
        if parent is not None:
            parent.text += own.text + len((each.tail or "").strip())
            parent.linked += own.linked
            parent.prose += own.prose
            parent.controls = parent.controls or own.controls
            parent.heading = parent.heading or own.heading
            parent.linked_heading = parent.linked_heading or own.linked_heading
            parent.blocks = parent.blocks or own.blocks or each.tag not in _INLINE
    return inside


def _blocks(
    element: HtmlElement, inside: dict[HtmlElement, _Inside], depth: int
) -> Iterator[Block]:
    if depth > _MOST_DEPTH:
        return
    run: list[str] = [element.text or ""]
    kind = str(element.tag)
    for child in element:
        if not isinstance(child.tag, str):
            run.append(child.tail or "")
            continue
        own = inside[child]
        if child.tag in _INLINE and not own.blocks:
            run.append(_inline(child))
        else:
            yield from _paragraphs(run, kind, element)
            run = []
            if child.tag == "tr" and own.prose < _LAYOUT:
                yield from _row(child)
            elif not _foreign(child, element, inside):
                yield from _blocks(child, inside, depth + 1)
        run.append(child.tail or "")
    yield from _paragraphs(run, kind, element)


def _inline(element: HtmlElement) -> str:
    if element.tag == "br":
        return _BREAK
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _UNREAD:
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _paragraphs(run: list[str], kind: str, element: HtmlElement) -> Iterator[Block]:
    """The paragraphs in a run of text; two line breaks separate them."""
    whole = "".join(run)
    if not whole.strip():
        return
    for part in _EMPTY_LINE.split(whole):
        text = _LINE_END.sub("\n", _SPACE.sub(" ", part)).strip()
        if text:
            prose = kind not in _HEADINGS and is_prose(text)
            if prose or kind in _PARAGRAPHS or kind in _HEADINGS:
                yield Block(text, kind if kind in _PARAGRAPHS | _HEADINGS else "p", element, prose)


def is_prose(text: str) -> bool:
    """Whether the text is a sentence or more, and not a label."""
    dense = not text.isascii() and 2 * sum(letter > "\u2e80" for letter in text) > len(text)
    if len(text) < (_PROSE_EAST_ASIAN if dense else _PROSE):
        return False
    return _SENTENCE.search(text) is not None or len(text) > LONGEST


def _row(row: HtmlElement) -> Iterator[Block]:
    cells = [_SPACE.sub(" ", "".join(cell.itertext())).strip() for cell in row.iter("td", "th")]
    if any(cells):
        yield Block("| " + " | ".join(cells) + " |", "tr", row, False)


def _foreign(child: HtmlElement, parent: HtmlElement, inside: dict[HtmlElement, _Inside]) -> bool:
    """Whether what is in `child` is not the article's."""
    own, around = inside[child], inside[parent]
    if (
        child.tag in _UNREAD
        or whose.aside(child)
        and not (child.tag == "form" and own.text > _FORM)
    ):
        return True
    # Most of the text around it: the element of the article, whatever its name is.
    if own.text * 2 > around.text and own.prose * 2 > around.prose > 0 and child.tag != "a":
        if not re.search(r"comment", whose.names_of(child), re.I):
            return False
    if whose.never_text(child) or _headed_as_related(child):
        return True
    linked = own.linked > _MOST_LINKED * own.text
    card = own.linked_heading and own.text < 600
    if child.tag in ("ul", "ol", "table", "div", "section", "article", "li") and (
        card or (linked and own.text > 0 and own.prose < own.text / 2)
    ):
        return True
    if whose.perhaps_other(child) or whose.furniture(child):
        return linked or own.controls or own.linked_heading or own.prose < _PROSE
    return False


def _headed_as_related(element: HtmlElement) -> bool:
    """Whether the element begins with a heading such as "Related articles"."""
    first = next(iter(element), None)
    if first is None or first.tag not in _HEADINGS:
        return False
    text = "".join(first.itertext()).strip()
    return len(text) <= 80 and related_heading(text)
