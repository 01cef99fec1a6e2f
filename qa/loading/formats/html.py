"""HTML (.html, .htm): the main text and the metadata of a page.

Runs in the parser process only. The modules of `web` read one thing each; metadata comes first from
what the page states for machines, then from the lines around its text. Nothing is fetched.
"""

import html
import re

from qa.loading.article import Article, NotLoaded
from qa.loading.encodings import decode
from qa.loading.formats.web import authors, dates, publishers, titles
from qa.loading.formats.web.declared import declared_encoding
from qa.loading.formats.web.linked import Linked, linked_of
from qa.loading.formats.web.page import TAG, page_of, plain
from qa.loading.formats.web.text import main_text
from qa.loading.formats.web.tree import parse
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.lines import prose
from qa.loading.scraped.page import clean

_LABEL = 6
_NO_GUESSES = ("utf", "iso2022")


def read(data: bytes) -> Article:
    """The article in the bytes of an HTML page.

    Raises: NotLoaded if the bytes are not text or the page has no main text.
    """
    declared = declared_encoding(data)
    decoded, encoding, warnings = decode(data, declared)
    if declared is None and not encoding.startswith(_NO_GUESSES):
        warnings = (f"it declares no encoding; {encoding} is a guess", *warnings)
    written = normalise(decoded)
    tree = parse(written)
    if tree is None:
        raise NotLoaded("not an HTML page: no element was found in it")
    page = page_of(tree, written)
    linked = linked_of(page)
    # trafilatura would take the text of any article in them.
    for script in list(tree.iter("script", "style")):
        script.drop_tree()
    main = main_text(tree, _article_body(linked))
    text = normalise(main.text).strip()
    if not text:
        raise NotLoaded("no main text was found in the page")
    source = publishers.publisher_of(page, linked)
    sites = publishers.names_of_site(page, linked)
    title = titles.title_of(page, [plain(linked.value("headline"))], sites)
    scrape = clean(text, title)
    stated = dates.published(page, linked, main) or (scrape.published, scrape.published_from)
    if stated[0] is None:
        stated = dates.from_url(page.address) or (None, None)
    return Article(
        text=_without_labels(scrape.text, title, main.lines),
        title=title or one_line(scrape.title),
        source=source or scrape.source,
        author=authors.author_of(page, linked, main, sites) or one_line(scrape.author),
        published=stated[0],
        published_from=stated[1],
        url=page.address,
        encoding=encoding,
        warnings=(*warnings, *main.warnings),
    )


def _without_labels(text: str, title: str | None, lines: frozenset[str]) -> str:
    """The text without its title, and without the labels before the first paragraph: a few words
    in an element that is no paragraph, heading or list, such as a name, a date or a button."""
    kept: list[str] = []
    begun = not lines
    for line in text.split("\n"):
        begun = begun or prose(line)
        label = not begun and 0 < len(line.split()) <= _LABEL and line[0] not in "|-"
        if label and line.strip() not in lines:
            continue
        if not title or titles.key(line) != titles.key(title):
            kept.append(line)
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return joined or text


def _article_body(linked: Linked) -> str | None:
    """The article's text in JSON-LD; of a live blog, its updates."""
    bodies = [linked.value("articleBody"), linked.value("reviewBody")]
    updates = linked.value("liveBlogUpdate")
    if isinstance(updates, list):
        parts = [
            each.get(part) for each in updates[:500] if isinstance(each, dict)
            for part in ("headline", "articleBody")
        ]  # fmt: skip
        bodies.append("\n".join(part for part in parts if isinstance(part, str)))
    written = max((body for body in bodies if isinstance(body, str)), key=len, default="")
    lines = TAG.sub("\n", html.unescape(written)).split("\n")
    return "\n\n".join(" ".join(line.split()) for line in lines if line.strip()) or None
