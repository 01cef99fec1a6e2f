"""The sentences of an index in memory, to vary retrieval without embedding again.

A store keeps a vector for each sentence. The vector of a passage is the mean of its sentences'
vectors weighted by length, so passages of any size can be built from them. Scoring calls the
product's own code wherever possible. All scores are `(queries, passages)` float32.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings import Encoder, Vectors, unit_rows
from eval.gold import TextOf
from eval.measures import Found, Ranking
from eval.words import Rated, Terms, WordRules, bm25
from qa.retrieval.dates import day_preference, newness
from qa.retrieval.publishers import named_sources, preference
from qa.retrieval.reranking import LEAD_SENTENCES, Look, term_shares
from qa.store.local.engines.terms import Worded
from qa.store.opening import open_store
from qa.store.seam import PassageStore
from qa.text.days import asks_now, day_range, named_days
from qa.text.quantities import WITHOUT_QUANTITY, has_quantity
from qa.types import Span

Matrix = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]
_QUERIES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Article:
    """A document's text and metadata."""

    doc_id: str
    title: str
    source: str | None
    published: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Passages:
    """A split into passages: passage `i` has the sentences `first[i]` to `last[i]` of article
    number `article[i]`. All three are `(passages,)`."""

    first: Ints
    last: Ints
    article: Ints


@dataclass(frozen=True, slots=True)
class Cosines:
    """Cosines of each question with each passage, with the best sentence of each passage, and with
    each article, `(questions, articles)`. `vectors` are the passages', `(passages, dimension)`."""

    passage: Matrix
    sentence: Matrix
    article: Matrix
    vectors: Vectors


