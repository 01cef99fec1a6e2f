"""The tree of a page, without what an archive put into it, and with readable text in it.

An element whose meaning is its position is rewritten: `10<sup>6</sup>` becomes 10⁶, the mark of a
footnote and the reading in `<ruby>` go, `<q>` gets its quotation marks, and a table that lays out
the page is none.
"""

import re

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, fromstring

from qa.loading.article import NotLoaded

_XML = re.compile(r"\A\s*<\?xml[^<>]{0,200}\?>")
# What libxml2 logs when it stops in the middle of a page.
_NO_MEMORY = "emory allocation failed"
_TOO_DEEP = "Excessive depth"

# The bars that the Wayback Machine, archive.today and Google's cache put above a page.
_OF_ARCHIVES = frozenset(
    ("wm-ipp-base", "wm-ipp", "wm-ipp-print", "donato", "google-cache-hdr")
)  # fmt: skip

_EXPONENT = re.compile(r"[+−–-]?(?:\d{1,4}|[ni])")
_RAISED = str.maketrans("0123456789+-−–ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿⁱ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# "1st" and "2e" are read right as they stand.
_NUMBER = re.compile(r"^[kmpxyN]$|\d")
_SIGN_OF_NOTE = re.compile(
    r"\[[^\[\]]{1,8}\]|[*†‡§¶#]{1,3}|\(\d{1,3}\)|\d{1,3}(?:\s?[,–-]\s?\d{1,3})*"
)
_NOTE_CLASS = re.compile(
    r"\b(?:foot|end)?notes?\b|footnote|reference|citation|noteref|fn-?ref", re.I
)
# A number raised after a longer word marks a footnote, unless the word is a unit of length.
_UNIT = re.compile(
    r"(?:kilo|centi|milli|deci|nano)?(?:met(?:re|er|ro)s?|mètres?|metri)|feet|foot|inch(?:es)?|miles?|"
    r"yards?|seconds?",
    re.I,
)
# A cell with that many characters, and that share of the page, holds the article and not a figure.
_LAYOUT = 400
_MOST = 0.4
_INLINE = frozenset("a b em font i span strong".split())
_DEPTH = 4
_LAST_WORD = re.compile(r"[^\W\d_]{1,40}$")


def parse(page: str) -> HtmlElement | None:
    """The page as a tree; None if it has no element.

    Raises: NotLoaded if elements are nested so deeply that the parser would drop content.
    """
    parser = HTMLParser(remove_comments=True, remove_pis=True)
    try:
        tree = fromstring(_XML.sub("", page, count=1), parser=parser)
    except (ParserError, ValueError):
        return None
    messages = " ".join(error.message for error in parser.error_log)
    if _NO_MEMORY in messages:
        raise MemoryError
    if _TOO_DEEP in messages:
        raise NotLoaded("nested too deeply to be read as a page")
    _prepare(tree)
    return tree


def _prepare(tree: HtmlElement) -> None:
    for element in list(tree.iter("rt", "rp", "rtc", "sup", "sub", "q", "div")):
        if element.getparent() is None:
            continue
        if element.tag in ("rt", "rp", "rtc"):
            element.drop_tree()
        elif element.tag == "sup":
            _lower(element)
        elif element.tag == "sub":
            _raise(element)
        elif element.tag == "q":
            _quote(element)
        elif element.get("id") in _OF_ARCHIVES:
            element.drop_tree()
    cells = list(tree.iter("td"))
    least = max(_LAYOUT, _MOST * len(tree.text_content())) if cells else 0
    for cell in cells:
        if len(cell.text_content()) >= least:
            _without_table(cell)


def _without_table(cell: HtmlElement) -> None:
    """Turn the table around the cell into plain boxes: it lays out the page."""
    table = next(cell.iterancestors("table"), None)
    for part in (
        table.iter("tbody", "thead", "tr", "td", "th", "table") if table is not None else ()
    ):
        part.tag = "div"


def _quote(element: HtmlElement) -> None:
    element.tag = "span"
    # Browsers set the quotation marks, unless the page has them already.
    if "".join(element.itertext()).lstrip()[:1] in "\"“”„«»‘'‹「『":
        return
    element.text = "“" + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + "”"
    else:
        element.text += "”"


def _lower(sup: HtmlElement) -> None:
    """Write a raised number on the line so that it still says the same, and drop a note's mark."""
    raised = "".join(sup.itertext()).strip()
    before = _text_before(sup)
    if _is_note(sup, raised, before):
        sup.drop_tree()
    elif _EXPONENT.fullmatch(raised):
        _write(sup, raised.translate(_RAISED))
    elif _NUMBER.search(raised) and before[-1:].isdigit():
        _write(sup, f"^({raised})")


def _raise(sub: HtmlElement) -> None:
    """Write a base on the line so that it is no figure of the number before it: 101₂."""
    lowered = "".join(sub.itertext()).strip()
    if lowered.isdecimal() and lowered.isascii() and _text_before(sub)[-1:].isdigit():
        _write(sub, lowered.translate(_LOWERED))


def _write(element: HtmlElement, text: str) -> None:
    for child in list(element):
        child.drop_tree()
    element.text, element.tag = text, "span"


def _is_note(sup: HtmlElement, raised: str, before: str) -> bool:
    if not _SIGN_OF_NOTE.fullmatch(raised):
        return False
    marked = f"{sup.get('class') or ''} {sup.get('id') or ''}"
    parent = sup.getparent()
    in_link = parent.tag == "a" and sup.getprevious() is None and not (parent.text or "").strip()
    linked = next(sup.iter("a"), None) is not None or in_link
    if linked or _NOTE_CLASS.search(marked) or not raised[0].isdigit():
        return True
    before = before.rstrip()
    if not before or before[-1] in ".,;:!?”\"'’»])":
        # (10)³ is a power; a bracket behind a word closes a remark.
        return re.search(r"\d\)$", before) is None
    word = _LAST_WORD.search(before)
    return bool(word and len(word[0]) >= 4 and word[0].isascii() and not _UNIT.fullmatch(word[0]))


def _text_before(element: HtmlElement) -> str:
    """The last characters before the element, in its parent or in the line around that."""
    for _ in range(_DEPTH):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            return str(previous.tail or "".join(previous.itertext()))[-60:]
        if parent is None or parent.text or parent.tag not in _INLINE:
            return (parent.text or "")[-60:] if parent is not None else ""
        element = parent
    return ""
