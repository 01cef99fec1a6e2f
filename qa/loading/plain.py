"""Plain text (.txt): an article as scraped from a page, or any text at all."""

from qa.loading.article import Article, NotLoaded
from qa.loading.boilerplate import clean
from qa.loading.encodings import decode
from qa.loading.lines import headline_like
from qa.loading.normalise import normalise, one_line


def read(data: bytes) -> Article:
    """The article in the bytes of a .txt file.

    Raises: NotLoaded when the bytes are not text or hold none.
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
    """The first line of the text when it could be its headline."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)]
    return one_line(line) if len(line) <= 200 and headline_like(line) else None
