"""The generous reading of a page: every block of text that nothing shows to be foreign.

The precise reading (trafilatura) goes by the names of elements, and so loses paragraphs whose
element is called `sidebar-grid` or `share-target`. Here an element is foreign by what it contains:
links, controls of a form, a heading that is a link. Its names count only together with that.

    Block       a paragraph, heading, list item or table row, with the element that holds it
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from qa.loading.formats.web import whose
from qa.loading.scraped.lines import LONGEST, related_heading, whole_related_heading

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr "
    "q rb ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_UNREAD = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video picture map "
    "button select textarea input option head figure nav footer aside menu dialog".split()
)
_CONTROLS = frozenset("input button select textarea form".split())
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
PARAGRAPHS = frozenset("p li blockquote pre dd dt td th".split())
_PARTS = frozenset("ul ol table div section article li".split())
_COMMENT = re.compile("comment", re.I)
_WRITER = re.compile(
    r"(?:^|[\s_-])(?:authors?|byline|contributors?|about-?the-?authors?)(?:$|[\s_-])", re.I
)
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
# Text of that length is a paragraph, also without an element of its own.
_DIRECT = 200
# The teaser of another article has less text.
_CARD = 600
# A table row with paragraphs of that length is the layout of the page, not a row of figures.
_LAYOUT = 200
_MOST_DEPTH = 200


@dataclass(frozen=True)
class Block:
    """`kind`: the tag, `p` for text without one. `prose`: whether it is a sentence or more."""

    text: str
    kind: str
    element: HtmlElement
    prose: bool


@dataclass(slots=True)
class _Inside:
    """What an element contains: characters of text, of links, of paragraphs, of text that stands
    in no other element; form controls and headings."""

    text: int = 0
    linked: int = 0
    prose: int = 0
    direct: int = 0
    controls: bool = False
    heading: bool = False
    linked_heading: bool = False
    blocks: bool = False


def blocks_of(body: HtmlElement) -> list[Block]:
    """The blocks of the page in its order, without what is foreign to its article."""
    inside = _measure(body)
    return list(_blocks(body, inside, 0))


def _measure(body: HtmlElement) -> dict[HtmlElement, _Inside]:
    """What is inside of each element, in one pass from the leaves to the root."""
    elements = [each for each in body.iter() if isinstance(each.tag, str)]
    inside = {each: _Inside() for each in elements}
    for each in reversed(elements):
        own = inside[each]
        _complete(own, each)
        parent = inside.get(each.getparent())
        if parent is not None:
            parent.text += own.text + len((each.tail or "").strip())
            parent.linked += own.linked
            parent.prose += own.prose
            parent.direct += len(each.tail or "") if each.tag in _INLINE else 0
            parent.controls = parent.controls or own.controls
            parent.heading = parent.heading or own.heading
            parent.linked_heading = parent.linked_heading or own.linked_heading
            parent.blocks = parent.blocks or own.blocks or each.tag not in _INLINE
    return inside


def _complete(own: _Inside, element: HtmlElement) -> None:
    """Add what the element says itself to what its children gave it."""
    own.controls = own.controls or element.tag in _CONTROLS
    if element.tag in _UNREAD:
        own.text = own.linked = own.prose = 0
        return
    own.text += len((element.text or "").strip())
    own.direct += len(element.text or "")
    if element.tag == "a":
        own.linked, own.linked_heading = own.text, own.heading
    elif element.tag in HEADINGS:
        own.heading, own.linked_heading = True, own.linked * 2 > own.text
    elif element.tag in PARAGRAPHS and not own.prose:
        whole = own.text >= _PROSE_EAST_ASIAN and own.linked < own.text / 2
        own.prose = own.text if whole else 0
    elif element.tag not in _INLINE and own.direct >= _DIRECT:
        own.prose += own.direct


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
            prose = kind not in HEADINGS and is_prose(text)
            if prose or kind in PARAGRAPHS or kind in HEADINGS:
                yield Block(text, kind if kind in PARAGRAPHS | HEADINGS else "p", element, prose)


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
    whole_page = child.tag == "form" and own.text > _FORM
    if child.tag in _UNREAD or (whose.aside(child) and not whole_page):
        return True
    # Most of the text around it: the element of the article, whatever its name is.
    most = own.text * 2 > around.text and own.prose * 2 > around.prose > 0
    if most and child.tag != "a" and not _COMMENT.search(whose.names_of(child)):
        return False
    linked = own.linked > _MOST_LINKED * own.text
    bio = _WRITER.search(whose.names_of(child)) and own.prose < _CARD
    if bio or whose.never_text(child) or _headed_as_related(child, linked or own.linked_heading):
        return True
    card = own.linked_heading and own.text < _CARD
    if child.tag in _PARTS and (card or (linked and own.prose < own.text / 2)):
        return True
    if whose.perhaps_other(child) or whose.furniture(child):
        return linked or own.controls or own.linked_heading or own.prose < _PROSE
    return False


def _headed_as_related(element: HtmlElement, with_links: bool) -> bool:
    """Whether the element begins with a heading such as "Related articles"."""
    first = next(iter(element), None)
    if first is None or first.tag not in HEADINGS:
        return False
    text = "".join(first.itertext()).strip()[:LONGEST]
    # "More from the council's plan" is the heading of a list only where links are below it.
    return whole_related_heading(text) or (with_links and related_heading(text))
