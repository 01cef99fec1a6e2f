"""What grouping needs of an article: its day, its publisher and its weighted words.

The similarity of two articles is the cosine of TF-IDF vectors over the title and the lead, after
S. Miranda et al., Multilingual Clustering of Streaming News (2018), and P. Laban, M. Hearst,
newsLens (2017). The document frequencies come from a fixed table, as in topic detection and
tracking (J. Allan et al., 1998), not from the index: so the similarity of two articles does not
change when a third one is indexed, and an update need not compare what it does not change.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log, sqrt
from zlib import crc32

import numpy as np

from qa.stories.round_ups import is_round_up
from qa.text.days import day_range
from qa.text.folding import folded
from qa.types import Document

_LEAD_WORDS = 100
# Longer than a hundred words.
_LEAD_CHARACTERS = 2000
_TITLE_CHARACTERS = 500
_TITLE_COUNTS = 3
# Whole numbers, so that a sum does not depend on its order: vectors have this length.
UNIT = 1000
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^.!?\n]+")
_TO_READERS = re.compile(
    r"\b(?:sign(?:ing)?\sup|newsletters?|email\saddress|privacy\spolicy|cookies)\b"
    r"|\beditor['’]s\snote\b",
    re.IGNORECASE,
)
WEIGHTED = np.dtype([("word", "<u4"), ("weight", "<u2")])
"""A word of an outline: its CRC-32, and its weight."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An article that may be part of a story.

    `day` is a proleptic Gregorian ordinal. `words` are the distinct words of its title and lead,
    `WEIGHTED`: a vector of length `UNIT`, rounded to whole numbers.
    """

    doc_id: str
    source: str
    day: int
    words: bytes


def outline(document: Document) -> Outline | None:
    """The outline of a document; None if it can be part of no story.

    That is a document without a publisher or a day, because nobody can tell whether it is another
    outlet's and of the same days; and a round-up.
    """
    if not document.source or not document.published:
        return None
    if is_round_up(document.title, document.text[:_LEAD_CHARACTERS]):
        return None
    day, last = day_range(document.published)
    if day != last:
        return None
    words = _weighted(counted_words(document))
    return Outline(document.doc_id, document.source, day, words) if words else None


def counted_words(document: Document) -> Counter[str]:
    """The words of a document's title and lead, folded, with their counts.

    The words of the publisher's name are left out, because titles and datelines have it.
    """
    counts: Counter[str] = Counter()
    for word in _words(document.title[:_TITLE_CHARACTERS]):
        counts[word] += _TITLE_COUNTS
    counts.update(_words(_lead(document.text))[:_LEAD_WORDS])
    for word in _words(document.source or ""):
        counts.pop(word, None)
    return counts


def _weighted(counts: Counter[str]) -> bytes:
    """The words as an `Outline` has them."""
    known, most = _frequencies()
    weights = {word: known.get(word, most) * (1 + log(count)) for word, count in counts.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    rounded = {
        crc32(word.encode()): round(UNIT * weight / length) for word, weight in weights.items()
    }
    return np.array([pair for pair in sorted(rounded.items()) if pair[1]], WEIGHTED).tobytes()


def _lead(text: str) -> str:
    """The beginning of a text without what a house asks of its readers."""
    sentences = _SENTENCE.findall(text[:_LEAD_CHARACTERS])
    return " ".join(one for one in sentences if not _TO_READERS.search(one))


def _words(text: str) -> list[str]:
    words = (folded(word) for word in _WORD.findall(text))
    return [word for word in words if len(word) > 1]


@cache
def _frequencies() -> tuple[dict[str, float], float]:
    """The inverse document frequencies of common words, and that of all other words.

    A line of the table has a frequency and the words that have it.
    """
    known: dict[str, float] = {}
    for line in files("qa.stories").joinpath("frequencies.txt").read_text("utf-8").splitlines():
        weight, *words = line.split()
        known.update(dict.fromkeys(words, float(weight)))
    return known, max(known.values())
