"""A day that the question names prefers the articles of that day, and excludes no others."""

import json
from pathlib import Path

import pytest

from embeddings.hashed import HashedEncoder
from qa import build_index, open_index
from qa.retrieval.dates import MAYBE_NAMED_DAY, NAMED_DAY, day_preference
from qa.text.days import day_range, named_days

SAME = "The ferry between the islands was late again, and its captain blamed the tide."
DATES = {"before": "2023-10-06", "on": "2023-10-07", "after": "2023-10-08", "unknown": None}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    lines = [
        json.dumps({"_id": name, "text": f"{SAME} It was its trip {name}.", "published_at": day})
        for name, day in DATES.items()
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines))
    build_index([tmp_path / "articles.jsonl"], tmp_path / "index", encoder=HashedEncoder())
    return tmp_path / "index"


def _order(index: Path, question: str) -> list[str]:
    with open_index(index, encoder=HashedEncoder()) as opened:
        return [hit.passage_id.partition("#")[0] for hit in opened.search(question)]


@pytest.mark.parametrize("day", ["October 7, 2023", "2023-10-07", "7 October 2023"])
def test_the_article_of_the_day_comes_first_and_an_undated_one_next(index: Path, day: str) -> None:
    found = _order(index, f"Why was the ferry late on {day}?")
    assert found[:2] == ["on", "unknown"]
    assert sorted(found) == sorted(DATES)


def test_each_of_two_days_is_preferred(index: Path) -> None:
    found = _order(index, "Was the ferry late on October 6, 2023 and on October 8, 2023?")
    assert set(found[:2]) == {"before", "after"}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2023-10-07", NAMED_DAY),
        ("2023-10-08", 0.0),
        ("2023-10", MAYBE_NAMED_DAY),
        ("2023", MAYBE_NAMED_DAY),
        ("2022", 0.0),
        (None, MAYBE_NAMED_DAY),
    ],
)
def test_a_date_counts_for_the_days_that_it_may_mean(date: str | None, expected: float) -> None:
    days = day_range(date) if date else None
    assert day_preference(days, named_days("on October 7, 2023")) == expected
    assert day_preference(days, frozenset()) == 0
