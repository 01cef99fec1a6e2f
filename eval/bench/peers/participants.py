"""The participants, and the packages that pip installs for each."""

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
# The same upper bound as nkqa's own requirement, so that pip finds a CPU build.
_TORCH = "torch<=2.13.0"


@dataclass(frozen=True, slots=True)
class Participant:
    """A system, the file that drives it, and its packages; empty if it runs in this environment."""

    name: str
    setup: str
    script: Path
    requirements: tuple[str, ...] = ()


NKQA = Participant("nkqa", "hybrid, its defaults", _HERE / "nkqa_peer.py")

PEERS = (
    Participant(
        "txtai",
        "hybrid, recursive chunker",
        _HERE / "txtai_peer.py",
        (_TORCH, "txtai", "faiss-cpu", "chonkie"),
    ),
    Participant(
        "langchain",
        "FAISS, recursive splitter",
        _HERE / "langchain_peer.py",
        (_TORCH, "langchain-community", "langchain-huggingface", "langchain-text-splitters",
         "sentence-transformers", "faiss-cpu"),
    ),
    Participant(
        "llama-index",
        "vectors and BM25 fused, sentence splitter, metadata embedded",
        _HERE / "llama_index_peer.py",
        (_TORCH, "llama-index-core", "llama-index-embeddings-huggingface",
         "llama-index-retrievers-bm25"),
    ),
    Participant(
        "haystack",
        "vectors and BM25 joined, word splitter, title embedded",
        _HERE / "haystack_peer.py",
        (_TORCH, "haystack-ai", "sentence-transformers-haystack"),
    ),
    Participant(
        "chroma",
        "vectors, recursive splitter",
        _HERE / "chroma_peer.py",
        (_TORCH, "chromadb", "sentence-transformers", "langchain-text-splitters"),
    ),
)  # fmt: skip
