"""The reader that nkqa ships, on the articles that nkqa ships."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Index, build_index, open_index
from qa.answers.reading.shipped import CALIBRATION, load_judge, load_reader
from seeds import articles

pytestmark = pytest.mark.shipped_reader


@pytest.fixture(scope="module")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shipped") / "index"
    build_index([articles()], path)
    return path


@pytest.fixture
def opened(shipped_index: Path) -> Iterator[Index]:
    with open_index(shipped_index) as index:
        yield index


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many workers are in Russia?", "30,000"),
        ("Who met Kim in Vladivostok?", "Vladimir Putin"),
        ("By what percentage did trade between Russia and North Korea fall?", "56"),
    ],
)
def test_a_question_is_answered_in_the_words_of_an_article(
    opened: Index, question: str, answer: str
) -> None:
    found = opened.ask(question)
    assert found.verdict in ("answered", "perhaps")
    assert found.answer is not None
    assert answer in found.answer.text
    text = opened.article(found.answer.doc_id).text
    assert text[found.answer.start : found.answer.end] == found.answer.text
    sentence = found.answer.sentence
    assert sentence.start <= found.answer.start < found.answer.end <= sentence.end
    assert text[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How do I bake sourdough bread?", ()),
        ("When did Angela Merkel visit the Louvre?", ("Angela Merkel", "Louvre")),
    ],
)
def test_an_absent_subject_is_met_with_silence(
    opened: Index, question: str, missing: tuple[str, ...]
) -> None:
    found = opened.ask(question)
    assert found.verdict == "silent"
    assert found.answer is None
    assert found.missing == missing


def test_a_command_of_its_own_says_the_same_as_an_open_index(
    opened: Index, shipped_index: Path, nkqa_process: Any
) -> None:
    question = "How many workers are in Russia?"
    found = opened.ask(question)
    done = nkqa_process("ask", question, "--json", "--index", shipped_index)
    told = json.loads(done.out)
    assert found.answer is not None
    assert (told["verdict"], told["answer"]["text"]) == (found.verdict, found.answer.text)
    assert told["probability"] == pytest.approx(found.probability, abs=0.05)


def test_the_network_says_nearly_the_same_in_numpy_and_compiled() -> None:
    """Compiled it multiplies in bfloat16 where the processor has it."""
    reader = load_reader()
    question = "Who came by train?"
    windows = ["Kim came by train.", "Putin flew to Beijing on Friday.", "Nobody came."]
    before = reader.read(question, windows)
    network: Any = reader.network
    assert network.ready()
    for one, other in zip(before, reader.read(question, windows), strict=True):
        assert other.margin == pytest.approx(one.margin, abs=0.5)
        assert other.answered == pytest.approx(one.answered, abs=0.5)


def test_the_calibration_says_what_it_was_fitted_on() -> None:
    about = json.loads(CALIBRATION.read_bytes())["about"]
    assert set(about) >= {"wrong", "lost", "fitted on", "other half", "kinds"}
    calibration = load_judge().calibration
    assert 0 < calibration.silent < 1
    assert 0 < calibration.answered < 1
