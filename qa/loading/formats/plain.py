"""Plain text (.txt): an article scraped from a page, or any other text."""

from qa.loading.article import Article, NotLoaded
from qa.loading.encodings import decode
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.lines import LONGEST, furniture, headline_like
from qa.loading.scraped.names import section
from qa.loading.scraped.page import clean

_HEAD_LINES = 20
# Enough characters to distinguish articles in a citation.
_OPENING = 80


def read(data: bytes) -> Article:
    """The article in the bytes of a .txt file.

    Raises: NotLoaded if the bytes are not text or hold no text.
    """
    decoded, encoding, warnings = decode(data)
    text = normalise(decoded)
    if not text.strip():
        raise NotLoaded("no text: the file is empty")
    scrape = clean(text)
    return Article(
        text=scrape.text,
        title=one_line(scrape.title) or first_headline(scrape.text),
        source=scrape.source,
        author=one_line(scrape.author),
        published=scrape.published,
        published_from=scrape.published_from,
        encoding=encoding,
        warnings=warnings,
    )


def first_headline(text: str) -> str | None:
    """The first line that is neither navigation nor furniture, if it may be a headline.

    Checks only the first `_HEAD_LINES` lines: a headline is not further down.
    """
    for line in text.lstrip().split("\n", _HEAD_LINES)[:_HEAD_LINES]:
        if not line.strip() or (len(line) <= LONGEST and (section(line) or furniture(line))):
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
