"""An index taken apart in memory, so that retrieval can be varied without embedding again.

The record keeps a vector for each sentence (docs/index-format.md). Vectors of passages are means
of those, weighted by length, so passages of any size can be put together from them. BM25 is
computed here from term counts, with the rules of S. Robertson, H. Zaragoza (2009) that tantivy
has too; tantivy rounds the lengths of passages to 8 bits, so its scores differ a little.
All scores are `(queries, passages)` float32.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings import Encoder, Vectors, unit_rows
from eval.gold import TextOf
from eval.measures import Found, Ranking
from qa import index_status
from qa.expectation import WITHOUT_QUANTITY, has_quantity
from qa.lexical import Analyzer

Matrix = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
_QUERIES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of a document besides its sentences."""

    doc_id: str
    title: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Passages:
    """A way to cut the sentences: passage `i` is the sentences `first[i]` to `last[i]`."""

    first: Ints
    last: Ints
    article: Ints


class Lab:
    """The sentences of an index, in order, with their vectors and terms."""

    def __init__(self, index: Path, encoder: Encoder) -> None:
        record = index / index_status(index).generation / "articles.sqlite"
        self._analyzer = Analyzer()
        with closing(sqlite3.connect(f"{record.resolve().as_uri()}?mode=ro", uri=True)) as db:
            self._read(db, encoder.identity.dimension)
        texts = [
            self.articles[article].text[start:end]
            for article, (start, end) in zip(self.article, self.spans.tolist(), strict=True)
        ]
        self._pieces = encoder.count(texts)
        self._terms: dict[str, int] = {}
        self._weights: Matrix | None = None
        self._of_sentences = [self._numbers(text) for text in texts]
        self._of_titles = [self._numbers(article.title) for article in self.articles]
        self._of_sources = [self._numbers(article.source) for article in self.articles]

    def _read(self, db: sqlite3.Connection, dimension: int) -> None:
        self.articles: list[Article] = []
        places: dict[int, int] = {}
        for number, *told in db.execute(
            "SELECT document, doc_id, title, coalesce(source, ''), text FROM documents"
        ):
            places[number] = len(self.articles)
            self.articles.append(Article(*told))
        article: list[int] = []
        spans: list[Any] = []
        vectors: list[Any] = []
        firsts: list[int] = []
        for number, packed, data in db.execute(
            "SELECT document, sentences, vectors FROM passages ORDER BY passage"
        ):
            span = np.frombuffer(packed, "<i4").reshape(-1, 2)
            firsts.append(len(article))
            article.extend([places[number]] * len(span))
            spans.append(span)
            vectors.append(np.frombuffer(data, "<f2").reshape(-1, dimension))
        self.article: Ints = np.array(article, dtype=np.int64)
        self.spans: Ints = np.concatenate(spans).astype(np.int64)
        self.vectors: Vectors = unit_rows(np.concatenate(vectors))
        self._stored = np.array(firsts, dtype=np.int64)

    def _numbers(self, text: str) -> list[int]:
        return [
            self._terms.setdefault(term, len(self._terms)) for term in self._analyzer.terms(text)
        ]

    # Passages

    def stored(self) -> Passages:
        """The passages as the index has them."""
        return self._passages(self._stored)

    def split(self, capacity: int) -> Passages:
        """Sentences packed greedily into passages of at most `capacity` word pieces."""
        firsts: list[int] = []
        used, before = 0, -1
        for i, (size, article) in enumerate(zip(self._pieces, self.article, strict=True)):
            if article != before or used + size > capacity:
                firsts.append(i)
                used = 0
            used, before = used + size, article
        return self._passages(np.array(firsts, dtype=np.int64))

    def _passages(self, first: Ints) -> Passages:
        last = np.append(first[1:], len(self.article)) - 1
        return Passages(first, last, self.article[first])

    # Scores

    def cosines(
        self, passages: Passages, questions: Vectors, wants_quantity: npt.NDArray[np.bool_]
    ) -> tuple[Matrix, Matrix]:
        """The cosine of each question with each passage, and with its best sentence.

        Sentences without a quantity count less for the questions that want one.
        """
        lengths = (self.spans[:, 1] - self.spans[:, 0]).astype(np.float32)
        sums = np.add.reduceat(self.vectors * lengths[:, None], passages.first, axis=0)
        whole: Matrix = questions @ unit_rows(sums).T
        best = np.empty_like(whole)
        for at in range(0, len(questions), _QUERIES_AT_ONCE):
            some = questions[at : at + _QUERIES_AT_ONCE] @ self.vectors.T
            some[wants_quantity[at : at + _QUERIES_AT_ONCE]] *= self._quantities()
            best[at : at + _QUERIES_AT_ONCE] = np.maximum.reduceat(some, passages.first, axis=1)
        return whole, best

    def _quantities(self) -> Matrix:
        """What the cosine of each sentence counts where a quantity is wanted, `(sentences,)`."""
        if self._weights is None:
            self._weights = np.array(
                [
                    1.0 if has_quantity(self.articles[article].text[start:end]) else
                    WITHOUT_QUANTITY
                    for article, (start, end) in zip(
                        self.article, self.spans.tolist(), strict=True
                    )
                ],
                dtype=np.float32,
            )  # fmt: skip
        return self._weights

    def bm25(
        self,
        passages: Passages,
        questions: Sequence[str],
        *,
        title: int = 1,
        source: int = 1,
        stop_words: bool = True,
        k1: float = 1.2,
        b: float = 0.75,
    ) -> Matrix:
        """BM25 of each passage with its article's title and source that many times in front."""
        head = [
            title * of_title + source * of_source
            for of_title, of_source in zip(self._of_titles, self._of_sources, strict=True)
        ]
        bags = [
            head[article] + [term for s in range(first, last + 1) for term in self._of_sentences[s]]
            for first, last, article in zip(
                passages.first.tolist(), passages.last.tolist(), passages.article.tolist(),
                strict=True,
            )
        ]  # fmt: skip
        lengths = np.array([len(bag) for bag in bags], dtype=np.float32)
        norms = k1 * (1 - b + b * lengths / lengths.mean())
        asked = [self._asked(question, stop_words) for question in questions]
        wanted = {term for terms in asked for term in terms}
        counts: dict[int, dict[int, int]] = {term: {} for term in wanted}
        for row, bag in enumerate(bags):
            for term in bag:
                if term in wanted:
                    counts[term][row] = counts[term].get(row, 0) + 1
        postings = {}
        for term, found in counts.items():
            rows = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
            often = np.fromiter(found.values(), dtype=np.float32, count=len(found))
            idf = np.log1p((len(bags) - len(found) + 0.5) / (len(found) + 0.5))
            postings[term] = rows, (idf * often * (k1 + 1) / (often + norms[rows]))
        scores = np.zeros((len(questions), len(bags)), dtype=np.float32)
        for query, terms in enumerate(asked):
            for term in terms:
                rows, weights = postings[term]
                scores[query, rows] += weights
        return scores

    def _asked(self, question: str, stop_words: bool) -> list[int]:
        cut = self._analyzer.question_terms if stop_words else self._analyzer.terms
        return [self._terms[term] for term in cut(question) if term in self._terms]

    # Rankings

    def ranking(self, passages: Passages, scores: npt.NDArray[np.float32], depth: int) -> Ranking:
        """The best passages by the scores of one question, `(passages,)`; ties by place."""
        order = np.argsort(-scores, kind="stable")[:depth]
        return tuple(
            Found(
                self.articles[passages.article[row]].doc_id,
                int(self.spans[passages.first[row], 0]),
                int(self.spans[passages.last[row], 1]),
                float(scores[row]),
            )
            for row in order.tolist()
        )

    def text_of(self) -> TextOf:
        """The texts of the articles, by id."""
        texts = {article.doc_id: article.text for article in self.articles}
        return texts.get
