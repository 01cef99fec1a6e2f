"""What each part of retrieval is worth: the same questions, one thing changed at a time.

Every variant is computed in memory from one index (see `lab`), so none needs embedding again.
"in memory" is the default setting done that way; it differs from the product itself only in
the rounding that `lab` tells of, and in that every passage is scored, not only the candidates.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from embeddings import load_encoder
from eval.datasets import Collection
from eval.lab import Lab, Matrix
from eval.runner import DEPTH, Evaluation, SystemRun, default_settings, evaluate
from qa import index_status
from qa.expectation import asks_quantity

_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Variant:
    """One setting of retrieval. `dense_weight` is of the meaning side, 0 words only, 1 no words.

    `capacity` 0 means the passages of the index.
    """

    name: str
    dense_weight: float
    sentence_share: float
    fusion: str = "max"
    title: int = 1
    source: int = 1
    stop_words: bool = True
    expectation: bool = True
    capacity: int = 0
    k1: float = 1.2
    b: float = 0.75


def variants() -> Iterator[Variant]:
    """The default setting, then each variant of it."""
    told = dict(default_settings())
    base = Variant("in memory", float(told["dense_weight"]), float(told["sentence_share"]))
    yield base
    yield replace(base, name="dense, passage", dense_weight=1.0, sentence_share=0.0)
    yield replace(base, name="dense, best sentence", dense_weight=1.0, sentence_share=1.0)
    yield replace(base, name="dense, both", dense_weight=1.0)
    yield replace(base, name="lexical", dense_weight=0.0)
    yield replace(base, name="lexical, k1 0.9 b 0.4", dense_weight=0.0, k1=0.9, b=0.4)
    for weight in (0.3, 0.4, 0.5, 0.6):
        if weight != base.dense_weight:
            yield replace(base, name=f"weight {weight}", dense_weight=weight)
    for share in (0.0, 0.5, 0.7, 1.0):
        if share != base.sentence_share:
            yield replace(base, name=f"sentence share {share}", sentence_share=share)
    for kind in ("max, linear", "min-max", "z-score", "reciprocal rank"):
        yield replace(base, name=f"fusion {kind}", fusion=kind)
    yield replace(base, name="k1 0.9 b 0.4", k1=0.9, b=0.4)
    yield replace(base, name="without title and source", title=0, source=0)
    yield replace(base, name="without title", title=0)
    yield replace(base, name="without source", source=0)
    yield replace(base, name="source twice", source=2)
    yield replace(base, name="question stop words kept", stop_words=False)
    yield replace(base, name="without expectation", expectation=False)
    for capacity in (64, 128, 192, 384):
        yield replace(base, name=f"passages of {capacity}", capacity=capacity)


class Ablation:
    """The variants over one collection; scores that variants share are computed once."""

    def __init__(self, index: Path, collection: Collection) -> None:
        encoder = load_encoder(index_status(index).model)
        # Kept: OpenVINO must not be taken down while a thread of its queue still returns.
        self._encoder = encoder
        self._lab = Lab(index, encoder)
        self._collection = collection
        self._queries = collection.answerable()
        self._texts = [query.text for query in self._queries]
        self._vectors = encoder.encode_questions(self._texts)
        self._quantities = np.array([asks_quantity(text) for text in self._texts])
        self._known: dict[tuple[object, ...], tuple[Matrix, ...]] = {}

    def evaluate(self, variant: Variant) -> Evaluation:
        """The measures of one variant."""
        return evaluate(self._collection, self.run(variant), self._lab.text_of())

    def run(self, variant: Variant) -> SystemRun:
        """The rankings of one variant; it is not timed."""
        cut = variant.capacity
        passages = self._lab.split(cut) if cut else self._lab.stored()
        whole, best = self._once(
            ("dense", cut, variant.expectation),
            lambda: self._lab.cosines(
                passages, self._vectors, self._quantities & variant.expectation
            ),
        )
        words = ("words", cut, variant.title, variant.source, variant.stop_words, variant.k1,
                 variant.b)  # fmt: skip
        (lexical,) = self._once(
            words,
            lambda: (
                self._lab.bm25(
                    passages, self._texts, title=variant.title, source=variant.source,
                    stop_words=variant.stop_words, k1=variant.k1, b=variant.b,
                ),
            ),
        )  # fmt: skip
        share = variant.sentence_share
        rankings = {}
        for row, query in enumerate(self._queries):
            dense = (1 - share) * whole[row] + share * best[row]
            fused = fused_by(variant.fusion, dense, lexical[row], variant.dense_weight)
            rankings[query.query_id] = self._lab.ranking(passages, fused, DEPTH)
        settings = tuple(
            (name, getattr(variant, name)) for name in Variant.__slots__ if name != "name"
        )
        return SystemRun(variant.name, settings, rankings, {})

    def _once(
        self, key: tuple[object, ...], make: Callable[[], tuple[Matrix, ...]]
    ) -> tuple[Matrix, ...]:
        if key not in self._known:
            kept = key[0]  # One of each kind is kept: they are large.
            self._known = {old: value for old, value in self._known.items() if old[0] != kept}
            self._known[key] = make()
        return self._known[key]


def fused_by(kind: str, dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """The scores of one question; with all the weight on one side, that side alone."""
    if weight in (0.0, 1.0):
        return dense if weight else lexical
    return FUSIONS[kind](dense, lexical, weight)


def _by_max(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """The product's own fusion."""
    from qa.fusion import fuse

    return fuse(dense, lexical, weight)


def _by_max_linear(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """The same without the exponent: each side divided by its largest value."""

    def scaled(scores: Matrix) -> Matrix:
        result: Matrix = scores / max(float(scores.max()), 1e-9)
        return result

    return weight * scaled(dense) + (1 - weight) * scaled(lexical)


def _by_min_max(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Each side scaled from the least of its best 100 (0) to the best (1)."""

    def scaled(scores: Matrix) -> Matrix:
        low, high = _least_candidate(scores), scores.max()
        result: Matrix = np.maximum(scores - low, 0) / max(high - low, 1e-9)
        return result

    return weight * scaled(dense) + (1 - weight) * scaled(lexical)


def _by_z_score(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Each side in standard deviations of its best 100 from their mean."""

    def scaled(scores: Matrix) -> Matrix:
        pool = np.sort(scores)[-_CANDIDATES:]
        result: Matrix = (scores - pool.mean()) / max(float(pool.std()), 1e-9)
        return result

    return weight * scaled(dense) + (1 - weight) * scaled(lexical)


def _by_rank(dense: Matrix, lexical: Matrix, weight: float) -> Matrix:
    """Reciprocal rank fusion: G. Cormack, C. Clarke, S. Buettcher (2009), k 60, sides alike."""
    del weight

    def scaled(scores: Matrix) -> Matrix:
        ranks = np.empty(len(scores), dtype=np.float32)
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        return np.where(scores > 0, 1 / (60 + ranks), 0).astype(np.float32)

    return scaled(dense) + scaled(lexical)


def _least_candidate(scores: Matrix) -> float:
    return float(np.sort(scores)[-_CANDIDATES:][0])


FUSIONS: dict[str, Callable[[Matrix, Matrix, float], Matrix]] = {
    "max": _by_max,
    "max, linear": _by_max_linear,
    "min-max": _by_min_max,
    "z-score": _by_z_score,
    "reciprocal rank": _by_rank,
}
