"""LangChain: FAISS over passages of the recursive splitter, counted by the model's tokenizer, as in
its documentation of semantic search."""

from pathlib import Path
from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from transformers import AutoTokenizer


def build(articles: list[dict[str, Any]], index: Path, model: str) -> int:
    """Passages of at most 254 word pieces."""
    splitter = RecursiveCharacterTextSplitter.from_huggingface_tokenizer(
        AutoTokenizer.from_pretrained(model), chunk_size=254, chunk_overlap=0
    )
    passages = splitter.split_documents(
        [
            Document(
                page_content=article["text"],
                metadata={name: article.get(name) for name in ("_id", "title", "source")},
            )
            for article in articles
        ]
    )
    FAISS.from_documents(passages, HuggingFaceEmbeddings(model_name=model)).save_local(str(index))
    return len(passages)


def load(index: Path, model: str) -> Any:
    """Search by vectors alone."""
    store = FAISS.load_local(
        str(index), HuggingFaceEmbeddings(model_name=model), allow_dangerous_deserialization=True
    )

    def search(question: str, k: int) -> list[tuple[str, str]]:
        found = store.similarity_search(question, k=k)
        return [(one.metadata["_id"], one.page_content) for one in found]

    return search
