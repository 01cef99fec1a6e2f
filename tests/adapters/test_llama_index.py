"""The LlamaIndex retriever: what is handed on, in LlamaIndex's own terms."""

import asyncio
from pathlib import Path

import pytest
from llama_index.core.schema import MetadataMode

from qa import Index, IndexMissing
from qa.adapters.llama_index import NkqaRetriever


def test_a_node_is_the_citation_in_llamaindexs_terms(opened: Index) -> None:
    question = "How many dockers work in the harbour?"
    citation = opened.ask(question, 1).citations[0]
    (found,) = NkqaRetriever(opened, k=1).retrieve(question)
    assert found.score == citation.scores.fused
    assert (found.node.node_id, found.node.ref_doc_id) == (citation.passage_id, citation.doc_id)
    text = opened.article(citation.doc_id).text
    assert text[found.node.start_char_idx : found.node.end_char_idx] == found.text == citation.quote
    assert found.metadata["published"] == "2019-04-26"


def test_a_language_model_is_shown_who_said_it_when_and_not_the_hashes(opened: Index) -> None:
    (found,) = NkqaRetriever(opened, k=1).retrieve("How many dockers work in the harbour?")
    shown = found.node.get_content(MetadataMode.LLM)
    assert "Coast Daily" in shown
    assert "2019-04-26" in shown
    assert found.metadata["sha256"] not in shown


def test_filters_hold_for_every_question(opened: Index) -> None:
    found = NkqaRetriever(opened, k=10, until="2018").retrieve("Who bought larch?")
    assert [one.metadata["doc_id"] for one in found] == ["wire-1"]


def test_asynchronously_the_same_comes_back(opened: Index) -> None:
    retriever = NkqaRetriever(opened, k=3)
    assert asyncio.run(retriever.aretrieve("cod catch")) == retriever.retrieve("cod catch")


def test_a_path_without_an_index_is_told_when_the_retriever_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        NkqaRetriever(tmp_path / "none")
