"""Classify a line of a scraped page: a byline, a crawl stamp, a teaser, prose, ...

Every function sees a single line, so the same line always gets the same result. `page` decides
which lines are removed, and where.
"""

import re
from dataclasses import dataclass

from qa.loading.dates import find_date, parse_date, without_time
from qa.loading.scraped.names import east_asian_byline, label_end, person, publication, role

# Longer lines are prose whatever they contain; no pattern below is matched against them.
LONGEST = 400

_CRAWL = re.compile(r"(.*?)\bDATE:\s*\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?")
_SKIP = re.compile(
    r"(?:(?:go|skip|jump) to (?:the )?(?:main )?|back to )"
    r"(?:contents?|content area|navigation|menu|search|footer|page|top)\W*",
    re.I,
)
_APPEAL = re.compile(
    r"(?:[\w.&' ]{1,30}\s[-–—|:]\s)?(?:please )?(?:"
    r"make an? (?:\w+ ){0,2}donation\b|donate(?: now| today| here| to us)?\W*$|"
    r"support (?:our|independent|quality) (?:work|site|newsroom|reporting|journalism)|"
    r"subscribe(?: now| today| here| to (?:our|the)\b.*)?\W*$|"
    r"sign up (?:for|to) (?:our|the|free)\b|"
    r"join (?:the|our) .{0,60}(?:mailing list|newsletter)|follow us on\b|"
    r"download (?:the|our) .{0,40}\bapp\b|(?:this|our) (?:web)?site uses cookies|"
    r"(?:we|this page) uses? cookies|please enable javascript|accept (?:all )?cookies)",
    re.I,
)
_MAILING_LIST = re.compile(r"join (?:the|our) (.{2,60}?) (?:mailing list|newsletter)\W*", re.I)
_BUTTON = (
    r"(?:share|tweet|print|e-?mail|facebook|twitter|x|linkedin|whatsapp|reddit|telegram|pinterest|"
    r"kakaotalk|instagram|copy|link|url|listen|save|comments?|font|size)"
)
_SHARE = re.compile(
    rf"\W*{_BUTTON}\b"
    rf"(?:\W+(?:{_BUTTON}|this|article|story|on|via|to|by|with|a|an|the|and|or|page)\b){{0,12}}\W*",
    re.I,
)
_POSTED = re.compile(
    r"(?:(?:first )?(?:posted|published|publication date|pubdate|date|issued|released|entered|"
    r"publié|veröffentlicht|publicado|pubblicato|gepubliceerd|erstellt|stand|opublikowano)\b"
    r"(?: on| at| le| am| el| em| il| op)?|"
    r"(?:기사)?(?:입력|등록|발행|게시|승인|송고|작성)(?:일시?|시간)?|[发發][布表](?:时间|時間|日期|于)?|時間|时间|日期|"
    r"公開日?|掲載日?|配信日?)\s*[:：|-]?\s*",
    re.I,
)
_UPDATED = re.compile(
    r"(?:(?:last )?(?:updated?|modified|revised|edited|aktualisiert|mis à jour|actualizado|"
    r"aggiornato|bijgewerkt)\b(?: on| at| am| le)?|"
    r"(?:최종|最終|最终)?\s?(?:수정|업데이트|更新)(?:时间|時間|日時?|일시?)?)\s*[:：|-]?\s*",
    re.I,
)
_WORD = r"[^\W\d_a-z][\w'’.-]*"
_NAME = re.compile(
    rf"{_WORD}(?: (?:{_WORD}|de|da|der|den|del|di|dos|du|la|le|van|von|bin|al|el)){{1,4}}"
)
_NOT_NAMES = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|"
    r"september|october|november|december|the numbers|popular demand)\b",
    re.I,
)
_WEEKDAY_END = re.compile(
    r"(?:[\s,|]{1,3}(?:on|am|le|el))?(?:[\s,|]{1,3}(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\s,.|]{0,3}$",
    re.I,
)
_AGENCY = (
    r"(?:AFP|AP|Reuters|Yonhap|EPA|Getty|TASS|Tass|Xinhua|KCNA|Kyodo|Bloomberg|Newsis|NEWSIS|"
    r"UPI|DPA|dpa)"
)
_AGENCIES = re.compile(rf"{_AGENCY}|Associated Press|Staff(?: \w+)?")
_CREDIT = re.compile(
    rf"(?:[/|(\[]|\s[-–—]\s|\b(?:photo|image|picture|credit|courtesy)\b)[^/|(\[]{{0,40}}?"
    rf"\b{_AGENCY}\b[\w\s/.,-]{{0,40}}[)\]]?$",
    re.I,
)
# "Copyright battle heads to court" is a headline: the word alone is not a legal line.
_COPYRIGHT = re.compile(
    r"(?:copyright\b[\s:]*(?:©|ⓒ|\(c\)|\d{4}|by\b|notice\b|$)|©|ⓒ|<?\(c\)\s).{0,200}|"
    r".{0,200}\ball rights reserved\b.{0,200}",
    re.I,
)
# Lines that a page inserts even between two paragraphs. The whole line must match, and contain no
# quotation mark, "said" or "says", which mark speech.
_INTERRUPTION = re.compile(
    r"(?:"
    r"(?:reading time\W{1,3})?\d{1,3}[ -]min(?:ute)?s?(?: read)?|"
    r"(?:accept|reject|manage|allow)(?: all)? cookies|"
    r"sign up (?:to|for|here)\b.{0,140}\b(?:newsletters?|briefings?|e-?mails?|alerts?)\b"
    r"[^.]{0,40}\.?|"
    r"enter your e-?mail(?: address)?|"
    r"(?:skip past |after |before )newsletter promotion|"
    r"topics\b.{0,200}\breuse this content|reuse this content|"
    r"share (?:this )?(?:article |story )?(?:on|via|by) (?:facebook|twitter|x|whatsapp|linkedin|"
    r"reddit|telegram|bluesky|messenger|threads|pinterest|e-?mail)|"
    r"(?:read more|also read|read also|related|related story|related article)\s?:\s?.{0,140}[^.]|"
    r"this is google['’]s cache of\b.{0,380}|"
    r"it is a snapshot of the page as it appeared on\b.{0,380}|"
    r"privacy notice(?:\s?:.{0,380})?|"
    r"we (?:and our partners )?use (?:cookies|google recaptcha) "
    r"(?:to|on|and|for|in)\b.{0,350}"
    r")[!:>»]?",
    re.I,
)
_SPOKEN = re.compile(r"[\"“”«»]|\bsaid\b|\bsays\b", re.I)
_RELATED_WORDS = (
    r"(?:related (?:articles?|stories|news|topics|coverage|content)|read (?:more|next|also)|"
    r"more (?:on this|from|stories)|see also|most (?:read|popular|viewed)|you may (?:also )?like|"
    r"recommended|trending|editors?['’]?s? (?:picks?|choice))"
)
_RELATED = re.compile(rf"{_RELATED_WORDS}\b(?:\s*:?|[ :].{{0,80}}[^.])", re.I)
# "More from" alone is the beginning of something else: "More from the council's plan".
_RELATED_ALONE = re.compile(rf"{_RELATED_WORDS}\s*:?", re.I)
_DATELINE = re.compile(
    r"(?P<head>[^\W\d_a-z][^()\n]{2,90}?)\s*"
    r"(?:\((?P<agency>[^\W\d_a-z][^()\n]{1,40})\)|(?:--|[-–—])\s)"
)
_ADVERTISEMENT = re.compile(r"\W*(?:advertisement|advertising|sponsored content|ad)\W*", re.I)
_SENTENCE_END = re.compile(r"[.。．…][\"'”’»)\]]*$|[.!?][\"”»]$")
_ABBREVIATION_END = re.compile(r"(?:\b[A-Z]\.){2,}$|\.{3}$|…$")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Byline:
    """The author and, if the same line states them, the date and the publisher."""

    author: str | None
    published: str | None
    source: str | None = None