class Lab:
    """The sentences of an index in stored order, with their vectors and terms."""

    def __init__(self, index: Path, encoder: Encoder) -> None:
        with closing(open_store(index)) as store:
            store.load()
            self._read(store)
        texts = [
            self.articles[article].text[start:end]
            for article, (start, end) in zip(self.article, self.spans.tolist(), strict=True)
        ]
        self._pieces = encoder.count(texts)
        self._quantities: Matrix = np.array(
            [1.0 if has_quantity(text) else WITHOUT_QUANTITY for text in texts], dtype=np.float32
        )
        self._terms = Terms()
        self._of_sentences = [self._terms.of(text) for text in texts]

    def _read(self, store: PassageStore) -> None:
        self.articles: list[Article] = []
        article: list[int] = []
        spans: list[Span] = []
        firsts: list[int] = []
        wholes, vectors = [], []
        for place, stored in enumerate(store.scan()):
            one = stored.document
            self.articles.append(
                Article(one.doc_id, one.title, one.source, one.published, one.text)
            )
            wholes.append(stored.vector)
            for sentences, of_sentences in stored.passages:
                firsts.append(len(article))
                article.extend([place] * len(sentences))
                spans.extend(sentences)
                vectors.append(of_sentences)
        self.article: Ints = np.array(article, dtype=np.int64)
        self.spans: Ints = np.array(spans, dtype=np.int64)
        self.vectors: Vectors = np.concatenate(vectors)
        self._wholes: Vectors = np.stack(wholes)
        self._stored = np.array(firsts, dtype=np.int64)

    # Passages

    def stored(self) -> Passages:
        """The passages of the index."""
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
    ) -> Cosines:
        """The cosines of questions, `(questions, dimension)`, with the passages.

        Sentences without a quantity are weighted down for the questions marked in
        `wants_quantity`, `(questions,)`.
        """
        lengths = (self.spans[:, 1] - self.spans[:, 0]).astype(np.float32)
        sums = np.add.reduceat(self.vectors * lengths[:, None], passages.first, axis=0)
        vectors = unit_rows(sums)
        whole: Matrix = questions @ vectors.T
        best = np.empty_like(whole)
        for at in range(0, len(questions), _QUERIES_AT_ONCE):
            some = questions[at : at + _QUERIES_AT_ONCE] @ self.vectors.T
            some[wants_quantity[at : at + _QUERIES_AT_ONCE]] *= self._quantities
            best[at : at + _QUERIES_AT_ONCE] = np.maximum.reduceat(some, passages.first, axis=1)
        return Cosines(whole, best, questions @ self._wholes.T, vectors)

    def of_clause(
        self, passages: Passages, rows: Rows, vectors: Vectors, clause: Vectors
    ) -> tuple[Matrix, Matrix, Matrix]:
        """`(rows,)` each: how alike a clause is to these passages, whose vectors are given, to the
        best sentence of each, and to the article of each."""
        firsts, lasts = passages.first[rows], passages.last[rows]
        sentences = np.concatenate([
            np.arange(first, last + 1) for first, last in zip(firsts, lasts, strict=True)
        ])  # fmt: skip
        starts = np.cumsum([0, *(lasts - firsts + 1)[:-1]])
        best: Matrix = np.maximum.reduceat(self.vectors[sentences] @ clause, starts)
        return vectors[rows] @ clause, best, self._wholes[passages.article[rows]] @ clause

    def terms_of(self, question: str, rules: WordRules) -> list[int]:
        """The terms of a question, or of a clause, as `bm25` scores them."""
        return self._terms.of_question(question, rules)

    def names_of(self, question: str) -> frozenset[int]:
        """The terms that the question has in capitals."""
        return self._terms.names_of(question)

    def bm25(self, passages: Passages, questions: Sequence[str], rules: WordRules) -> Rated:
        """BM25 of each question with each passage, including the words indexed in front of it."""
        bags = []
        opened = -1
        for row, (first, last, article) in enumerate(
            zip(
                passages.first.tolist(), passages.last.tolist(), passages.article.tolist(),
                strict=True,
            )
        ):  # fmt: skip
            of = self.articles[article]
            worded = Worded(row, "", article != opened, of.title, of.source, of.published)
            bag = list(self._terms.of_front(rules.front(worded)))
            for sentence in range(first, last + 1):
                bag += self._of_sentences[sentence]
            bags.append(bag)
            opened = article
        asked = [self._terms.of_question(question, rules) for question in questions]
        return bm25(bags, asked, rules.k1, rules.b)

    def looks(
        self,
        passages: Passages,
        rows: Rows,
        question: Vectors,
        wants_quantity: bool,
        weights: Mapping[int, float],
        names: frozenset[int],
    ) -> list[Look]:
        """The input of the second look at the passages `rows`, for one question.

        `question` is its vector, `(dimension,)`; `weights` maps its terms to their weight; `names`
        are those that it has in capitals.
        """
        looks = []
        for row in rows.tolist():
            sentences = slice(passages.first[row], passages.last[row] + 1)
            cosines: Matrix = self.vectors[sentences] @ question
            if wants_quantity:
                cosines = cosines * self._quantities[sentences]
            opening = int(np.searchsorted(passages.article, passages.article[row]))
            first = int(passages.first[opening])
            lead = slice(first, min(first + LEAD_SENTENCES, int(passages.last[opening]) + 1))
            bags = [set(bag) for bag in self._of_sentences[sentences]]
            if names:
                text = self.articles[passages.article[row]].text
                for bag, (start, end) in zip(bags, self.spans[sentences].tolist(), strict=True):
                    bag -= self._terms.in_small_letters(text[start:end], names)
            has = term_shares(bags, weights)
            looks.append(Look(cosines, has, float((self.vectors[lead] @ question).max())))
        return looks

    def preferences(self, question: str) -> Matrix | None:
        """The score that each article's publisher adds, `(articles,)`; None if the question names
        no publisher."""
        sources = {article.source for article in self.articles if article.source}
        named = named_sources(question, sorted(sources))
        if not named:
            return None
        return np.array([preference(one.source, named) for one in self.articles], np.float32)

    def day_preferences(self, question: str) -> Matrix | None:
        """What the date of each article adds, `(articles,)`; None when the question asks for no
        day."""
        named, now = named_days(question), asks_now(question)
        if not named and not now:
            return None
        days = [day_range(one.published) if one.published else None for one in self.articles]
        newest = max((first for first, _ in filter(None, days)), default=0)
        return np.array(
            [
                day_preference(one, named) + (newness(one[1], newest) if now and one else 0.0)
                for one in days
            ],
            np.float32,
        )

    # Rankings

    def ranking(self, passages: Passages, rows: Rows, scores: Matrix, depth: int) -> Ranking:
        """The best `depth` of `rows` by the scores of one question, `(rows,)`; ties are ordered by
        passage id."""
        if len(rows) > depth:
            kept = scores >= np.partition(scores, -depth)[-depth]
            rows, scores = rows[kept], scores[kept]
        found = [
            Found(
                self.articles[passages.article[row]].doc_id,
                int(self.spans[passages.first[row], 0]),
                int(self.spans[passages.last[row], 1]),
                score,
            )
            for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-one.score, one.passage_id))[:depth])

    def text_of(self) -> TextOf:
        """A function from an article id to its text."""
        texts = {article.doc_id: article.text for article in self.articles}
        return texts.get
