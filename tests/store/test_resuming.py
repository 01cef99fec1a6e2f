"""A build that is stopped goes on from what it had embedded."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa import IndexMissing, IndexReport, build_index, open_index, verify_index

_ARTICLES = 1300
_QUESTION = "What did edition 7 sell?"
# Stops itself, one way or the other, when the first half of the articles is embedded.
_STOPPED = """
import os, signal, sys
import qa.store.local.writer
from embeddings.hashed import HashedEncoder
from qa import build_index

qa.store.local.writer.SAVE_EVERY = 0.0

def stop(stage, done, total):
    if stage == "embedding" and done > total / 2:
        os.kill(os.getpid(), int(sys.argv[3]))

build_index([sys.argv[1]], sys.argv[2], encoder=HashedEncoder(), progress=stop)
"""


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """Enough one-sentence articles for three batches; two sentences stand twice."""
    file = tmp_path / "wire.jsonl"
    lines = [f"Edition {n if n > 1 else 1298 + n} sold {n % 7} copies." for n in range(_ARTICLES)]
    lines[0], lines[1] = lines[1298], lines[1299]
    file.write_text(
        "".join(
            json.dumps({"_id": f"w{n}", "title": f"No {n}", "text": line}) + "\n"
            for n, line in enumerate(lines)
        )
    )
    return file


def _stop(wire: Path, index: Path, how: signal.Signals) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED, str(wire), str(index), str(int(how))],
        check=False,
        stderr=subprocess.DEVNULL,
    )
    assert done.returncode in (-how, 1, 130)


def _build(wire: Path, index: Path) -> IndexReport:
    return build_index([wire], index, encoder=HashedEncoder())


def _answers(index: Path) -> Any:
    with open_index(index, encoder=HashedEncoder()) as opened:
        return [(hit.passage_id, hit.scores) for hit in opened.search(_QUESTION)]


def test_a_sentence_that_stands_in_several_places_is_embedded_once(wire: Path, index: Path) -> None:
    report = _build(wire, index)
    assert (report.sentences, report.embedded) == (_ARTICLES, _ARTICLES - 2)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_first_build_goes_on_and_ends_as_if_never_stopped(
    wire: Path, index: Path, tmp_path: Path, how: signal.Signals
) -> None:
    _stop(wire, index, how)
    with pytest.raises(IndexMissing, match="Finish it"):
        open_index(index)
    report = _build(wire, index)
    assert 0 < report.embedded <= _ARTICLES / 2
    assert len(report.added) == _ARTICLES
    assert not (index / "unfinished").exists()
    assert verify_index(index).faults == ()
    _build(wire, tmp_path / "afresh")
    assert _answers(index) == _answers(tmp_path / "afresh")


def test_a_stopped_update_goes_on_and_tells_all_that_changed(wire: Path, index: Path) -> None:
    whole = wire.read_text()
    wire.write_text("".join(whole.splitlines(keepends=True)[:3]))
    _build(wire, index)
    wire.write_text(whole)
    _stop(wire, index, signal.SIGKILL)
    with open_index(index) as opened:
        assert len(opened.search(_QUESTION)) == 3  # The old index answers meanwhile.
    report = _build(wire, index)
    assert 0 < report.embedded <= _ARTICLES / 2
    assert len(report.added) == _ARTICLES - 3


def test_a_stopped_update_tells_an_edited_line_from_the_others(wire: Path, index: Path) -> None:
    whole = wire.read_text()
    wire.write_text("".join(whole.splitlines(keepends=True)[:3]))
    _build(wire, index)
    wire.write_text(whole.replace('"No 1"', '"Number 1"'))
    _stop(wire, index, signal.SIGKILL)
    report = _build(wire, index)
    assert (report.updated, report.unchanged) == (("w1",), 2)


def test_a_stopped_update_waits_while_nothing_has_changed(wire: Path, index: Path) -> None:
    whole = wire.read_text()
    some = "".join(whole.splitlines(keepends=True)[:3])
    wire.write_text(some)
    first = _build(wire, index)
    wire.write_text(whole)
    _stop(wire, index, signal.SIGKILL)
    wire.write_text(some)
    again = _build(wire, index)
    assert (again.changed, again.generation, again.unchanged) == (False, first.generation, 3)
    wire.write_text(whole)
    assert 0 < _build(wire, index).embedded <= _ARTICLES / 2
    assert not (index / "unfinished").exists()
    assert verify_index(index).faults == ()


def test_articles_that_changed_after_the_stop_are_as_they_are_now(
    wire: Path, index: Path, tmp_path: Path
) -> None:
    _stop(wire, index, signal.SIGKILL)
    lines = wire.read_text().splitlines(keepends=True)
    lines[5] = json.dumps({"_id": "w5", "title": "No 5", "text": "Edition 7 sold nothing."}) + "\n"
    wire.write_text("".join(lines[:-100]))
    assert _build(wire, index).documents == _ARTICLES - 100
    _build(wire, tmp_path / "afresh")
    assert {name for name, _ in _answers(index)} == {
        name for name, _ in _answers(tmp_path / "afresh")
    }


def test_what_was_damaged_since_the_stop_is_not_used(wire: Path, index: Path) -> None:
    _stop(wire, index, signal.SIGKILL)
    record = index / "unfinished" / "articles.sqlite"
    data = bytearray(record.read_bytes())
    place = data.index(b"sold 3 copies")
    data[place] ^= 1
    record.write_bytes(data)
    assert _build(wire, index).embedded == _ARTICLES - 2
    assert verify_index(index).faults == ()


def test_what_another_model_embedded_is_not_used(wire: Path, index: Path) -> None:
    _stop(wire, index, signal.SIGKILL)
    report = build_index([wire], index, encoder=HashedEncoder(dimension=32))
    assert report.embedded == _ARTICLES - 2


def test_too_little_to_be_worth_it_leaves_nothing(articles: Path, index: Path) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([articles], index, encoder=HashedEncoder(), progress=interrupt)
    assert not index.exists()
