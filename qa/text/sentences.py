"""Split an article into sentences; spans are in code points.

News prose has many full stops that end no sentence ("N. Korea", "U.S. President", "Sen. Coons").
The Unicode default rules (UAX #29) break at each of them; a citation cut there is useless. The
rules here check the words before and after the stop, following T. Kiss, J. Strunk, Unsupervised
Multilingual Sentence Boundary Detection (2006). Fixed lists replace the learned lists, so the same
text always splits the same way.

Not supported: languages that use neither Latin nor CJK full stops; their paragraphs are split by
length.
"""

import re
from collections.abc import Iterator

from qa.types import Span

# A sentence longer than this (a table, a page without full stops) is split at a space.
MAX_CHARACTERS = 1000
# A line at least this long that ends without a full stop was wrapped at a width.
_WRAPPED = 40

_CLOSERS = "\"'”’»)\\]}」』）"
# A run of full stops is matched only from its first stop. Otherwise a run without a space after it
# would be rescanned from each of its stops.
_BOUNDARY = re.compile(
    rf"(?P<blank>\n[^\S\n]*\n\s*)|(?P<line>\n)"
    rf"|(?P<stop>(?<![.!?…])[.!?…]++[{_CLOSERS}]*+)(?=\s)|(?P<wide>[。！？]+[{_CLOSERS}]*)"
)
_LAST_WORD = re.compile(r"[\w.&'’-]+$")
_NEXT_WORD = re.compile(r"\s*[\"'“‘«(\[{]*([\w’']+)")

_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof sen rep gov gen lt col sgt capt cmdr maj adm brig rev hon fr st mt ft"
    " pres supt messrs mmes vs v cf al viz e.g i.e no nos vol pp fig art sec approx est ca"
    " jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun"
    " ave blvd rd a.m p.m".split()
)
# After "U.S.", "Inc." or "Jr.", only a word that usually opens a sentence starts a new sentence.
_AMBIGUOUS = frozenset("inc corp co ltd bros plc jr sr etc a.m p.m ph.d m.d".split())
_OPENERS = frozenset(
    "the a an in on at by for from with as if it its he she they we i you his her their our this"
    " that these those there here when while where what who why how but and so or yet however"
    " after before since during although though because according some many most no not now then"
    " meanwhile moreover both all one two".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
# "U.S", "N", "Ph.D" without the stop being checked.
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)*[^\W\d_]$")


def sentence_spans(text: str) -> Iterator[Span]:
    """The sentences of `text` in order, as half-open spans trimmed of white space.

    Every character that is not white space lies in exactly one span; none is longer than
    `MAX_CHARACTERS`. Runs in time linear in the length of the text.
    """
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ends_sentence(text, match, start):
            yield from _pieces(text, start, match.end())
            start = match.end()
    yield from _pieces(text, start, len(text))


def _ends_sentence(text: str, match: re.Match[str], start: int) -> bool:
    if match["blank"] or match["wide"]:
        return True
    if match["line"]:
        return not _is_wrapped(text, match.start(), start)
    stop, at = match["stop"], match.start()
    following = _NEXT_WORD.match(text, match.end(), match.end() + 60)
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if stop[0] != "." or stop.startswith(".."):
        # "Putin ... Kim will visit" omits words; the sentence goes on.
        return not (stop.strip(_CLOSERS) in ("...", "…") and text[at - 1 : at].isspace())
    before = _LAST_WORD.search(text, max(start, at - 20), at)
    last = before[0].lower() if before else ""
    if last in _AMBIGUOUS:
        return word.lower() in _OPENERS
    if last in _ABBREVIATIONS:
        # Also ordinary words: "He said no." ends a sentence, "No. 5" does not.
        return last in ("no", "art", "sat", "sun", "mar", "est", "al") and not word[:1].isdigit()
    if last in _MONTHS and word[:1].isdigit():
        return False
    if _ACRONYM.match(last):
        # A single letter is an initial ("N. Korea"); several are a name that may end a sentence.
        return len(last) > 1 and word.lower() in _OPENERS
    return True


def _is_wrapped(text: str, newline: int, start: int) -> bool:
    line_start = max(text.rfind("\n", start, newline) + 1, start)
    line = text[line_start:newline].rstrip()
    following = text[newline + 1 : newline + 2]
    return (
        len(line) >= _WRAPPED
        and line[-1] not in ".!?…:;。！？" + _CLOSERS
        and (following.isalnum() or following in "\"'“‘(")
    )


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The span trimmed of white space, split at spaces where it is too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_CHARACTERS:
        cut = start + MAX_CHARACTERS
        space = max(text.rfind(mark, start + MAX_CHARACTERS // 2, cut) for mark in " \n\t")
        cut = cut if space < 0 else space
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
