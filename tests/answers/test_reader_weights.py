"""The file of the reader's weights: what is kept of them, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from embeddings.errors import EncoderError
from qa.answers.reading.weights import HEADS, POSITIONS, WORDS, load, quantised, save

_BIAS, _MATRIX = "encoder.layer.0.output.dense.bias", "encoder.layer.0.output.dense.weight"
_BACKBONE = "0" * 64


def _tensors(seed: int) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    shapes = {WORDS: (50, 8), POSITIONS: (300, 8), _MATRIX: (8, 16), _BIAS: (8,)}
    return {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def base() -> dict[str, Any]:
    return _tensors(1)


@pytest.fixture
def trained() -> dict[str, Any]:
    found = {name: value for name, value in _tensors(2).items() if name != WORDS}
    heads = {name: np.full((2, 8) if "weight" in name else (2,), 0.1, np.float32) for name in HEADS}
    return found | heads


@pytest.fixture
def file(tmp_path: Path, base: dict[str, Any], trained: dict[str, Any]) -> Path:
    path = tmp_path / "reader.safetensors"
    save(path, trained, base, _BACKBONE, {"step": "7"})
    return path


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 6), st.integers(1, 9)),
        elements=st.floats(-9, 9, width=32),
    )
)
def test_eight_bits_are_at_most_half_a_scale_off(matrix: Any) -> None:
    numbers, scales = quantised(matrix)
    assert (np.abs(numbers * scales - matrix) <= scales * 0.5001).all()


def test_weights_come_back_with_the_words_of_the_encoder(
    file: Path, base: dict[str, Any], trained: dict[str, Any]
) -> None:
    found = load(file, base, _BACKBONE).tensors
    assert (found[WORDS] == base[WORDS]).all()
    assert np.allclose(found[_BIAS], trained[_BIAS])
    for name in HEADS:
        assert (found[name] == trained[name]).all()
    change = np.abs(trained[_MATRIX] - base[_MATRIX]).max(axis=1, keepdims=True)
    assert (np.abs(found[_MATRIX] - trained[_MATRIX]) <= change / 250).all()
    assert found[POSITIONS].shape == (256, 8)


def test_the_file_is_a_safetensors_file(file: Path) -> None:
    from safetensors import safe_open

    with safe_open(file, "np") as opened:
        assert opened.metadata()["step"] == "7"
        assert opened.get_tensor(_MATRIX).dtype == np.int8


def test_equal_weights_have_one_version_and_others_another(
    tmp_path: Path, file: Path, base: dict[str, Any], trained: dict[str, Any]
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    save(again, trained, base, _BACKBONE, {"step": "8"})
    save(other, trained | {_BIAS: trained[_BIAS] + 1}, base, _BACKBONE, {})
    versions = [load(path, base, _BACKBONE).version for path in (file, again, other)]
    assert versions[0] == versions[1] != versions[2]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, base: dict[str, Any]) -> None:
    with pytest.raises(EncoderError, match=r"missing: no file .*none.*Run: pip install"):
        load(tmp_path / "none", base, _BACKBONE)


@pytest.mark.parametrize("place", [0.0, 0.02, 0.5, 0.999])
def test_a_changed_byte_is_noticed(file: Path, base: dict[str, Any], place: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= 0x15
    file.write_bytes(content)
    with pytest.raises(EncoderError, match="Run: pip install"):
        load(file, base, _BACKBONE)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.99])
def test_a_file_that_was_cut_off_is_refused(file: Path, base: dict[str, Any], kept: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(EncoderError, match="Run: pip install"):
        load(file, base, _BACKBONE)


def test_weights_of_another_encoder_are_refused(file: Path, base: dict[str, Any]) -> None:
    with pytest.raises(EncoderError, match="the one installed has 1111"):
        load(file, base, "1" * 64)


def test_weights_of_another_format_are_refused(file: Path, base: dict[str, Any]) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"format": "1"', b'"format": "0"'))
    with pytest.raises(EncoderError, match=r"format '0', expected '1'"):
        load(file, base, _BACKBONE)
