"""The main text of a page: two readings are compared, and a third where the page has one.

    precise    trafilatura, strict: no menus, but paragraphs are lost with the element around them
    generous   `blocks`: everything that nothing shows to be foreign to the article
    stated     `articleBody` of the article's JSON-LD: all of it, or only its beginning

The precise reading is taken unless it lacks a part of the generous one or of the stated one. A page
whose readings differ by more than `_MUCH` is reported, with the reason for the choice.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement
from trafilatura.xml import xmltotxt

from qa.loading.formats.web.blocks import Block, blocks_of
from qa.loading.formats.web.place import article_around, innermost, kin

# If less text is found, another reading is taken, or extraction is repeated with less strict
# settings. A character of East Asian text says as much as three others.
_POOR = 200
# The block elements of trafilatura's tree, and its marker for an empty line (it drops unmarked
# empty lines).
_BLOCKS = ("p", "head", "quote", "list", "table")
_EMPTY_LINE = "\n\u2424\n"
# The share of a reading that another one may lack without a word.
_MUCH = 0.15
# Of two readings that differ by more than that, the one that has all of the other is taken.
_LITTLE = 0.03
_ALL = 0.9
# A stated text that is shorter than this share of the page's is only its beginning.
_WHOLE = 0.8
# Of a page whose script would fetch the text, only the frame was saved.
_FAR_LONGER = 3
# Two readings are of one text if this share of the shorter one is in the longer one.
_ONE_TEXT = 0.6
# East Asian text has no spaces: each character is a word.
_WORD = re.compile(r"[\u2e80-\ud7ff\uf900-\uffef]|[^\W\u2e80-\ud7ff\uf900-\uffef]+")
_EAST_ASIAN = re.compile(r"[\u2e80-\ud7ff]")
_SENTENCE = 60
_RUN = 4
_BEFORE_PROSE = 8

Runs = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class MainText:
    """`lines`: those of the generous reading; `place`: the element that holds the text; `trunk`: it
    and those above it; `first`, `last`: the elements of its first and its last paragraph."""

    text: str
    lines: frozenset[str] = frozenset()
    place: HtmlElement | None = None
    trunk: frozenset[HtmlElement] = frozenset()
    first: HtmlElement | None = None
    last: HtmlElement | None = None
    warnings: tuple[str, ...] = ()


def main_text(tree: HtmlElement, stated: str | None) -> MainText:
    """The article's text in the tree of its page; `stated` is its `articleBody`."""
    with _read_inline(tree):
        precise = _extracted(tree, favor_precision=True)
        body = tree.find("body") if tree.tag == "html" else None
        body = tree if body is None else body
        blocks = blocks_of(body)
        known = _runs(precise)
        prose = [block for block in blocks if block.prose]
        found = [block for block in prose if _share(_runs(block.text), known) >= _ONE_TEXT]
        inner = innermost(found or prose, body)
        place = article_around(inner, prose)
        own = kin(blocks, found, place)
        if _length(precise) < _POOR:
            precise = _of_short_page(tree, precise, own)
    text, warnings = _chosen(_without_glue(precise, own), own, stated)
    paragraphs = [block.element for block in own if block.prose]
    if not paragraphs:
        return MainText(text, warnings=warnings)
    trunk = frozenset((inner, *inner.iterancestors()))
    lines = frozenset(line for block in blocks for line in block.text.split("\n"))
    return MainText(text, lines, place, trunk, paragraphs[0], paragraphs[-1], warnings)


@contextmanager
def _read_inline(tree: HtmlElement) -> Iterator[None]:
    """Meanwhile, each <time> in a sentence is plain text, which trafilatura would drop."""
    sentences = {
        each for each in tree.iter("p", "li", "blockquote") if len(each.text_content()) > _SENTENCE
    }
    times = [
        each for each in tree.iter("time")
        if next(each.iterancestors("p", "li", "blockquote"), None) in sentences
    ]  # fmt: skip
    for each in times:
        each.tag = "span"
    yield
    for each in times:
        each.tag = "time"


def _of_short_page(tree: HtmlElement, precise: str, own: Sequence[Block]) -> str:
    """The generous reading if it is longer, else the longest one of trafilatura."""
    generous = _text_of(own)
    if _length(generous) > max(_length(precise), _SENTENCE):
        return generous
    return max(precise, _extracted(tree), _extracted(tree, favor_recall=True), key=len)


