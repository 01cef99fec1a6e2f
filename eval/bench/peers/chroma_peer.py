"""Chroma: a persistent collection with its sentence-transformers embedding function; passages of
the recursive splitter, which its study of chunking recommends."""

from pathlib import Path
from typing import Any

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
from langchain_text_splitters import RecursiveCharacterTextSplitter
from transformers import AutoTokenizer


def build(articles: list[dict[str, Any]], index: Path, model: str) -> int:
    """Passages of at most 254 word pieces."""
    splitter = RecursiveCharacterTextSplitter.from_huggingface_tokenizer(
        AutoTokenizer.from_pretrained(model), chunk_size=254, chunk_overlap=0
    )
    passages = [
        (article["_id"], f"{article['_id']}#{place}", text)
        for article in articles
        for place, text in enumerate(splitter.split_text(article["text"]))
    ]
    client = chromadb.PersistentClient(path=str(index))
    collection = client.create_collection(
        "articles", embedding_function=SentenceTransformerEmbeddingFunction(model_name=model)
    )
    most = client.get_max_batch_size()
    for start in range(0, len(passages), most):
        some = passages[start : start + most]
        collection.add(
            ids=[passage_id for _, passage_id, _ in some],
            documents=[text for _, _, text in some],
            metadatas=[{"article": doc_id} for doc_id, _, _ in some],
        )
    return len(passages)


def load(index: Path, model: str) -> Any:
    """Search by vectors alone."""
    collection = chromadb.PersistentClient(path=str(index)).get_collection(
        "articles", embedding_function=SentenceTransformerEmbeddingFunction(model_name=model)
    )

    def search(question: str, k: int) -> list[tuple[str, str]]:
        found = collection.query(query_texts=[question], n_results=k)
        passages = zip(found["metadatas"][0], found["documents"][0], strict=True)
        return [(str(known["article"]), text) for known, text in passages]

    return search
