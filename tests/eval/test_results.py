"""Reports say what was measured, escape what they show, and compare."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from embeddings.errors import InputError
from eval import plots
from eval.comparison import compare
from eval.datasets import index_beir, load_beir
from eval.gold import Query
from eval.page import page
from eval.provenance import commit
from eval.results import SCHEMA, read_result, result, without_queries, write_result
from eval.runner import SystemRun, checked_texts, evaluate, run_index
from eval.table import show_changes
from qa import index_status, open_index


@pytest.fixture
def told(beir: Path) -> dict[str, Any]:
    collection = load_beir(beir)
    path = index_beir(beir, "hashed")
    with open_index(path) as opened:
        text_of = checked_texts(opened, collection)
        run = run_index(opened, collection.answerable())
        last_first = {query_id: found[::-1] for query_id, found in run.rankings.items()}
        runs = [run, SystemRun("<reversed>", (), last_first, {})]
        evaluations = [evaluate(collection, one, text_of) for one in runs]
        return result(collection, index_status(path), evaluations, text_of)


def test_a_result_says_everything_needed_to_repeat_it(told: dict[str, Any]) -> None:
    assert told["schema"] == SCHEMA
    assert told["index"]["model"] == "hashed"
    assert told["collection"] == {
        "name": "small", "split": "test", "queries": 3, "judged": 3, "evidence_groups": 2,
    }  # fmt: skip
    settings = told["systems"][0]["settings"]
    assert settings["depth"] == 100
    one = told["systems"][0]["measures"]["doc.nDCG@10"]
    assert 0 <= one["low"] <= one["value"] <= one["high"] <= 1
    json.dumps(told)


def test_a_failure_tells_what_was_wanted_and_what_was_found(told: dict[str, Any]) -> None:
    failed = [query for query in told["systems"][1]["queries"] if "missing" in query]
    assert failed
    assert failed[0]["missing"][0]["doc_id"] == "a"
    assert failed[0]["found"][0]["text"]


def test_the_page_is_escaped_and_loads_nothing(told: dict[str, Any]) -> None:
    told["systems"][0]["queries"][0]["text"] = "<script>alert(1)</script>"
    told["systems"][0]["queries"][0]["missing"] = [{"rank": 4, "doc_id": "<b>", "quote": "<i>"}]
    told["systems"][0]["queries"][0]["found"] = []
    drawn = page(told)
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "<b>" not in drawn
    assert "&lt;reversed&gt;" in drawn
    assert "http://" not in drawn
    assert "https://" not in drawn
    assert "src=" not in drawn
    assert drawn.count("<svg") >= 3


def test_a_result_comes_back_and_differs_from_itself_by_nothing(
    told: dict[str, Any], tmp_path: Path
) -> None:
    write_result(tmp_path / "deep" / "a.json", told)
    back = read_result(tmp_path / "deep" / "a.json")
    assert all(one.p == 1 and one.wins == one.losses == 0 for one in compare(back, back))


def test_a_change_is_counted_by_question(told: dict[str, Any]) -> None:
    after = told | {"systems": [told["systems"][1]]}
    change = next(one for one in compare(told, after) if one.measure == "doc.MRR@10")
    assert change.after < change.before
    assert change.losses > change.wins
    assert 0 < change.p <= 1
    texts = {query["query_id"]: query["text"] for query in told["systems"][0]["queries"]}
    assert all(texts[one.query_id] == one.text for one in change.differing)
    gained = [one.after - one.before for one in change.differing]
    assert gained == sorted(gained)
    assert 0 not in gained


def test_the_questions_that_changed_most_are_named(told: dict[str, Any]) -> None:
    after = told | {"systems": [told["systems"][1]]}
    out = Console(file=io.StringIO(), width=200)
    show_changes(compare(told, after), out)
    lines = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    changes = {one.measure: one for one in compare(told, after)}
    worst = changes["evidence.recall@3"].differing[0]
    named = f"worse   {worst.before:.2f} -> {worst.after:.2f}  {worst.query_id}  {worst.text}"
    assert named in lines
    out = Console(file=io.StringIO())
    show_changes(compare(told, told), out)
    assert "changed on" not in out.file.getvalue()  # type: ignore[attr-defined]


def test_brief_results_cannot_be_compared(told: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="brief"):
        compare(without_queries(told), told)


def test_results_of_other_questions_cannot_be_compared(told: dict[str, Any]) -> None:
    other = json.loads(json.dumps(told))
    other["systems"][0]["queries"][0]["query_id"] = "elsewhere"
    with pytest.raises(InputError, match="other questions"):
        compare(told, other)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema": "nkqa.eval/0"}', '{"schema": "nkqa.eval/1"}']
)
def test_what_is_no_result_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError):
        read_result(tmp_path / "a.json")


def test_plots_of_nothing_are_nothing() -> None:
    assert (
        plots.lines({}, "k", "recall") == plots.bars([], "q", "d") == plots.histogram([], "s") == ""
    )
    assert plots.shares({"risk": []}, "coverage", "risk") == ""


def test_shares_are_drawn_to_scale() -> None:
    drawn = plots.shares({"<right>": [(0.0, 0.0), (0.5, 1.0), (1.0, 0.5)]}, "p", "right")
    assert 'points="50.0,254.0 336.0,14.0 622.0,134.0"' in drawn
    assert "<title>&lt;right&gt;: 1.000 at 0.5</title>" in drawn
    assert "<circle" not in plots.shares({"a": [(0.0, 0.0)] * 21}, "p", "right")


def test_the_commit_is_read_from_the_working_tree(tmp_path: Path) -> None:
    assert commit(tmp_path) is None
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".git" / "packed-refs").write_text("# pack\nabc123 refs/heads/main\n")
    assert commit(tmp_path) == "abc123"


def test_a_query_needs_no_kind() -> None:
    assert Query("q", "Who?").kind == ""


def test_texts_are_none_for_unknown_articles(beir: Path) -> None:
    from eval.runner import texts_of

    with open_index(index_beir(beir, "hashed")) as opened:
        assert texts_of(opened)("nowhere") is None
