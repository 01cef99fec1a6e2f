"""The LangChain retriever: LangChain's own standard tests, and what is handed on."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from qa import Index, IndexMissing
from qa.adapters.langchain import NkqaRetriever


class TestStandard(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _index(self, opened: Index) -> None:
        self.opened = opened

    @property
    def retriever_constructor(self) -> type[NkqaRetriever]:
        return NkqaRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.opened}

    @property
    def retriever_query_example(self) -> str:
        return "How many dockers work in the harbour?"


def test_a_document_is_the_citation_in_langchains_terms(opened: Index) -> None:
    question = "How many dockers work in the harbour?"
    citation = opened.ask(question, 1).citations[0]
    (document,) = NkqaRetriever(index=opened, k=1).invoke(question)
    assert (document.id, document.page_content) == (citation.passage_id, citation.quote)
    told = document.metadata
    assert (told["source"], told["published"]) == ("Coast Daily", "2019-04-26")
    text = opened.article(told["doc_id"]).text
    assert text[told["start"] : told["end"]] == document.page_content
    assert [text[start:end] for start, end in told["highlight_spans"]] == told["highlights"]
    assert told["fused"] == citation.scores.fused
    assert json.loads(json.dumps(told)) == told


def test_filters_hold_for_every_question(opened: Index) -> None:
    retriever = NkqaRetriever(index=opened, k=10, since="2019-04-26", source="coast")
    assert {found.metadata["source"] for found in retriever.invoke("Who?")} == {"Coast Daily"}


def test_asynchronously_the_same_comes_back_and_k_is_heard(opened: Index) -> None:
    retriever = NkqaRetriever(index=opened)
    assert asyncio.run(retriever.ainvoke("cod catch", k=2)) == retriever.invoke("cod catch", k=2)


def test_a_path_without_an_index_is_told_when_the_retriever_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        NkqaRetriever(index=tmp_path / "none")
