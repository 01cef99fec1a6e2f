"""BM25 in memory, so that an ablation can vary which words of a passage are indexed.

The formula is that of S. Robertson, H. Zaragoza (2009) as implemented by tantivy: term counts are
exact, and the length of a passage is rounded down to four significant bits.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from qa.store.local.engines.analyzer import Analyzer
from qa.store.local.engines.terms import Worded

Matrix = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_WORD = re.compile(r"[^\W_]+")
# The English stop list of the Snowball project (M. Porter, 2001) plus "many" and "much".
_FULL_STOP_LIST = frozenset(
    "i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself "
    "she her hers herself it its itself they them their theirs themselves what which who whom "
    "whose this that these those am is are was were be been being have has had having do does did "
    "doing would should could ought a an the and but if or because as until while of at by for "
    "with about against between into through during before after above below to from up down in "
    "out on off over under again further then once here there when where why how all any both each "
    "few more most other some such no nor not only own same so than too very many much".split()
)


@dataclass(frozen=True, slots=True)
class WordRules:
    """Which facts of an article are indexed with its passages, and which words of a question
    count."""

    title: Literal["first", "every", "none"] = "first"
    source: bool = True
    date: bool = True
    stop_words: Literal["question", "full", "kept"] = "question"
    k1: float = 1.2
    b: float = 0.75

    def front(self, passage: Worded) -> str:
        """The words that the product would index in front of the passage under these rules."""
        if self.title != "first":
            passage = replace(passage, first=self.title == "every")
        if not self.source:
            passage = replace(passage, source=None)
        if not self.date:
            passage = replace(passage, published=None)
        return replace(passage, text="").words()

    def asked(self, question: str, analyzer: Analyzer) -> list[str]:
        """The terms of a question to look up."""
        if self.stop_words == "kept":
            return analyzer.terms(question)
        if self.stop_words == "full":
            kept = [word for word in question.split() if not _stops(word)]
            question = " ".join(kept) or question
        return analyzer.question_terms(question)


def _stops(word: str) -> bool:
    shouted = len(word) > 1 and word.isupper()
    return not shouted and word.strip(".,;:!?\"'").casefold() in _FULL_STOP_LIST


class Terms:
    """Maps texts to lists of term numbers."""

    def __init__(self) -> None:
        self._analyzer = Analyzer()
        self._numbers: dict[str, int] = {}
        self._fronts: dict[str, list[int]] = {}

    def of(self, text: str) -> list[int]:
        """The terms of a text, in order."""
        return [
            self._numbers.setdefault(term, len(self._numbers))
            for term in self._analyzer.terms(text)
        ]

    def of_front(self, text: str) -> list[int]:
        """As `of`, cached, for words in front of many passages."""
        if text not in self._fronts:
            self._fronts[text] = self.of(text)
        return self._fronts[text]

    def names_of(self, question: str) -> frozenset[int]:
        """The terms that the question has in capitals, see `Analyzer.names`."""
        names = self._analyzer.names(question)
        return frozenset(self._numbers[term] for term in names if term in self._numbers)

    def in_small_letters(self, text: str, names: Collection[int]) -> set[int]:
        """Those of `names` that the text has in words of small letters alone."""
        words = [word for word in _WORD.findall(text) if not word.islower()]
        return set(names).difference(self.of(" ".join(words)))

    def of_question(self, question: str, rules: WordRules) -> list[int]:
        """The terms of a question that occur in some text passed to `of` before."""
        asked = rules.asked(question, self._analyzer)
        return [self._numbers[term] for term in asked if term in self._numbers]


@dataclass(frozen=True, slots=True)
class Rated:
    """BM25 of each question with each bag of terms, `(questions, bags)`, and the inverse document
    frequencies of each question's terms. `postings` has what each term adds to which bags."""

    scores: Matrix
    weights: tuple[dict[int, float], ...]
    postings: Mapping[int, tuple[Ints, Matrix]]

    def of(self, terms: Iterable[int]) -> Matrix:
        """`(bags,)`: BM25 of terms that the questions have; others add nothing."""
        return _summed(terms, self.postings, self.scores.shape[1])


def bm25(bags: Sequence[list[int]], questions: Sequence[list[int]], k1: float, b: float) -> Rated:
    """BM25 of `questions` with `bags`, both lists of term numbers; `k1` and `b` as usual."""
    lengths = np.array([len(bag) for bag in bags], dtype=np.int64)
    norms = k1 * (1 - b + b * rounded(lengths) / lengths.mean())
    wanted = {term for terms in questions for term in terms}
    counts: dict[int, dict[int, int]] = {term: {} for term in wanted}
    for row, bag in enumerate(bags):
        for term, often in Counter(bag).items():
            if term in wanted:
                counts[term][row] = often
    postings = {}
    idf: dict[int, float] = {}
    for term, found in counts.items():
        rows = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
        often_in = np.fromiter(found.values(), dtype=np.float64, count=len(found))
        idf[term] = float(np.log1p((len(bags) - len(found) + 0.5) / (len(found) + 0.5)))
        weights = idf[term] * often_in * (k1 + 1) / (often_in + norms[rows])
        postings[term] = rows, weights.astype(np.float32)
    scores = [_summed(terms, postings, len(bags)) for terms in questions]
    return Rated(
        np.array(scores, dtype=np.float32).reshape(len(questions), len(bags)),
        tuple({term: idf[term] for term in terms if counts[term]} for terms in questions),
        postings,
    )


def _summed(terms: Iterable[int], postings: Mapping[int, tuple[Ints, Matrix]], size: int) -> Matrix:
    scores = np.zeros(size, dtype=np.float32)
    for term in terms:
        if term in postings:
            rows, of_term = postings[term]
            scores[rows] += of_term
    return scores


def rounded(lengths: Ints) -> Ints:
    """Lengths as tantivy stores them in one byte: exact to 39, then with four significant bits."""
    above = np.maximum(lengths - 24, 1)
    step = 2 ** np.maximum(np.floor(np.log2(above)).astype(np.int64) - 3, 0)
    return np.where(lengths < 24, lengths, 24 + (lengths - 24) // step * step)