def key(line: str) -> str:
    """A key equal for two copies of a headline: casefolded, single spaces, plain quotes."""
    plain = line.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    return " ".join(plain.split()).casefold()


def crawled_title(line: str) -> str | None:
    """The text before a scraper's `DATE: 2024-07-15 15:44:28`; None without that stamp."""
    found = _CRAWL.fullmatch(line.strip())
    return " ".join(found[1].split()) if found else None


def byline(line: str) -> Byline | None:
    """`By Ann Lee April 24, 2019`: one to four names, then a date, an agency or a role."""
    line = line.strip()
    if len(line) > 160:
        return None
    found = find_date(line)
    written = line[: found[1][0]].rstrip(" ,|·") if found else line
    if marked := east_asian_byline(written):
        return Byline(marked, found[0] if found else None)
    begin = label_end(line, short=True)
    if not begin:
        return None
    # "By Ann Lee Tuesday, 26 April 2019"
    names = _WEEKDAY_END.sub("", line[begin : found[1][0]]) if found else line[begin:]
    authors, source = _written_by(names)
    if not authors or _NOT_NAMES.search(authors[0]) or (line.endswith(".") and not found):
        return None
    if not found and len(names) > sum(map(len, authors)) + len(source or "") + 50:
        return None
    return Byline(", ".join(authors[:4]), found[0] if found else None, source)


