"""The article in a scraped page: furniture removed from its head and its tail, facts taken from it.

    head   every line before the first line of prose (a standfirst may stand among them)
    tail   every line after the last line of prose

Laws, all tested: each line of the result is a line of the input, in the same order; prose is
never removed; cleaning a result again changes nothing. What each kind of line looks like is in
`lines`; here is where it is removed and why:

    rule             where      reason
    crawl stamp      head       it tells when the page was fetched, not when it was written
    skip link        head tail  navigation
    appeal           head tail  the site's request, not the article's text
    share bar        head tail  buttons
    byline           head       kept as `author`
    date line        head       kept as `published` (an "updated" line is not)
    headline         head       kept as `title`; removed only beside one of the four above
    section line     head       what stands above such a headline names the site or its section
    repeated line    head       the headline twice: one copy says all
    caption          anywhere   the second copy of a photo caption with an agency's credit
    teaser           anywhere   headline and date of another article
    advertisement    anywhere   a label whose picture is missing
    mailing list     tail       kept as `source`
    copyright line   tail       legal text
    related list     tail       links to other articles, up to the end of the page

Left out: everything between the first and the last line of prose, on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from qa.loading import lines as is_

_T = TypeVar("_T")
_HEAD = (is_.skip_link, is_.appeal, is_.share_bar, is_.updated)
_TAIL = (is_.skip_link, is_.appeal, is_.share_bar, is_.copyright_line)
# A standfirst is short, and the byline follows it closely.
_STANDFIRST = 320
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Scrape:
    """The text that is left and what the removed lines told."""

    text: str
    title: str | None = None
    author: str | None = None
    source: str | None = None
    published: str | None = None
    published_from: str | None = None


def clean(text: str, title: str | None = None) -> Scrape:
    """The article of a scraped page. A `title` known from elsewhere is removed from the head."""
    result = _clean_once(text, title)
    while True:
        # Removing a line may bring two others together; a second look settles it.
        again = _clean_once(result.text, title)
        if again.text == result.text:
            return result
        result = Scrape(
            again.text,
            result.title or again.title,
            result.author or again.author,
            result.source or again.source,
            result.published or again.published,
            result.published_from or again.published_from,
        )


def _clean_once(text: str, title: str | None) -> Scrape:
    lines = text.split("\n")
    filled = [at for at, line in enumerate(lines) if line.strip()]
    prose = _prose_ends(lines, filled)
    if prose is None:
        return Scrape(_joined(lines, set()), title)
    first, last = prose
    head = _head(lines, filled, first)
    facts = _Head(lines, head, title)
    dropped = facts.dropped()
    tail = [at for at in filled if at > last]
    dropped |= _tail_dropped(lines, tail)
    dropped |= _dropped_anywhere(lines, filled)
    source = next(filter(None, (_of(is_.mailing_list, lines[at]) for at in tail)), None)
    published, told_by = facts.published()
    return Scrape(_joined(lines, dropped), facts.title, facts.author, source, published, told_by)


def _prose_ends(lines: list[str], filled: list[int]) -> tuple[int, int] | None:
    first = next((at for at in filled if is_.prose(lines[at])), None)
    if first is None:
        return None
    return first, next(at for at in reversed(filled) if is_.prose(lines[at]))


def _head(lines: list[str], filled: list[int], first: int) -> list[int]:
    """The lines before the first prose; past a standfirst when a byline or date follows it."""
    end = first
    if len(lines[first]) <= _STANDFIRST:
        begin = filled.index(first) + 1
        for at in filled[begin : begin + _NEAR]:
            if is_.prose(lines[at]):
                break
            marks = _of(is_.byline, lines[at]) or _of(is_.posted, lines[at])
            if marks or (end > first and _of(is_.dated, lines[at])):
                end = at + 1
    return [at for at in filled if at < end and at != first]


class _Head:
    """The lines before the article's text and what they tell."""

    def __init__(self, lines: list[str], head: list[int], title: str | None) -> None:
        self.lines = lines
        self.at = head
        # A first line "By ..." without a date may be a headline.
        bylines = {
            at: found
            for at in head
            if (found := _of(is_.byline, lines[at])) and (at != head[0] or found.published)
        }
        posted = {at: day for at in head if (day := _of(is_.posted, lines[at]))}
        dated = {at: day for at in head if (day := _of(is_.dated, lines[at]))}
        crawled = {
            at: name for at in head if (name := _of(is_.crawled_title, lines[at])) is not None
        }
        self.bylines, self.posted, self.dated, self.crawled = bylines, posted, dated, crawled
        self.markers = sorted({*bylines, *posted, *dated, *crawled})
        self.author = next((found.author for found in bylines.values()), None)
        self.candidates = [at for at in head if is_.headline_like(lines[at])]
        self.known = title is not None
        self.title_at = self._headline(title)
        self.title = title
        if title is None and self.title_at is not None:
            at = self.title_at
            self.title = crawled.get(at) or " ".join(lines[at].split())

    def _headline(self, title: str | None) -> int | None:
        """Where the headline stands: repeated, or the last line before byline or date."""
        if title is not None:
            same = (at for at in self.at if is_.key(self.lines[at]) == is_.key(title))
            return next(same, None)
        for at, name in self.crawled.items():
            if name:
                return at
        before = [at for at in self.candidates if not self.markers or at < self.markers[0]]
        keys = [is_.key(self.lines[at]) for at in before]
        for at, name in zip(before, keys, strict=True):
            if keys.count(name) > 1:
                return at
        if not self.markers:
            return None
        long = [at for at in before if len(self.lines[at].split()) >= 4]
        return next(reversed(long or before), None)

    def dropped(self) -> set[int]:
        """The lines of the head that are not the article's text."""
        gone = {at for at in self.at if any(_of(rule, self.lines[at]) for rule in _HEAD)}
        gone.update(self.markers)
        if self.title_at is None or self.title is None:
            return gone
        name = is_.key(self.title)
        copies = [at for at in self.at if is_.key(self.lines[at]) == name]
        if self.markers or self.known:
            gone.update(copies)
        if self.markers:
            gone.update(at for at in self.at if at < self.title_at)
        return gone | set(copies[1:])

    def published(self) -> tuple[str | None, str | None]:
        """The date of publication and the line that tells it; a doubtful date is none."""
        for at, day in self.posted.items():
            return day, f'the line "{_shown(self.lines[at])}"'
        for at, found in self.bylines.items():
            if found.published:
                return found.published, f'byline "{_shown(self.lines[at])}"'
        if len(set(self.dated.values())) == 1:
            at, day = next(iter(self.dated.items()))
            above = max((other for other in self.at if other < at), default=None)
            if above is None or above == self.title_at or above in self.bylines:
                return day, f'date line "{_shown(self.lines[at])}"'
        return None, None


