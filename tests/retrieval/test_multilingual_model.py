"""A multilingual model given by name indexes and answers in any language."""

from pathlib import Path

import pytest

import embeddings
from embeddings.compiled import CompiledEncoder
from embeddings.languages import languages_of
from qa import build_index, open_index

_ARTICLES = {
    "ko": "압록강을 가로지르는 새 다리가 금요일에 개통됐다. 공사에는 4년이 걸렸다.",
    "th": "สะพานใหม่ข้ามแม่น้ำโขงเปิดใช้เมื่อวันศุกร์ การก่อสร้างใช้เวลาสี่ปี",
    "ru": "В Благовещенске открыли новый мост через Зею. Строительство заняло четыре года.",
    "en": "A new bridge over the Tees was opened on Friday. The work took four years.",
}


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An XLM-RoBERTa with random weights and a SentencePiece tokenizer of its own, in a folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import SentencePieceUnigramTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    home = tmp_path_factory.mktemp("multilingual")
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = SentencePieceUnigramTokenizer()
    pieces.train_from_iterator(
        _ARTICLES.values(), vocab_size=400, special_tokens=special, unk_token="<unk>"
    )
    pieces.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=pieces._tokenizer,
        bos_token="<s>", cls_token="<s>", pad_token="<pad>", eos_token="</s>", sep_token="</s>",
        unk_token="<unk>",
    ).save_pretrained(home / "xlm-r")  # fmt: skip
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = XLMRobertaConfig(
        vocab_size=pieces.get_vocab_size(), intermediate_size=32, max_position_embeddings=66,
        type_vocab_size=1, **shape,
    )  # fmt: skip
    XLMRobertaModel(config).save_pretrained(home / "xlm-r")
    transformer = Transformer(str(home / "xlm-r"), max_seq_length=64)
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    SentenceTransformer(modules=[transformer, pooling]).save(str(home / "model"))
    return home / "model"


def test_a_multilingual_model_is_compiled_and_finds_articles_in_every_language(
    multilingual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NKQA_CACHE", str(tmp_path / "cache"))
    articles = tmp_path / "articles"
    articles.mkdir()
    for code, text in _ARTICLES.items():
        (articles / f"{code}.txt").write_text(text)
    build_index([articles], tmp_path / "index", model=str(multilingual))
    with open_index(tmp_path / "index") as index:
        assert isinstance(index._encoder, CompiledEncoder)
        for code, text in _ARTICLES.items():
            best = index.ask(text.split(".")[0], 1).citations[0]
            assert best.doc_id.endswith(f"{code}.txt")
            assert text.startswith(best.quote)
            assert best.scores.bm25 > 0


def test_the_compiled_model_counts_and_cuts_as_its_tokenizer_does(
    multilingual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NKQA_CACHE", str(tmp_path / "cache"))
    encoder = embeddings.load_encoder(str(multilingual))
    long = _ARTICLES["ko"] * 20
    assert encoder.count([long])[0] > encoder.capacity
    vectors = encoder.encode_passages([long, long + _ARTICLES["ru"]])
    assert float(vectors[0] @ vectors[1]) > 0.999  # Both are cut at the model's limit.


@pytest.mark.parametrize(
    ("model", "codes"),
    [
        ("all-MiniLM-L6-v2", {"en"}),
        ("static", {"en"}),
        ("sentence-transformers/multi-qa-mpnet-base-dot-v1", {"en"}),
        ("/models/bge-base-en-v1.5/", {"en"}),
        ("BAAI/bge-small-zh-v1.5", {"en", "zh"}),
        ("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", None),
        ("intfloat/multilingual-e5-small", None),
        ("BAAI/bge-m3", None),
        ("/home/me/my-model", None),
        ("", None),
    ],
)
def test_the_languages_of_a_model_are_those_declared_under_its_name(
    model: str, codes: set[str] | None
) -> None:
    assert languages_of(model) == codes
