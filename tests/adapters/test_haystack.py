"""The Haystack component: in a pipeline, saved and loaded, and with Haystack's filters."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from haystack import Pipeline
from haystack.components.joiners import DocumentJoiner

from embeddings.errors import UsageError
from qa import Index, IndexMissing
from qa.adapters.haystack import NkqaRetriever

SINCE = {"field": "meta.published", "operator": ">=", "value": "2019-04-01"}
COAST = {"field": "meta.source", "operator": "==", "value": "Coast Daily"}


def piped(retriever: NkqaRetriever) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("nkqa", retriever)
    pipeline.add_component("joined", DocumentJoiner())
    pipeline.connect("nkqa.documents", "joined.documents")
    return pipeline


def test_a_document_in_a_pipeline_is_the_citation(opened: Index) -> None:
    question = "How many dockers work in the harbour?"
    citation = opened.ask(question, 1).citations[0]
    told = piped(NkqaRetriever(opened, top_k=1)).run({"nkqa": {"query": question}})
    (document,) = told["joined"]["documents"]
    assert (document.id, document.content) == (citation.passage_id, citation.quote)
    assert document.score == citation.scores.fused
    assert document.meta["source"] == "Coast Daily"


def test_a_pipeline_that_was_saved_and_loaded_is_the_same(index: Path) -> None:
    filters = {"operator": "AND", "conditions": [SINCE, COAST]}
    saved = piped(NkqaRetriever(index, top_k=7, filters=filters)).dumps()
    loaded = Pipeline.loads(saved, allowed_modules=["qa.adapters.haystack"])
    assert loaded.dumps() == saved
    retriever = loaded.get_component("nkqa")
    assert (retriever.index, retriever.top_k, retriever.filters) == (str(index), 7, filters)


def test_an_open_index_is_saved_by_its_path(opened: Index, index: Path) -> None:
    assert NkqaRetriever(opened).to_dict()["init_parameters"]["index"] == str(index)


def test_filters_of_a_question_replace_those_of_the_component(opened: Index) -> None:
    retriever = NkqaRetriever(opened, top_k=10, filters=COAST)

    def sources(**options: Any) -> set[str | None]:
        return {one.meta["source"] for one in retriever.run("Who?", **options)["documents"]}

    assert sources() == {"Coast Daily"}
    assert sources(filters=SINCE) == {"Coast Daily", "River Post"}
    several = {"field": "meta.source", "operator": "in", "value": ["coast", "river"]}
    assert sources(filters=several) == {"Coast Daily", "River Post"}
    assert len(retriever.run("Who?", top_k=1)["documents"]) == 1


@pytest.mark.parametrize(
    "filters",
    [
        {"field": "meta.published", "operator": ">", "value": "2019"},
        {"field": "meta.author", "operator": "==", "value": "Kim"},
        {"operator": "OR", "conditions": [SINCE, COAST]},
        {"operator": "AND", "conditions": [SINCE, SINCE]},
        {"field": "meta.source", "operator": "==", "value": ["Coast Daily"]},
        {"field": "meta.source", "operator": "in", "value": "Coast Daily"},
        {"operator": "AND", "conditions": [COAST, COAST | {"operator": "in", "value": []}]},
    ],
)
def test_a_filter_that_an_index_does_not_know_is_refused(filters: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"meta\.published >="):
        NkqaRetriever("anywhere", filters=filters)


def test_asynchronously_the_same_comes_back(opened: Index) -> None:
    retriever = NkqaRetriever(opened)
    assert asyncio.run(retriever.run_async("cod catch")) == retriever.run("cod catch")


def test_a_path_without_an_index_is_told_when_the_component_warms_up(tmp_path: Path) -> None:
    retriever = NkqaRetriever(tmp_path / "none")
    with pytest.raises(IndexMissing):
        retriever.warm_up()
