"""Verdicts and short answers are measured as defined, on every surface of a result."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from eval.answers import NAMES, Reply, ask_all, evaluate_answers, has_gold
from eval.comparison import compare
from eval.datasets import Collection, index_beir, load_beir
from eval.gates import GateFailed, check_gates
from eval.gold import Query
from eval.page import page
from eval.results import read_result, result, without_queries, write_result
from eval.runner import checked_texts, evaluate, run_index
from eval.table import show_result
from qa import index_status, open_index
from qa.answers.reading.judge import Judge
from qa.types import Highlight, ShortAnswer, Verdict


def reply(
    query_id: str,
    verdict: Verdict,
    probability: float,
    said: str | None = None,
    golds: Sequence[str] = (),
    answerable: bool = True,
    highlight: str = "",
) -> Reply:
    sentence = Highlight(0, len(highlight), highlight)
    answer = said and ShortAnswer(said, 0, len(said), sentence, 1, "d", None, None)
    query = Query(query_id, f"What of {query_id}?", "", tuple(golds), unanswerable=not answerable)
    return Reply(query, answerable, verdict, probability, answer or None, (highlight,), 0.1)


_REPLIES = (
    reply("a1", "answered", 0.9, "300 dockers", ["300 dockers"], highlight="The 300 dockers."),
    reply("a2", "perhaps", 0.6, "cracks", ["deep cracks"], highlight="They found deep cracks."),
    reply("a3", "silent", 0.1, None, ["Korean"], highlight="Lessons begin at eight."),
    reply("a4", "answered", 0.8, "the bridge", ["Yes"], highlight="Yes, the bridge closed."),
    reply("a5", "answered", 0.7, "cod"),
    reply("u1", "answered", 0.5, "the mayor", ["Insufficient information."], answerable=False),
    reply("u2", "silent", 0.05, None, answerable=False),
)


def test_the_measures_are_those_computed_by_hand() -> None:
    found = evaluate_answers(_REPLIES)
    assert tuple(found.means()) == NAMES
    assert found.means() == pytest.approx(
        {
            # Of a1, a2 and a3: a4 asks for yes or no, a5 has no gold answer.
            "answers.EM": 1 / 3,
            "answers.F1": (1 + 2 / 3 + 0) / 3,
            "answers.in_highlight": 2 / 3,
            # Of a1, a4 and u1; a5 may be right.
            "answers.precision": 1 / 3,
            # a1, a4 and a5 of a1 to a5.
            "answers.coverage": 3 / 5,
            # Right, wrong, right, and three times wrong, from a1 with 0.9 to u2 with 0.05.
            "answers.AURC": (0 + 1 / 2 + 1 / 3 + 2 / 4 + 3 / 5 + 4 / 6) / 6,
            # u2 is above no answerable question, u1 above one of five.
            "answers.AUROC": 9 / 10,
            # a1, a4, a2 and u1, each a bin.
            "answers.ECE": (0.1 + 0.8 + 0.4 + 0.5) / 4,
            "silence.precision": 1 / 2,
            "silence.recall": 1 / 2,
        }
    )
    assert {name: one.queries for name, one in found.estimates.items()} == dict(
        zip(NAMES, (3, 3, 3, 3, 5, 6, 7, 4, 2, 2), strict=True)
    )
    assert found.counts(True) == {"answered": 3, "perhaps": 1, "silent": 1}
    assert found.counts(False) == {"answered": 1, "perhaps": 0, "silent": 1}


def test_values_by_question_are_those_of_the_means() -> None:
    found = evaluate_answers(_REPLIES)
    assert found.values["answers.F1"] == {"a1": 1, "a2": pytest.approx(2 / 3), "a3": 0}
    assert set(found.values) == {"answers.EM", "answers.F1", "answers.in_highlight"}


def test_what_has_nothing_to_count_is_left_out() -> None:
    answerable = evaluate_answers([_REPLIES[1]])
    assert set(answerable.means()) == {
        "answers.EM", "answers.F1", "answers.in_highlight", "answers.coverage", "answers.AURC",
        "answers.ECE",
    }  # fmt: skip
    assert set(evaluate_answers([_REPLIES[4]]).means()) == {"answers.coverage"}
    assert set(evaluate_answers([_REPLIES[6]]).means()) == {
        "answers.AURC", "silence.precision", "silence.recall",
    }  # fmt: skip
    assert evaluate_answers([]).means() == {}


_VERDICTS = st.sampled_from(["answered", "perhaps", "silent"])


@st.composite
def _replies(draw: st.DrawFn) -> list[Reply]:
    replies = []
    for number in range(draw(st.integers(1, 12))):
        verdict = draw(_VERDICTS)
        said = None if verdict == "silent" else draw(st.sampled_from(["cod", "less cod", "eel"]))
        golds = draw(st.sampled_from([(), ("cod",), ("No",), ("less cod", "cod")]))
        probability = draw(st.sampled_from([0.0, 0.2, 0.5, 0.9]))
        replies.append(reply(f"q{number}", verdict, probability, said, golds, draw(st.booleans())))
    return replies


@settings(max_examples=25)
@given(_replies(), st.randoms(use_true_random=False))
def test_measures_are_shares_that_do_not_depend_on_the_order(
    replies: list[Reply], chance: Any
) -> None:
    found = evaluate_answers(replies)
    for one in found.estimates.values():
        assert 0 <= one.value <= 1
        if one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.high <= 1
    means = found.means()
    chance.shuffle(replies)
    again = evaluate_answers(replies).means()
    # Which of several equally probable answers are in the next bin depends on their order.
    assert ("answers.ECE" in means) == ("answers.ECE" in again)
    assert again | {"answers.ECE": 0} == pytest.approx(means | {"answers.ECE": 0})


@settings(max_examples=25)
@given(_replies())
def test_silence_never_helps_exact_match_and_f1(replies: list[Reply]) -> None:
    silenced = [replace(one, verdict="silent", answer=None) for one in replies]
    before, after = evaluate_answers(replies).means(), evaluate_answers(silenced).means()
    for name in ("answers.EM", "answers.F1"):
        assert after.get(name, 0) == 0
        assert (name in after) == (name in before)


_ANSWERED = [
    {
        "_id": "q1",
        "text": "How many dockers work at the harbour?",
        "answers": ["300 dockers"],
        "evidence": [{"doc_id": "a", "quote": "Some 300 dockers work there."}],
    },
    {
        "_id": "q2",
        "text": "What did engineers find?",
        "answers": ["deep cracks", "cracks"],
        "evidence": [{"doc_id": "b", "quote": "found deep cracks"}],
    },
    {"_id": "q3", "text": "Does the school teach Korean?", "answers": ["Yes"]},
    {"_id": "u1", "text": "Which engineers did dockers find?", "unanswerable": True},
    {
        "_id": "u2",
        "text": "Who is the mayor?",
        "question_type": "null_query",
        "answers": ["Insufficient information."],
    },
    {"_id": "unlabelled", "text": "Who caught cod?", "answers": ["nobody"]},
]
_SAID = {
    "How many dockers work at the harbour?": "300 dockers",
    "What did engineers find?": "cracks",
    "Which engineers did dockers find?": "deep",
}


@pytest.fixture
def collection(beir: Path) -> Collection:
    """A split with answerable, unanswerable and unlabelled questions."""
    (beir / "queries.jsonl").write_text("".join(json.dumps(one) + "\n" for one in _ANSWERED))
    return load_beir(beir)


@pytest.fixture
def told(
    beir: Path, collection: Collection, scripted_judge: Callable[..., Judge]
) -> dict[str, Any]:
    """A result with answers: two right ones, one of an unanswerable question, two silences."""
    path = index_beir(beir, "hashed")
    with open_index(path, judge=scripted_judge(_SAID)) as opened:
        text_of = checked_texts(opened, collection)
        evaluation = evaluate(collection, run_index(opened, collection.answerable()), text_of)
        replies = ask_all(opened, collection)
        assert replies is not None
        answers = evaluate_answers(replies)
        return result(collection, index_status(path), [evaluation], text_of, answers)


def test_unlabelled_questions_are_not_asked(told: dict[str, Any]) -> None:
    asked = {one["query_id"]: one for one in told["answers"]["queries"]}
    assert list(asked) == ["q1", "q2", "q3", "u1", "u2"]
    assert [one["query_id"] for one in told["systems"][0]["queries"]] == ["q1", "q2", "q3"]
    assert told["collection"]["queries"] == 5
    assert told["collection"]["judged"] == 3
    assert asked["u2"]["gold"] == []


def test_a_result_tells_what_was_said_and_whether_it_is_right(told: dict[str, Any]) -> None:
    answers = told["answers"]
    said = {one["query_id"]: one for one in answers["queries"]}
    assert {key: one["verdict"] for key, one in said.items()} == {
        "q1": "answered", "q2": "answered", "q3": "silent", "u1": "answered", "u2": "silent",
    }  # fmt: skip
    assert (said["q1"]["answer"]["text"], said["q1"]["right"]) == ("300 dockers", True)
    assert said["q1"]["answer"]["doc_id"] == "a"
    assert (said["u1"]["answer"]["text"], said["u1"]["right"]) == ("deep", False)
    assert (said["u2"]["answer"], said["u2"]["right"]) == (None, False)
    measures = {name: one["value"] for name, one in answers["measures"].items()}
    assert measures["answers.EM"] == measures["answers.F1"] == 1
    assert measures["answers.in_highlight"] == 1
    assert measures["answers.precision"] == measures["answers.coverage"] == pytest.approx(2 / 3)
    assert measures["silence.precision"] == measures["silence.recall"] == 0.5
    assert answers["questions"] == {
        "answerable": 3, "unanswerable": 2, "yes_or_no": 1, "without_gold_answer": 0,
    }  # fmt: skip
    assert answers["counts"]["answerable"] == {"answered": 2, "perhaps": 0, "silent": 1}
    assert answers["risk_coverage"][-1]["coverage"] == 1
    assert sum(one["questions"] for one in answers["reliability"]) == 3


def test_the_curve_is_thinned_to_its_last_point() -> None:
    many = [reply(f"q{n}", "perhaps", n / 1000, "cod", ["cod"]) for n in range(250)]
    empty = Collection("c", "test", (), {})
    points = result(empty, None, [], lambda _: None, evaluate_answers(many))["answers"]
    assert len(points["risk_coverage"]) == 84
    assert points["risk_coverage"][-1] == {"coverage": 1, "risk": 0, "probability": 0}


def test_the_terminal_and_the_page_show_the_answers(told: dict[str, Any]) -> None:
    out = Console(file=io.StringIO(), width=200)
    show_result(told, out)
    shown = out.file.getvalue()  # type: ignore[attr-defined]
    assert "3 answerable and 2 unanswerable questions, 1 of them for yes or no" in shown
    assert all(name in shown for name in told["answers"]["measures"])
    told["answers"]["queries"][3]["text"] = "<script>alert(1)</script>"
    drawn = page(told)
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert "answers.precision" in drawn
    assert "Risk against coverage" in drawn
    assert "perfectly calibrated" in drawn
    assert "1 questions are called answered, and the answer is wrong" in drawn


def test_a_result_without_answers_is_shown_without_them(told: dict[str, Any]) -> None:
    older = {key: one for key, one in told.items() if key != "answers"}
    for one in (older, older | {"answers": None}):
        out = Console(file=io.StringIO(), width=200)
        show_result(one, out)
        assert "answers." not in out.file.getvalue()  # type: ignore[attr-defined]
        assert "Reliability" not in page(one)


def test_answers_are_compared_where_both_results_have_them(
    told: dict[str, Any], tmp_path: Path
) -> None:
    write_result(tmp_path / "a.json", told)
    worse = read_result(tmp_path / "a.json")
    worse["answers"]["queries"][0]["values"]["answers.F1"] = 0
    changes = {one.measure: one for one in compare(told, worse)}
    assert changes["answers.F1"].losses == 1
    assert changes["answers.F1"].differing[0].query_id == "q1"
    older = {key: one for key, one in told.items() if key != "answers"}
    for one, other in ((older, told), (told, older)):
        assert not any(change.measure.startswith("answers.") for change in compare(one, other))


def test_a_brief_result_keeps_the_measures_of_the_answers(told: dict[str, Any]) -> None:
    brief = without_queries(told)
    assert brief["answers"]["measures"] == told["answers"]["measures"]
    assert "queries" not in brief["answers"]
    assert without_queries(told | {"answers": None})["answers"] is None


def test_gates_hold_or_fail_on_answers() -> None:
    means = evaluate_answers(_REPLIES).means()
    check_gates(["silence.recall>=0.5", "answers.f1 > 0.55", "answers.ECE<0.5"], means)
    with pytest.raises(GateFailed, match=r"answers.precision is 0.3333, expected >= 0.85"):
        check_gates(["answers.precision>=0.85"], means)


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_of_answers_may_be_a_gate(name: str) -> None:
    check_gates([f"{name}>=0"], {name: 0.5})


def test_an_index_without_a_reader_gives_no_answers_to_measure(
    beir: Path, collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.answers.reading.shipped.WEIGHTS", tmp_path / "nowhere")
    with open_index(index_beir(beir, "hashed")) as opened:
        assert ask_all(opened, collection) is None


def test_questions_without_gold_answers_are_nothing_to_measure(collection: Collection) -> None:
    assert has_gold(collection)
    plain = Query("q1", "Who?")
    assert not has_gold(Collection("c", "test", (plain,), {"q1": {"a": 1}}))
    assert has_gold(Collection("c", "test", (replace(plain, unanswerable=True),), {}))
