"""A question that asks for now prefers newer articles, and any other question none."""

import json
from pathlib import Path

import pytest

from embeddings.hashed import HashedEncoder
from qa import build_index, open_index
from qa.retrieval.dates import NEWEST, newness
from qa.types import Filters

SAME = "The mayor of Arlen is {}. The mayor was elected by the council of Arlen."
MAYORS = {
    "Anna Berg": "2022-01-03",
    "Boris Dahl": "2022-03-01",
    "Carla Ek": "2022-03-20",
    "Dora Falk": None,
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    lines = [
        json.dumps({"_id": name.split()[0], "text": SAME.format(name), "published_at": day})
        for name, day in MAYORS.items()
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines))
    build_index([tmp_path / "articles.jsonl"], tmp_path / "index", encoder=HashedEncoder())
    return tmp_path / "index"


def _order(index: Path, question: str, filters: Filters = Filters()) -> list[str]:  # noqa: B008
    with open_index(index, encoder=HashedEncoder()) as opened:
        hits = opened.search(question, filters=filters)
    return [hit.passage_id.partition("#")[0] for hit in hits]


def test_the_newest_comes_first_and_all_come(index: Path) -> None:
    found = _order(index, "Who is currently the mayor of Arlen?")
    assert found[:2] == ["Carla", "Boris"]
    assert set(found) == {"Anna", "Boris", "Carla", "Dora"}


def test_the_newest_is_that_of_the_articles_within_the_filters(index: Path) -> None:
    until = Filters(until="2022-01-31")
    with open_index(index, encoder=HashedEncoder()) as opened:
        question = "Who is currently the mayor of Arlen?"
        (found,) = opened.search(question, filters=until)
        (plain,) = opened.search("Who is the mayor of Arlen?", filters=until)
    # Alone it has the whole gain, though newer articles are in the index.
    assert found.scores.fused - plain.scores.fused > 0.9 * NEWEST


def test_newness_fades_with_age_and_never_tells_against_an_article() -> None:
    gains = [newness(1000 - age, 1000) for age in (0, 1, 21, 365, 900)]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == NEWEST
    assert gains[2] == pytest.approx(NEWEST / 2, rel=0.02)
    assert gains[-1] >= 0
    assert newness(1001, 1000) == NEWEST
