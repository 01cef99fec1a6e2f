"""Past a size the derived files are changed, not made anew, and vectors are searched in lists.

The sizes are lowered here; what has to hold is the same.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.hashed import HashedEncoder
from qa import build_index, open_index, verify_index
from qa.store.local import derived_files as deriving
from qa.store.local.engines import vectors
from qa.store.local.engines.filters import Mask
from qa.store.local.engines.terms import TermIndex

_QUESTION = "Which harbour did the ferry of Sokcho reach?"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(60):
        day = f"published: 2019-04-{n % 28 + 1:02d}\n" if n % 3 else ""
        (folder / f"{n}.md").write_text(
            f"---\n{day}publisher: Paper {n % 4}\n---\nThe ferry {n} reached harbour {n % 7}."
        )
    return folder


@pytest.fixture
def changing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deriving, "AFRESH_UP_TO", 10)


def _hits(index: Path, **filters: str) -> Any:
    with open_index(index, encoder=HashedEncoder()) as opened:
        return [
            (citation.passage_id, citation.scores)
            for citation in opened.ask(_QUESTION, 100, **filters).citations
        ]


def _terms(index: Path) -> TermIndex:
    return TermIndex(max(index.glob("gen-*")) / "terms")


def _inodes(index: Path) -> set[int]:
    generation = max(index.glob("gen-*"))
    return {file.stat().st_ino for file in (generation / "terms").glob("*.term")}


@pytest.mark.usefixtures("changing")
def test_added_articles_are_found_as_in_an_index_made_afresh(
    many: Path, index: Path, sync: Any, tmp_path: Path
) -> None:
    sync(many)
    before = _inodes(index)
    (many / "late.md").write_text("The late ferry reached Sokcho. A crew of nine was aboard.")
    sync(many)
    assert before < _inodes(index)  # Nothing of the old terms was written again.
    build_index([many], tmp_path / "afresh", encoder=HashedEncoder())
    assert _hits(index) == _hits(tmp_path / "afresh")
    narrow = {"since": "2019-04-20", "source": "paper 1"}
    assert _hits(index, **narrow) == _hits(tmp_path / "afresh", **narrow)
    assert verify_index(index).faults == ()


@pytest.mark.usefixtures("changing")
def test_what_was_removed_or_edited_is_not_found_any_more(
    many: Path, index: Path, sync: Any, tmp_path: Path
) -> None:
    sync(many)
    (many / "3.md").unlink()
    (many / "4.md").write_text("Cod was scarce.")
    (many / "5.md").write_text((many / "5.md").read_text().replace("Paper 1", "Sokcho Times"))
    sync(many)
    build_index([many], tmp_path / "afresh", encoder=HashedEncoder())
    assert _hits(index) == _hits(tmp_path / "afresh")
    assert verify_index(index).faults == ()
    with open_index(index) as opened:
        assert opened.ask(_QUESTION, source="sokcho times").citations
        assert len(opened.search("ferry 3")) < 60


@pytest.mark.usefixtures("changing")
@pytest.mark.parametrize("word", ["ferry", "Paper"])
def test_a_common_word_never_tells_against_a_passage_however_many_were_removed(
    many: Path, index: Path, sync: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setattr(deriving, "CHANGED_AT_MOST", 1.0)
    sync(many)
    for n in range(0, 60, 2):
        text = (many / f"{n}.md").read_text()
        (many / f"{n}.md").write_text(text.replace("Paper", "Gazette").replace("ferry", "boat"))
    sync(many)
    build_index([many], tmp_path / "afresh", encoder=HashedEncoder())
    terms, afresh = _terms(index), _terms(tmp_path / "afresh")
    asked = terms.analyzer.question_terms(f"{word} harbour")
    assert terms.weights(asked) == afresh.weights(asked)
    assert all(weight > 0 for weight in terms.weights(asked).values())
    assert _hits(index) == _hits(tmp_path / "afresh")


@pytest.mark.usefixtures("changing")
def test_a_corrected_publisher_counts_as_a_change_of_its_passages(
    many: Path, index: Path, sync: Any
) -> None:
    sync(many)
    for n, counted in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 0)):
        text = (many / f"{n}.md").read_text()
        (many / f"{n}.md").write_text(text.replace("publisher: Paper", "publisher: Gazette"))
        sync(many)
        manifest = json.loads((max(index.glob("gen-*")) / "MANIFEST.json").read_bytes())
        assert manifest["counts"]["changed"] == counted  # Past a tenth, all is made afresh.


@pytest.mark.usefixtures("changing")
def test_after_many_changes_all_is_made_afresh(many: Path, index: Path, sync: Any) -> None:
    sync(many)
    before = _inodes(index)
    for round_ in range(4):
        for n in range(2):
            (many / f"more-{round_}-{n}.md").write_text(f"Ferry {round_} {n} sank.")
        sync(many)
    assert not before & _inodes(index)


def test_lists_hold_what_an_exact_search_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1000)
    dice = np.random.default_rng(3)
    about = dice.standard_normal((50, 32))
    rows = about[dice.integers(0, 50, 5000)] + 0.5 * dice.standard_normal((5000, 32))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    file = tmp_path / "some.faiss"
    vectors.build_vectors(file, 5000, lambda n: rows[:n], iter([(np.arange(5000), rows)]))
    index = vectors.VectorIndex(file.read_bytes())
    even = Mask(np.packbits(np.arange(5000) % 20 == 0, bitorder="little"), 250)
    for question in rows[::100]:
        products = rows @ question
        exact = set(np.argsort(-products)[:10].tolist())
        assert len(exact & set(index.search(question, 10).tolist())) >= 8
        inside = set((np.argsort(-products[::20])[:10] * 20).tolist())
        found = index.search(question, 10, even)
        assert len(inside & set(found.tolist())) >= 8
        assert (found % 20 == 0).all()


@settings(max_examples=20)
@given(st.lists(st.integers(1, 40), unique=True, max_size=10), st.integers(0, 20))
def test_changed_vectors_are_those_that_are_left_and_those_that_came(
    tmp_path_factory: pytest.TempPathFactory, gone: list[int], more: int
) -> None:
    folder = tmp_path_factory.mktemp("vectors")
    rows = np.eye(64, dtype=np.float32)
    old, new = folder / "old", folder / "new"
    numbers = np.arange(1, 41)
    vectors.build_vectors(old, 40, lambda n: rows[:n], iter([(numbers, rows[1:41])]))
    come = np.arange(41, 41 + more)
    assert vectors.change_vectors(
        old, new, np.array(gone, np.int64), iter([(come, rows[41 : 41 + more])])
    )
    index = vectors.VectorIndex(new.read_bytes())
    assert len(index) == 40 - len(gone) + more
    found = set(index.search(rows[1], 64).tolist())
    assert found == set(range(1, 41 + more)) - set(gone)
