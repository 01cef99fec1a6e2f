"""Haystack: BM25 and embeddings over its in-memory store, joined by reciprocal rank fusion, as in
its tutorial on hybrid retrieval, but without that tutorial's reranker. The title is embedded with
each passage (`meta_fields_to_embed`), as its documentation of embedders advises."""

from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

# Its splitter counts words, or the word pieces of a different model. 180 words are about 250 word
# pieces of this model.
_WORDS = 180


def build(articles: list[dict[str, Any]], index: Path, model: str) -> int:
    """Passages of 180 words."""
    store = InMemoryDocumentStore()
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter(split_by="word", split_length=_WORDS))
    pipeline.add_component(
        "embedder",
        SentenceTransformersDocumentEmbedder(
            model=model, meta_fields_to_embed=["title"], progress_bar=False, local_files_only=True
        ),
    )
    pipeline.add_component("writer", DocumentWriter(store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    documents = [
        Document(
            content=article["text"], meta={"_id": article["_id"], "title": article.get("title")}
        )
        for article in articles
    ]
    pipeline.run({"splitter": {"documents": documents}})
    index.mkdir()
    store.save_to_disk(str(index / "store.json"))
    return store.count_documents()


def load(index: Path, model: str) -> Any:
    """Search by words and vectors, joined."""
    store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
    pipeline = Pipeline()
    pipeline.add_component(
        "embedder",
        SentenceTransformersTextEmbedder(model=model, progress_bar=False, local_files_only=True),
    )
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=10))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=10))
    pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder.embedding", "vectors.query_embedding")
    pipeline.connect("words", "joined")
    pipeline.connect("vectors", "joined")

    def search(question: str, k: int) -> list[tuple[str, str]]:
        output = pipeline.run(
            {"embedder": {"text": question}, "words": {"query": question}, "joined": {"top_k": k}}
        )
        return [(one.meta["_id"], one.content) for one in output["joined"]["documents"]]

    return search
