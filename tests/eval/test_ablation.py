"""The variants in memory are the product's retrieval, taken apart."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings.hashed import HashedEncoder
from eval.ablation import FUSIONS, Ablation
from eval.datasets import index_beir, load_beir
from eval.lab import Lab
from eval.runner import evaluate, run_index
from eval.variants import variants
from eval.words import rounded
from qa import IndexReport, open_index


@pytest.fixture
def lab(
    articles: Path, index: Path, sync: Callable[..., IndexReport], encoder: HashedEncoder
) -> Lab:
    sync(articles)
    return Lab(index, encoder)


def test_stored_passages_are_those_of_the_index(lab: Lab, index: Path) -> None:
    passages = lab.stored()
    rows = np.arange(len(passages.first))
    everything = lab.ranking(passages, rows, np.zeros(len(rows), np.float32), 100)
    with open_index(index) as opened:
        known = {hit.passage_id for hit in opened.search("harbour bridge school cod timber coal")}
    assert {found.passage_id for found in everything} == known


@pytest.mark.parametrize("capacity", [1, 8, 20, 1000])
def test_split_passages_tile_each_article(lab: Lab, capacity: int) -> None:
    passages = lab.split(capacity)
    assert passages.first[0] == 0
    assert passages.last[-1] == len(lab.article) - 1
    assert (passages.first[1:] == passages.last[:-1] + 1).all()
    assert (lab.article[passages.first] == lab.article[passages.last]).all()


def _ask_a_long_question_too(beir: Path) -> None:
    question = (
        "Which AT harbour was opened where SOME 300 dockers work, and what did engineers find when"
        " the bridge closed, while less cod was caught than before?"
    )
    with (beir / "queries.jsonl").open("a") as queries:
        queries.write(json.dumps({"_id": "long", "text": question}) + "\n")
    with (beir / "qrels" / "test.tsv").open("a") as qrels:
        qrels.write("long\ta\t1\nlong\tb\t1\n")


def test_the_default_in_memory_is_the_product(beir: Path) -> None:
    _ask_a_long_question_too(beir)
    collection = load_beir(beir)
    path = index_beir(beir, "hashed")
    mine = Ablation(path, collection).run(next(variants())).rankings
    with open_index(path) as opened:
        theirs = run_index(opened, collection.answerable()).rankings
    assert list(mine) == list(theirs)
    for query_id, ranking in mine.items():
        expected = theirs[query_id]
        assert [one.passage_id for one in ranking] == [one.passage_id for one in expected]
        scores = [one.score for one in expected]
        assert [one.score for one in ranking] == pytest.approx(scores, abs=1e-3)


def test_lengths_are_rounded_as_tantivy_does() -> None:
    lengths = np.array([0, 23, 24, 39, 40, 41, 42, 55, 56, 59, 60, 87, 88, 95, 96, 2000])
    kept = [0, 23, 24, 39, 40, 40, 42, 54, 56, 56, 60, 84, 88, 88, 96, 1944]
    assert rounded(lengths).tolist() == kept


def test_every_variant_can_be_measured(beir: Path) -> None:
    collection = load_beir(beir)
    lab = Ablation(index_beir(beir, "hashed"), collection)
    names = [variant.name for variant in variants()]
    assert len(names) == len(set(names)) > 20
    for variant in variants():
        assert 0 <= lab.evaluate(variant).means()["doc.nDCG@10"] <= 1


@pytest.mark.parametrize("kind", FUSIONS)
def test_a_fusion_keeps_the_order_that_both_sides_agree_on(kind: str) -> None:
    scores = np.array([0.9, 0.5, 0.1], dtype=np.float32)
    assert list(np.argsort(-FUSIONS[kind](scores, scores * 7, 0.5))) == [0, 1, 2]


def test_a_run_with_missing_questions_is_not_flattered(beir: Path) -> None:
    collection = load_beir(beir)
    path = index_beir(beir, "hashed")
    with open_index(path) as opened:
        whole = run_index(opened, collection.queries)
        half = run_index(opened, collection.queries[:1])
        texts = {doc_id: opened.article(doc_id).text for doc_id in "abcd"}
    before, after = (evaluate(collection, run, texts.get) for run in (whole, half))
    assert after.means()["doc.recall@5"] == pytest.approx(1 / 3)
    assert after.estimates["doc.recall@5"].queries == before.estimates["doc.recall@5"].queries == 3
