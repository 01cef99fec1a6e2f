"""A server's index: each request on one generation, new ones picked up, refused ones told."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from qa import IndexMissing, LiveIndex, UsageError, build_index, rollback_index

_SEA = "What fell in the sea?"


@pytest.fixture
def live(sync: Any, articles: Path, index: Path) -> Iterator[LiveIndex]:
    sync(articles)
    with LiveIndex(index) as opened:
        yield opened


def _meteor(opened: Any) -> bool:
    return any("meteor" in citation.quote for citation in opened.ask(_SEA).citations)


def test_the_request_after_a_commit_sees_it_and_the_one_before_does_not(
    live: LiveIndex, sync: Any, articles: Path
) -> None:
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    with live.current() as before:
        sync()
        assert not _meteor(before)
        with live.current() as after:
            assert _meteor(after)
        assert not _meteor(before)
        assert not before.article("articles/school.txt").source
    with pytest.raises(UsageError, match="closed"):
        before.status()
    assert live.trouble is None


def test_the_encoder_is_loaded_once_for_all_generations_of_one_model(
    live: LiveIndex, sync: Any, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    sync()
    monkeypatch.setattr("qa.live.encoder_of", lambda _: pytest.fail("loaded again"))
    with live.current() as opened:
        assert _meteor(opened)


def test_an_index_made_again_with_another_model_is_served_with_that_model(
    live: LiveIndex, articles: Path, index: Path
) -> None:
    with live.current() as opened:
        assert opened.status().model == "hashed"
    build_index([], index, model="all-MiniLM-L6-v2", rebuild=True)
    with live.current() as opened:
        assert opened.status().model == "all-MiniLM-L6-v2"
        assert "450" in opened.ask("How many pupils?").citations[0].quote


def test_a_damaged_generation_is_refused_told_and_the_one_before_goes_on(
    live: LiveIndex, sync: Any, articles: Path, index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    new = sync().generation
    record = index / new / "articles.sqlite"
    sound = record.read_bytes()
    record.write_bytes(sound[:-1] + b"x")
    with caplog.at_level(logging.WARNING), live.current() as opened:
        assert opened.ask(_SEA).citations
        assert opened.generation != new
    assert "articles.sqlite" in caplog.text
    told = live.status()
    assert told.generation != new
    assert "articles.sqlite" in str(told.trouble)
    rollback_index(index)
    (articles / "more.txt").write_text("Another meteor fell in the sea.\n")
    with live.current() as opened:
        assert opened.generation != new
    newest = sync().generation
    with live.current() as opened:
        assert opened.generation == newest
        assert _meteor(opened)
    assert live.status().trouble is None


def test_an_index_that_is_gone_goes_on_answering_and_says_so(live: LiveIndex, index: Path) -> None:
    (index / "CURRENT").rename(index / "elsewhere")
    with live.current() as opened:
        assert opened.ask("How many pupils?").citations
    assert "CURRENT" in str(live.trouble)
    (index / "elsewhere").rename(index / "CURRENT")
    with live.current() as opened:
        assert opened.ask("How many pupils?").citations
    assert live.trouble is None


def test_where_there_is_no_index_it_does_not_open(index: Path) -> None:
    with pytest.raises(IndexMissing):
        LiveIndex(index)


def test_closing_lets_the_last_request_end_and_takes_no_more(live: LiveIndex) -> None:
    with live.current() as opened:
        live.close()
        assert opened.ask("How many pupils?").citations
        with pytest.raises(UsageError, match="closed"), live.current():
            pass
    with pytest.raises(UsageError, match="closed"):
        opened.ask("How many pupils?")


def test_many_threads_ask_while_others_commit_and_each_answer_is_of_one_generation(
    live: LiveIndex, sync: Any, articles: Path
) -> None:
    done = threading.Event()
    seen: set[str] = set()

    def ask() -> int:
        asked = 0
        while not done.is_set() or not asked:
            with live.current() as opened:
                answer = opened.ask("Which edition was printed?", 20)
                editions = {
                    citation.quote for citation in answer.citations if "Edition" in citation.quote
                }
                assert len(editions) <= 1
                assert answer.generation == opened.generation
                for citation in answer.citations:
                    text = opened.article(citation.doc_id).text
                    assert text[citation.start : citation.end] == citation.quote
                seen.add(answer.generation)
                asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for number in range(6):
                (articles / "more.txt").write_text(f"Edition {number} was printed.\n")
                last = sync().generation
        finally:
            done.set()
        assert all(each.result() for each in asking)
    with live.current() as opened:
        assert opened.generation == last
    assert len(seen) > 1
