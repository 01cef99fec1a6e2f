"""Plain text (.txt): an article scraped from a page, an export of a database, or any other text."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.encodings import decode
from qa.loading.heads import Head, Piece, pieces, read_head
from qa.loading.heads.labelled import is_labelled
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.lines import LONGEST, furniture, headline_like
from qa.loading.scraped.names import section
from qa.loading.scraped.page import Scrape, clean

_HEAD_LINES = 20
# Enough characters to distinguish articles in a citation.
_OPENING = 80


def read(data: bytes) -> Iterator[Part]:
    """The articles in the bytes of a .txt file; see `parts`."""
    return parts(data, _article)


def parts(data: bytes, article: Callable[[Piece], Article]) -> Iterator[Part]:
    """The articles in the bytes of a file of text, each read by `article`.

    Raises: NotLoaded if the bytes are not text or hold no text.
    """
    decoded, encoding, warnings = decode(data)
    text = normalise(decoded)
    if not text.strip():
        raise NotLoaded("no text: the file is empty")
    for piece in pieces(text):
        try:
            found = replace(article(piece), encoding=encoding)
        except NotLoaded as error:
            yield piece.line, None, error
            continue
        yield piece.line, None, replace(found, warnings=(*warnings, *found.warnings))
        # What is wrong with the file is said once.
        warnings = ()


def _article(piece: Piece) -> Article:
    head = _front_matter(piece.text) or read_head(piece)
    scrape = Scrape(head.text) if head.verbatim else clean(head.text, head.title)
    if not scrape.text.strip():
        raise NotLoaded("no text: nothing stands below its head")
    return Article(
        text=scrape.text,
        title=head.title or one_line(scrape.title) or first_headline(scrape.text),
        source=head.source or scrape.source,
        author=head.author or one_line(scrape.author),
        published=head.published or scrape.published,
        published_from=head.published_from if head.published else scrape.published_from,
        url=head.url,
        warnings=head.warnings,
    )


def _front_matter(text: str) -> Head | None:
    if not text.lstrip().startswith(("---", "+++")):
        return None
    # Imported here: few texts have front matter, and reading it takes a YAML parser.
    from qa.loading.formats import front_matter

    head = front_matter.read(text)
    # Without a fact, the lines between two rules are the text's own.
    return head if head and (head.title or head.published or head.author or head.url) else None


def first_headline(text: str) -> str | None:
    """The first line that is neither navigation nor furniture, if it may be a headline.

    Checks only the first `_HEAD_LINES` lines: a headline is not further down.
    """
    for line in text.lstrip().split("\n", _HEAD_LINES)[:_HEAD_LINES]:
        short = len(line) <= LONGEST
        if not line.strip() or (short and (section(line) or furniture(line) or is_labelled(line))):
            continue
        return one_line(line) if len(line) <= 200 and headline_like(line) else None
    return None


def opening(text: str) -> str | None:
    """The first words of the text, a title of last resort for citations."""
    words = one_line(text.lstrip()[:500].split("\n", 1)[0])
    if not words or len(words) <= _OPENING:
        return words
    cut = words[:_OPENING]
    return (cut[: cut.rfind(" ")] if " " in cut else cut[:-1]).rstrip(" ,;:–—-") + "…"
