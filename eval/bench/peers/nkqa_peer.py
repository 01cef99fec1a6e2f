"""nkqa through its public API, with its defaults."""

from pathlib import Path
from typing import Any


def prepare(model: str) -> None:  # noqa: ARG001 - the same files, found by its own name for them
    """Compiles the model for this processor; nkqa does this once and caches the result."""
    from embeddings import load_encoder

    load_encoder()


def build(articles: list[dict[str, Any]], index: Path, model: str) -> int:  # noqa: ARG001
    """Index a .jsonl file of the articles."""
    import json
    import tempfile

    from qa import build_index

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in articles), "utf-8")
        return build_index([file], index).passages


def load(index: Path, model: str) -> Any:  # noqa: ARG001
    """Search for cited passages."""
    from qa import open_index

    opened = open_index(index)

    def search(question: str, k: int) -> list[tuple[str, str]]:
        return [(one.doc_id, one.quote) for one in opened.ask(question, k).citations]

    return search
