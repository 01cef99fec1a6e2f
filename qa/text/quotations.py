"""Where a quotation stands in a text, and if it does not, what is most like it.

A quotation is compared letter by letter first. What differs only in the shape of quotation marks,
dashes, spaces and invisible characters, or in the case of the first letter, is found too and told
apart, and so is one that joins verbatim parts with an ellipsis. Words are never cut: "10" does not
stand in "10.5" nor in "100".
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

# Longer than any quotation that a reader would compare by eye.
MAX_QUOTATION = 8000
# What an ellipsis may leave out of one quotation, in characters: a paragraph, not the article.
_MOST_OMITTED = 1000
_MOST_PARTS = 20

# What may look otherwise in a quotation: all but a single space and most of ASCII.
_SHAPED = re.compile(
    r"\s*(?:[—―]|-{2,3})\s*|\s+[-–]\s+"  # A dash between phrases, however it is set.
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
# So many other words at an end of a quotation stand for those said there; more are an addition.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quotation stands in a text; `exact` when it does so to the character."""

    span: Span
    exact: bool


@dataclass(frozen=True, slots=True)
class Closest:
    """The stretch of a text that is most like a quotation, and what differs."""

    span: Span
    differences: tuple[Difference, ...]


def find(text: str, quotation: str, within: Span) -> Found | None:
    """Where the quotation stands in `text`: inside `within` if it does so anywhere there.

    Raises `InputError` for a quotation without a word and for an endless one.
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
    outside: Found | None = None
    for found in _all(text, quotation, wanted):
        if within[0] <= found.span[0] and found.span[1] <= within[1]:
            return found
        outside = outside or found
    return outside


def _all(text: str, quotation: str, wanted: str) -> Iterator[Found]:
    """Every place of the quotation, the exact ones first, then the freest reading last."""
    for start, end in _occurrences(text, quotation):
        yield Found((start, end), True)
    folded = _folded(text)
    for form in _forms(wanted):
        for start, end in _occurrences(folded.text, form):
            yield Found(folded.span(start, end), False)
    for form in _forms(wanted):
        parts = [part for part in _ELLIPSIS.split(form) if part]
        if 1 < len(parts) <= _MOST_PARTS and all(re.search(r"\w", part) for part in parts):
            for start, end in _joined(folded.text, parts):
                yield Found(folded.span(start, end), False)


def _forms(wanted: str) -> list[str]:
    """The quotation as it is; without its own marks; without the comma or full stop that English
    puts inside them; without the ellipsis at its ends; each with its first letter in the other
    case, for it may begin in the middle of a sentence, there or here."""
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
    """Where `part` stands in `text` without cutting a word or a number."""
    at = text.find(part)
    while at >= 0:
        end = at + len(part)
        if not _cuts(text, at) and not _cuts(text, end):
            yield at, end
        at = text.find(part, at + 1)


def _cuts(text: str, at: int) -> bool:
    """Whether a word or a number goes on across `at`. Scripts without letter case, of which many
    set no spaces, are not looked at."""
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
    """Where all parts stand in their order, little left out between one and the next."""
    # The start from which each end is reached, from part to part by the shortest way.
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
    """Where each character of a rewritten text stood before.

    Only the borders of pieces that changed their length are kept: what is at `_at[k]` now was at
    `_was[k]`. From an even border on the characters kept their order, and from an odd one on
    stands what became of one piece.
    """

    def __init__(self) -> None:
        self._at, self._was = array("i", [0]), array("i", [0])

    def add(self, was: Span, length: int) -> None:
        """The next piece that was replaced, by so many characters."""
        start = self._at[-1] + was[0] - self._was[-1]
        self._at.extend((start, start + length))
        self._was.extend(was)

    def span(self, start: int, end: int) -> Span:
        """Where the characters `[start, end)` stood, with the whole of each piece."""
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
    """A text with its typography evened out, and for each of its characters where it was."""

    def __init__(self, text: str) -> None:
        seen, self._seen = _rewritten(text, _HIDDEN, lambda _: "")
        self.text, self._even = _rewritten(seen, _SHAPED, _fold)

    def span(self, start: int, end: int) -> Span:
        return self._seen.span(*self._even.span(start, end))


@functools.lru_cache(32)
def _folded(text: str) -> Folded:
    """The same text is often looked through for several quotations."""
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
    """The words and marks of a text: where they stand, and how they read without typography."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts, self.ends = array("i"), array("i")
        for match in _WORD.finditer(text):
            self.starts.append(match.start())
            self.ends.append(match.end())

    def __len__(self) -> int:
        return len(self.starts)

    def folded(self, first: int = 0, last: int | None = None) -> Iterator[str]:
        """The words `[first, last)`."""
        for start, end in zip(self.starts[first:last], self.ends[first:last], strict=True):
            yield _fold_word(self._text[start:end])

    def text(self, first: int, last: int) -> str:
        """What stands from one word to the end of the one before another."""
        return self._text[self.starts[first] : self.ends[last - 1]] if first < last else ""


def closest(text: str, quotation: str, within: Span) -> Closest | None:
    """The stretch that shares most words with the quotation, and every difference in order; None
    when not a third of its words stand together anywhere. Of equals, one inside `within`."""
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
    """Where the run of as many words begins that has most of ours, counted as often as we have
    them; punctuation does not count."""
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