def credit(line: str) -> Byline | None:
    """`Jane Doe, The Morning Ledger, 3 April 2024`: a newspaper's name and date without "By"."""
    if len(line) > 160 or label_end(line, short=True) or not (found := find_date(line)):
        return None
    rest = without_time(line)
    around = [part.strip() for part in re.split(r"[,|•·–—]|\s-\s", rest) if part.strip()]
    sources = [part for part in around if publication(part)]
    people = [told[0] for part in around if part not in sources and (told := person(part))]
    if len(sources) != 1 or len(people) + 1 != len(around):
        return None
    return Byline(", ".join(people) or None, found[0], sources[0])


def _written_by(names: str) -> tuple[list[str], str | None]:
    """The people and the newspaper in what follows "By"."""
    authors: list[str] = []
    source: str | None = None
    for part in re.split(r",| \| | / | [-–—•·] |\b(?:and|und|et|y|for|in)\b|&", names):
        part = part.strip()
        told = person(part)
        if authors and publication(part):
            source = source or part
        elif told and told[1]:
            authors.append(told[0])
        elif _NAME.fullmatch(part) or _AGENCIES.fullmatch(part):
            if not (authors and role(part)):
                authors.append(part)
        elif not (authors and role(part)):
            break
    return authors, source


def posted(line: str) -> str | None:
    """The date of `Posted April. 26, 2019 07:55`, never that of `Updated ...`."""
    line = line.strip()
    for part in re.split(r"\s[|/•·–—]\s", line):
        label = _POSTED.match(part.strip())
        if label and (found := find_date(part)) and len(without_time(part).split()) <= 6:
            return found[0]
    return None


def updated(line: str) -> bool:
    """`Updated April. 26, 2019 07:55`: not the publication date, so it is not used."""
    line = line.strip()
    return bool(_UPDATED.match(line) and find_date(line) and len(without_time(line).split()) <= 6)


def dated(line: str) -> str | None:
    """The date of a line that contains only a date (`Friday, 26 April 2019, 07:55`)."""
    iso = parse_date(line)
    return iso if iso and len(iso) == 10 else None


def teaser(line: str) -> bool:
    """`Other headline Other headline 2019-04-23 09:58 | Section`: a link to another article."""
    head, bar, section = line.strip().rpartition("|")
    if not bar or len(section.split()) > 4 or not (found := find_date(head)):
        return False
    if without_time(head)[found[1][0] :].strip(" \xa0-–—|"):
        return False
    words = head[: found[1][0]].split()
    half = len(words) // 2
    doubled = len(words) >= 4 and words[:half] == words[half:]
    return doubled or not words or bool(re.search(r"\d:\d\d", head[found[1][1] :]))