def _tail_dropped(lines: list[str], tail: list[int]) -> set[int]:
    gone = {at for at in tail if any(_of(rule, lines[at]) for rule in _TAIL)}
    related = next((at for at in tail if _of(is_.related_heading, lines[at])), None)
    if related is not None:
        gone.update(at for at in tail if at >= related)
    return gone


def _dropped_anywhere(lines: list[str], filled: list[int]) -> set[int]:
    gone: set[int] = set()
    captions: set[str] = set()
    for at in filled:
        line = lines[at]
        if _of(is_.teaser, line) or _of(is_.advertisement, line):
            gone.add(at)
        elif _of(is_.caption, line):
            if is_.key(line) in captions:
                gone.add(at)
            captions.add(is_.key(line))
    return gone


def _of(test: Callable[[str], _T], line: str) -> _T | None:
    """What `test` says of the line; nothing is said of a line too long to be furniture."""
    return test(line) if len(line) <= is_.LONGEST else None


def _shown(line: str) -> str:
    line = " ".join(line.split()).rstrip(" ,")
    return line if len(line) <= 80 else line[:79] + "…"


def _joined(lines: list[str], dropped: set[int]) -> str:
    """The lines that stay, without the gaps that the others left."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        blank = not line.strip()
        if at not in dropped and not (blank and (not kept or not kept[-1].strip())):
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept)
