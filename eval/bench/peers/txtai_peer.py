"""txtai: hybrid embeddings with content, as in its documentation of hybrid search; its
segmentation pipeline with the recursive chunker."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from txtai import Embeddings
from txtai.pipeline import Segmentation


def build(articles: list[dict[str, Any]], index: Path, model: str) -> int:
    """Passages of at most 254 word pieces."""
    tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    split = Segmentation(chunker="recursive", tokenizer=tokenizer, chunk_size=254)
    passages = [
        (f"{article['_id']}#{place}", text)
        for article in articles
        for place, text in enumerate(split(article["text"]))
    ]
    embeddings = Embeddings(path=model, hybrid=True, content=True)
    embeddings.index(passages)
    embeddings.save(str(index))
    embeddings.close()
    return len(passages)


def load(index: Path, model: str) -> Any:  # noqa: ARG001 - the index names its model
    """Search by words and vectors, which txtai fuses with equal weights."""
    embeddings = Embeddings()
    embeddings.load(str(index))

    def search(question: str, k: int) -> list[tuple[str, str]]:
        found = embeddings.search(question, k)
        return [(one["id"].rpartition("#")[0], one["text"]) for one in found]

    return search
