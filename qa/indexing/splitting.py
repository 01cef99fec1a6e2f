"""An article's text cut into passages: runs of whole sentences that fit a number of word pieces.

Offsets are carried from the sentence splitter, never searched for afterwards. Every character
that is not white space lies in exactly one passage. Sentences are packed greedily: a passage is
as long as it may be, which retrieves better than shorter ones (see docs/studies/settings.md).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from qa.text.sentences import sentence_spans
from qa.types import Passage, Span

Count = Callable[[Sequence[str]], list[int]]

# Named in the manifest: a change of the rules, or of what counts as a quantity, splits every
# document again.
SPLITTING = "sentences/2"
# Longest passage in word pieces, also for models that read more.
CAPACITY = 254
# Sentences measured at a time, so that a huge document is never tokenized at once.
_WINDOW = 2048


def split(text: str, count: Count, capacity: int = CAPACITY) -> Iterator[Passage]:
    """The passages of `text` in order, none longer than `capacity` word pieces.

    `count` gives the word pieces of each of some texts; the size of a passage is the sum over its
    sentences. A text without a visible character has no passages.
    """
    packed: list[Span] = []
    used = 0
    for span, size in _measured(text, count, capacity):
        if packed and used + size > capacity:
            yield Passage(packed[0][0], packed[-1][1], tuple(packed))
            packed, used = [], 0
        packed.append(span)
        used += size
    if packed:
        yield Passage(packed[0][0], packed[-1][1], tuple(packed))


def _measured(text: str, count: Count, capacity: int) -> Iterator[tuple[Span, int]]:
    spans = sentence_spans(text)
    while window := list(islice(spans, _WINDOW)):
        yield from _fitting(text, window, count, capacity)


def _fitting(
    text: str, spans: Iterable[Span], count: Count, capacity: int
) -> Iterator[tuple[Span, int]]:
    """Each span with its size; one that is too long is halved until its pieces fit."""
    spans = list(spans)
    for span, size in zip(spans, count([text[start:end] for start, end in spans]), strict=True):
        if size <= capacity or span[1] - span[0] == 1:
            yield span, size
        else:
            yield from _fitting(text, _halves(text, span), count, capacity)


def _halves(text: str, span: Span) -> tuple[Span, ...]:
    """Two spans cut at the space nearest the middle, or at the middle where there is none."""
    start, end = span
    middle = (start + end) // 2
    for distance in range((end - start) // 4):
        for at in (middle - distance, middle + distance):
            if text[at].isspace():
                return _trimmed(text, (start, at)) + _trimmed(text, (at, end))
    return (start, middle), (middle, end)


def _trimmed(text: str, span: Span) -> tuple[Span, ...]:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return ((start, end),) if start < end else ()
