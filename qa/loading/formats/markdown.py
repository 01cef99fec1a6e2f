"""Markdown (.md): metadata from the YAML front matter, the rest as readable text.

markdown-it parses the text as CommonMark with GitHub tables and strikethrough. Front matter that is
not YAML is parsed line by line; a warning names the keys this loses. Lines of one paragraph are
joined, as in every Markdown renderer. Kept as written: fenced code, table rows, list markers, and
footnotes with their marks (`[^1]: text`), each as a paragraph. Dropped: link targets and
definitions, images, comments, HTML tags. Indented text is a paragraph, not code.
"""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.token import Token

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.formats import front_matter
from qa.loading.formats.plain import parts
from qa.loading.heads import Piece, read_head
from qa.loading.normalise import one_line

# The parser ignores content nested deeper than this; its run time is proportional to this depth.
_DEEPEST = 32
_CONTAINERS = ("blockquote_open", "list_item_open")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]:")
# A paragraph without any of these characters contains no inline markup.
_MARKUP = re.compile(r"[\\*_`~<\[&]")
_SPACES = re.compile(r" {2,}")
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)

# The kind of a block (`title`, `text`, `code`, `comment` that begins here, list `item`, table
# `row`), and its text.
Block = tuple[str, str]


class _Parser(MarkdownIt):
    """markdown-it for text extraction: URLs are never opened, so they stay as written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": _DEEPEST})
        self.enable(["table", "strikethrough"]).disable(["code", "html_block"])
        # `_words` parses the inline content of a block if it contains markup.
        self.core.ruler.enableOnly("block")
        interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
        self.block.ruler.before("reference", "footnote", _footnote, interrupts)

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse `[^1]: text` as a paragraph, although it looks like a link definition."""
    at = state.bMarks[start] + state.tShift[start]
    if not _FOOTNOTE.match(state.src, at, state.eMarks[start]):
        return False
    return silent or paragraph(state, start, end, silent)


_PARSER = _Parser()


def read(data: bytes) -> Iterator[Part]:
    """The articles in the bytes of a .md file; see `plain.parts`."""
    return parts(data, _article)


def _article(piece: Piece) -> Article:
    """The article of one piece of text.

    Raises: NotLoaded if it holds no text.
    """
    matter = front_matter.read(piece.text)
    head = matter or read_head(piece)
    heading, text = _plain(head.text)
    if not text.strip():
        raise NotLoaded("no text: nothing stands below the front matter" if matter else "no text")
    return Article(
        text=text,
        title=head.title or heading,
        source=head.source,
        author=head.author,
        published=head.published,
        published_from=head.published_from,
        url=head.url,
        warnings=head.warnings,
    )


def _plain(body: str) -> tuple[str | None, str]:
    """The first top-level heading, and the text without markup."""
    blocks = _without_comments(_blocks(body))
    titles = (one_line(words) for kind, words in blocks if kind == "title")
    return next(filter(None, titles), None), _joined(blocks)


def _blocks(body: str) -> Iterator[Block]:
    """The non-empty blocks of the text, in order.

    Raises: NotLoaded if they are nested too deeply to be parsed.
    """
    lines = body.split("\n")
    links: dict[str, object] = {}
    kind, marker = "text", ""
    for token in _PARSER.parse(body, links):
        if token.type in _CONTAINERS and token.level + 1 >= _DEEPEST:
            raise NotLoaded(f"lists or quotes in it are nested more than {_DEEPEST} deep")
        if token.type == "list_item_open":
            marker += f"{token.info}{token.markup} "
        elif token.type == "list_item_close":
            marker = ""
        elif token.type in ("heading_open", "paragraph_open", "th_open", "td_open"):
            kind = {"h1": "title", "th": "cell", "td": "cell"}.get(token.tag, "text")
        elif token.type == "tr_open" and token.map:
            # The line, not its cells: the parser drops cells without a heading.
            yield "row", _words(lines[token.map[0]].lstrip(" \t>"), links)
            marker = ""
        elif token.type == "fence":
            yield "code", f"{marker}{token.markup}{token.info}\n{token.content}{token.markup}"
            marker = ""
        elif token.type == "inline" and kind != "cell" and (words := _words(token.content, links)):
            begins = token.content.startswith("<!--") and words.startswith("<!--")
            yield "item" if marker else "comment" if begins else kind, marker + words
            marker = ""


def _words(content: str, links: dict[str, object]) -> str:
    """The text of one block without emphasis, link targets, images and tags."""
    if _MARKUP.search(content):
        tokens: list[Token] = []
        _PARSER.inline.parse(content, _PARSER, links, tokens)
        content = "".join(map(_shown, tokens))
    words = " ".join(line.strip() for line in content.split("\n"))
    return _SPACES.sub(" ", words).strip()


def _shown(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if _LINE_BREAK.match(token.content) else ""
    return "" if token.type == "image" else token.content


def _without_comments(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without comments, also across blocks; an unclosed comment is kept as text."""
    kept: list[Block] = []
    begun: int | None = None
    for kind, words in blocks:
        if begun is None and kind == "comment":
            begun = len(kept)
        kept.append((kind, words))
        if begun is not None and (end := words.find("-->")) >= 0:
            behind = words[end + 3 :].strip()
            kept[begun:] = [(kind, behind)] if behind else []
            begun = None
    return kept


def _joined(blocks: Iterable[Block]) -> str:
    """Join the blocks with empty lines; items of a list and rows of a table are adjacent lines."""
    out: list[str] = []
    before = ""
    for kind, words in blocks:
        if out:
            out.append("\n" if kind == before and kind in ("item", "row") else "\n\n")
        out.append(words)
        before = kind
    return "".join(out)
