"""The title of the page's article, without the name of its site."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from qa.loading.formats.web.page import Page, plain, text_of
from qa.loading.formats.web.whose import in_furniture, names_of, outside_article
from qa.loading.scraped.names import publication, section

# A mark between a headline and the name of a site or a part of it.
_MARK = re.compile(
    r" (?:[-–—|·•»«/~>]|::?) | ?[|｜] ?| ?-- ?|(?<=[^\x00-\x7f]) ?_ ?| ?_ ?(?=[^\x00-\x7f])"
)
_NAMED = ("headline", "citation_title", "dc.title", "dcterms.title", "parsely-title",
          "sailthru.title", "twitter:title", "title")  # fmt: skip
_HOST = re.compile(r"(?:[\w-]{1,60}\.){1,4}[A-Za-z]{2,12}")
_HEADLINE = re.compile(r"(?:^|\s)(?:(?:entry|post|article)[-_]{0,2}title|headline)(?:\s|$)", re.I)
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset("the and for with from that this after about over into their what why how "
                   "der die das und les des une los las del por para".split())  # fmt: skip


@dataclass(frozen=True)
class _Heading:
    """`sure`: whether it is the headline of an article, and not of anything beside one."""

    text: str
    sure: bool


def title_of(page: Page, headlines: Sequence[str | None], sites: Iterable[str]) -> str | None:
    """The title of the page; `headlines` are those of its JSON-LD, `sites` names of its site."""
    keys = {key(name) for name in sites} - {""}
    headings = [each for each in _headings(page) if key(each.text) not in keys]
    texts = [each.text for each in headings]
    below = [text for text in _below(page) if key(text) not in keys]
    named = [page.meta("og:title"), *headlines, *map(page.meta, _NAMED)]
    found = [title for name in named if name and (title := _of_article(name, keys, texts + below))]
    element = _title_element(page)
    titled = _of_article(element, keys, texts + below) if element else None
    sure = next((each.text for each in headings if each.sure and _whole(each.text)), None)
    if titled and sure and not any(alike(titled, other) for other in (*texts, *below)):
        # The heading of the article says more than a title that is the same on every page.
        titled = sure
    found += filter(None, (titled, *texts))
    return _agreed(found or below)


def stated(page: Page) -> list[str]:
    """Every text that may be the headline, to compare others with."""
    named = [page.meta("og:title", "twitter:title"), *map(page.meta, _NAMED), _title_element(page)]
    return [*filter(None, named), *(each.text for each in _headings(page))]


def key(text: str) -> str:
    """Equal for two ways to write one headline or name: letters and digits alone."""
    return "".join(_WORD.findall(text.casefold()))


def same(one: str, other: str) -> bool:
    """Whether two lines are the same headline; one may have the name of the site as well."""
    short, long = sorted((key(one), key(other)), key=len)
    return short == long or (len(short) >= 12 and short in long)


def alike(one: str, other: str) -> bool:
    """Whether two headlines may be of one article: a quarter of the words are in both."""
    if same(one, other):
        return True
    first, second = _words(one), _words(other)
    return 4 * len(first & second) >= min(len(first), len(second)) > 0 and bool(first & second)


def _words(text: str) -> set[str]:
    words = {word for word in _WORD.findall(text.casefold()) if word not in _SMALL}
    long = {
        word[at : at + 2] for word in words if not word.isascii() for at in range(len(word) - 1)
    }
    return {word for word in words if word.isascii() and len(word) > 2} | long


def _headings(page: Page) -> list[_Heading]:
    """The <h1> of the page that are not of its furniture, those of an article first."""
    found: list[_Heading] = []
    for element in page.tree.iter("h1"):
        text = text_of(element)
        if 2 <= len(text) <= 300 and not section(text) and not outside_article(element, page.trunk):
            within = next(element.iterancestors("article", "main"), None) is not None
            found.append(_Heading(text, within and not in_furniture(element, page.trunk)))
    return sorted(found, key=lambda each: not each.sure)[:10]


def _below(page: Page) -> list[str]:
    """The headline where a site keeps the <h1> for its own name: the only heading of a class that
    says so, else the first <h2> of an article."""
    named = [each for each in page.tree.iter("h2", "h3") if _HEADLINE.search(names_of(each))]
    inside = (
        each for each in page.tree.iter("h2")
        if next(each.iterancestors("article", "main"), None) is not None
        and not in_furniture(each, page.trunk)
    )  # fmt: skip
    found = named[0] if len(named) == 1 else next(inside, None)
    text = text_of(found) if found is not None else ""
    return [text] if 2 <= len(text) <= 300 and not section(text) else []


def _title_element(page: Page) -> str | None:
    # An <svg> may have one, too.
    title: HtmlElement | None = page.tree.find(".//head/title")
    title = title if title is not None else next(page.tree.iter("title"), None)
    return plain(title.text_content()) if title is not None else None


def _of_article(title: str, sites: set[str], headings: Sequence[str]) -> str | None:
    """The title without the names of its site; None if nothing else is in it."""
    parts, marks = _MARK.split(title), _MARK.findall(title)
    for heading in headings:
        # A heading of the page shows which parts are the headline.
        name = key(heading)
        if len(parts) > 1 and len(name) >= 8 and name != key(title):
            for part in (parts[0], parts[-1], title[: title.rfind(marks[-1])]):
                if key(part) == name:
                    return part.strip()
        if len(name) >= 8 and key(title.partition(": ")[2]) == name:
            return title.partition(": ")[2].strip()
    ended = False
    while len(parts) > 1 and (
        _is_site(parts[-1], sites) or section(parts[-1]) or (ended and _is_section(parts, marks))
    ):
        parts.pop()
        title = title[: title.rfind(marks.pop())]
        ended = True
    while len(parts) > 1 and marks[0].strip() != ":" and key(parts[0]) in sites:
        parts.pop(0)
        title = title[title.find(marks[0]) + len(marks.pop(0)) :]
    if len(parts) == 2 and not sites:
        title = _longer_part(parts) or title
    before, colon, after = title.partition(": ")
    title = after if colon and key(before) in sites else title
    return title.strip() or None if key(title) not in sites else None


def _is_section(parts: Sequence[str], marks: Sequence[str]) -> bool:
    """Whether the last part is a short name between the headline and the name of the site."""
    short = len(parts[-1].split()) <= 2 if parts[-1].isascii() else len(parts[-1].strip()) <= 4
    return marks[-1].strip() in ("|", "｜", "_", "»", "«") and short and _whole(parts[0])


def _is_site(part: str, sites: set[str]) -> bool:
    name = key(part)
    if name in sites or _HOST.fullmatch(part.strip()):
        return True
    words = _WORD.findall(part.casefold())
    ends = {"".join(words[:n]) for n in range(1, len(words))} | {
        "".join(words[n:]) for n in range(1, len(words))
    }
    # "BBC News" where the site is "BBC".
    return len(words) <= 3 and any(len(end) >= 3 and end in sites for end in ends)


def _longer_part(parts: Sequence[str]) -> str | None:
    """The headline of two parts, if the other one is shorter and written like a name."""
    first, last = (part.split() for part in parts)
    named = all(word[0].isupper() or word.casefold() in _SMALL for word in last)
    if publication(parts[0]) and len(first) < len(last):
        return parts[1]
    return parts[0] if named and 0 < len(last) <= min(4, len(first) - 2) else None


def _whole(heading: str) -> bool:
    return len(heading.split()) >= 3 or (not heading.isascii() and len(heading) >= 6)


def _agreed(found: Sequence[str]) -> str | None:
    """The first title, unless no other is the same and two others are."""
    if not found or any(same(found[0], other) for other in found[1:]):
        return found[0] if found else None
    for at, title in enumerate(found[1:], 1):
        if any(same(title, other) for other in found[at + 1 :]):
            return title
    return found[0]
