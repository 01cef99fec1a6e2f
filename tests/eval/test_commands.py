"""`nkqa eval`: what it prints, writes, and ends with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from embeddings.errors import Error
from eval.cli import app
from qa import IndexReport

Eval = Callable[..., tuple[int, str]]


@pytest.fixture
def nkqa_eval() -> Eval:
    """Run `nkqa eval ...` in this process: its status and what it printed."""

    def run(*words: object) -> tuple[int, str]:
        done = CliRunner().invoke(app, [str(word) for word in words])
        if isinstance(done.exception, Error):
            return done.exception.exit_status, str(done.exception)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return run


@pytest.fixture(autouse=True)
def _no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's weights are missing, whether or not they are shipped."""
    monkeypatch.setattr("qa.answers.reading.shipped.WEIGHTS", tmp_path / "nowhere")


def test_a_beir_folder_is_measured_and_reported(
    nkqa_eval: Eval, beir: Path, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("a.json", "a.html", "run", "qrels")]
    status, told = nkqa_eval(
        "--beir", beir, "--model", "hashed", "--json", files[0], "--html", files[1],
        "--run", files[2], "--qrels", files[3], "--gate", "doc.recall@5>=1",
    )  # fmt: skip
    assert status == 0
    assert "doc.nDCG@10" in told
    assert all(file.stat().st_size for file in files)
    assert "queries" in json.loads(files[0].read_text())["systems"][0]


def test_a_run_that_was_written_measures_the_same(
    nkqa_eval: Eval, beir: Path, tmp_path: Path
) -> None:
    options = ("--beir", beir, "--model", "hashed")
    nkqa_eval(*options, "--json", tmp_path / "a.json", "--passages", tmp_path / "run")
    nkqa_eval(*options, "--json", tmp_path / "b.json", "--score", tmp_path / "run")
    one, two = (
        json.loads((tmp_path / name).read_text())["systems"][0]["measures"]
        for name in ("a.json", "b.json")
    )
    assert one == two
    status, told = nkqa_eval("compare", tmp_path / "a.json", tmp_path / "b.json")
    assert status == 0
    assert "+0.0000" in told


def test_the_run_and_the_qrels_that_are_written_fit_each_other(
    nkqa_eval: Eval, beir: Path, tmp_path: Path
) -> None:
    import ir_measures

    nkqa_eval("--beir", beir, "--model", "hashed", "--json", tmp_path / "a.json",
              "--run", tmp_path / "run", "--qrels", tmp_path / "qrels")  # fmt: skip
    measured = ir_measures.calc_aggregate(
        [ir_measures.nDCG @ 10],
        ir_measures.read_trec_qrels(str(tmp_path / "qrels")),
        ir_measures.read_trec_run(str(tmp_path / "run")),
    )
    ours = json.loads((tmp_path / "a.json").read_text())["systems"][0]["measures"]
    assert abs(measured[ir_measures.nDCG @ 10] - ours["doc.nDCG@10"]["value"]) < 1e-9


def test_a_run_by_document_is_measured_by_document_alone(
    nkqa_eval: Eval, beir: Path, tmp_path: Path
) -> None:
    options = ("--beir", beir, "--model", "hashed")
    nkqa_eval(*options, "--run", tmp_path / "run")
    status, told = nkqa_eval(*options, "--json", tmp_path / "b.json", "--score", tmp_path / "run")
    assert status == 0
    assert "by document, so evidence is not measured" in told
    measures = json.loads((tmp_path / "b.json").read_text())["systems"][0]["measures"]
    assert measures
    assert all(name.startswith("doc.") for name in measures)


def test_the_template_of_a_gold_file_is_no_gold_file(
    nkqa_eval: Eval, articles: Path, index: Path, sync: Callable[..., IndexReport], tmp_path: Path
) -> None:
    sync(articles)
    status, told = nkqa_eval("init", articles, "-o", tmp_path / "own.jsonl", "--index", index)
    assert (status, str(index) in told) == (0, True)
    status, told = nkqa_eval("validate", tmp_path / "own.jsonl", "--index", index)
    assert (status, "still the template" in told) == (3, True)


def test_an_unknown_measure_is_refused_before_anything_is_measured(nkqa_eval: Eval) -> None:
    status, told = nkqa_eval("--beir", "nowhere", "--gate", "precision@5>=0.5")
    assert (status, "no measure 'precision@5'" in told) == (2, True)


