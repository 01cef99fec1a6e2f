"""What each part of retrieval contributes: the same questions, one setting changed at a time.

Every variant is computed in memory from one index (see `lab`), so nothing is embedded again. The
variant "in memory" has the default settings and matches the product up to rounding.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from embeddings import load_encoder
from eval.datasets import Collection
from eval.lab import Cosines, Lab, Matrix, Passages, Rows
from eval.runner import DEPTH, Evaluation, SystemRun, evaluate
from eval.variants import Variant
from eval.words import Rated
from qa import index_status
from qa.retrieval.clauses import clauses_of
from qa.retrieval.fusion import fuse
from qa.retrieval.reranking import rerank
from qa.store.opening import open_store
from qa.text.quantities import asks_quantity


class Ablation:
    """Runs variants on one collection. Consecutive variants with equal settings share scores."""

    def __init__(self, index: Path, collection: Collection) -> None:
        encoder = load_encoder(index_status(index).model)
        # Keep the encoder: OpenVINO must not be torn down while one of its threads still returns.
        self._encoder = encoder
        self._lab = Lab(index, encoder)
        self._collection = collection
        self._queries = collection.answerable()
        self._texts = [query.text for query in self._queries]
        self._clauses = _clauses(index, self._texts)
        parts = [part for clauses in self._clauses for part in clauses]
        encoded = encoder.encode_questions([*self._texts, *parts])
        self._vectors, of_parts = np.split(encoded, [len(self._texts)])
        ends = np.cumsum([len(clauses) for clauses in self._clauses])
        self._clause_vectors = np.split(of_parts, ends[:-1])
        self._quantities = np.array([asks_quantity(text) for text in self._texts])
        self._preferences = [self._lab.preferences(text) for text in self._texts]
        self._days = [self._lab.day_preferences(text) for text in self._texts]
        self._cosines: tuple[object, Cosines] | None = None
        self._words: tuple[object, Rated] | None = None

    def evaluate(self, variant: Variant) -> Evaluation:
        """The measures of one variant."""
        return evaluate(self._collection, self.run(variant), self._lab.text_of())

    def run(self, variant: Variant) -> SystemRun:
        """The rankings of one variant, without times."""
        cut = variant.capacity
        passages = self._lab.split(cut) if cut else self._lab.stored()
        cosines = self._cosines_of(passages, variant)
        words = self._words_of(passages, variant)
        lexical = words.scores
        rankings = {}
        for place, query in enumerate(self._queries):
            rows = _candidates(cosines.passage[place], lexical[place], variant)
            dense = _dense(cosines, place, rows, passages, variant)
            fused = _fused(dense, lexical[place, rows], variant)
            if variant.clause_gain and _both_sides(variant):
                fused += variant.clause_gain * self._best_of_clauses(
                    place, passages, rows, cosines, words, variant
                )
            added = self._preferences[place]
            if variant.named_source and added is not None and _both_sides(variant):
                fused = fused + added[passages.article[rows]]
            of_days = self._days[place]
            if variant.dates and of_days is not None and _both_sides(variant):
                fused = fused + of_days[passages.article[rows]]
            if variant.looked and _both_sides(variant):
                best = np.argsort(-fused, kind="stable")[: variant.looked]
                looks = self._lab.looks(
                    passages,
                    rows[best],
                    self._vectors[place],
                    bool(self._quantities[place]) and variant.expectation,
                    words.weights[place],
                    self._lab.names_of(query.text),
                )
                fused[best] = rerank(fused[best], looks, variant.gains)
            rankings[query.query_id] = self._lab.ranking(passages, rows, fused, DEPTH)
        return SystemRun(variant.name, _settings(variant), rankings, {})

    def _best_of_clauses(
        self,
        place: int,
        passages: Passages,
        rows: Rows,
        cosines: Cosines,
        words: Rated,
        variant: Variant,
    ) -> Matrix:
        """`(rows,)`: of each candidate the best fused score for one clause of the question."""
        best = np.zeros(len(rows), np.float32)
        for text, vector in zip(self._clauses[place], self._clause_vectors[place], strict=True):
            passage, sentence, article = self._lab.of_clause(
                passages, rows, cosines.vectors, vector
            )
            dense = _meaning(passage, sentence, article, variant)
            lexical = words.of(self._lab.terms_of(text, variant.words))[rows]
            best = np.maximum(best, _fused(dense, lexical, variant))
        return best

    def _cosines_of(self, passages: Passages, variant: Variant) -> Cosines:
        key = variant.capacity, variant.expectation
        if self._cosines is None or self._cosines[0] != key:
            wants = self._quantities & variant.expectation
            self._cosines = key, self._lab.cosines(passages, self._vectors, wants)
        return self._cosines[1]

    def _words_of(self, passages: Passages, variant: Variant) -> Rated:
        key = variant.capacity, variant.words
        if self._words is None or self._words[0] != key:
            self._words = key, self._lab.bm25(passages, self._texts, variant.words)
        return self._words[1]


def _clauses(index: Path, questions: Sequence[str]) -> list[tuple[str, ...]]:
    """The clauses of each question, as the index's store counts its terms."""
    with closing(open_store(index)) as store:
        store.load()
        return [tuple(clauses_of(store.analyse(text), text, store)) for text in questions]


