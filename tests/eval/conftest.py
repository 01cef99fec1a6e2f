"""Small collections of our own for the tests of the evaluation."""

import json
from pathlib import Path
from typing import Any

import pytest

_CORPUS = [
    {"_id": "a", "title": "Harbour", "text": "The harbour opened. Some 300 dockers work there."},
    {"_id": "b", "title": "Bridge", "text": "The bridge closed. Engineers found deep cracks."},
    {"_id": "c", "title": "School", "text": "The school teaches Korean. Lessons begin at eight."},
    {"_id": "d", "title": "Fishing", "text": "Less cod was caught. The catch fell by 12 percent."},
]
_QUERIES: list[dict[str, Any]] = [
    {
        "_id": "q1",
        "text": "How many dockers work at the harbour?",
        "evidence": [{"doc_id": "a", "quote": "Some 300 dockers work there."}],
    },
    {
        "_id": "q2",
        "text": "What did engineers find?",
        "evidence": [{"doc_id": "b", "quote": "found deep cracks"}],
    },
    {"_id": "q3", "text": "Which language does the school teach?"},
    {"_id": "unjudged", "text": "Who is the mayor?"},
]


def write_lines(path: Path, values: list[dict[str, Any]]) -> Path:
    """A JSON Lines file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """A BEIR folder of four documents and three judged queries, two of them with evidence."""
    folder = tmp_path / "small"
    write_lines(folder / "corpus.jsonl", _CORPUS)
    write_lines(folder / "queries.jsonl", _QUERIES)
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\nq3\tc\t1\nq3\tb\t0\n"
    )
    return folder


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold file over the articles of the fixture `articles`."""
    return write_lines(
        tmp_path / "gold.jsonl",
        [
            {
                "query_id": "g1",
                "text": "How many dockers work at the quay?",
                "kind": "number",
                "evidence": [
                    [{"doc_id": "articles/harbour.md", "quote": "Some 300 dockers work there."}]
                ],
            },
            {"query_id": "g2", "text": "Who is the mayor?", "kind": "unanswerable"},
        ],
    )
