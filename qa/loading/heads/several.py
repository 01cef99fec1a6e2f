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
_RULES = re.compile(r"\n[ \t]*(?:[_=*~#-]{3,}|(?:[*=~-] ){2,8}[*=~-])[ \t]*(?=\n|\Z)")
# Lines of a head that are looked at to know that it is one.
_HEAD_LINES, _HEAD = 30, 8000
_FIRST_LINES = 15
_LONGEST_RULE = 200


def pieces(text: str) -> list[Piece]:
    """The articles of a text, in order; the text itself where it holds one."""
    padded = "\n" + text
    for find in (_messages, _counted, _ended, fenced_heads, _headed, _ruled):
        starts = list(find(padded))
        export = find in (_counted, _ended)
        if starts and (export or len(starts) > 1):
            # The fence of front matter looks like a rule.
            return _cut(text, starts, export, rules=find is not fenced_heads)
    return [Piece(text)]


def _cut(text: str, starts: Sequence[int], export: bool, rules: bool) -> list[Piece]:
    """The text cut at `starts`, without the `rules` around each piece. What stands above the first
    is an article if it has prose."""
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
        found.append(Piece(exports.without_rules(piece) if rules else piece, line, export))
    return found if len(found) > 1 else [Piece(each.text, None, export) for each in found]


# Each of these sees the text with a newline in front. So a place in the text is that of the newline
# before it, and they return the places of lines without adding one.


def _messages(padded: str) -> Iterator[int]:
    first = len(padded) - len(padded.lstrip())
    if not padded.startswith("From ", first) or not mail.ENVELOPE.match(padded, first):
        return
    for found in mail.ENVELOPE.finditer(padded):
        if found.start() == first or padded.endswith("\n\n", 0, found.start()):
            yield found.start() - 1


def _counted(padded: str) -> list[int]:
    """Where counters stand that count on: each is one more than the last, or begins anew."""
    found = [
        (n, m, each.start())
        for each in _COUNTERS.finditer(padded)
        if (each["before"] or each["after"]) and 0 < (n := int(each["n"])) <= (m := int(each["m"]))
    ]
    if not found:
        return []
    if len(found) == 1:
        # One counter may be a line of the text, unless it stands above it.
        above = [line for line in padded[: found[0][2]].split("\n") if line.strip()]
        if len(above) > _FIRST_LINES or any(map(prose, above)):
            return []
    counts_on = all(
        n == 1 or (m == of and n > before) for (before, of, _), (n, m, _) in pairwise(found)
    )
    return [start for _, _, start in found] if counts_on else []


def _ended(padded: str) -> list[int]:
    """Where articles begin that each end with the line of an export."""
    ends = [found.end() for found in _ENDS.finditer(padded)]
    if not ends:
        return []
    starts = [0, *(end - 1 for end in ends)]
    # What stands below the last end is the summary of the search, unless it is an article.
    return starts if any(map(prose, padded[ends[-1] :].split("\n"))) else starts[:-1]


def _headed(padded: str) -> list[int]:
    """Where labelled heads begin, of a text that begins with one, that open as that one does."""
    top = [line for line in padded[:_HEAD].split("\n") if line.strip()]
    if top and _is_rule(top[0]):
        del top[0]
    opening = opens_head(top)
    if opening is None:
        return []
    lines = padded.split("\n")
    starts: list[int] = []
    # Whether a head may begin here, and whether the article above has text.
    place, free, filled = -1, True, True
    for at, line in enumerate(lines):
        named = label_of(line) if free and filled and line.strip() else None
        if named and named[0] == opening and opens_head(lines[at : at + _HEAD_LINES]) is not None:
            starts.append(place)
            filled = False
        free = not line.strip() or _is_rule(line)
        filled = filled or not (free or label_of(line))
        place += len(line) + 1
    return starts


def _is_rule(line: str) -> bool:
    return len(line) <= _LONGEST_RULE and bool(_RULES.match("\n" + line))


def _ruled(padded: str) -> list[int]:
    """Where articles begin that rules separate, if each of them states headline and date."""
    rules = [found.span() for found in _RULES.finditer(padded)]
    if not rules:
        return []
    starts = [1, *(end for _, end in rules)]
    stops = [*(start for start, _ in rules), len(padded)]
    found: list[int] = []
    for start, stop in zip(starts, stops, strict=True):
        piece = padded[start:stop]
        scrape = clean(piece) if piece.strip() else None
        if scrape and not (scrape.title and scrape.published):
            return []
        if scrape:
            found.append(start - 1)
    return found
