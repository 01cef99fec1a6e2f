"""LlamaIndex: its vector index with its sentence splitter, combined with its BM25 retriever by
reciprocal rank fusion, as in its documentation of the fusion retriever. It embeds each passage with
the article's metadata in front, which counts towards the passage's length."""

from pathlib import Path
from typing import Any

from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from transformers import AutoTokenizer

_KNOWN = ("title", "source", "published_at")


def build(articles: list[dict[str, Any]], index: Path, model: str) -> int:
    """Passages of at most 254 word pieces, metadata included."""
    tokenizer = AutoTokenizer.from_pretrained(model)
    splitter = SentenceSplitter(chunk_size=254, chunk_overlap=0, tokenizer=tokenizer.tokenize)
    documents = [
        Document(
            id_=article["_id"],
            text=article["text"],
            metadata={name: article[name] for name in _KNOWN if article.get(name)},
        )
        for article in articles
    ]
    made = VectorStoreIndex.from_documents(
        documents, transformations=[splitter], embed_model=HuggingFaceEmbedding(model_name=model)
    )
    made.storage_context.persist(str(index))
    words = BM25Retriever.from_defaults(docstore=made.docstore, similarity_top_k=10)
    words.persist(str(index / "bm25"))
    return len(made.docstore.docs)


def load(index: Path, model: str) -> Any:
    """Search by vectors and words, one query each; no language model generates further queries."""
    stored = load_index_from_storage(
        StorageContext.from_defaults(persist_dir=str(index)),
        embed_model=HuggingFaceEmbedding(model_name=model),
    )
    words = BM25Retriever.from_persist_dir(str(index / "bm25"))
    fused = QueryFusionRetriever(
        [stored.as_retriever(similarity_top_k=10), words],
        llm=MockLLM(),
        mode=FUSION_MODES.RECIPROCAL_RANK,
        similarity_top_k=10,
        num_queries=1,
        use_async=False,
    )

    def search(question: str, k: int) -> list[tuple[str, str]]:
        return [
            (one.node.ref_doc_id or "", one.node.get_content(MetadataMode.NONE))
            for one in fused.retrieve(question)[:k]
        ]

    return search
