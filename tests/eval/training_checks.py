"""Training of the reader: what it may learn from, what is made of that, and that it can be
stopped and repeated."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from embeddings.errors import InputError
from embeddings.models import default_model_folder
from eval.training import loop
from eval.training.batches import Steps, Window, micro_batches, rectangles
from eval.training.export import named
from eval.training.loss import Totals, loss_of
from eval.training.measure import figures, judge
from eval.training.network import Logits, Network
from eval.training.prepare import Prepared, load_prepared, prepare
from eval.training.sources import (
    DEV_ARTICLES,
    TEST_ARTICLES,
    Row,
    final_rows,
    is_allowed,
    read_rows,
    split,
)
from eval.training.torch_reader import TorchNetwork, network_of
from eval.training.unanswerable import swapped, without_answer
from eval.training.wrong import Pool
from qa.answers.reading.model_reader import ModelReader
from qa.answers.reading.pieces import joined
from qa.answers.reading.plain import PlainNetwork
from qa.answers.reading.runtime import RuntimeNetwork
from qa.answers.reading.scripted import ScriptedReader
from qa.answers.reading.shipped import load_reader
from qa.answers.reading.weights import WORDS, Weights

_PLACES = ("Pyongyang", "Moscow", "Hanoi", "Seoul", "Beijing", "Tokyo", "Vienna", "Geneva")


def _row(number: int, source: str = "squad1-dev", article: str = "") -> Row:
    place, year = _PLACES[number % len(_PLACES)], 2001 + number
    passage = (
        f"Reporters waited for hours. The delegation of {year} arrived in {place} on a train. "
        f"Envoy Ann Lee{number} spoke first. Nothing was signed that day."
    )
    start = passage.index(place)
    question = f"Where did the delegation of {year} arrive?"
    answers = ((start, start + len(place)),)
    return Row(f"r{number}", question, passage, answers, source, article or f"a{number}")


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [_row(number) for number in range(24)]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))


@pytest.fixture(scope="module")
def data(rows: list[Row], tokenizer: Any) -> Prepared:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return prepare(rows, tokenizer, seed=3)


def _network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    network = Network(width=64, heads=2, layers=2, inner=64, places=256)
    network.words.normal_()
    for parameter in network.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.1)
    return network


def _written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _as_json(row: Row) -> dict[str, Any]:
    answers = [{"start": start, "text": row.passage[start:end]} for start, end in row.answers]
    found = {"id": row.id, "question": row.question, "context": row.passage, "answers": answers}
    return found | {"source": row.source, "article": row.article}


# Which rows


def test_nothing_about_a_test_article_is_trained_on_or_measured() -> None:
    about_test = [_row(1, article=article) for article in TEST_ARTICLES]
    spaced = [_row(2, "qed-nq", article.replace("_", " ")) for article in TEST_ARTICLES]
    assert split(about_test + spaced, about_test + spaced) == ([], [])


def test_sources_without_a_licence_are_left_out() -> None:
    left_out = ("policyqa", "subjqa-books", "mrqa-race", "mrqa-duorc", "mrqa-relation_extraction")
    assert not any(is_allowed(_row(1, source)) for source in left_out)
    assert is_allowed(_row(1, "qed-nq"))


def test_questions_of_four_words_are_left_out_of_qamr_alone() -> None:
    short = Row("x", "Who won the race?", "Ann won the race.", ((0, 3),), "qamr-wikinews", "a")
    assert not is_allowed(short)
    assert is_allowed(Row("x", short.question, short.passage, short.answers, "tweetqa", "a"))


def test_no_passage_is_both_trained_on_and_measured() -> None:
    shared, held_out = _row(1, "tweetqa"), _row(2, "squad2-dev", min(DEV_ARTICLES))
    trained, measured = split([shared, held_out, _row(3)], [shared])
    assert trained == [_row(3)]
    assert measured == [shared, held_out]


def test_rows_are_read_and_wrong_ones_named_by_their_line(tmp_path: Path, rows: list[Row]) -> None:
    path = _written(tmp_path / "rows.jsonl", [_as_json(row) for row in rows])
    assert list(read_rows(path)) == rows
    moved = _as_json(rows[0])
    moved["answers"][0]["start"] += 1
    for bad in (moved, {"id": "x"}):
        _written(path, [_as_json(rows[0]), bad])
        with pytest.raises(InputError, match="line 2"):
            list(read_rows(path))


def test_the_test_command_reads_the_test_articles_alone(tmp_path: Path) -> None:
    passages = [
        {"_id": "p", "title": "Prime number", "text": "Two is prime."},
        {"_id": "n", "title": "Normans", "text": "The Normans came."},
    ]
    quote = {"doc_id": "p", "quote": "Two"}
    queries = [
        {"_id": "1", "text": "Which is prime?", "evidence": [quote]},
        {"_id": "2", "text": "Who is prime?", "evidence": [], "near_doc": "p"},
        {"_id": "3", "text": "Who came?", "evidence": [{"doc_id": "n", "quote": "The Normans"}]},
    ]
    _written(tmp_path / "corpus.jsonl", passages)
    _written(tmp_path / "queries.jsonl", queries)
    assert [(row.id, row.texts) for row in final_rows(tmp_path)] == [("1", ("Two",)), ("2", ())]


# What is made of them


def test_a_wrong_passage_never_holds_the_answer(rows: list[Row]) -> None:
    pool = Pool([row.passage for row in rows])
    for row in rows:
        wrong = [pool.passages[number] for number in pool.wrong(row, 3)]
        assert row.passage not in wrong
        assert not any(row.texts[0] in passage for passage in wrong)


def test_the_passage_that_shares_the_rare_words_is_the_best_wrong_one() -> None:
    row = Row("x", "When was the zebra crossing built?", "In 1950.", ((3, 7),), "s", "a")
    passages = ["A zebra crossing was painted.", *(f"Trains {n} were built." for n in range(9))]
    pool = Pool(passages)
    assert pool.passages[pool.wrong(row, 1)[0]] == passages[0]


def test_a_swap_changes_the_question_and_never_to_the_answer(rows: list[Row]) -> None:
    found = [swapped(row, rows[0].passage, Random(seed)) for row in rows for seed in range(20)]
    changed = [question for question in found if question]
    assert len(changed) > 100
    for row, question in zip((row for row in rows for _ in range(20)), found, strict=True):
        assert question != row.question
        assert question is None or row.texts[0] not in question


def test_the_name_of_a_place_is_not_turned_into_its_opposite() -> None:
    row = Row("x", "Which team won in New York City?", "the Jets", ((0, 8),), "s", "a")
    assert not any("old" in (swapped(row, "", Random(seed)) or "") for seed in range(60))


def test_a_passage_without_its_answer_keeps_the_other_sentences(rows: list[Row]) -> None:
    left = without_answer(rows[0])
    assert left is not None
    assert rows[0].texts[0] not in left
    assert left.startswith("Reporters waited")
    twice = rows[0].passage + f" {rows[0].texts[0]} was cold."
    assert without_answer(Row("x", "Where?", twice, rows[0].answers, "s", "a")) is None


def test_prepared_data_are_the_same_for_a_seed_and_keep_the_answers(
    tmp_path: Path, rows: list[Row], data: Prepared, tokenizer: Any
) -> None:
    assert prepare(rows, tokenizer, seed=3).digest() == data.digest()
    assert prepare(rows, tokenizer, seed=4).digest() != data.digest()
    data.save(tmp_path / "train.npz")
    assert load_prepared(tmp_path / "train.npz").digest() == data.digest()
    answered = [number for number in range(len(data)) if len(data.answers(number))]
    assert len(answered) == len(rows) < len(data)
    for number, row in zip(answered, rows, strict=True):
        first, last = data.answers(number)[0]
        passage = data.text(int(data.passage[number]))
        assert tokenizer.decode(passage[first : last + 1]) == row.texts[0].lower()


def test_other_files_are_refused_as_prepared_data(tmp_path: Path) -> None:
    for content in (None, b"", b"PK\x03\x04 no archive"):
        if content is not None:
            (tmp_path / "train.npz").write_bytes(content)
        with pytest.raises(InputError, match=r"python -m eval\.training prepare"):
            load_prepared(tmp_path / "train.npz")


# Steps


def test_steps_do_not_depend_on_the_steps_before(data: Prepared) -> None:
    forward = [Steps(data, 5, 7).step(number) for number in range(12)]
    steps = Steps(data, 5, 7)
    for number in reversed(range(12)):
        again = steps.step(number)
        assert len(again) == len(forward[number])
        for one, other in zip(again, forward[number], strict=True):
            assert (one.numbers == other.numbers).all()
            assert one.gold == other.gold


def test_an_epoch_has_every_question_as_often_as_it_weighs(data: Prepared) -> None:
    order = Steps(data, 1, 4)._order(0)
    times = np.bincount(order, minlength=len(data))
    assert (np.abs(times - data.weight) < 1).all()


def test_every_window_shows_its_answers_and_its_question(data: Prepared, tokenizer: Any) -> None:
    steps = Steps(data, 2, 8)
    golden = 0
    for number in range(10):
        for window in steps.step(number):
            text = tokenizer.decode(window.numbers)
            assert "delegation" in text
            for first, last in window.gold:
                golden += 1
                answer = tokenizer.decode(window.numbers[first : last + 1])
                assert answer.capitalize() in _PLACES
    assert golden > 30


def test_micro_batches_tear_no_question_apart(data: Prepared) -> None:
    windows = Steps(data, 2, 40).step(0)
    places: dict[int, set[int]] = {}
    parts = micro_batches(windows)
    for place, part in enumerate(parts):
        for rectangle in part:
            assert len(rectangle[0]) - len(rectangle[-1]) <= 10
            for window in rectangle:
                places.setdefault(window.group, set()).add(place)
    assert len(parts) > 1
    assert all(len(some) == 1 for some in places.values())
    assert sum(len(r) for part in parts for r in part) == len(windows)


def test_nothing_to_train_on_is_said(data: Prepared) -> None:
    weightless = Prepared(
        **{name: getattr(data, name) for name in data.__slots__ if name != "weight"},
        weight=np.zeros(len(data), np.float32),
    )
    with pytest.raises(InputError, match="nothing to train on"):
        Steps(weightless, 1, 4)


# Loss


def test_the_loss_is_that_of_one_softmax_over_the_windows_of_a_question() -> None:
    question, passage = np.array([7, 8]), np.arange(20, 26)
    numbers, kinds = joined(question, passage)
    windows = [
        Window(numbers, kinds, ((5, 6),), 0),
        Window(numbers, kinds, (), 0),
        Window(numbers[:-2], kinds[:-2], (), 1),
    ]
    parts = rectangles(windows)
    torch.manual_seed(1)
    logits = [
        Logits(
            torch.randn(len(part), len(part[0])),
            torch.randn(len(part), len(part[0])),
            torch.randn(len(part)),
            torch.randn(len(part)),
        )
        for part in parts
    ]
    _, terms = loss_of(parts, logits, Totals(2, 3))
    margins: dict[int, dict[tuple[int, int], float]] = {}
    known = [id(window) for window in windows]
    order = [known.index(id(window)) for part in parts for window in part]
    place = 0
    for part, found in zip(parts, logits, strict=True):
        for row, window in enumerate(part):
            spans = {
                (a, b): float(found.starts[row, a] + found.ends[row, b] - found.null[row])
                for a in range(4, len(window) - 1)
                for b in range(a, len(window) - 1)
            }
            margins[order[place]] = spans
            place += 1

    def log_total(spans: list[float]) -> float:
        return float(np.log(1 + np.exp(spans).sum()))

    gold = margins[0][5, 6]
    both = log_total([*margins[0].values(), *margins[1].values()]) - gold
    none = log_total(list(margins[2].values()))
    each = log_total(list(margins[0].values())) - gold + log_total(list(margins[1].values()))
    assert float(terms[0]) == pytest.approx((both + none) / 2, abs=1e-4)
    assert float(terms[1]) == pytest.approx((each + none) / 3, abs=1e-4)


# Training


_SETTINGS = loop.Settings(seed=5, questions=6, rate=2e-3, warm=2, steps=8, cool=2)


def _run(
    work: Path,
    data: Prepared,
    settings: loop.Settings,
    workers: int = 1,
    log: Callable[[dict[str, Any]], None] = lambda _: None,
) -> loop.State:
    network = _network()
    newest = loop.newest_checkpoint(work)
    digest = data.digest()
    state = loop.load_checkpoint(newest, settings, digest) if newest else loop.State.fresh(network)
    trainer = loop.Trainer(network, state, settings, workers)
    steps = Steps(data, settings.seed, settings.questions)

    def save(now: loop.State) -> None:
        loop.save_checkpoint(work, now, settings, digest, keep=2)

    loop.train(trainer, state, steps, settings, save, log, every=1e9)
    return state


def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(
    tmp_path: Path, data: Prepared
) -> None:
    whole = _run(tmp_path / "whole", data, _SETTINGS)

    def stop(figures: dict[str, Any]) -> None:
        if figures["step"] == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    stopped = _run(tmp_path / "parts", data, _SETTINGS, log=stop)
    assert stopped.step == 4
    resumed = _run(tmp_path / "parts", data, _SETTINGS)
    assert resumed.step == whole.step == 8
    assert resumed.windows == whole.windows
    assert torch.equal(resumed.weights, whole.weights)


def test_the_weights_do_not_depend_on_the_number_of_workers(tmp_path: Path, data: Prepared) -> None:
    settings = loop.Settings(seed=5, questions=60, rate=2e-3, warm=1, steps=2, cool=1)
    alone = _run(tmp_path / "one", data, settings, workers=1)
    shared = _run(tmp_path / "three", data, settings, workers=3)
    assert torch.equal(alone.weights, shared.weights)


def test_a_run_is_resumed_with_its_own_settings_and_data_only(
    tmp_path: Path, rows: list[Row], data: Prepared, tokenizer: Any
) -> None:
    _run(tmp_path, data, _SETTINGS)
    with pytest.raises(InputError, match=r"rate 0\.002, not 0\.1"):
        _run(tmp_path, data, loop.Settings(seed=5, questions=6, rate=0.1, warm=2, steps=9))
    with pytest.raises(InputError, match="data"):
        _run(tmp_path, prepare(rows[:9], tokenizer, 3), _SETTINGS)


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "checkpoint-000001.safetensors").write_bytes(b"\0" * 40)
    with pytest.raises(InputError, match="Cannot read the checkpoint"):
        loop.load_checkpoint(tmp_path / "checkpoint-000001.safetensors")


def test_an_average_lies_between_its_checkpoints_and_is_trained_on(
    tmp_path: Path, data: Prepared
) -> None:
    def stop(figures: dict[str, Any]) -> None:
        if figures["step"] == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    early = _run(tmp_path / "run", data, _SETTINGS, log=stop)
    late = _run(tmp_path / "run", data, _SETTINGS)
    paths = sorted((tmp_path / "run").glob("*.safetensors"))
    mean = loop.load_checkpoint(loop.average(paths, tmp_path / "mean"))
    assert torch.allclose(mean.weights, (early.weights + late.weights) / 2)
    assert (mean.step, mean.windows) == (late.step, late.windows)
    longer = loop.Settings(seed=5, questions=6, rate=2e-3, warm=2, steps=10, cool=4)
    assert _run(tmp_path / "mean", data, longer).step == 10
    other = loop.Settings(seed=6, questions=6, rate=2e-3, warm=2, steps=1, cool=1)
    _run(tmp_path / "other", data, other)
    with pytest.raises(InputError, match="seed"):
        loop.average([*(tmp_path / "other").iterdir(), *paths], tmp_path / "no")


def test_only_the_newest_checkpoints_are_kept(tmp_path: Path, data: Prepared) -> None:
    state = loop.State.fresh(_network())
    for step in (1, 2, 3):
        state.step = step
        loop.save_checkpoint(tmp_path, state, _SETTINGS, "d", keep=2)
    assert [path.stem[-1] for path in sorted(tmp_path.iterdir())] == ["2", "3"]


def test_the_rate_warms_up_stays_and_cools_down() -> None:
    rates = [loop.Settings(1, 1, 1.0, 4, 20, 5).rate_at(step) for step in range(20)]
    assert rates[:4] == [0.25, 0.5, 0.75, 1.0]
    assert set(rates[4:16]) == {1.0}
    assert rates[16:] == [0.8, 0.6, 0.4, 0.2]


def test_training_lowers_the_loss_and_learns_to_point(tmp_path: Path, data: Prepared) -> None:
    losses: list[float] = []
    settings = loop.Settings(seed=5, questions=16, rate=5e-3, warm=5, steps=60, cool=20)
    _run(tmp_path, data, settings, log=lambda figures: losses.append(figures["alone"]))
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) / 2


def test_numpy_the_runtime_and_torch_score_alike(tmp_path: Path) -> None:
    network = _network(3)
    tensors = named(network) | {WORDS: network.words.numpy()}
    weights = Weights(tensors, "w")
    draw = np.random.default_rng(1)
    inputs = [
        joined(draw.integers(999, 9999, size), draw.integers(999, 9999, more))
        for size, more in ((3, 20), (9, 150), (1, 0), (4, 21))
    ]
    plain = PlainNetwork(weights).score(inputs)
    compiled = RuntimeNetwork(weights, tmp_path).score(inputs)
    trained = TorchNetwork(network, "t").score(inputs)
    spread = max(float(np.abs(scores.starts).max()) for scores in plain)
    for one, two, three in zip(plain, compiled, trained, strict=True):
        for other in (two, three):
            assert np.abs(one.starts - other.starts).max() < spread / 20
            assert np.abs(one.ends - other.ends).max() < spread / 20
            assert abs(one.null - other.null) < spread / 20
            assert abs(one.answered - other.answered) < spread / 20


# The commands


@pytest.mark.slow
def test_the_commands_lead_from_rows_to_a_file_that_reads(tmp_path: Path, rows: list[Row]) -> None:
    train = _written(tmp_path / "train.jsonl", [_as_json(row) for row in rows[:20]])
    dev = _written(tmp_path / "dev.jsonl", [_as_json(row) for row in rows[20:]])
    work, shipped = tmp_path / "work", tmp_path / "reader.safetensors"
    options = ["--steps", "1", "--questions", "2", "--workers", "1"]
    checkpoint = work / "checkpoint-000001.safetensors"
    _command("prepare", train, dev, "--work", work)
    _command("train", "--work", work, *options)
    measured = _command("measure", work / "dev.jsonl", "--checkpoint", checkpoint)
    assert "squad1-dev: answerable 4" in measured
    _command("export", checkpoint, shipped)
    reading = load_reader(shipped).read(rows[0].question, [rows[0].passage])[0]
    trained = ModelReader(load_reader(shipped).tokenizer, network_of(checkpoint))
    assert trained.read(rows[0].question, [rows[0].passage])[0].margin == pytest.approx(
        reading.margin, abs=0.2
    )


def _command(*arguments: object) -> str:
    """In a process of its own: training sets up the whole process for itself."""
    command = [sys.executable, "-m", "eval.training", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# Measures


def test_a_reader_that_knows_everything_has_figures_of_one(rows: list[Row]) -> None:
    known = ScriptedReader({row.question: row.texts[0] for row in rows})
    others = [Row("n", "Why?", row.passage, (), "s", "a") for row in rows]
    found = figures(judge(known, [*rows, *others]))
    assert (found.exact, found.f1, found.auroc_margin, found.auroc_answered) == (1, 1, 1, 1)
    ignorant = figures(judge(ScriptedReader({}), rows))
    assert (ignorant.exact, ignorant.auroc_margin) == (0, None)
