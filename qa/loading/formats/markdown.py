"""Markdown (.md): YAML front matter for the facts, the rest as readable text.

markdown-it parses the text by the rules of CommonMark, with GitHub's tables and struck words.
Front matter that is not YAML is read line by line; a warning names what that loses. Lines of one
paragraph are joined, as every Markdown renderer does. Kept as written: fenced code, table rows,
list markers, and footnotes with their marks (`[^1]: text`), a paragraph each. Left out: link
targets and their definitions, images, comments, HTML tags. Indented text is a paragraph, not code.
"""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.token import Token

from qa.loading.article import Article, NotLoaded
from qa.loading.dates import parse_date
from qa.loading.encodings import decode
from qa.loading.fields import DATE_KEYS, TITLE_KEYS, URL_KEYS, author_field, text_field
from qa.loading.formats import front_matter
from qa.loading.normalise import normalise, one_line

# Front matter is read without regard to case.
_DATE_KEYS = tuple(key.lower() for key in DATE_KEYS)

# The parser reads nothing that is nested deeper, and takes a time in proportion to it.
_DEEPEST = 32
_CONTAINERS = ("blockquote_open", "list_item_open")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]+\]:")
# Without one of these signs a paragraph has no markup inside.
_MARKUP = re.compile(r"[\\*_`~<\[&]")
_SPACES = re.compile(r" {2,}")
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)

# What a block is (`title`, `text`, `code`, `comment` that begins here, `item` of a list, `row` of a
# table), and its words.
Block = tuple[str, str]


class _Parser(MarkdownIt):
    """markdown-it for text alone: no address is followed, so each is taken as it is written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": _DEEPEST})
        self.enable(["table", "strikethrough"]).disable(["code", "html_block"])
        # `_words` asks for what is inside a block, where there is anything.
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
    """`[^1]: text` is a paragraph, also where it looks like the definition of a link."""
    at = state.bMarks[start] + state.tShift[start]
    if not _FOOTNOTE.match(state.src, at, state.eMarks[start]):
        return False
    return silent or paragraph(state, start, end, silent)


_PARSER = _Parser()


def read(data: bytes) -> Article:
    """The article in the bytes of a .md file.

    Raises: NotLoaded when the bytes are not text or hold none.
    """
    decoded, encoding, warnings = decode(data)
    facts, body, problem = front_matter.split(normalise(decoded))
    heading, text = _plain(body)
    if not text.strip():
        raise NotLoaded("no text: nothing stands below the front matter" if facts else "no text")
    published, told_by, doubt = _date(facts)
    return Article(
        text=text,
        title=one_line(text_field(facts, *TITLE_KEYS)) or heading,
        source=one_line(text_field(facts, "publisher", "source")),
        author=one_line(author_field(facts)),
        published=published,
        published_from=told_by,
        url=one_line(text_field(facts, *URL_KEYS), 2000),
        encoding=encoding,
        warnings=(*warnings, *filter(None, (problem, doubt))),
    )


def _date(facts: dict[str, object]) -> tuple[str | None, str | None, str | None]:
    for key in _DATE_KEYS:
        if not (written := text_field(facts, key)):
            continue
        if published := parse_date(written):
            told_by = one_line(text_field(facts, "published_from"), 1000)
            return published, told_by or "front matter", None
        return None, None, f"`{key}` is not a date that can be read: {written[:60]!r}"
    return None, None, None


def _plain(body: str) -> tuple[str | None, str]:
    """The first top-level heading, and the text without markup."""
    blocks = _without_comments(_blocks(body))
    titles = (one_line(words) for kind, words in blocks if kind == "title")
    return next(filter(None, titles), None), _joined(blocks)


def _blocks(body: str) -> Iterator[Block]:
    """The blocks of the text that have words, in their order.

    Raises: NotLoaded where they are nested too deeply to be read.
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
            # The line and not its cells, of which the parser drops those without a heading.
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
    """What is inside one block without emphasis, link targets, images and tags."""
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
    """The blocks without comments that go on over several; an unfinished comment is text."""
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
    """Blocks apart, items of one list and rows of one table on neighbouring lines."""
    out: list[str] = []
    before = ""
    for kind, words in blocks:
        if out:
            out.append("\n" if kind == before and kind in ("item", "row") else "\n\n")
        out.append(words)
        before = kind
    return "".join(out)