def _settings(variant: Variant) -> tuple[tuple[str, str | float | bool], ...]:
    parts = {"words": "", "gains": "gain_"}
    names = [name for name in Variant.__slots__ if name not in ("name", *parts)]
    settings = [(name, getattr(variant, name)) for name in names]
    for part, prefix in parts.items():
        one = getattr(variant, part)
        settings += [(f"{prefix}{name}", getattr(one, name)) for name in type(one).__slots__]
    return tuple(settings)


def _both_sides(variant: Variant) -> bool:
    return 0 < variant.dense_weight < 1


def _candidates(dense: Matrix, lexical: Matrix, variant: Variant) -> Rows:
    """The rows to score: the best of each side, or every row if only one side counts."""
    everything = np.arange(len(dense))
    if not _both_sides(variant) or variant.depth >= len(dense):
        return everything
    shared = np.flatnonzero(lexical > 0)
    return np.union1d(_best(everything, dense, variant.depth),
                      _best(shared, lexical[shared], variant.depth))  # fmt: skip


def _best(rows: Rows, scores: Matrix, depth: int) -> Rows:
    if len(rows) <= depth:
        return rows
    return rows[np.argpartition(-scores, depth - 1)[:depth]]


def _dense(
    cosines: Cosines, place: int, rows: Rows, passages: Passages, variant: Variant
) -> Matrix:
    return _meaning(
        cosines.passage[place, rows],
        cosines.sentence[place, rows],
        cosines.article[place, passages.article[rows]],
        variant,
    )


def _meaning(passage: Matrix, sentence: Matrix, article: Matrix, variant: Variant) -> Matrix:
    share = variant.sentence_share
    dense: Matrix = (1 - share) * passage + share * sentence + variant.article_share * article
    return dense


def _fused(dense: Matrix, lexical: Matrix, variant: Variant) -> Matrix:
    """The fused scores of one question; the scores of one side if it has all the weight."""
    if not _both_sides(variant):
        return dense if variant.dense_weight else lexical
    if variant.fusion == "max":
        return fuse(
            dense,
            lexical,
            variant.dense_weight,
            variant.lexical_exponent,
            variant.lexical_floor,
        )
    return FUSIONS[variant.fusion](dense, lexical, variant.dense_weight)


def _by_min_max(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Each side scaled from its lowest score (0) to its highest (1)."""

    def scaled(scores: Matrix) -> Matrix:
        low, high = scores.min(), scores.max()
        result: Matrix = (scores - low) / max(high - low, 1e-9)
        return result

    return weight * scaled(dense) + (1 - weight) * scaled(lexical)


def _by_z_score(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Each side in standard deviations from the mean of its candidates."""

    def scaled(scores: Matrix) -> Matrix:
        result: Matrix = (scores - scores.mean()) / max(float(scores.std()), 1e-9)
        return result

    return weight * scaled(dense) + (1 - weight) * scaled(lexical)


def _by_rank(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Reciprocal rank fusion: G. Cormack, C. Clarke, S. Buettcher (2009); k is 60, no weights."""
    del weight

    def scaled(scores: Matrix) -> Matrix:
        ranks = np.empty(len(scores), dtype=np.float32)
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        return np.where(scores > 0, 1 / (60 + ranks), 0).astype(np.float32)

    return scaled(dense) + scaled(lexical)


FUSIONS: dict[str, Callable[[Matrix, Matrix, float], Matrix]] = {
    "max": fuse,
    "min-max": _by_min_max,
    "z-score": _by_z_score,
    "reciprocal rank": _by_rank,
}
