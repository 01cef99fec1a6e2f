"""Split an article's text into passages: runs of whole sentences up to a number of word pieces.

Offsets come from the sentence splitter and are never searched for afterwards. Every non-whitespace
character is in exactly one passage. Sentences are packed greedily: passages are as long as the
limit allows, which retrieves better than shorter passages (see docs/studies/settings.md).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from qa.text.sentences import sentence_spans
from qa.types import Passage, Span

Count = Callable[[Sequence[str]], list[int]]

# Stored in the manifest: after a change of these rules, or of the rules for quantities, every
# document is split again.
SPLITTING = "sentences/3"
# Maximum passage length in word pieces, even if the model accepts longer input.
CAPACITY = 254
# Sentences tokenized at a time, which bounds memory for a huge document.
_WINDOW = 2048


def split(text: str, count: Count, capacity: int = CAPACITY) -> Iterator[Passage]:
    """The passages of `text` in order, each at most `capacity` word pieces long.

    `count` returns the number of word pieces of each text in a list; the size of a passage is the
    sum over its sentences. A text without visible characters has no passages.
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
    """Each span with its size; a span that is too long is halved until its parts fit."""
    spans = list(spans)
    for span, size in zip(spans, count([text[start:end] for start, end in spans]), strict=True):
        if size <= capacity or span[1] - span[0] == 1:
            yield span, size
        else:
            yield from _fitting(text, _halves(text, span), count, capacity)


def _halves(text: str, span: Span) -> tuple[Span, ...]:
    """The span cut in two at the space nearest its middle, or at the middle if no space is near."""
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
