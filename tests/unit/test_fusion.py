"""Fusing keeps what each side knows: nothing is zeroed for being alone, last or unmatched."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.fusion import DENSE_WEIGHT, LEXICAL_EXPONENT, LEXICAL_FLOOR, fuse
from qa.store.local.engines.terms import weight

# Fractions of 1024, so that no value depends on how this processor rounds the smallest floats.
COSINES = st.integers(-1024, 1024).map(lambda n: n / 1024)
BM25S = st.integers(0, 50 * 1024).map(lambda n: n / 1024)
PAIRS = st.lists(st.tuples(COSINES, BM25S), min_size=1, max_size=30)


def fused(pairs: list[tuple[float, float]]) -> np.ndarray:
    dense, lexical = np.array(pairs, dtype=np.float32).T
    return fuse(dense, lexical)


@given(PAIRS, st.randoms())
def test_the_order_of_the_candidates_does_not_matter(pairs, random) -> None:  # type: ignore[no-untyped-def]
    order = list(range(len(pairs)))
    random.shuffle(order)
    shuffled = fused([pairs[i] for i in order])
    np.testing.assert_array_equal(shuffled, fused(pairs)[order])


@given(COSINES.filter(lambda n: n > 0), BM25S.filter(lambda n: n >= LEXICAL_FLOOR))
def test_a_lone_hit_has_the_full_score(cosine: float, bm25: float) -> None:
    assert abs(fused([(cosine, bm25)])[0] - 1) < 1e-6
    assert fused([(cosine, 0)])[0] == np.float32(1)
    assert fused([(-1, bm25)])[0] == np.float32(1)


@given(COSINES.filter(lambda n: n > 0), BM25S.filter(lambda n: 0 < n < LEXICAL_FLOOR))
def test_a_lone_hit_of_common_words_keeps_its_meaning_and_some(cosine: float, bm25: float) -> None:
    words = (1 - DENSE_WEIGHT) * (bm25 / LEXICAL_FLOOR) ** LEXICAL_EXPONENT
    assert abs(fused([(cosine, bm25)])[0] - DENSE_WEIGHT - words) < 1e-5


@given(PAIRS.filter(lambda pairs: any(cosine > 0 for cosine, _ in pairs)))
def test_rarer_words_weigh_more(pairs: list[tuple[float, float]]) -> None:
    scaled = [(cosine, min(bm25, 25) * 2) for cosine, bm25 in pairs]
    common = [(cosine, min(bm25, 25)) for cosine, bm25 in pairs]
    assert (fused(scaled) >= fused(common) - 1e-6).all()


@given(PAIRS)
def test_better_on_both_sides_is_better_fused(pairs: list[tuple[float, float]]) -> None:
    scores = fused(pairs)
    for i, (cosine, bm25) in enumerate(pairs):
        for j, (other_cosine, other_bm25) in enumerate(pairs):
            if cosine >= other_cosine and bm25 >= other_bm25:
                assert scores[i] >= scores[j]


@given(PAIRS)
def test_scores_are_at_most_one_and_finite(pairs: list[tuple[float, float]]) -> None:
    scores = fused(pairs)
    assert np.isfinite(scores).all()
    assert scores.max() <= 1 + 1e-6


@given(PAIRS)
def test_the_least_candidate_keeps_its_own_worth(pairs: list[tuple[float, float]]) -> None:
    scores = fused([*pairs, (0.5, 0.0)])
    best = max([cosine for cosine, _ in pairs] + [0.5])
    weight = DENSE_WEIGHT if any(bm25 > 0 for _, bm25 in pairs) else 1
    assert abs(scores[-1] - weight * 0.5 / best) < 1e-5


COUNTS = st.integers(0, 2**40)


@given(COUNTS, COUNTS)
def test_a_term_never_tells_against_a_passage(count: int, total: int) -> None:
    told = weight(count, total)
    assert math.isfinite(told)
    assert told > 0 or (told == 0 and count == 0)


@given(
    st.integers(0, 2**40),
    st.lists(st.tuples(COSINES, st.lists(COUNTS, max_size=8)), min_size=1, max_size=30),
)
def test_weights_of_any_counts_fuse_to_finite_scores_in_which_words_never_lower(
    total: int, candidates: list[tuple[float, list[int]]]
) -> None:
    dense = np.array([cosine for cosine, _ in candidates], np.float32)
    shared = np.array([sum(weight(n, total) for n in counts) for _, counts in candidates], "f4")
    scores = fuse(dense, shared, floor=0.0)
    assert np.isfinite(scores).all()
    without = fuse(dense, np.zeros_like(shared))
    best = shared.max() > 0 and dense.max() > 0
    assert (scores >= (DENSE_WEIGHT if best else 0) * without - 1e-6)[dense >= 0].all()


@given(PAIRS)
def test_a_lexical_score_below_zero_counts_as_none(pairs: list[tuple[float, float]]) -> None:
    below = [(cosine, bm25 - 25) for cosine, bm25 in pairs]
    np.testing.assert_array_equal(
        fused(below), fused([(cosine, max(bm25, 0)) for cosine, bm25 in below])
    )
    assert np.isfinite(fused(below)).all()


def test_the_worked_example() -> None:
    scores = fuse(np.array([0.5, 0.25], np.float32), np.array([3.0, 12.0], np.float32))
    lexical = (1 / 4) ** LEXICAL_EXPONENT
    np.testing.assert_allclose(
        scores,
        [DENSE_WEIGHT + (1 - DENSE_WEIGHT) * lexical, DENSE_WEIGHT / 2 + 1 - DENSE_WEIGHT],
        rtol=1e-6,
    )


def test_nothing_to_fuse_is_nothing() -> None:
    assert fuse(np.zeros(0, np.float32), np.zeros(0, np.float32)).shape == (0,)
