"""Question to ranking: candidates by meaning and by words, every one of them scored by both.

Candidates are the passages whose vectors are most like the question's, and those with the highest
BM25. All candidates have all scores: BM25, and the cosines of the passage, of its best sentence and
of its article. A sentence says one thing and a passage many, so "some 10,000 North Korean laborers"
is found for "workers" by its sentence, while the passage around it speaks of something else. The
best of them are looked at once more (`reranking`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qa.retrieval.clauses import CLAUSE_GAIN
from qa.retrieval.dates import date_preferences
from qa.retrieval.evidence import looks, weigh
from qa.retrieval.fusion import fuse
from qa.retrieval.reranking import LOOKED, rerank
from qa.store.seam import PassageStore
from qa.store.values import Article, Candidates, Question, Scores
from qa.types import Hit
from qa.types import Scores as HitScores

# Candidates taken from each side. 50 loses up to half a point on the collections, 200 gains none.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates in the order in which they answer: `order[0]` is the place of the best.

    `fused` and `sentence` are scores of the candidates, `(n,)`, in the candidates' own order.
    `articles` are those of the best candidates, by id.
    """

    candidates: Candidates
    order: tuple[int, ...]
    fused: Scores
    sentence: Scores
    articles: Mapping[str, Article]

    def hit(self, place: int) -> Hit:
        """The candidate at `place` with its scores."""
        of = self.candidates
        columns = (self.fused, of.bm25, of.cosines, self.sentence, of.article_cosines)
        return Hit(of.passage_ids[place], HitScores(*(float(column[place]) for column in columns)))

    def hits(self) -> tuple[Hit, ...]:
        """All candidates with their scores, best first."""
        return tuple(self.hit(place) for place in self.order)


def search(question: Question, store: PassageStore, depth: int = DEPTH) -> Ranking:
    """The candidates for a question, best first, ties by passage id.

    There are at most `2 * depth`, and none only when no passage passes the filters.
    """
    candidates = store.candidates(question, depth)
    if not len(candidates):
        nothing = np.zeros(0, np.float32)
        return Ranking(candidates, (), nothing, nothing, {})
    evidence = weigh(question, candidates)
    fused = fuse(evidence.dense, candidates.bm25, evidence.dense_weight)
    fused += evidence.preference
    fused += CLAUSE_GAIN * evidence.clause
    fused += date_preferences(question, candidates.doc_ids, store)
    best = _order(fused, candidates)[:LOOKED]
    articles = store.articles({candidates.doc_ids[place] for place in best}, question.vector)
    fused[best] = rerank(fused[best], looks(question, candidates, evidence, best, articles))
    order = tuple(_order(fused, candidates))
    return Ranking(candidates, order, fused, evidence.sentence, articles)


def _order(scores: Scores, candidates: Candidates) -> list[int]:
    return sorted(
        range(len(candidates)), key=lambda place: (-scores[place], candidates.passage_ids[place])
    )
