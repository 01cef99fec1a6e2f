"""Where one article of a file ends and the next begins.

A file is split only at marks that nobody writes by chance: the line above each message of a
mailbox; counters of an export (`2 of 20 DOCUMENTS`) that count on; the line that ends each article
of an export; front matter; labelled heads that begin like the first one of the file; and rules
(`=====`) where every article between them states headline and date.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.loading.heads import exports, mail
from qa.loading.heads.fences import fenced_heads
from qa.loading.heads.labelled import label_of, opens_head
from qa.loading.heads.values import Piece
from qa.loading.scraped.lines import prose
from qa.loading.scraped.page import clean

# A newline is what these begin with, for that is found fastest; the text gets one in front.
_COUNTERS = re.compile(rf"\n{exports.COUNTER}(?=\n|\Z)", re.IGNORECASE)
_ENDS = re.compile(rf"\n[ \t]*(?:{exports.END_OF_NEXIS}|{exports.END_OF_FACTIVA})[ \t]*(?=\n|\Z)")
_RULES = re.compile(r"\n[ \t]*(?:[_=*~#-]{5,}|(?:[*=~-] ){2,8}[*=~-])[ \t]*(?=\n|\Z)")
# Lines of a head that are looked at to know that it is one.
_HEAD_LINES = 30
_FIRST_LINES = 15


def pieces(text: str) -> list[Piece]:
    """The articles of a text, in order; the text itself where it holds one."""
    for find, export in (
        (_messages, False),
        (_counted, True),
        (_ended, True),
        (fenced_heads, False),
        (_headed, False),
        (_ruled, False),
    ):
        starts = list(find(text))
        if starts and (export or len(starts) > 1):
            return _cut(text, starts, export)
    return [Piece(text)]


def _cut(text: str, starts: Sequence[int], export: bool) -> list[Piece]:
    """The text cut at `starts`. What stands above the first is an article if it has prose."""
    above = text[: starts[0]]
    if any(prose(line) for line in above.split("\n")):
        starts = [0, *starts]
    found: list[Piece] = []
    line, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        piece = text[start:end]
        if not piece.strip():
            continue
        filled = start + len(piece) - len(piece.lstrip())
        line, counted = line + text.count("\n", counted, filled), filled
        found.append(Piece(exports.without_rules(piece), line, export))
    return found if len(found) > 1 else [Piece(each.text, None, export) for each in found]


def _messages(text: str) -> Iterator[int]:
    first = mail.ENVELOPE.match(text, len(text) - len(text.lstrip()))
    if first is None:
        return
    for found in mail.ENVELOPE.finditer(text):
        if found.start() == first.start() or text.endswith("\n\n", 0, found.start()):
            yield found.start()


def _counted(text: str) -> list[int]:
    """Where counters stand that count on: each is one more than the last, or begins anew."""
    found = [
        (int(each["n"]), int(each["m"]), each.start())
        for each in _COUNTERS.finditer("\n" + text)
        if each["before"] or each["after"]
    ]
    found = [(n, m, start) for n, m, start in found if 0 < n <= m]
    if not found:
        return []
    above = text[: found[0][2]].split("\n")
    if len(found) == 1 and sum(bool(line.strip()) for line in above) > _FIRST_LINES:
        return []
    if any(prose(line) for line in above) and len(found) == 1:
        return []
    rising = all(
        n == 1 or (m == before_m and n > before)
        for (before, before_m, _), (n, m, _) in pairwise(found)
    )
    return [start for _, _, start in found] if rising else []


def _ended(text: str) -> list[int]:
    """Where articles begin that each end with the line of an export."""
    ends = [found.end() - 1 for found in _ENDS.finditer("\n" + text)]
    if not ends:
        return []
    # What stands below the last end is the summary of the search, unless it is an article.
    rest = text[ends[-1] :]
    starts = [0, *ends[:-1]]
    return [*starts, ends[-1]] if any(prose(line) for line in rest.split("\n")) else starts


def _headed(text: str) -> list[int]:
    """Where labelled heads begin, of a text that begins with one, that open as that one does."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    ruled = bool(_RULES.match("\n" + lines[first]))
    first = next((at for at in range(first + ruled, len(lines)) if lines[at].strip()), first)
    opening = opens_head(lines[first : first + _HEAD_LINES])
    if opening is None:
        return []
    starts, place, free, above = [], 0, True, ""
    for at, line in enumerate(lines):
        named = label_of(line) if free and line.strip() else None
        if at == first or (
            named
            and at > first
            and named[0] == opening
            and above
            and opens_head(lines[at : at + _HEAD_LINES]) is not None
        ):
            starts.append(place)
            above = ""
        if line.strip():
            ruled = bool(_RULES.match("\n" + line[:200]))
            free = ruled
            if not ruled and not label_of(line):
                above = line
        else:
            free = True
        place += len(line) + 1
    return starts


def _ruled(text: str) -> list[int]:
    """Where articles begin that rules separate, if each of them states headline and date."""
    ends = [(found.start(), found.end() - 1) for found in _RULES.finditer("\n" + text)]
    if not ends:
        return []
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    filled = [(start, text[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    filled = [(start, piece) for start, piece in filled if piece.strip()]
    for _, piece in filled:
        scrape = clean(piece)
        if not scrape.title or not scrape.published:
            return []
    return [start for start, _ in filled]
