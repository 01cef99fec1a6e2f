"""Outlines to stories: an article joins the older article that it is most like.

Articles are taken in order of their day. An article that is like the first article of a story, its
leader, joins that story; if it is like no leader, it leads. So every article of a story is like its
oldest one and at most `MOST_DAYS` younger. A chain of articles, each like the one before, does not
become one story.

Older articles alone decide which leader an article has. After a change, only two kinds of articles
are placed again: those that changed, and younger ones that are like an article that began or ceased
to lead. The result is the same as if all were placed.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from qa.stories.outline import UNIT, WEIGHTED, Outline

# Cosines from here on are those of one event (docs/studies/stories.md).
ALIKE = 0.32
MOST_DAYS = 4
# The bits of a key before those of a word.
_WORD = np.uint64(32)


class Outlines:
    """Outlines in order of day and id, and the words in which each is found. Positions count in
    this order."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self.of: Sequence[Outline] = sorted(outlines, key=lambda one: (one.day, one.doc_id))
        self._days = np.array([one.day for one in self.of], np.int64)
        # One key for each word of each outline: the word's number, then the outline's position.
        words = np.frombuffer(b"".join(one.words for one in self.of), WEIGHTED)
        counts = [len(one.words) // WEIGHTED.itemsize for one in self.of]
        owners = np.repeat(np.arange(len(self.of)), counts)
        keys = (words["word"].astype(np.uint64) << _WORD) | owners.astype(np.uint64)
        order = np.argsort(keys)
        self._keys, self._owners = keys[order], owners[order]
        self._weights = words["weight"][order].astype(np.int64)

    def like(self, one: Outline) -> tuple[list[int], list[int]]:
        """The positions of the outlines that are like `one`, ascending, itself left out, and the
        products of their vectors with its own."""
        first = int(np.searchsorted(self._days, one.day - MOST_DAYS))
        last = int(np.searchsorted(self._days, one.day + MOST_DAYS, side="right"))
        own = np.frombuffer(one.words, WEIGHTED)
        words = own["word"].astype(np.uint64) << _WORD
        begins = np.searchsorted(self._keys, words | np.uint64(first))
        lengths = np.searchsorted(self._keys, words | np.uint64(last)) - begins
        # The places begins[0], begins[0] + 1, ..., begins[1], begins[1] + 1, ...
        found = np.arange(lengths.sum()) + np.repeat(begins - lengths.cumsum() + lengths, lengths)
        mine = np.repeat(own["weight"].astype(np.int64), lengths)
        # Exact, because these are whole numbers below 2 ** 53.
        products = np.bincount(self._owners[found] - first, self._weights[found] * mine)
        alike = np.flatnonzero(products >= ALIKE * UNIT**2)
        pairs = zip(
            (alike + first).tolist(), products[alike].astype(np.int64).tolist(), strict=True
        )
        kept = [pair for pair in pairs if self.of[pair[0]].doc_id != one.doc_id]
        return [place for place, _ in kept], [product for _, product in kept]


def leaders(
    outlines: Outlines,
    before: Mapping[str, str],
    come: Collection[str],
    gone: Iterable[Outline] = (),
) -> dict[str, str]:
    """The id of the leader of each outline's story, by the outline's id; a leader's own is its own.

    `before` are the leaders before a change. `come` are the ids of the outlines that are new or
    were other ones before, `gone` the outlines that are there no more or are other ones now.
    """
    leading = dict(before)
    places = {one.doc_id: place for place, one in enumerate(outlines.of)}
    waiting = [places[doc_id] for doc_id in come]
    for one in gone:
        if leading.pop(one.doc_id, None) == one.doc_id:
            waiting += [place for place in outlines.like(one)[0] if _older(one, outlines.of[place])]
    heapq.heapify(waiting)
    placed = -1
    while waiting:
        place = heapq.heappop(waiting)
        if place == placed:
            continue
        placed = place
        one = outlines.of[place]
        like, products = outlines.like(one)
        led = leading.get(one.doc_id) == one.doc_id
        older = [
            (product, -other)
            for other, product in zip(like, products, strict=True)
            if other < place and leading[outlines.of[other].doc_id] == outlines.of[other].doc_id
        ]
        # Of two that are as like, the older one.
        leading[one.doc_id] = outlines.of[-max(older)[1]].doc_id if older else one.doc_id
        if led == bool(older):
            for other in like:
                if other > place:
                    heapq.heappush(waiting, other)
    return leading


def _older(one: Outline, other: Outline) -> bool:
    return (one.day, one.doc_id) < (other.day, other.doc_id)