def test_gold_is_measured_on_its_index(
    nkqa_eval: Eval, gold: Path, articles: Path, index: Path, sync: Callable[..., IndexReport]
) -> None:
    sync(articles)
    status, told = nkqa_eval("--gold", gold, "--index", index, "--gate", "recall@10>=1")
    assert status == 0
    assert "1 of 2 questions are answerable" in told
    status, told = nkqa_eval("validate", gold, "--index", index)
    assert (status, "2 questions, 1 answerable, 1 quotes" in told) == (0, True)


def test_the_ablation_has_a_row_for_each_variant(nkqa_eval: Eval, beir: Path) -> None:
    status, told = nkqa_eval("ablation", "--beir", beir, "--model", "hashed")
    assert status == 0
    for name in ("dense, passage", "lexical", "fusion z-score", "passages of 128"):
        assert name in told


def test_init_starts_a_gold_file_that_is_valid_once_questions_are_written(
    nkqa_eval: Eval, articles: Path, index: Path, tmp_path: Path, sync: Callable[..., IndexReport]
) -> None:
    sync(articles)
    file = tmp_path / "own.jsonl"
    status, told = nkqa_eval("init", articles, "--output", file, "--index", index)
    assert status == 0
    assert "nkqa eval validate" in told
    file.write_text(file.read_text().replace("REPLACE: a", "Which"))
    assert nkqa_eval("validate", file, "--index", index)[0] == 0
    assert nkqa_eval("init", articles, "--output", file, "--index", index)[0] == 3


def test_statuses_tell_what_is_wrong(
    nkqa_eval: Eval, gold: Path, beir: Path, articles: Path, index: Path, tmp_path: Path,
    sync: Callable[..., IndexReport],
) -> None:  # fmt: skip
    sync(articles)
    options = ("--beir", beir, "--model", "hashed")
    assert nkqa_eval(*options, "--gate", "doc.recall@1<0")[0] == 7
    assert nkqa_eval(*options, "--gate", "beauty@5>=1")[0] == 2
    assert nkqa_eval(*options, "--gold", gold)[0] == 2
    assert nkqa_eval("--beir", tmp_path / "nowhere")[0] == 3
    (tmp_path / "run").write_text("other Q0 a 1 1.0 tag\n")
    assert nkqa_eval(*options, "--score", tmp_path / "run")[0] == 3
    gold.write_text(gold.read_text().replace("300 dockers", "400 dockers"))
    status, told = nkqa_eval("--gold", gold, "--index", index)
    assert (status, "400 dockers" in told) == (3, True)
    assert nkqa_eval("validate", tmp_path / "nowhere.jsonl", "--index", index)[0] == 3
    assert nkqa_eval("--gold", gold, "--index", tmp_path / "nowhere")[0] in (3, 4)
    # What is no gate is told before anything is measured.
    assert nkqa_eval("--beir", tmp_path / "nowhere", "--gate", "recall@5=1")[0] == 2


def test_without_a_reader_retrieval_is_measured_and_answers_are_not(
    nkqa_eval: Eval, gold: Path, articles: Path, index: Path, sync: Callable[..., IndexReport],
    beir: Path, tmp_path: Path,
) -> None:  # fmt: skip
    sync(articles)
    options = ("--gold", gold, "--index", index, "--json", tmp_path / "a.json")
    status, told = nkqa_eval(*options)
    assert (status, "has no reader" in told) == (0, True)
    assert json.loads((tmp_path / "a.json").read_text())["answers"] is None
    status, told = nkqa_eval(*options, "--no-read")
    assert (status, "has no reader" in told) == (0, False)
    assert nkqa_eval(*options, "--gate", "answers.F1>=0")[0] == 2
    status, told = nkqa_eval("--beir", beir, "--model", "hashed")
    assert (status, "No question has a gold answer" in told) == (0, True)


@pytest.mark.parametrize("option", [("--no-read",), ("--score", "run")])
def test_a_gate_about_answers_needs_answers(nkqa_eval: Eval, option: tuple[str, ...]) -> None:
    status, told = nkqa_eval("--gate", "silence.recall>=0.5", *option)
    assert (status, "is about answers" in told) == (2, True)