def _without_glue(text: str, own: Sequence[Block]) -> str:
    """The text without a byline that trafilatura joined to the first paragraph."""
    first = next((block.text for block in own if block.prose), "")
    line, end, rest = text.partition("\n")
    return first + end + rest if first and line.endswith(first) else text


def _length(text: str) -> int:
    return len(text) + 2 * len(_EAST_ASIAN.findall(text))


def _chosen(precise: str, own: Sequence[Block], stated: str | None) -> tuple[str, tuple[str, ...]]:
    """The reading that is taken, and a warning if another one differs by much."""
    known = _runs(precise)
    prose = [block for block in own if block.prose]
    missing = [block for block in prose if _share(_runs(block.text), known) < _ONE_TEXT]
    lost = sum(len(block.text) for block in missing) / (sum(len(b.text) for b in prose) or 1)
    generous = _text_of(own) if lost else precise
    covered = _share(known, _runs(generous))
    text, warnings = precise, tuple[str, ...]()
    if lost > _MUCH and covered >= _ONE_TEXT:
        text = generous
        warnings = (_differ("a strict reading of the page", precise, generous, "the fuller"),)
    elif lost > _MUCH and len(generous) > len(precise):
        warnings = (_differ("one reading", generous, precise, "the stricter"),)
    elif lost > _LITTLE and covered >= _ALL:
        text = generous
    if stated and len(stated) >= _WHOLE * len(precise):
        return _compared(stated, precise, generous, text, warnings)
    return text, warnings


def _compared(
    stated: str, precise: str, generous: str, text: str, warnings: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The choice where the page states its whole text: the reading that is nearest to it."""
    whole = _runs(stated)
    best = max((text, precise, generous), key=lambda each: _agreement(_runs(each), whole))
    if best is not text:
        text, warnings = best, tuple[str, ...]()
    if _share(whole, _runs(text)) >= 1 - _MUCH:
        return text, warnings
    if _share(_runs(text), whole) >= _ONE_TEXT or len(stated) > _FAR_LONGER * len(text):
        return stated, (_differ("the page itself", text, stated, "its articleBody"),)
    return text, (
        *warnings,
        "its articleBody is another text than the page shows; that was left out",
    )


def _differ(what: str, one: str, other: str, chosen: str) -> str:
    return (
        f"{what} gives {len(one)} characters and another {len(other)}; {chosen} was taken, look "
        "whether it is whole"
    )


def _runs(text: str) -> Runs:
    """The runs of four words in the text; of a shorter text, all of it."""
    words = _WORD.findall(text.casefold())
    return frozenset(zip(*(words[at:] for at in range(_RUN)), strict=False)) or frozenset(
        [tuple(words)] if words else ()
    )


def _share(part: Runs, whole: Runs) -> float:
    return len(part & whole) / len(part) if part else 1.0


def _agreement(one: Runs, other: Runs) -> float:
    """The harmonic mean of the share of each in the other (F1)."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)


def _extracted(tree: HtmlElement, **strictness: bool) -> str:
    """trafilatura's text of the page."""
    document = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, with_metadata=False, **strictness
    )
    return _in_paragraphs(document.body).strip() if document else ""


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


def _text_of(blocks: Sequence[Block]) -> str:
    """The blocks as text: from a few lines before the first paragraph, without a last heading."""
    prose = [at for at, block in enumerate(blocks) if block.prose]
    if not prose:
        return ""
    blocks = blocks[max(0, prose[0] - _BEFORE_PROSE) :]
    end = len(blocks)
    while end and blocks[end - 1].kind.startswith("h"):
        end -= 1
    lines: list[str] = []
    seen: set[str] = set()
    for at, block in enumerate(blocks[:end]):
        if len(block.text) >= _POOR // 4 and block.text in seen:
            continue
        seen.add(block.text)
        listed = block.kind in ("li", "tr")
        joined = listed and at > 0 and blocks[at - 1].kind == block.kind
        lines.append("\n" if joined else "\n\n")
        lines.append(f"- {block.text}" if block.kind == "li" else block.text)
    return "".join(lines).strip()
