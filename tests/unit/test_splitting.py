"""Passages tile the text, fit what the model reads, and never cut a sentence that fits."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.hashed import HashedEncoder
from qa.indexing.splitting import split

count = HashedEncoder().count
WORDS = st.lists(
    st.sampled_from(["Kim", "met", "Putin.", "In", "Russia", "U.S.", "2019", "\n\n", "“no”", "é"]),
    max_size=200,
).map(" ".join)


@given(WORDS | st.text(max_size=300), st.integers(3, 40))
@settings(max_examples=200)
def test_passages_tile_the_text_and_fit(text: str, capacity: int) -> None:
    at = 0
    for passage in split(text, count, capacity):
        assert not text[at : passage.start].strip()
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
        pieces = sum(count([text[start:end] for start, end in passage.sentences]))
        assert pieces <= capacity
        at = passage.end
    assert not text[at:].strip()


@given(WORDS, st.integers(3, 40))
def test_no_two_neighbours_would_have_fitted_into_one(text: str, capacity: int) -> None:
    passages = list(split(text, count, capacity))
    for one, other in pairwise(passages):
        first = text[slice(*other.sentences[0])]
        used = sum(count([text[start:end] for start, end in one.sentences]))
        assert used + count([first])[0] > capacity


def test_offsets_hold_in_text_that_repeats_itself() -> None:
    text = "He said so. " * 50
    passages = list(split(text, count, 20))
    assert [text[p.start : p.end] for p in passages] == [
        " ".join(["He said so."] * len(p.sentences)) for p in passages
    ]
    assert len({p.start for p in passages}) == len(passages)


def test_a_sentence_too_long_for_the_model_is_cut_between_words() -> None:
    text = "alpha " * 100
    parts = [text[slice(*span)] for p in split(text, count, 16) for span in p.sentences]
    assert " ".join(parts).split() == ["alpha"] * 100
    assert max(count(parts)) <= 16


def test_a_word_too_long_for_the_model_is_cut_anyway() -> None:
    def letters(texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    passages = list(split("x" * 100, letters, 8))
    assert all(p.end - p.start <= 8 for p in passages)
    assert sum(p.end - p.start for p in passages) == 100


def test_a_huge_single_line_is_split_in_bounded_passages() -> None:
    text = "word " * 400_000
    passages = list(split(text, count, 254))
    assert passages[-1].end == len(text.rstrip())
    assert max(p.end - p.start for p in passages) < 2000
