"""A second look lets the best candidates gain, by sentences, leads and words not yet told."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.reranking import LONG_QUESTION, Gains, Look, rerank, term_shares

WORDS = "abcdefghijklmnop"
WEIGHTS = {word: 1.0 + place for place, word in enumerate(WORDS)}
PARTS = st.integers(0, 64).map(lambda n: n / 64)
SENTENCE = st.tuples(st.integers(-64, 64).map(lambda n: n / 64), st.sets(st.sampled_from(WORDS)))
CANDIDATE = st.tuples(PARTS, st.lists(SENTENCE, min_size=1, max_size=4), PARTS)
CANDIDATES = st.lists(CANDIDATE, min_size=1, max_size=8)

Candidate = tuple[float, list[tuple[float, set[str]]], float]


def look(sentences: list[tuple[float, set[str]]], lead: float = 0.0, asked: str = WORDS) -> Look:
    weights = {word: WEIGHTS[word] for word in asked}
    return Look(
        np.array([cosine for cosine, _ in sentences], np.float32),
        term_shares([words for _, words in sentences], weights),
        lead,
    )


def reranked(candidates: list[Candidate], asked: str = WORDS) -> tuple[np.ndarray, np.ndarray]:
    scores = np.array([score for score, _, _ in candidates], np.float32)
    return scores, rerank(scores, [look(said, lead, asked) for _, said, lead in candidates])


@given(CANDIDATES, st.sampled_from([WORDS, WORDS[: LONG_QUESTION - 1]]))
def test_nothing_loses_and_nothing_gains_more_than_there_is(
    candidates: list[Candidate], asked: str
) -> None:
    before, after = reranked(candidates, asked)
    most = Gains()
    new_words = most.new_words if len(asked) >= LONG_QUESTION else 0
    assert (after >= before).all()
    assert (after <= before + most.sentence + most.lead + new_words + 1e-5).all()


@given(CANDIDATES)
def test_the_best_without_new_words_stays_the_best(candidates: list[Candidate]) -> None:
    scores = np.array([score for score, _, _ in candidates], np.float32)
    looks = [look(said, lead) for _, said, lead in candidates]
    without = rerank(scores, looks, Gains(new_words=0))
    after = rerank(scores, looks)
    assert after[int(np.argmax(without))] >= after.max() - 1e-5


@given(CANDIDATES)
def test_a_short_question_gains_nothing_by_new_words(candidates: list[Candidate]) -> None:
    scores = np.array([score for score, _, _ in candidates], np.float32)
    looks = [look(said, lead, WORDS[: LONG_QUESTION - 1]) for _, said, lead in candidates]
    np.testing.assert_array_equal(rerank(scores, looks), rerank(scores, looks, Gains(new_words=0)))


def test_a_sentence_with_both_beats_two_sentences_with_one_each() -> None:
    both: Candidate = (0.5, [(0.6, set("mnop")), (0.1, set())], 0.0)
    apart: Candidate = (0.5, [(0.6, set()), (0.1, set("mnop"))], 0.0)
    _, after = reranked([apart, both], WORDS[-4:])
    assert after[1] > after[0]


def test_a_near_lead_raises_what_is_equal_otherwise() -> None:
    _, after = reranked([(0.5, [(0.4, set("p"))], 0.1), (0.5, [(0.4, set("p"))], 0.6)], "nop")
    assert after[1] > after[0]


def test_what_completes_the_best_comes_before_what_repeats_it() -> None:
    first: Candidate = (0.9, [(0.5, set("klmnop"))], 0.0)
    repeats: Candidate = (0.82, [(0.5, set("klmno"))], 0.0)
    completes: Candidate = (0.80, [(0.5, set("abcdefgh"))], 0.0)
    _, after = reranked([first, repeats, completes])
    assert after[0] > after[2] > after[1]


def test_the_shares_of_all_terms_are_the_whole() -> None:
    shares = term_shares([set(WORDS), set("a"), set()], WEIGHTS)
    assert shares.shape == (3, len(WORDS))
    np.testing.assert_allclose(shares.sum(axis=1), [1, WEIGHTS["a"] / sum(WEIGHTS.values()), 0])


def test_without_words_or_candidates_there_is_nothing_to_gain() -> None:
    assert rerank(np.zeros(0, np.float32), []).shape == (0,)
    assert term_shares([set("a")], {}).shape == (1, 0)
    alone = Look(np.array([-0.5], np.float32), term_shares([set()], {}), -0.2)
    assert rerank(np.array([0.25], np.float32), [alone])[0] == np.float32(0.25)
