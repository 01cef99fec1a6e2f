"""Pieces of remembered words are those that the tokenizer cuts a text into."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from embeddings import pieces
from embeddings.models import DEFAULT_MODEL, find_model
from embeddings.pieces import WordPieces

TOKENIZER = Tokenizer.from_file(str(find_model(DEFAULT_MODEL).path / "tokenizer.json"))
TOKENIZER.no_truncation()
TOKENIZER.no_padding()
KNOWN = WordPieces(TOKENIZER)

_SPACES = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", "\u2009", "\x1c", "\u200b", ""])
_WORDS = st.sampled_from(
    "North Korea's 30,000 U.S. naïve 북한 金正恩 [MASK] [SEP] ##ing don\u2019t \u0301 \x00 x".split(
        " "
    )
)


def _cut(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    return [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]


@given(
    st.lists(
        st.one_of(
            st.text(),
            st.integers(90, 210).map(lambda length: "word" * length),
            st.lists(st.tuples(_WORDS, _SPACES)).map(lambda some: "".join(map("".join, some))),
        )
    )
)
def test_they_are_those_of_the_whole_text(texts: list[str]) -> None:
    assert KNOWN(texts) == _cut(TOKENIZER, texts)
    assert KNOWN(texts) == _cut(TOKENIZER, texts), "remembered"


def test_no_more_words_are_remembered_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_MOST", 4)
    few = WordPieces(TOKENIZER)
    for texts in (["a b c"], ["c d e f"], ["a b"], ["x" * 41, "b"]):
        assert few(texts) == _cut(TOKENIZER, texts)
        assert len(few._known) <= 4
        assert max(map(len, few._known)) <= 40


def test_a_tokenizer_that_sees_spaces_is_given_the_whole_text() -> None:
    seeing = Tokenizer(models.BPE(vocab={"Ġ": 0, "a": 1, "Ġa": 2}, merges=[("Ġ", "a")]))
    seeing.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    assert WordPieces(seeing)(["a a"]) == _cut(seeing, ["a a"]) == [[1, 2]]
