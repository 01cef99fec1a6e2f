"""PDF (.pdf): the text layer of all pages, joined into paragraphs.

Runs in the parser process only. The creation date of a PDF is the date of the file, so it is
not used as the publication date. Not supported: text recognition in scanned pages.
"""

import io
import logging
import re
from collections import Counter

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from qa.loading.article import Article, NotLoaded
from qa.loading.formats.plain import first_headline
from qa.loading.heads import pieces, read_head
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.lines import byline, credit, dated, posted
from qa.loading.scraped.page import Scrape, clean

_LOCKED = "encrypted: needs a password"
# Placeholders that programs write as the title.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|powerpoint presentation|untitled|document\d*|print|slide \d)"
    r"\b.*|.*\.(?:docx?|pdf|odt|rtf|txt|indd|pptx?|qxd|tex|html?)|[\W\d_]*|\S{1,3}|"
    r"about:blank|https?://\S*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:admin\w*|user\w*|owner|author|unknown|anonymous|root|guest|default|windows|hp|dell|"
    r"microsoft.*|adobe.*|[\W\d_]*|\S{1,2}|.*[@\\/].*)",
    re.IGNORECASE,
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
# Among this many first lines, a byline or date is a separate paragraph, however wide.
_HEAD_LINES = 12
_ENDS = re.compile(r"[.!?:;。！？][\"'”’»)\]]*$")


def read(data: bytes, longest: int) -> Article:
    """The article in the bytes of a PDF with at most `longest` characters of text.

    Raises: NotLoaded if the file is encrypted, damaged or holds no text.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise NotLoaded(_LOCKED)
        pages = _pages(reader, longest)
        facts = reader.metadata
        title = one_line(facts.title) if facts else None
        author = one_line(facts.author) if facts else None
    except (DependencyError, FileNotDecryptedError) as error:
        raise NotLoaded(_LOCKED) from error
    except LimitReachedError as error:
        raise NotLoaded(f"unpacks to more than the parser allows: {str(error)[:80]}") from error
    except (PyPdfError, RecursionError, ValueError, TypeError, KeyError, AttributeError,
            IndexError, OverflowError, NotImplementedError, AssertionError) as error:  # fmt: skip
        raise NotLoaded(f"a damaged PDF: {str(error)[:100] or type(error).__name__}") from error
    text = _paragraphs(pages)
    if not text:
        raise NotLoaded("no text layer: its pages are pictures, perhaps a scan")
    return _article(
        text,
        title if title and not _NO_TITLE.fullmatch(title) else None,
        author if author and not _NO_AUTHOR.fullmatch(author) else None,
    )


def _article(text: str, title: str | None, author: str | None) -> Article:
    """The article of the text, whose title and author the document states, if it does."""
    articles = pieces(text)
    if len(articles) > 1:
        # What one of them states is not true of the others.
        told = f"it holds {len(articles)} articles, indexed as one without publisher and date; "
        told += "export them as text to have each on its own"
        return Article(text=text, title=title, warnings=(told,))
    head = read_head(articles[0])
    rest = Scrape(head.text) if head.verbatim else clean(head.text, head.title)
    return Article(
        text=text,
        title=title or head.title or one_line(rest.title) or first_headline(head.text),
        source=head.source or rest.source,
        author=author or head.author or rest.author,
        published=head.published or rest.published,
        published_from=head.published_from if head.published else rest.published_from,
        url=head.url,
        warnings=head.warnings,
    )


def _pages(reader: PdfReader, longest: int) -> list[list[str]]:
    """The normalized lines of each page, with single spaces."""
    pages: list[list[str]] = []
    size = 0
    for page in reader.pages:
        text = normalise(page.extract_text().encode("utf-8", "replace").decode())
        size += len(text)
        if size > longest:
            raise NotLoaded(f"its text is longer than {longest} characters")
        pages.append([" ".join(line.split()) for line in text.split("\n")])
    return pages


def _paragraphs(pages: list[list[str]]) -> str:
    """The pages as paragraphs: lines joined, words hyphenated at a line end rejoined."""
    repeated = _running_heads(pages)
    lines = [line for page in pages for line in page if not (line and line in repeated)]
    # The last line of a paragraph is shorter than the usual line width.
    widths = sorted(len(line) for line in lines if line)
    width = widths[int(len(widths) * 0.8)] if widths else 0
    apart = {line for line in list(filter(None, lines))[:_HEAD_LINES] if _signed(line)}
    paragraphs = [""]
    last = ""
    for line in lines:
        if not line:
            # Every page break adds blank lines; a sentence may continue after them.
            if _ENDS.search(last) or len(last) < 0.6 * width:
                paragraphs.append("")
                last = ""
            continue
        ended = (
            last and len(last) < 0.85 * width and (_ENDS.search(last) or len(last) < 0.6 * width)
        )
        if (ended and not _HYPHEN.search(last)) or (last and not apart.isdisjoint((line, last))):
            paragraphs.append("")
        if _HYPHEN.search(paragraphs[-1]) and line[0].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}".strip()
        last = line
    return "\n\n".join(filter(None, paragraphs))


def _signed(line: str) -> bool:
    """Whether the line states only the author or the publication date."""
    if len(line) > 160 or line.startswith("by "):
        return False
    return any(test(line) for test in (byline, credit, dated, posted))


def _running_heads(pages: list[list[str]]) -> set[str]:
    """First and last lines that recur on at least three pages and on more than half of them."""
    if len(pages) < 3:
        return set()
    count: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line]
        count.update({*filled[:1], *filled[-1:]})
    return {line for line, times in count.items() if times >= 3 and times > len(pages) / 2}
