"""The public door: complete, sorted, light, and doing what the documentation says."""

import dataclasses
import json
import subprocess
import sys

import pytest

import qa
from qa import build_index, open_index
from seeds import articles

HEAVY = (
    "faiss", "fastapi", "mcp", "numpy", "openai", "openvino", "pydantic", "rich", "tantivy",
    "torch", "transformers", "typer",
)  # fmt: skip


def test_every_public_name_exists_and_the_list_is_sorted() -> None:
    assert qa.__all__ == sorted(qa.__all__)
    for name in qa.__all__:
        assert getattr(qa, name).__doc__
    with pytest.raises(AttributeError):
        qa.nothing  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = f"import sys, qa; print([m for m in {HEAVY} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8")
    assert told.stdout == "[]\n", told.stderr


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> qa.Index:
    path = tmp_path_factory.mktemp("shipped") / "index"
    build_index([articles()], path)
    with open_index(path) as opened:
        yield opened


def test_the_question_of_the_readme_shows_both_figures_with_who_and_when(index: qa.Index) -> None:
    first, second = index.ask("How many workers are in Russia?").citations[:2]
    assert "30,000 workers" in first.highlights[0].text
    assert (first.source, first.published) == ("The Korea Times", "2019-04")
    assert "10,000 North Korean laborers" in second.highlights[0].text
    assert (second.source, second.published) == ("The Dong-A Ilbo", "2019-04-26")


def test_every_quote_and_highlight_is_the_text_at_its_place(index: qa.Index) -> None:
    answer = index.ask("What does Kim want from Putin?", k=20)
    assert len(answer.citations) > 5
    for rank, citation in enumerate(answer.citations, 1):
        article = index.article(citation.doc_id)
        assert citation.rank == rank
        assert citation.quote == article.text[citation.start : citation.end]
        assert citation.passage_id == f"{citation.doc_id}#{citation.start}-{citation.end}"
        assert citation.highlights
        for highlight in citation.highlights:
            assert highlight.text == article.text[highlight.start : highlight.end]
            assert citation.start <= highlight.start < highlight.end <= citation.end


def test_scores_fall_with_rank_and_the_answer_is_the_same_each_time(index: qa.Index) -> None:
    one, other = (index.ask("Who is Stephen Biegun?", k=10).citations for _ in range(2))
    # The runtime, once it has started, rounds otherwise than numpy in the seventh digit.
    for before, after in zip(one, other, strict=True):
        scores = [dataclasses.astuple(citation.scores) for citation in (before, after)]
        assert scores[0] == pytest.approx(scores[1], abs=1e-5)
        assert before == dataclasses.replace(after, scores=before.scores)
    fused = [citation.scores.fused for citation in one]
    assert fused == sorted(fused, reverse=True)


@pytest.mark.parametrize("depth", [-1, 0, 10_001, 10**10])
def test_a_depth_that_cannot_be_meant_is_refused_with_its_bounds(
    index: qa.Index, depth: int
) -> None:
    with pytest.raises(qa.UsageError, match="expected 1 to 10,000"):
        index.search("How many workers?", depth)


def test_as_many_candidates_come_back_as_there_are_when_more_are_asked_for(
    index: qa.Index,
) -> None:
    hits = index.search("How many workers?", 10_000)
    assert len(hits) == index.status().passages
    assert len(index.search("How many workers?", 1)) <= 2


def test_values_are_frozen(index: qa.Index) -> None:
    answer = index.ask("Who?")
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.question = "Else?"  # type: ignore[misc]


def test_filters_leave_only_what_they_name(index: qa.Index) -> None:
    asked = "What is said of sanctions?"
    voa = index.ask(asked, k=50, source="voice of")
    assert {citation.source for citation in voa.citations} == {"Voice of America"}
    late = index.ask(asked, k=50, since="2019-04-25")
    assert {c.published for c in late.citations} == {"2019-04-26", "2019-04"}
    assert not index.ask(asked, until="2018").citations


def test_a_fresh_question_imports_no_torch() -> None:
    script = """
import sys
sys.argv = ["nkqa", "ask", "How many workers are in Russia?", "--json"]
from qa.cli.commands import main
try:
    main()
finally:
    heavy = {"torch", "sentence_transformers", "transformers", "trafilatura", "pypdf"}
    heavy |= {"mcp", "openai", "fastapi", "starlette", "httpx2", "anyio", "py3langid"}
    print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    for _ in range(2):  # The first may have to index the shipped articles.
        told = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8")
    assert told.stderr.endswith("\n[]\n")
    assert json.loads(told.stdout)["schema"] == "nkqa.answer/2"
