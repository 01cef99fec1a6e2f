"""Four bits a number keep the direction of a vector."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embeddings import Vectors, unit_rows
from qa.store.local import quantised


def _rows(count: int, dimension: int, seed: int) -> Vectors:
    return unit_rows(np.random.default_rng(seed).standard_normal((count, dimension)))


@given(st.integers(1, 40), st.integers(2, 400), st.integers(0, 1000))
def test_what_is_read_is_near_what_was_written(count: int, dimension: int, seed: int) -> None:
    vectors = _rows(count, dimension, seed)
    packed = quantised.pack(vectors)
    assert packed.shape == (count, quantised.width(dimension))
    read = quantised.unpack(packed, dimension)
    assert np.allclose(np.linalg.norm(read, axis=1), 1, atol=1e-3)
    assert (read * vectors).sum(axis=1).min() > 0.94


@given(st.integers(2, 400), st.integers(0, 1000))
def test_cosines_are_those_of_what_is_read(dimension: int, seed: int) -> None:
    packed, question = quantised.pack(_rows(20, dimension, seed)), _rows(1, dimension, seed + 1)[0]
    read = quantised.unpack(packed, dimension)
    assert np.allclose(quantised.cosines(packed, question), read @ question, atol=1e-5)


def test_at_the_size_of_the_default_model_the_loss_is_that_of_the_theory() -> None:
    vectors = _rows(2000, 384, 1)
    cosines = (quantised.unpack(quantised.pack(vectors), 384) * vectors).sum(axis=1)
    # 1 - D/2 to first order, D = 0.01154 being Max's distortion at 16 even steps.
    assert abs(cosines.mean() - (1 - 0.01154 / 2)) < 0.0005
    assert quantised.width(384) == 194


def test_sums_are_those_of_each_group_and_of_none_nothing() -> None:
    vectors, weights = _rows(5, 7, 3), np.arange(1, 6, dtype=np.float32)
    one = quantised.unpacked(quantised.pack(vectors), 7)
    read = quantised.unpack(quantised.pack(vectors), 7) * weights[:, None]
    summed = one.sums(weights, np.array([0, 1, 4]))
    assert np.allclose(summed, [read[0], read[1:4].sum(axis=0), read[4]], atol=1e-5)
    nothing = quantised.unpacked(quantised.pack(vectors[:0]), 7)
    assert nothing.sums(weights[:0], np.zeros(0, np.int64)).shape == (0, 7)


def test_a_vector_of_nothing_is_read_as_a_vector() -> None:
    read = quantised.unpack(quantised.pack(np.zeros((1, 6), dtype=np.float32)), 6)
    assert np.isfinite(read).all()
