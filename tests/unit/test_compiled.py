"""A compiled model in the cache: damaged, replaced, shared by processes, without its runtime."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import embeddings
from embeddings.compiled import CompiledEncoder, compiled_folder
from embeddings.errors import EncoderError
from embeddings.models import DEFAULT_MODEL, find_model

_SHORT = "Who met whom?"
_LONG = "The two leaders met in Vladivostok and signed nothing at all. " * 8


@pytest.fixture(scope="module")
def whole() -> CompiledEncoder:
    encoder = embeddings.load_encoder()
    assert isinstance(encoder, CompiledEncoder)
    return encoder


@pytest.fixture
def without(tmp_path: Path, whole: CompiledEncoder) -> Callable[..., CompiledEncoder]:
    """The default model in a folder that lacks files: `without("model.xml")`."""

    def made(*names: str) -> CompiledEncoder:
        folder = tmp_path / "model"
        folder.mkdir()
        for file in compiled_folder(whole.identity.fingerprint).iterdir():
            if file.name not in ("blobs", *names):
                (folder / file.name).symlink_to(file)
        return CompiledEncoder(folder)

    return made


@pytest.mark.parametrize("first", [_SHORT, _LONG])
def test_questions_are_encoded_although_the_runtime_cannot_start(
    without: Callable[..., CompiledEncoder],
    whole: CompiledEncoder,
    first: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    encoder = without("model.xml", "model.bin")
    for text in (first, _LONG, *[_SHORT] * 5):
        (mine,), (expected,) = encoder.encode_questions([text]), whole.encode_questions([text])
        assert float(mine @ expected) > 0.9999
    assert caplog.text.count("OpenVINO cannot start the model") == 1


_ONE_OFF = f"""
import atexit, sys
from embeddings import load_encoder
encoder = load_encoder()
encoder.encode_questions(["A bird."])
encoder.encode_questions([{_SHORT!r}] * 5)
# Runs after all threads have ended.
atexit.register(lambda: print("openvino" in sys.modules))
"""


@pytest.mark.parametrize(
    ("more", "starts"), [("", "False"), ("encoder.encode_questions(['A'])", "True")]
)
def test_one_question_with_its_clauses_starts_no_runtime_and_the_next_one_does(
    whole: CompiledEncoder, more: str, starts: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ONE_OFF + more], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [starts]


def test_what_needs_the_runtime_is_refused_with_the_cause_and_what_to_run(
    without: Callable[..., CompiledEncoder], tmp_path: Path
) -> None:
    encoder = without("model.xml", "model.bin", "questions.safetensors")
    for encode in (encoder.encode_questions, encoder.encode_passages):
        for _ in range(2):
            with pytest.raises(EncoderError) as refused:
                encode([_SHORT])
            told = str(refused.value)
            assert str(tmp_path / "model") in told
            assert "model.xml" in told.replace(str(tmp_path), "", 1)
            assert "Delete that folder and run the command again" in told
            assert "\n" not in told


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model that compiles in a moment."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    home = tmp_path_factory.mktemp("tiny")
    tokenizer = find_model(DEFAULT_MODEL).path
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(intermediate_size=32, max_position_embeddings=64, **shape)
    BertModel(config).save_pretrained(home / "bert")
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(tokenizer / name, home / "bert")
    transformer = Transformer(str(home / "bert"), max_seq_length=64)
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    SentenceTransformer(modules=[transformer, pooling]).save(str(home / "model"))
    return home / "model"


@pytest.fixture(scope="module")
def compiled(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny model in a cache of its own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NKQA_CACHE", str(tmp_path_factory.mktemp("compiled")))
        return compiled_folder(embeddings.load_encoder(str(tiny)).identity.fingerprint)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("NKQA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("encoder.json", Path.unlink),
        ("encoder.json", _cut),
        ("model.xml", Path.unlink),
        ("tokenizer.json", _cut),
        ("questions.safetensors", Path.unlink),
    ],
)
def test_a_model_of_which_files_are_gone_or_cut_short_is_compiled_again(
    tiny: Path, compiled: Path, cache: Path, name: str, harm: Callable[[Path], None]
) -> None:
    whole = CompiledEncoder(compiled)
    folder = compiled_folder(whole.identity.fingerprint)
    shutil.copytree(compiled, folder)
    harm(folder / name)
    for encoder in (embeddings.load_encoder(str(tiny)), embeddings.encoder_of(whole.identity)):
        assert isinstance(encoder, CompiledEncoder)
        for mine, expected in (
            (encoder.encode_passages([_SHORT]), whole.encode_passages([_SHORT])),
            (encoder.encode_questions([_SHORT]), whole.encode_questions([_SHORT])),
        ):
            assert float(mine[0] @ expected[0]) > 0.999
    assert {path.name for path in folder.iterdir()} == {path.name for path in compiled.iterdir()}
    assert [path for path in folder.parent.iterdir() if path.is_dir()] == [folder]


@pytest.mark.slow
def test_processes_that_compile_the_same_model_at_once_all_get_it(tiny: Path, cache: Path) -> None:
    folder = compiled_folder(find_model(str(tiny)).fingerprint)
    folder.mkdir(parents=True)
    (folder / "model.xml").write_text("what is left of it")
    script = """
import sys
import embeddings
encoder = embeddings.load_encoder(sys.argv[1])
print(type(encoder).__name__, encoder.encode_passages(["One.", "Two."]).shape)
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, tiny],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    ended = [process.communicate(timeout=120) for process in started]
    for out, err in ended:
        assert out == "CompiledEncoder (2, 16)\n", err
    assert [path for path in folder.parent.iterdir() if path.is_dir()] == [folder]


def test_threads_that_import_the_runtime_at_once_get_it_whole() -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
from embeddings.compiled import openvino
with ThreadPoolExecutor(4) as pool:
    print({bool(found) for found in pool.map(lambda _: openvino().opset13, range(4))})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "{True}\n", done.stderr


def test_a_cache_that_cannot_be_written_is_told_and_the_model_runs_uncompiled(
    tiny: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("a file where the folder belongs")
    encoder = embeddings.load_encoder(str(tiny))
    assert encoder.encode_questions([_SHORT]).shape == (1, 16)
    assert f"cannot be written to {cache / 'models'}" in caplog.text
    assert "NKQA_CACHE" in caplog.text


def test_each_file_of_a_model_is_read_once_to_know_it(script: Any) -> None:
    told = script(
        """
import sys
from collections import Counter
opened = Counter()
def note(event, args):
    if event == "open" and str(args[0]).endswith(".safetensors"):
        opened[str(args[0])] += 1
sys.addaudithook(note)
from embeddings.models import DEFAULT_MODEL, find_model
find_model(DEFAULT_MODEL)
print(*opened.values())
"""
    )
    assert told == "1\n"
