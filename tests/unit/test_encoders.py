"""Encoders: one contract for all, and the compiled model true to the reference."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

import embeddings
from embeddings import Encoder, models
from embeddings.compiled import CompiledEncoder, compiled_folder
from embeddings.errors import EncoderError
from embeddings.hashed import HashedEncoder
from embeddings.models import DEFAULT_MODEL, find_model
from embeddings.reference import ReferenceEncoder

TEXTS = [
    "How many workers are in Russia?",
    "",
    "It is not known what demand Kim made regarding some 10,000 North Korean laborers.",
    "word " * 400,
    "북한",
    "Kim",
    "Trade fell by more than 56 percent.",
    "A readout was issued by the local authorities.",
    "He smiled.",
]


@pytest.fixture(scope="module")
def compiled() -> Encoder:
    return embeddings.load_encoder()


@pytest.fixture(scope="module")
def reference() -> Encoder:
    return ReferenceEncoder(find_model(DEFAULT_MODEL))


@pytest.fixture(params=["compiled", "reference", "hashed"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "hashed":
        return HashedEncoder()
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: Encoder) -> None:
    for encode in (encoder.encode_passages, encoder.encode_questions):
        vectors = encode(TEXTS)
        assert vectors.shape == (len(TEXTS), encoder.identity.dimension)
        assert vectors.dtype == np.float32
        lengths = np.linalg.norm(vectors, axis=1)
        assert all(abs(n - 1) < 1e-5 or n == 0 for n in lengths)
        for text, vector in zip(TEXTS, vectors, strict=True):
            alone = encode([text])[0]
            assert float(alone @ vector) > 0.9995 or not vector.any()


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, encoder.identity.dimension)


def test_the_capacity_is_what_the_model_reads(encoder: Encoder) -> None:
    inside = "word " * encoder.capacity
    assert encoder.count([inside]) == [encoder.capacity]
    one, same, more = encoder.encode_passages(
        [inside, inside + "and much more", "word " * (encoder.capacity - 40) + "Kim " * 40]
    )
    np.testing.assert_allclose(one, same, atol=2e-3)
    assert float(one @ more) < 0.99999


def test_compiled_agrees_with_the_reference(compiled: Encoder, reference: Encoder) -> None:
    assert isinstance(compiled, CompiledEncoder)
    assert compiled.identity == reference.identity
    assert compiled.capacity == reference.capacity == 254
    assert compiled.count(TEXTS) == reference.count(TEXTS)
    mine, theirs = compiled.encode_passages(TEXTS), reference.encode_passages(TEXTS)
    assert float((mine * theirs).sum(axis=1).min()) > 0.999


def test_a_question_without_the_runtime_has_the_references_vector(
    compiled: Encoder, reference: Encoder
) -> None:
    for text in [*TEXTS, "¿Quién? 你好 \u200b\n", "word " * 60]:
        mine, theirs = compiled.encode_questions([text])[0], reference.encode_questions([text])[0]
        assert float(mine @ theirs) > 0.9999


def test_meaning_is_found_without_a_shared_word(compiled: Encoder) -> None:
    question = compiled.encode_questions(["How many workers are there?"])[0]
    laborers, readout = compiled.encode_passages([TEXTS[2], TEXTS[7]])
    assert question @ laborers > question @ readout + 0.1


def test_weights_other_than_the_published_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = find_model(DEFAULT_MODEL).path
    shutil.copytree(source, tmp_path / "fake" / "model")
    weights = tmp_path / "fake" / "model" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    (tmp_path / "fake" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(
        models._PACKAGED,
        DEFAULT_MODEL,
        models._Packaged("fake", "model", models._MINILM.weights_sha256),
    )
    with pytest.raises(EncoderError, match="not the published ones"):
        find_model(DEFAULT_MODEL)


def test_a_model_folder_without_safetensors_or_with_its_own_code_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(EncoderError, match=r"no \.safetensors"):
        find_model(str(tmp_path))
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "modules.json").write_text(json.dumps([{"type": "evil.Module"}]))
    with pytest.raises(EncoderError, match=r"own code \(evil\.Module\)"):
        find_model(str(tmp_path))


def test_a_name_that_is_nowhere_is_told_and_nothing_is_fetched() -> None:
    with pytest.raises(EncoderError, match="downloads nothing"):
        find_model("nobody/no-such-model")


def test_any_folder_with_a_model_works_and_has_the_same_vectors(
    tmp_path: Path, compiled: Encoder
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(find_model(DEFAULT_MODEL).path, folder)
    (folder / "README.md").write_text("It does not count.")
    mine = embeddings.load_encoder(str(folder))
    assert mine.identity.fingerprint == compiled.identity.fingerprint


def test_reading_with_the_compiled_model_imports_no_torch_and_opens_no_socket(
    compiled: Encoder,
) -> None:
    assert (compiled_folder(compiled.identity.fingerprint) / "encoder.json").exists()
    script = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(event) if event.startswith("socket.") else None)
import embeddings
encoder = embeddings.load_encoder()
encoder.encode_questions(["Who?"])
heavy = {"torch", "transformers", "sentence_transformers", "openvino", "openvino_telemetry"}
heavy &= set(sys.modules)
encoder.encode_passages(["One.", "Two."])
heavy |= {"torch", "openvino_telemetry"} & set(sys.modules)
print(sorted(heavy), [event for event in opened if event != "socket.gethostname"])
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert told.stdout == "[] []\n", told.stderr


def test_the_static_form_of_the_model_knows_what_words_mean() -> None:
    static = embeddings.load_encoder("static")
    assert static.identity.name == "static"
    (question,) = static.encode_questions(["How many workers are in Russia?"])
    near, far, empty = static.encode_passages(
        ["Some 10,000 laborers stayed in Siberia.", "The orchestra played until midnight.", ""]
    )
    assert question @ near > question @ far + 0.1
    assert not empty.any()
    assert static.count(["laborers", ""]) == [1, 0]
    assert (embeddings.encoder_of(static.identity).encode_passages(["a school"]) != 0).any()


def test_the_static_form_does_not_depend_on_what_is_encoded_together() -> None:
    static = embeddings.load_encoder("static")
    texts = ["A short one.", "", "A somewhat longer one about harbours and their dockers."]
    together = static.encode_passages(texts * 3)
    apart = [static.encode_passages([text])[0] for text in texts * 3]
    assert np.allclose(together, apart, atol=1e-6)


@pytest.mark.parametrize(
    "template", ["[CLS] $A [SEP]", "[CLS] $A", "$A [SEP]", "[CLS] [MASK] $A [SEP]"]
)
def test_passages_are_framed_as_their_tokenizer_frames_them(
    compiled: CompiledEncoder, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    tokenizer = Tokenizer.from_str(compiled.tokenizer_json())
    special = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]", "[MASK]")]
    tokenizer.post_processor = TemplateProcessing(single=template, special_tokens=special)
    tokenizer.enable_truncation(compiled.identity.limit)
    monkeypatch.setattr(compiled, "_tokenizer", tokenizer)
    framed = compiled._framed(compiled._pieces(TEXTS))
    assert framed == [one.ids for one in tokenizer.encode_batch(TEXTS)]
