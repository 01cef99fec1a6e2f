"""The judged pairs of articles, and how grouping is measured on them."""

import json
from importlib.resources import files

from eval.stories import _measured

_GOLD = files("eval").joinpath("gold/stories.jsonl").read_text("utf-8").splitlines()


def test_each_judged_pair_is_named_once_by_ids_alone() -> None:
    pairs = [json.loads(line) for line in _GOLD]
    assert len({tuple(sorted(pair["ids"])) for pair in pairs}) == len(pairs)
    for pair in pairs:
        assert set(pair) == {"collection", "ids", "publishers", "sample", "score", "one_story"}
        assert all(len(doc_id) < 10 and " " not in doc_id for doc_id in pair["ids"])
    drawn = [pair for pair in pairs if pair["sample"] == "band" and pair["publishers"] == 2]
    assert len(drawn) == 80


def test_precision_counts_grouped_pairs_and_recall_those_of_one_event() -> None:
    pairs = [
        {"collection": "news", "ids": ["a", "b"], "one_story": True},
        {"collection": "news", "ids": ["a", "c"], "one_story": False},
        {"collection": "news", "ids": ["a", "d"], "one_story": True},
        {"collection": "news", "ids": ["d", "e"], "one_story": False},
    ]
    told = _measured(pairs, {"news": {"a": "a", "b": "a", "c": "a"}})
    assert told == "4 pairs, 2 grouped; precision 1/2, recall 1/2"
