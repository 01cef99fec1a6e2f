"""Passages that look as if they answered a question and do not hold its answer: BM25's best."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from eval.training.sources import Row

_WORD = re.compile(r"\w+")
# The usual k1 and b: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework (2009).
_K1, _B = 1.2, 0.75
# Words in more than this share of the passages do not choose among them.
_COMMON = 0.2


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class Pool:
    """Passages ranked by BM25 against a question."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.passages = list(passages)
        self._words = [f" {' '.join(words(passage))} " for passage in self.passages]
        counts = [Counter(text.split()) for text in self._words]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        norms = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, count in enumerate(counts):
            for word, often in count.items():
                postings[word].append((number, often))
        self._postings = {}
        for word, places in postings.items():
            if len(places) > max(_COMMON * len(counts), 1):
                continue
            rows = np.array([row for row, _ in places])
            times = np.array([number for _, number in places], dtype=np.float32)
            rarity = np.log1p((len(counts) - len(places) + 0.5) / (len(places) + 0.5))
            self._postings[word] = (rows, rarity * times * (_K1 + 1) / (times + norms[rows]))

    def wrong(self, row: Row, count: int) -> list[int]:
        """The best passages without any of the row's answers, other than its own; a passage that
        shares no rare word with the question is never returned."""
        scores = np.zeros(len(self.passages), dtype=np.float32)
        for word in set(words(row.question)):
            if word in self._postings:
                places, gains = self._postings[word]
                scores[places] += gains
        answers = [f" {' '.join(words(text))} " for text in row.texts]
        own = row.passage.strip()
        found: list[int] = []
        for number in np.argsort(-scores, kind="stable")[: 10 * count + 10]:
            if scores[number] <= 0 or len(found) == count:
                break
            text = self._words[number]
            passage = self.passages[number].strip()
            if passage in own or own in passage or any(answer in text for answer in answers):
                continue
            found.append(int(number))
        return found
