"""Find a quotation in a text, or else the most similar stretch.

Exact matches come first. Inexact matches are reported as such: quotations that differ only in
quotation marks, dashes, spaces, invisible characters or the case of the first letter, or that join
verbatim parts with an ellipsis. Matches never cut words: "10" does not match in "10.5" or "100".
"""

import bisect
import difflib
import functools
import re
import unicodedata
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from embeddings.errors import InputError
from qa.text.invisible import INVISIBLE
from qa.types import Difference, Span

# Longer than any quotation that a reader would check by eye.
MAX_QUOTATION = 8000
# The most characters that an ellipsis may omit: a paragraph, not the article.
_MOST_OMITTED = 1000
_MOST_PARTS = 20

# What may be typeset differently in a quotation: all but a single space and most of ASCII.
_SHAPED = re.compile(
    # A dash between phrases, however typeset, also where a quotation begins or ends with it.
    r"\s*(?:[—―]|-{2,3})\s*|\s+[-–](?:\s+|\Z)|\A[-–]\s+"
    r"| \s+|[^\S ]\s*|[^\x00-\x7f]|`"
)
_HIDDEN = re.compile(f"{INVISIBLE}+")
_SAME = {
    **dict.fromkeys("‘’‚‛′ʼ`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–−", "-"),
    **{"…": "...", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"},
}
_ELLIPSIS = re.compile(r" ?(?:\[ ?\.\.\. ?\]|\( ?\.\.\. ?\)|\.\.\.\.?|\. \. \.(?: \.)?) ?")
_INITIAL = re.compile(r"^(\[)?([^\W\d_])(?(1)\])")
_WORD = re.compile(r"\d[\d.,]*\d|\w+|[^\w\s]")
# Up to this many differing words at an end of a quotation replace words of the text; more are
# an addition.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The span of a quotation in a text; `exact` if every character matches."""

    span: Span
    exact: bool


@dataclass(frozen=True, slots=True)
class Closest:
    """The stretch of a text most similar to a quotation, and the differences."""

    span: Span
    differences: tuple[Difference, ...]


def find(text: str, quotation: str, within: Span) -> Found | None:
    """The quotation's match in `text`, preferring a match inside `within`.

    Raises `InputError` for a quotation without a word or longer than `MAX_QUOTATION`.
    """
    if len(quotation) > MAX_QUOTATION:
        raise InputError(
            f"The quotation has {len(quotation):,} characters; at most {MAX_QUOTATION:,} are "
            "compared. Check it in parts."
        )
    folded = Folded(quotation)
    wanted = folded.text.strip(" ")
    if not re.search(r"\w", wanted):
        raise InputError(f"The quotation has no word in it: {quotation!r}.")
    whole = text[slice(*within)]
    # A passage of a text without spaces may begin or end inside of a word.
    if len(whole) <= MAX_QUOTATION and Folded(whole).text.strip(" ") == wanted:
        return Found(within, whole == quotation)
    outside: Found | None = None
    for found in _all(text, quotation, wanted):
        if within[0] <= found.span[0] and found.span[1] <= within[1]:
            return found
        outside = outside or found
    return outside


def _all(text: str, quotation: str, wanted: str) -> Iterator[Found]:
    """Every match of the quotation: exact, then differing in form, then joined by ellipses."""
    for start, end in _occurrences(text, quotation):
        yield Found((start, end), True)
    folded = _folded(text)
    for form in _forms(wanted):
        for start, end in _occurrences(folded.text, form):
            yield Found(_without_space(text, folded.span(start, end)), False)
    for form in _forms(wanted):
        parts = [part for part in _ELLIPSIS.split(form) if part]
        if 1 < len(parts) <= _MOST_PARTS and all(re.search(r"\w", part) for part in parts):
            for start, end in _joined(folded.text, parts):
                yield Found(_without_space(text, folded.span(start, end)), False)


def _without_space(text: str, span: Span) -> Span:
    """The span without the space around a dash at its ends, which belongs to what is outside."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _forms(wanted: str) -> list[str]:
    """The quotation as is; without its quotation marks; without the comma or full stop that
    English puts inside them; without an ellipsis at its ends. Each also with the case of its first
    letter swapped, because it may begin in mid-sentence in the text or in the quotation."""
    bare = wanted.strip('"').strip(" ")
    forms = [wanted, bare, bare.removesuffix(".").removesuffix(",")]
    inner = bare
    if match := _ELLIPSIS.match(inner):
        inner = inner[match.end() :]
    if match := re.search(f"(?:{_ELLIPSIS.pattern})$", inner):
        inner = inner[: match.start()]
    forms.append(inner)
    forms += [_INITIAL.sub(lambda initial: initial[2].swapcase(), form) for form in forms]
    return [form for form in dict.fromkeys(forms) if re.search(r"\w", form)]


def _occurrences(text: str, part: str) -> Iterator[Span]:
    """The spans of `part` in `text` that cut no word or number."""
    at = text.find(part)
    while at >= 0:
        end = at + len(part)
        if not _cuts(text, at) and not _cuts(text, end):
            yield at, end
        at = text.find(part, at + 1)


def _cuts(text: str, at: int) -> bool:
    """Whether a word or a number continues across `at`. Scripts without letter case are not
    checked, because many use no spaces."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after) or (_holds(before) and _holds(after)):
        return True
    if before in ".,":
        return after.isdigit() and at > 1 and text[at - 2].isdigit()
    if after in ".,":
        return before.isdigit() and at + 1 < len(text) and text[at + 1].isdigit()
    return False


def _holds(character: str) -> bool:
    return (
        character.isdigit()
        or character.lower() != character.upper()
        or unicodedata.combining(character) > 0
    )


def _joined(text: str, parts: list[str]) -> Iterator[Span]:
    """Spans with all parts in order, at most `_MOST_OMITTED` characters between neighbours."""
    # Maps each end to its start; each part is linked to the nearest end of the part before.
    reached = {end: start for start, end in _occurrences(text, parts[0])}
    for part in parts[1:]:
        ends = sorted(reached)
        further: dict[int, int] = {}
        for start, end in _occurrences(text, part):
            nearest = bisect.bisect_right(ends, start) - 1
            if nearest >= 0 and start - ends[nearest] <= _MOST_OMITTED:
                further[end] = reached[ends[nearest]]
        reached = further
    yield from sorted((start, end) for end, start in reached.items())


class _Places:
    """Map positions in a rewritten text back to the original.

    Only the borders of pieces that changed length are stored: position `_at[k]` was at `_was[k]`.
    After an even border, characters map one to one; after an odd border, the text is the
    replacement of a piece.
    """

    def __init__(self) -> None:
        self._at, self._was = array("i", [0]), array("i", [0])

    def add(self, was: Span, length: int) -> None:
        """Record the next replaced piece, and the length of its replacement."""
        start = self._at[-1] + was[0] - self._was[-1]
        self._at.extend((start, start + length))
        self._was.extend(was)

    def span(self, start: int, end: int) -> Span:
        """The original span of the characters `[start, end)`, with replaced pieces whole."""
        return self._of(start)[0], self._of(end - 1)[1]

    def _of(self, at: int) -> Span:
        border = bisect.bisect_right(self._at, at) - 1
        if border % 2:
            return self._was[border], self._was[border + 1]
        place = self._was[border] + at - self._at[border]
        return place, place + 1


def _rewritten(
    text: str, pieces: re.Pattern[str], rewrite: Callable[[str], str]
) -> tuple[str, _Places]:
    places = _Places()

    def replaced(match: re.Match[str]) -> str:
        piece, span = rewrite(match[0]), match.span()
        if len(piece) != 1 or span[1] - span[0] != 1:
            places.add(span, len(piece))
        return piece

    return pieces.sub(replaced, text), places


class Folded:
    """A text with normalised typography, and the original position of each character."""

    def __init__(self, text: str) -> None:
        seen, self._seen = _rewritten(text, _HIDDEN, lambda _: "")
        self.text, self._even = _rewritten(seen, _SHAPED, _fold)

    def span(self, start: int, end: int) -> Span:
        return self._seen.span(*self._even.span(start, end))


@functools.lru_cache(32)
def _folded(text: str) -> Folded:
    """Cached, because several quotations are often searched in the same text."""
    return Folded(text)


def _fold(piece: str) -> str:
    if piece in _SAME:
        return _SAME[piece]
    if piece.isspace():
        return " "
    if len(piece) > 1 or piece in "—―":
        return "—"
    return unicodedata.normalize("NFD", piece)


class _Words:
    """The words and punctuation marks of a text: their spans and their folded forms."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts, self.ends = array("i"), array("i")
        for match in _WORD.finditer(text):
            self.starts.append(match.start())
            self.ends.append(match.end())

    def __len__(self) -> int:
        return len(self.starts)

    def folded(self, first: int = 0, last: int | None = None) -> Iterator[str]:
        """The folded words `[first, last)`."""
        for start, end in zip(self.starts[first:last], self.ends[first:last], strict=True):
            yield _fold_word(self._text[start:end])

    def text(self, first: int, last: int) -> str:
        """The text of the words `[first, last)`."""
        return self._text[self.starts[first] : self.ends[last - 1]] if first < last else ""


def closest(text: str, quotation: str, within: Span) -> Closest | None:
    """The stretch that shares most words with the quotation, and every difference in order. None
    if no stretch has a third of its words. Ties prefer a stretch inside `within`."""
    quoted, said = _Words(quotation), _Words(text)
    ours = list(quoted.folded())
    at = _best_window(ours, said, within)
    if at is None:
        return None
    low, high = max(at - len(ours) // 2, 0), at + len(ours) + len(ours) // 2
    matcher = difflib.SequenceMatcher(None, ours, list(said.folded(low, high)))
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    first, last = blocks[0], blocks[-1]
    tail = len(ours) - last.a - last.size
    start = max(low + first.b - (first.a if first.a <= _FEW else 0), 0)
    end = min(low + last.b + last.size + (tail if tail <= _FEW else 0), len(said))
    stretch = difflib.SequenceMatcher(None, ours, list(said.folded(start, end)))
    differences = tuple(
        Difference(quoted.text(a, b), said.text(start + c, start + d))
        for kind, a, b, c, d in stretch.get_opcodes()
        if kind != "equal"
    )
    return Closest((said.starts[start], said.ends[end - 1]), differences)


def _best_window(ours: list[str], said: _Words, within: Span) -> int | None:
    """The first word of the window of `len(ours)` words that shares most words with `ours`, as a
    multiset; punctuation does not count."""
    wanted = Counter(word.casefold() for word in ours if word[0].isalnum())
    have = dict.fromkeys(wanted, 0)
    run: deque[str] = deque()
    shared, best, place = 0, (max(wanted.total() // 3, 1), False), None
    for end, word in enumerate(said.folded()):
        run.append(key := word.casefold())
        if key in have:
            have[key] += 1
            shared += have[key] <= wanted[key]
        start = end - len(ours) + 1
        if start > 0 and (gone := run.popleft()) in have:
            shared -= have[gone] <= wanted[gone]
            have[gone] -= 1
        start = max(start, 0)
        rank = (shared, within[0] <= said.starts[start] and said.ends[end] <= within[1])
        if rank > best or (place is None and rank >= best):
            best, place = rank, start
    return place


def _fold_word(word: str) -> str:
    return word if word.isascii() and word != "`" else _fold_other_word(word)


@functools.lru_cache(1 << 12)
def _fold_other_word(word: str) -> str:
    return Folded(word).text or word
