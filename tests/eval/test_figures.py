"""`nkqa eval figures`: labelled figures against the values of answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from embeddings.errors import Error, InputError
from eval.cli import app
from eval.figures import Item, measures, read_items, report, shown
from qa import Answer
from qa.types import Highlight, Relation, Statement, Timings, Value

_LINE = {
    "id": "one",
    "question": "How many boats?",
    "relation": "conflict",
    "show": "side by side",
    "figures": [
        {"doc_id": "a", "quote": "12 boats", "value": 12},
        {"doc_id": "b", "quote": "30 boats", "value": 30},
    ],
}


@pytest.fixture
def item(tmp_path: Path) -> Callable[..., Item]:
    """An item of the file's form, with other fields than `_LINE`."""

    def make(**fields: Any) -> Item:
        path = tmp_path / "figures.jsonl"
        path.write_text(json.dumps(_LINE | fields) + "\n")
        (found,) = read_items(path)
        return found

    return make


def answer(relation: Relation | None, *values: tuple[tuple[str, str], ...]) -> Answer:
    """An answer whose values have statements given as (doc_id, words)."""
    made = tuple(
        Value(
            statements[0][1], None, None, None,
            tuple(
                Statement(text, 0, len(text), Highlight(0, len(text), text), 1, doc_id, "", None,
                          None, None, None, None, False)
                for doc_id, text in statements
            ),
        )
        for statements in values
    )  # fmt: skip
    return Answer(
        "How many boats?", "answered", 0.9, None, (), made, relation, (), (), 0, 0, "gen",
        Timings(0, 0, 0, 0, 0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("show", "told"),
    [
        ("side by side", answer("differ", (("a", "12 boats"),), (("b", "30 boats"),))),
        ("timeline", answer("over_time", (("a", "12 boats"),), (("b", "30 boats"),))),
        ("separate", answer(None, (("a", "12 boats"),), (("b", "30 boats"),))),
        ("separate", answer("differ", (("a", "12 boats"),), (("c", "17 boats"),))),
        ("merge", answer("rounded", (("a", "12 boats"), ("b", "30 boats")))),
    ],
)
def test_how_an_answer_shows_two_figures(
    item: Callable[..., Item], show: str, told: Answer
) -> None:
    found = shown(item(show=show), told)
    assert found.show == show
    assert found.is_right


def test_a_figure_is_that_of_its_own_article_where_two_values_state_it(
    item: Callable[..., Item],
) -> None:
    told = answer("differ", (("c", "30 boats"), ("a", "12 boats")), (("b", "30 boats"),))
    assert shown(item(), told).places == (0, 1)


def test_the_measures_count_what_is_said_and_what_is_found(item: Callable[..., Item]) -> None:
    right = shown(item(), answer("differ", (("a", "12 boats"),), (("b", "30 boats"),)))
    wrong = shown(item(show="merge"), answer("differ", (("a", "12 boats"),), (("b", "30"),)))
    assert measures([right, wrong]) == {
        "items": 2, "accuracy": 0.5, "differ_precision": 0.5, "differ_recall": 1.0, "both": 1.0,
    }  # fmt: skip
    assert measures([]) == {
        "items": 0, "accuracy": None, "differ_precision": None, "differ_recall": None, "both": None,
    }  # fmt: skip
    assert report([right, wrong])["shown"]["merge"]["side by side"] == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        (json.dumps({"id": "one"}), "Expected id, question, relation, show"),
        (json.dumps(_LINE | {"show": "sideways"}), "expected merge, timeline"),
        ("", "no labelled figures"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    (path := tmp_path / "figures.jsonl").write_text(line + "\n")
    with pytest.raises(InputError, match=why):
        read_items(path)


def test_a_quote_that_the_article_does_not_have_is_refused(
    tmp_path: Path, sync: Callable[..., Any], index: Path
) -> None:
    (articles := tmp_path / "boats").mkdir()
    (articles / "a.txt").write_text("There are 12 boats in the harbour.\n")
    sync(articles)
    figure = {"doc_id": "boats/a.txt", "quote": "13 boats", "value": 13}
    (path := tmp_path / "figures.jsonl").write_text(json.dumps(_LINE | {"figures": [figure]}))
    done = CliRunner().invoke(app, ["figures", str(path), "--index", str(index)])
    assert isinstance(done.exception, Error)
    assert "does not say '13 boats'" in str(done.exception)


def test_the_command_prints_and_writes_the_measures(
    tmp_path: Path, sync: Callable[..., Any], index: Path
) -> None:
    (articles := tmp_path / "boats").mkdir()
    (articles / "a.txt").write_text("There are 12 boats in the harbour.\n")
    sync(articles)
    figure = {"doc_id": "boats/a.txt", "quote": "12 boats", "value": 12}
    (path := tmp_path / "figures.jsonl").write_text(json.dumps(_LINE | {"figures": [figure]}))
    words = ["figures", str(path), "--index", str(index), "--json", str(tmp_path / "result.json")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "1 of 1 labelled questions" in done.output
    assert json.loads((tmp_path / "result.json").read_text())["all"]["items"] == 1
