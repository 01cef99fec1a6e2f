"""Extract the article of a scraped page: remove furniture and parse the metadata it states.

    head   every line before the first line of prose (a standfirst may be among them)
    tail   every line after the last line of prose

Tested invariants: each line of the result is a line of the input, in the same order; prose is
never removed; cleaning is idempotent (if `_PASSES` passes reach a fixed point). `lines` defines the
patterns of each kind of line; this module defines where it is removed and why:

    rule             where      reason
    crawl stamp      head       the date the page was fetched, not published
    skip link        head tail  navigation
    appeal           head tail  the site's request, not the article's text
    share bar        head tail  buttons
    copyright line   head tail  legal text; with a year it names the publisher, kept as `source`
    section name     head       navigation above the headline: `Home`, `World`
    byline           head       kept as `author`, a newspaper in it as `source`
    date line        head       kept as `published` (an "updated" line is not)
    masthead         head       the newspaper's name above the headline, kept as `source`
    name over date   head       right above the date line: a person is the `author`, a newspaper
                                is the `source`
    headline         head       kept as `title`; removed only with one of the four above, and only
                                if no other line could be the headline
    section line     head       a line above such a headline names the site or its section
    repeated line    head       a second copy of the headline
    caption          anywhere   the second copy of a photo caption with an agency's credit
    teaser           anywhere   headline and date of another article
    advertisement    anywhere   a label whose picture is missing
    interruption     anywhere   `4 min read`, newsletter forms, consent, `Read more: ...`
    mailing list     tail       kept as `source`
    related list     tail       links to other articles, up to the end of the page; a heading that
                                only begins like `More from` must have lines like headlines below it
    topics           tail       `Topics` up to `Reuse this content`: links

The headline is the first candidate line of the head. A false title is the worst error in a
citation, a lost headline the second worst: if two lines could be the headline, the first is the
title and both stay in the text. A dateline (`PARIS, April 8, 2024 (AFP) -`) stays and supplies date
and source if the head states none.

Lines between head and tail are kept on purpose, except under the `anywhere` rules.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from qa.loading.scraped import lines as is_
from qa.loading.scraped import names

_T = TypeVar("_T")
_HEAD = (is_.skip_link, is_.appeal, is_.share_bar, is_.updated, is_.copyright_line)
_TAIL = (is_.skip_link, is_.appeal, is_.share_bar, is_.copyright_line)
_ANYWHERE = (is_.teaser, is_.advertisement, is_.interruption)
# Any of these shows that the lines above it belong to the head.
_SIGNED: tuple[Callable[[str], object], ...] = (is_.byline, is_.credit, is_.posted)
# A standfirst is short, and the byline follows it closely.
_STANDFIRST = 320
_NEAR = 3
# A line above the headline with at most this many words is a label.
_LABEL_WORDS = 4
# If the line above a name is shorter, it may be a label, and the name a headline.
_HEADLINE_WORDS = 3
# Pages settle after the first pass. A text crafted to lose one line per pass would take quadratic
# time.
_PASSES = 30
_TOPICS, _TOPICS_END = "topics", "reuse this content"


@dataclass(frozen=True, slots=True)
class Scrape:
    """The remaining text and the metadata from the removed lines."""

    text: str
    title: str | None = None
    author: str | None = None
    source: str | None = None
    published: str | None = None
    published_from: str | None = None


def clean(text: str, title: str | None = None) -> Scrape:
    """The article of a scraped page. A `title` known from elsewhere is removed from the head."""
    result = _clean_once(text, title)
    for _ in range(_PASSES):
        # Removing a line may make two other lines adjacent; another pass settles it.
        again = _clean_once(result.text, title)
        if again.text == result.text:
            break
        result = Scrape(
            again.text,
            result.title or again.title,
            result.author or again.author,
            result.source or again.source,
            result.published or again.published,
            result.published_from or again.published_from,
        )
    return result


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
    told = facts.published() or _dateline(lines, filled, first)
    published, told_by, agency = told or (None, None, None)
    source = facts.source or _publisher(lines, head, tail) or agency
    return Scrape(_joined(lines, dropped), facts.title, facts.author, source, published, told_by)


def _publisher(lines: list[str], head: list[int], tail: list[int]) -> str | None:
    """The publisher of the page, from its mailing list or its copyright line."""
    lists = (_of(is_.mailing_list, lines[at]) for at in tail)
    owners = (_of(names.copyright_owner, lines[at]) for at in (*tail, *head))
    return next(filter(None, (*lists, *owners)), None)


def _dateline(
    lines: list[str], filled: list[int], first: int
) -> tuple[str, str, str | None] | None:
    """The facts of a dateline that opens the first paragraph, or the one after the standfirst."""
    begin = filled.index(first)
    paragraphs = [at for at in filled[begin : begin + 1 + _NEAR] if is_.prose(lines[at])]
    for at in paragraphs[:2]:
        if found := is_.dateline(lines[at].strip()):
            return found[0], "dateline", found[1]
    return None


def _prose_ends(lines: list[str], filled: list[int]) -> tuple[int, int] | None:
    first = next((at for at in filled if is_.prose(lines[at])), None)
    if first is None:
        return None
    return first, next(at for at in reversed(filled) if is_.prose(lines[at]))


def _head(lines: list[str], filled: list[int], first: int) -> list[int]:
    """The lines before the first prose, or past a standfirst if a byline or date follows it."""
    end = first
    begin = filled.index(first)
    if len(lines[first]) <= _STANDFIRST:
        # A single date in the whole page is the article's; several may be a chronology.
        dates = {at for at in filled if _of(is_.dated, lines[at]) is not None}
        alone = begin > 0 and len(dates) == 1
        for at in filled[begin + 1 : begin + 1 + _NEAR]:
            if is_.prose(lines[at]):
                break
            dated = at in dates and (end > first or alone)
            if dated or any(_of(test, lines[at]) for test in _SIGNED):
                end = at + 1
    return [at for at in filled if at < end and at != first]


class _Head:
    """The lines before the article's text and their metadata."""

    def __init__(self, lines: list[str], head: list[int], title: str | None) -> None:
        self.lines = lines
        self.at = head
        # A first line "By ..." without a date may be the headline, if that is not known.
        self.bylines = {
            at: found
            for at in head
            if (found := _of(is_.byline, lines[at])) and (at != head[0] or found.published or title)
        }
        self.bylines |= {at: found for at in head if (found := _of(is_.credit, lines[at]))}
        self.posted = {at: day for at in head if (day := _of(is_.posted, lines[at]))}
        self.dated = {at: day for at in head if (day := _of(is_.dated, lines[at]))}
        self.crawled = {
            at: name for at in head if (name := _of(is_.crawled_title, lines[at])) is not None
        }
        self.candidates = [at for at in head if _headline_like(lines[at])]
        self.above_date = self._names_above_date()
        self.masthead = self._masthead()
        taken = {*self.above_date, self.masthead}
        self.candidates = [at for at in self.candidates if at not in taken]
        told = [*self.bylines.values(), *self.above_date.values()]
        self.author = next((each.author for each in told if each.author), None)
        self.source = next((each.source for each in told if each.source), None)
        if self.source is None and self.masthead is not None:
            self.source = " ".join(lines[self.masthead].split())
        self.markers = sorted(
            {*self.bylines, *self.posted, *self.dated, *self.crawled, *self.above_date}
        )
        self.known = title is not None
        self.sure = True
        self.title_at = self._headline(title)
        self.title = title
        if title is None and self.title_at is not None:
            at = self.title_at
            self.title = self.crawled.get(at) or " ".join(lines[at].split())

    def _names_above_date(self) -> dict[int, is_.Byline]:
        """The person and the newspaper right above the date; a bare name needs a headline above."""
        found: dict[int, is_.Byline] = {}
        dates = sorted({*self.dated, *self.posted})
        above = [at for at in self.at if dates and at < dates[0]]
        for at in reversed(above[-2:]):
            line = " ".join(self.lines[at].split())
            headed = self._headed(at)
            who = names.person(line) if at in self.candidates else None
            paper = names.perhaps_publication(line) if headed else names.publication(line)
            if paper and at not in self.candidates[:1] and not _has(found, "source"):
                found[at] = is_.Byline(None, None, line)
            elif who and (who[1] or headed) and not _has(found, "author"):
                found[at] = is_.Byline(who[0], None)
            else:
                break
        return found

    def _headed(self, at: int) -> bool:
        """Whether a headline is above, so that a line like `Storm Hits Arlen` may be a name."""
        above = (self.lines[other] for other in self.candidates if other < at)
        return any(
            len(line.split()) >= _HEADLINE_WORDS and not names.masthead(line) for line in above
        )

    def _masthead(self) -> int | None:
        """The newspaper's name above the first line that could be a headline.

        If it is the only candidate, it must begin with "The" and have a byline or date: `Hard
        Times` may be the headline itself.
        """
        before = [at for at in self.candidates if at not in self.above_date]
        if not before or not _of(names.masthead, self.lines[before[0]]):
            return None
        the = self.lines[before[0]].split()[0] == "The"
        signed = self.bylines or self.posted or self.dated
        return before[0] if len(before) > 1 or (the and signed) else None

    def _headline(self, title: str | None) -> int | None:
        """The line of the headline: repeated, or the first candidate before byline or date."""
        if title is not None:
            same = (at for at in self.at if is_.key(self.lines[at]) == is_.key(title))
            return next(same, None)
        for at, name in self.crawled.items():
            if name:
                return at
        before = [at for at in self.candidates if not self.markers or at < self.markers[0]]
        keys = [is_.key(self.lines[at]) for at in before]
        copies = Counter(keys)
        for at, name in zip(before, keys, strict=True):
            if copies[name] > 1:
                return at
        self.sure = len(before) == 1
        return before[0] if before and self.markers else None

    def dropped(self) -> set[int]:
        """The lines of the head that are not the article's text."""
        gone = {at for at in self.at if any(_of(rule, self.lines[at]) for rule in _HEAD)}
        gone.update(self.markers)
        if self.masthead is not None:
            gone.add(self.masthead)
        if self.candidates:
            headline = self.candidates[0]
            gone.update(at for at in self.at if at < headline and names.section(self.lines[at]))
        if self.title_at is None or self.title is None:
            return gone
        name = is_.key(self.title)
        copies = [at for at in self.at if is_.key(self.lines[at]) == name]
        if (self.markers and self.sure) or self.known:
            gone.update(copies)
        if self.markers:
            gone.update(at for at in self.at if at < self.title_at and self._label(at))
        return gone | set(copies[1:])

    def _label(self, at: int) -> bool:
        """Whether a line above the headline only names the site or a part of it."""
        line = self.lines[at]
        return at not in self.candidates and (
            len(line.split()) <= _LABEL_WORDS or names.topic_page(line)
        )

    def published(self) -> tuple[str, str, None] | None:
        """The date of publication and the line that states it; None if the date is doubtful."""
        for at, day in self.posted.items():
            return day, f'the line "{_shown(self.lines[at])}"', None
        for at, found in self.bylines.items():
            if found.published:
                return found.published, f'byline "{_shown(self.lines[at])}"', None
        if len(set(self.dated.values())) == 1:
            at, day = next(iter(self.dated.items()))
            above = max((other for other in self.at if other < at), default=None)
            told = {self.title_at, *self.bylines, *self.above_date}
            # Below a byline and another headline, it is the date of that other article.
            if above is None or above in told or at == self.markers[0]:
                return day, f'date line "{_shown(self.lines[at])}"', None
        return None