def caption(line: str) -> bool:
    """A photo caption that ends with the agency's name: `... / AFP-Yonhap`, `(AP Photo)`."""
    return len(line) > 10 and bool(_CREDIT.search(line.strip()[-120:]))


def mailing_list(line: str) -> str | None:
    """The site named by `Join the Example.org mailing list`: the publisher of the page."""
    found = _MAILING_LIST.fullmatch(line.strip())
    name = found[1] if found else ""
    return name if re.search(r"[A-Z]|\w\.\w", name) else None


def skip_link(line: str) -> bool:
    """`Go to contents`: a link for screen readers."""
    return bool(_SKIP.fullmatch(line.strip()))


def appeal(line: str) -> bool:
    """A request for money, a subscription or consent."""
    return len(line) <= 160 and bool(_APPEAL.match(line.strip())) and not _SPOKEN.search(line)


def share_bar(line: str) -> bool:
    """A line of only button names: `Share Tweet Print`."""
    return bool(_SHARE.fullmatch(line))


def copyright_line(line: str) -> bool:
    """The legal line under an article."""
    return bool(_COPYRIGHT.fullmatch(line.strip()))


def related_heading(line: str) -> bool:
    """The heading of a list of other articles, or a link in such a list."""
    return bool(_RELATED.fullmatch(line.strip()))


def whole_related_heading(line: str) -> bool:
    """Whether the heading says no more than that: `Related articles`, not `Read more about ...`."""
    return bool(_RELATED_ALONE.fullmatch(line.strip()))


def perhaps_link(line: str) -> bool:
    """Whether the line may be the headline of another article, and is no entry of a fact box."""
    line = line.strip()
    if teaser(line) or furniture(line):
        return True
    fact = ":" in line or any(letter.isdigit() for letter in line)
    return headline_like(line) and (len(line.split()) >= 4 or not fact)


def advertisement(line: str) -> bool:
    """The label of an advertisement whose picture was not scraped."""
    return bool(_ADVERTISEMENT.fullmatch(line.strip()))


def interruption(line: str) -> bool:
    """`4 min read`, `after newsletter promotion`, `Read more: ...`: never article text."""
    line = line.strip()
    return bool(_INTERRUPTION.fullmatch(line)) and not _SPOKEN.search(line)


def dateline(line: str) -> tuple[str, str | None] | None:
    """Date and agency of a dateline: `PARIS, April 8, 2024 (AFP) - The ...`."""
    found = _DATELINE.match(line[:160])
    told = find_date(found["head"]) if found else None
    if not found or not told:
        return None
    day, (start, end) = told
    place = found["head"][:start].strip(" ,")
    first = place.split(",")[0].split(" (")[0]
    if not first.isupper() or len(first) < 2 or len(place.split()) > 6:
        return None
    return None if found["head"][end:].strip(" ,.") else (day, found["agency"])


def furniture(line: str) -> bool:
    """Whether any classification above matches the line."""
    if len(line) > LONGEST:
        return False
    tests = (
        crawled_title, byline, credit, posted, updated, dated, teaser, caption, mailing_list,
        skip_link, appeal, share_bar, copyright_line, related_heading, advertisement, interruption,
    )  # fmt: skip
    return any(test(line) not in (None, False) for test in tests)


def prose(line: str) -> bool:
    """Whether the line is running text: a long line, or a sentence of eight words or more."""
    line = line.strip()
    if len(line) > LONGEST:
        return True
    if len(line) < 160:
        words = 8 if line.isascii() or " " in line[:20] else 1
        if len(line) < 25 or len(line.split()) < words or not _SENTENCE_END.search(line):
            return False
    return not furniture(line)


def headline_like(line: str) -> bool:
    """Whether the line could be a headline: two to thirty words without a final full stop."""
    line = line.strip()
    if not 2 <= len(line) <= 200 or furniture(line) or line[0] in "-*•#>|=":
        return False
    if line.endswith((".", ",", ";", ":", "。")) and not _ABBREVIATION_END.search(line):
        return False
    words = [word for word in line.split() if _LETTER.search(word)]
    return 2 <= len(words) <= 30 or (not line.isascii() and bool(words) and len(line) >= 6)
