"""Choose the articles and questions of a collection to measure on."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import InputError
from eval.datasets import Collection, load_beir
from eval.gold import Query, lines_of


@dataclass(frozen=True, slots=True)
class Sample:
    """Articles, as lines of a corpus, and questions with evidence only in these articles."""

    collection: str
    articles: tuple[dict[str, object], ...]
    queries: tuple[Query, ...]

    def write(self, path: Path) -> None:
        """Writes the articles as a .jsonl file."""
        lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in self.articles)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")


def sample(beir: Path, articles: int, questions: int) -> Sample:
    """The articles with evidence for the most questions, and questions that they fully answer.

    The questions are spread evenly over all such questions. Raises `InputError` for a collection
    without evidence, and if no question has all of its evidence in that many articles.
    """
    collection = load_beir(beir)
    needed = _needed(collection)
    often = Counter(doc_id for doc_ids in needed.values() for doc_id in doc_ids)
    chosen = set(sorted(often, key=lambda doc_id: (-often[doc_id], doc_id))[:articles])
    queries = [
        query
        for query in collection.answerable()
        if needed.get(query.query_id) and needed[query.query_id] <= chosen
    ]
    if not queries:
        raise InputError(
            f"No question of {beir} has all of its evidence in {articles} articles; expected a "
            "collection with quoted evidence, such as MultiHop-RAG, or a larger --articles."
        )
    count = min(questions, len(queries))
    spread = tuple(queries[i * len(queries) // count] for i in range(count))
    lines = (article for _, article in lines_of(beir / "corpus.jsonl"))
    kept = tuple(article for article in lines if article["_id"] in chosen)
    return Sample(collection.name, kept, spread)


def _needed(collection: Collection) -> dict[str, set[str]]:
    return {
        query.query_id: {span.doc_id for group in query.evidence for span in group}
        for query in collection.answerable()
    }