def _headline_like(line: str) -> bool:
    """Whether the line could be a headline and is not a label of the site."""
    return is_.headline_like(line) and not names.section(line) and not names.topic_page(line)


def _has(found: dict[int, is_.Byline], field: str) -> bool:
    return any(getattr(each, field) for each in found.values())


def _tail_dropped(lines: list[str], tail: list[int]) -> set[int]:
    gone = {at for at in tail if any(_of(rule, lines[at]) for rule in _TAIL)}
    related = _related_list(lines, tail)
    if related is not None:
        gone.update(at for at in tail if at >= related)
    told = [is_.key(lines[at]) for at in tail]
    if _TOPICS in told and _TOPICS_END in told:
        gone.update(tail[told.index(_TOPICS) : told.index(_TOPICS_END) + 1])
    return gone


def _related_list(lines: list[str], tail: list[int]) -> int | None:
    """The heading in the tail that begins the list of other articles, which ends the page."""
    fact = max((at for at in tail if not _of(is_.perhaps_link, lines[at])), default=-1)
    for at in tail:
        # What "More from the council's plan" is the heading of shows below it.
        sure = at > fact or is_.whole_related_heading(lines[at])
        if sure and _of(is_.related_heading, lines[at]):
            return at
    return None


def _dropped_anywhere(lines: list[str], filled: list[int]) -> set[int]:
    gone: set[int] = set()
    captions: set[str] = set()
    for at in filled:
        line = lines[at]
        if any(_of(rule, line) for rule in _ANYWHERE):
            gone.add(at)
        elif _of(is_.caption, line):
            if is_.key(line) in captions:
                gone.add(at)
            captions.add(is_.key(line))
    return gone


def _of(test: Callable[[str], _T], line: str) -> _T | None:
    """The result of `test` for the line; None if the line is too long to be furniture."""
    line = line.removeprefix("- ")
    return test(line) if len(line) <= is_.LONGEST else None


def _shown(line: str) -> str:
    line = " ".join(line.split()).rstrip(" ,")
    return line if len(line) <= 80 else line[:79] + "…"


def _joined(lines: list[str], dropped: set[int]) -> str:
    """The remaining lines, with blank lines left by dropped lines collapsed."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        blank = not line.strip()
        if at not in dropped and not (blank and (not kept or not kept[-1].strip())):
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept)
