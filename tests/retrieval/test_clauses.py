"""A long question is cut into clauses, and an article about one of them is found for it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.encoder import Vectors
from embeddings.hashed import HashedEncoder
from qa import build_index, open_index
from qa.retrieval.clauses import LEAST, LONG, MOST, clauses_of
from qa.store.opening import open_store
from qa.text.clauses import fragments

TWO_PARTS = (
    "Which company sells nine battery ferries to island councils, and is also accused of hiding"
    " sulphur leaks at its smelter for years?"
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who met Kim, and where did they meet?", ("Who met Kim", "and where did they meet?")),
        ("Who plays Pierre in War and Peace?", ("Who plays Pierre in War and Peace?",)),
        ("The firm fell while its rival rose.", ("The firm fell", "while its rival rose.")),
        ("A deal on May 3, 2023 in Bath", ("A deal on May 3, 2023 in Bath",)),
        ("It fell. Who sold it?", ("It fell.", "Who sold it?")),
        ("Has it risen, as reported by The Sun?", ("Has it risen", "as reported by The Sun?")),
        ("The man who paid and is now wanted", ("The man who paid", "is now wanted")),
        ("The U.S. sold 1,500 planes for $3.5 million", None),
        ("", ()),
    ],
)
def test_a_question_is_cut_at_its_joints(question: str, expected: tuple[str, ...] | None) -> None:
    assert fragments(question) == ((question,) if expected is None else expected)


@given(st.text(max_size=200))
def test_fragments_are_parts_of_the_question_in_order(question: str) -> None:
    at = 0
    for piece in fragments(question):
        assert piece.strip()
        at = question.index(piece, at) + len(piece)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Two articles, each about one part of `TWO_PARTS`, and others that share its plain words."""
    ferries = "Norla sells battery ferries. Island councils have bought nine battery ferries."
    smelter = "Norla is accused of hiding sulphur leaks. Its smelter leaked sulphur for years."
    both = "A company sells what councils need. A company is also accused of hiding it. {}."
    texts = {"ferries": ferries, "smelter": smelter}
    texts |= {f"plain-{n}": both.format(f"Report {n} of the company was filed") for n in range(6)}
    lines = [json.dumps({"_id": name, "text": text}) for name, text in texts.items()]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines))
    build_index([tmp_path / "articles.jsonl"], tmp_path / "index", encoder=HashedEncoder())
    return tmp_path / "index"


def _clauses(index: Path, question: str) -> tuple[str, ...]:
    store = open_store(index)
    store.load()
    try:
        return tuple(clauses_of(store.analyse(question), question, store))
    finally:
        store.close()


def test_a_short_question_has_no_clauses(index: Path) -> None:
    assert _clauses(index, "Who sold ferries, and who bought them?") == ()


def test_a_long_question_without_joints_has_no_clauses(index: Path) -> None:
    assert _clauses(index, "ferries battery smelter sulphur island council leak year norla") == ()


def test_short_pieces_join_their_neighbours_and_a_long_list_has_few_clauses(index: Path) -> None:
    parts = [f"which ferry{n} carried timber{n} to harbour{n} in winter{n}" for n in range(7)]
    clauses = _clauses(index, "In May, " + ", ".join(parts) + ", or not?")
    assert len(clauses) == MOST
    assert clauses[0].startswith("In May, which ferry0")
    store = open_store(index)
    store.load()
    assert all(len(store.analyse(one).terms) >= LEAST for one in clauses)
    assert len(store.analyse(parts[0]).terms) < LONG
    store.close()


def test_the_article_about_each_part_comes_before_those_about_neither(index: Path) -> None:
    with open_index(index, encoder=HashedEncoder()) as opened:
        hits = opened.search(TWO_PARTS)
    assert {hit.passage_id.partition("#")[0] for hit in hits[:2]} == {"ferries", "smelter"}


class _Counting(HashedEncoder):
    """The encoder without a model, which keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []

    def encode_questions(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        self.calls.append(list(texts))
        return super().encode_questions(texts)


def test_a_question_and_its_clauses_are_encoded_in_one_call(index: Path) -> None:
    encoder = _Counting()
    with open_index(index, encoder=encoder) as opened:
        encoder.calls.clear()
        opened.search(TWO_PARTS)
        opened.search("Who sells ferries?")
    (question, *clauses), short = encoder.calls
    assert question == TWO_PARTS
    assert len(clauses) == 2
    assert short == ["Who sells ferries?"]
