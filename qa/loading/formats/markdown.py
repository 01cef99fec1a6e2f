"""Markdown (.md): YAML front matter for the facts, the rest as readable text.

Front matter that is not YAML is read line by line; what that loses a warning tells. Lines
of one paragraph are joined, as every Markdown renderer does. Kept as written: fenced
code, table rows, list markers. Left out: reference links' targets, images, HTML tags.
"""

import html
import re
from collections.abc import Iterator

from qa.loading.article import Article, NotLoaded
from qa.loading.dates import parse_date
from qa.loading.encodings import decode
from qa.loading.fields import DATE_KEYS, TITLE_KEYS, URL_KEYS, author_field, text_field
from qa.loading.formats import front_matter
from qa.loading.normalise import normalise, one_line

# Front matter is read without regard to case.
_DATE_KEYS = tuple(key.lower() for key in DATE_KEYS)

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]\n]+\]:[ \t]*\S[^\n]*")
_BLOCK = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|\||>)")
_QUOTE = re.compile(r"\A(?: {0,3}> ?)+")
_SPACES = re.compile(r" {2,}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Without one of these signs a paragraph has no markup inside.
_MARKUP = re.compile(r"[\\*_`~<\[&]")
_HIDDEN = {code: chr(0xE000 + code) for code in range(33, 127) if not chr(code).isalnum()}
_SHOWN = {ord(hidden): code for code, hidden in _HIDDEN.items()}
_TARGET = r"\((?:[^()\s]|\([^()\s]*\))*(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)"
# Each pattern stops at the next opening sign, so that no line can be slow.
_INLINE = (
    (re.compile(r"!\[[^\[\]]*\](?:" + _TARGET + r"|\[[^\[\]]*\])"), ""),
    (re.compile(r"\[([^\[\]]*)\](?:" + _TARGET + r"|\[[^\[\]]*\])"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"\*{1,3}(?=[^\s*])([^*\n]*[^\s*])\*{1,3}"), r"\1"),
    (re.compile(r"(?<!\w)_{1,3}(?=[^\s_])([^_\n]*[^\s_])_{1,3}(?!\w)"), r"\1"),
    (re.compile(r"~~(?=\S)([^~\n]+)~~"), r"\1"),
    (re.compile(r"`+([^`\n]+)`+"), r"\1"),
)


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
    title: str | None = None
    paragraphs: list[str] = []
    for kind, lines in _blocks(_without_comments(body).split("\n")):
        if kind == "code":
            paragraphs.append("\n".join(lines))
            continue
        words = _inline(" ".join(line.strip() for line in lines))
        if kind == "title":
            title = title or one_line(words)
        paragraphs.append(words)
    return title, _joined(paragraphs)


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The lines of each block, and what it is: `title`, `text` (anything else) or `code`."""
    block: list[str] = []
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if fence:
            block.append(line)
            if opening and opening[1].startswith(fence) and line.strip() == opening[1]:
                yield "code", block
                block, fence = [], ""
            continue
        line = _QUOTE.sub("", line, count=1)
        rule = _RULE.fullmatch(line) or ("|" in line and _TABLE_RULE.fullmatch(line))
        heading = _HEADING.match(line)
        if opening or rule or heading or not line.strip() or _BLOCK.match(line):
            if block:
                yield "title" if rule and line.lstrip().startswith("=") else "text", block
            block = []
        if opening:
            block, fence = [line], opening[1]
        elif heading:
            words = line[heading.end() :].strip().rstrip("#").rstrip()
            yield "title" if len(heading[1]) == 1 else "text", [words]
        elif not rule and line.strip() and not _DEFINITION.fullmatch(line):
            block.append(line)
    if block:
        yield "code" if fence else "text", block


def _joined(paragraphs: list[str]) -> str:
    """Paragraphs apart, items of one list and rows of one table on neighbouring lines."""
    out: list[str] = []
    before = ""
    for paragraph in filter(None, paragraphs):
        if out:
            out.append("\n" if _BLOCK.match(before) and _BLOCK.match(paragraph) else "\n\n")
        out.append(paragraph)
        before = paragraph
    return "".join(out)


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join(kept) + text[at:]


def _inline(text: str) -> str:
    """One paragraph without emphasis, link targets, images and tags."""
    if not _MARKUP.search(text):
        return _SPACES.sub(" ", text).strip()
    # An escaped sign is no markup: it hides as a private character while markup is removed.
    text = _ESCAPED.sub(lambda found: _HIDDEN[ord(found[1])], text)
    for _ in range(2):  # emphasis inside emphasis, an image inside a link
        for pattern, instead in _INLINE:
            text = pattern.sub(instead, text)
    return _SPACES.sub(" ", html.unescape(text).translate(_SHOWN)).strip()
