"""TREC files survive the round trip; what cannot be one is told with its line."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import InputError
from eval.trec import check_run, decreasing, read_qrels, read_run, write_qrels, write_run

_FOUND = st.lists(
    st.tuples(st.integers(0, 99).map(str), st.floats(-1e6, 1e6, width=32)),
    unique_by=lambda item: item[0],
)


@given(_FOUND)
def test_scores_strictly_decrease_in_the_order_given(found: list[tuple[str, float]]) -> None:
    written = list(decreasing(found))
    assert [name for name, _ in written] == [name for name, _ in found]
    assert all(a > b for (_, a), (_, b) in pairwise(written))


def test_a_run_comes_back_in_its_order(tmp_path: Path) -> None:
    run = {"q1": [("b", 0.5), ("a", 0.5), ("c", 0.1)], "q2": [("c", 2.0)]}
    write_run(tmp_path / "run", run, "nkqa")
    back = read_run(tmp_path / "run")
    assert {q: [d for d, _ in found] for q, found in back.items()} == {
        q: [d for d, _ in found] for q, found in run.items()
    }


def test_qrels_come_back(tmp_path: Path) -> None:
    qrels = {"q1": {"a": 1, "b": 0}, "q2": {"c": 2}}
    write_qrels(tmp_path / "qrels", qrels)
    assert read_qrels(tmp_path / "qrels") == qrels


def test_ids_with_spaces_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without spaces"):
        write_run(tmp_path / "run", {"q": [("my article.md", 1.0)]}, "nkqa")
    with pytest.raises(InputError, match="without spaces"):
        write_qrels(tmp_path / "qrels", {"q": {"my article.md": 1}})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("q1 Q0 a 1 0.5 tag\nq1 Q0 my article 2 0.4 tag\n", "line 2 has 7 columns"),
        ("q1 Q0 a 1 high tag\n", "line 1: 'high' is not a score"),
        ("q1 Q0 a 1 nan tag\n", "not a finite score"),
        ("q1 Q0 a 1 2 t\nq1 Q0 a 2 1 t\n", "line 2: 'a' stands twice"),
    ],
)
def test_a_broken_run_names_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "run").write_text(text)
    with pytest.raises(InputError, match=told):
        read_run(tmp_path / "run")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "judges no document"),
        ("query-id\tcorpus-id\tscore\n", "judges no document"),
        ("q1 0 a 0\n", "judges no document"),
        ("q1 0 a 1\nq1 0 b\tyes\n", "line 2: the relevance 'yes'"),
        ("q1 a\n", "line 1 has 2 columns"),
        ("query-id\tcorpus-id\tscore\nq 1\ta\t1\n", "line 2 has 4 columns"),
    ],
)
def test_broken_qrels_name_their_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "qrels").write_text(text)
    with pytest.raises(InputError, match=told):
        read_qrels(tmp_path / "qrels")


def test_a_run_for_other_questions_is_refused() -> None:
    with pytest.raises(InputError, match="no query in common"):
        check_run({"x1": [("a", 1.0)]}, {"q1": {"a": 1}}, "run")
    check_run({"q1": [("a", 1.0)], "x1": []}, {"q1": {"a": 1}, "q2": {"b": 1}}, "run")
