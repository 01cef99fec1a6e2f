"""Split an article into sentences; spans are in code points.

News prose has many full stops that end no sentence ("N. Korea", "U.S. President", "am 3. Oktober").
The Unicode default rules (UAX #29) break at each of them; a citation cut there is useless. The
rules here look at the words around a mark. A quotation and the words that name its speaker are one
sentence.

Not supported: languages that use neither Latin, Cyrillic nor CJK full stops; their paragraphs are
split by length.
"""

import re
from collections.abc import Iterator

from qa.text.full_stops import FullStops
from qa.text.speakers import names_speaker
from qa.types import Span

# A sentence longer than this (a table, a page without full stops) is split at a space.
MAX_CHARACTERS = 1000
# A line at least this long that ends without a full stop was wrapped at a width.
_WRAPPED = 40

# “ ‘ and « close a quotation in German. » has a space before it in French.
_QUOTES = "\"'”’“‘»«"
_CLOSERS = _QUOTES + ")\\]}」』）"
_SPACE = "[ \u00a0\u202f]"
# A run of marks, with or without spaces, is matched only from its first mark. Otherwise a run
# without a space after it would be rescanned from each of its marks. The pattern begins with a set
# of characters, so that the engine of `re` skips to them.
_BOUNDARY = re.compile(
    rf"[\n.!?…。！？](?:(?<=\n)(?P<blank>[^\S\n]*\n\s*)?"
    rf"|(?<=[.!?…])(?<![.!?…][.!?…])(?<![.!?…]{_SPACE}[.!?…])"
    rf"(?P<marks>[.!?…]*+(?:{_SPACE}[.!?](?![.!?…\w]))*+)[{_CLOSERS}]*+(?:{_SPACE}»(?!\w))?+(?=\s)"
    rf"|(?<=[。！？])(?P<wide>[。！？]*[{_CLOSERS}]*))"
)
# A Dutch sentence that begins with "’s Avonds" has its capital in the second word.
_NEXT_WORD = re.compile(rf"\s*([—–-]*)\s*(?:['’][stn]\s)?[\"'“‘„‚«»(\[{{¿¡]*{_SPACE}?([\w’']+)")
# A quotation in a sentence of CJK script is followed by one of these.
_QUOTATION_PARTICLES = ("と", "，", "、")


def sentence_spans(text: str) -> Iterator[Span]:
    """The sentences of `text` in order, as half-open spans trimmed of white space.

    Every character that is not white space lies in exactly one span; none is longer than
    `MAX_CHARACTERS`. Runs in time linear in the length of the text.
    """
    start, full_stops = 0, FullStops(text)
    for match in _BOUNDARY.finditer(text):
        if _ends_sentence(text, match, start, full_stops):
            yield from _pieces(text, start, match.end())
            start = match.end()
    yield from _pieces(text, start, len(text))


def _ends_sentence(text: str, match: re.Match[str], start: int, full_stops: FullStops) -> bool:
    at, end = match.span()
    if text[at] == "\n":
        return match["blank"] is not None or not _is_wrapped(text, at, start)
    if match["wide"] is not None:
        return text[end - 1] in "。！？" or not text.startswith(_QUOTATION_PARTICLES, end)
    following = _NEXT_WORD.match(text, end, end + 60)
    dash, word = following.groups() if following else ("", "")
    # Punctuation that ends nothing may follow after a space: "etc. , and".
    if word[:1].islower() or text[end + 1 : end + 2] in (",", ";", ":", ")", "]"):
        return False
    if dash and not word.isdecimal():  # "10:15 p.m. — The President": the word does not tell.
        word = ""
    after = following.end() if following else end
    marks = text[at] + match["marks"]
    if _omits(text, at, marks):
        return full_stops.opens(at, word, after)
    if text[end - 1] in _QUOTES and _begins_quoted(text, start, at) and names_speaker(text, end):
        return False
    return marks != "." or full_stops.ends_sentence(start, at, word, after)


def _omits(text: str, at: int, marks: str) -> bool:
    """Whether the marks stand for words left out, within a sentence: "Putin ... Kim", "[...]"."""
    if marks != "…" and "".join(marks.split()) != "...":
        return False
    before = text[at - 1 : at]
    return before.isspace() or before in ("[", "(")


def _begins_quoted(text: str, start: int, at: int) -> bool:
    """Whether the quotation that ends at `at` was opened where its sentence begins, or before it.

    Otherwise the speaker has been named in front of the quotation."""
    sentence = text[max(start, at - MAX_CHARACTERS) : at].lstrip()
    return sentence[:1] in "\"'“”‘’„‚»«" or not any(mark in sentence for mark in '"“„«»')


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
