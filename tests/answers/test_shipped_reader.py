"""The reader that is shipped: it answers alike in numpy and compiled, and its file is small."""

from pathlib import Path

import pytest

from embeddings.errors import EncoderError
from qa.answers.shipped import WEIGHTS, WarmingNetwork, load_reader

_PASSAGE = (
    "The two leaders met in Vladivostok on April 25, 2019. Nothing was signed. "
    "Trade fell by more than 56 percent to $34 million, an aide told reporters."
)
_ASKED = {
    "Where did the two leaders meet?": "Vladivostok",
    "By how much did trade fall?": "56 percent",
    "When did the leaders meet?": "April 25, 2019",
}


def test_the_shipped_reader_finds_answers_and_prefers_them_to_none() -> None:
    reader = load_reader()
    for question, answer in _ASKED.items():
        held, other = reader.read(question, [_PASSAGE, "Rain is expected on the coast tonight."])
        found = _PASSAGE[held.start : held.end]
        assert answer in found or found in answer
        assert held.margin > other.margin
        assert held.answered > other.answered


def test_the_compiled_reader_returns_the_same_spans_as_numpy() -> None:
    reader = load_reader()
    windows = [_PASSAGE, _PASSAGE * 6, "Rain is expected.", ""]
    cold = [reader.read(question, windows) for question in _ASKED]
    assert isinstance(reader.network, WarmingNetwork)
    assert reader.network.ready()
    warm = [reader.read(question, windows) for question in _ASKED]
    for one, other in zip(cold, warm, strict=True):
        for mine, theirs in zip(one, other, strict=True):
            assert mine.margin == pytest.approx(theirs.margin, abs=0.3)
    assert [(r.start, r.end) for r, *_ in cold] == [(r.start, r.end) for r, *_ in warm]


def test_the_shipped_file_is_small() -> None:
    assert WEIGHTS.stat().st_size < 12_000_000


def test_a_reader_without_its_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="Run: pip install"):
        load_reader(tmp_path / "none.safetensors")
