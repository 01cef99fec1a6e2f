"""From passages to an answer: the verdict, the short answer, and what is marked."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Answer, open_index
from qa.output.verdicts import lead
from qa.text.mentions import mentions, unmentioned

_QUESTION = "How many dockers work in the harbour?"


@pytest.fixture
def judged(
    sync: Callable[..., Any],
    articles: Path,
    ask: Callable[..., Answer],
    scripted_judge: Callable[..., Any],
) -> Callable[..., Answer]:
    """Ask the six articles with a judge that knows the answer: `judged("Who?", "Kim", k=1)`."""
    sync(articles)

    def run(question: str, answer: str, unsure: bool = False, **options: Any) -> Answer:
        judge = scripted_judge({question: answer}, unsure=unsure)
        return ask(question, judge=judge, **options)

    return run


def test_an_answer_says_what_who_and_since_when(judged: Callable[..., Answer]) -> None:
    found = judged(_QUESTION, "300")
    assert found.verdict == "answered"
    assert found.probability is not None
    assert found.probability > 0.9
    answer = found.answer
    assert answer is not None
    assert (answer.text, answer.source, answer.published) == ("300", "Coast Daily", "2019-04-26")
    assert answer.sentence.text == "Some 300 dockers work there."
    cited = found.citations[answer.rank - 1]
    assert cited.doc_id == answer.doc_id
    assert cited.quote[answer.start - cited.start : answer.end - cited.start] == "300"


def test_the_answering_sentence_is_the_highlight_and_other_passages_are_none(
    judged: Callable[..., Answer],
) -> None:
    first, *others = judged(_QUESTION, "300").citations
    assert first.answers is True
    assert [one.text for one in first.highlights] == ["Some 300 dockers work there."]
    assert {one.answers for one in others} == {False}


def test_the_best_answer_is_cited_first_whichever_passage_retrieval_prefers(
    judged: Callable[..., Answer],
) -> None:
    question = "How many pupils, dockers and cod are there?"
    for answer, doc in (("300", "harbour.md"), ("450", "school.txt"), ("12 percent", "fish.txt")):
        found = judged(question, answer, k=1)
        assert found.answer is not None
        assert found.answer.text == answer
        assert found.answer.rank == 1
        assert found.citations[0].doc_id.endswith(doc)


def test_silence_names_what_was_not_found_and_gives_no_answer(
    judged: Callable[..., Answer],
) -> None:
    found = judged("Did Angela Merkel visit the harbour of Busan in 1987?", "no such words")
    assert found.verdict == "silent"
    assert found.answer is None
    assert found.missing == ("Angela Merkel", "1987")
    assert found.citations
    assert not any(one.answers for one in found.citations)


def test_an_unsure_answer_is_given_as_perhaps(judged: Callable[..., Answer]) -> None:
    found = judged(_QUESTION, "300", unsure=True)
    assert (found.verdict, found.answer and found.answer.text) == ("perhaps", "300")


def test_a_guess_that_is_hardly_right_is_not_shown_as_an_answer(
    judged: Callable[..., Answer],
) -> None:
    found = judged(_QUESTION, "300", unsure=True)
    assert lead(replace(found, probability=0.31)).startswith("Perhaps (31% sure): 300 (Coast Daily")
    assert lead(replace(found, probability=0.02)).startswith(
        "No short answer is likely (best guess, 2% sure: 300 (Coast Daily"
    )


def test_the_passage_of_the_answer_that_is_shown_is_marked_as_answering(
    judged: Callable[..., Answer],
) -> None:
    found = judged(_QUESTION, "no such words", unsure=True)
    assert found.verdict == "perhaps"
    assert found.answer is not None
    assert [one.answers for one in found.citations].count(True) == 1
    cited = found.citations[found.answer.rank - 1]
    assert cited.answers
    assert found.answer.text in cited.highlights[0].text


def test_without_reading_there_is_no_verdict(
    sync: Callable[..., Any], articles: Path, ask: Callable[..., Answer]
) -> None:
    sync(articles)
    found = ask(_QUESTION)
    assert (found.verdict, found.probability, found.answer, found.missing) == (None,) * 3 + ((),)
    assert {(one.span, one.answers) for one in found.citations} == {(None, None)}


def test_filters_that_leave_nothing_are_silence(judged: Callable[..., Answer]) -> None:
    found = judged(_QUESTION, "300", until="1999")
    assert (found.verdict, found.citations, found.answer) == ("silent", (), None)


def test_the_verdict_does_not_depend_on_how_many_citations_are_asked_for(
    judged: Callable[..., Answer],
) -> None:
    found = [judged(_QUESTION, "300", k=k) for k in (1, 2, 5, 20)]
    assert len({(one.verdict, one.probability, one.answer) for one in found}) == 1


@pytest.mark.shipped_reader
@pytest.mark.parametrize("harm", ["missing", "damaged", "of another version"])
def test_without_a_sound_reader_passages_are_found_and_the_reason_is_said(
    sync: Callable[..., Any],
    articles: Path,
    index: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    harm: str,
) -> None:
    from qa.answers.reading import shipped

    sync(articles)
    weights, calibration = tmp_path / "reader.safetensors", tmp_path / "calibration.json"
    whole = bytearray(shipped.WEIGHTS.read_bytes())
    calibration.write_bytes(shipped.CALIBRATION.read_bytes())
    if harm == "damaged":
        whole[-1000] ^= 1
    if harm != "missing":
        weights.write_bytes(whole)
    if harm == "of another version":
        calibration.write_text(
            json.dumps(json.loads(calibration.read_bytes()) | {"reader": "0" * 16})
        )
    monkeypatch.setattr(shipped, "WEIGHTS", weights)
    monkeypatch.setattr(shipped, "CALIBRATION", calibration)
    with open_index(index) as opened:
        found = opened.ask(_QUESTION)
    assert found.verdict is None
    assert found.citations
    assert {"missing": "missing", "damaged": "damaged", "of another version": "was fitted with"}[
        harm
    ] in caplog.text
    assert "pip install --force-reinstall" in caplog.text


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many workers are in Russia?", ("Russia",)),
        ("Who led the Bank of England in 2013?", ("Bank of England", "2013")),
        ("What did The Verge and TechCrunch report?", ("Verge", "TechCrunch")),
        ("Did Kim Jong Un’s train pass 3,000 soldiers?", ("Kim Jong Un", "3,000")),
        ("what did he say", ()),
        ("", ()),
    ],
)
def test_names_and_figures_of_a_question(question: str, named: tuple[str, ...]) -> None:
    assert mentions(question) == named


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Kim Jong Un", "Mr. Kim arrived by train."),
        ("3,000", "Some 3000 soldiers"),
        ("Zürich", "the Zurich office"),
        ("Moscow's", "in Moscow"),
    ],
)
def test_a_name_counts_as_found_in_the_forms_that_articles_use(name: str, text: str) -> None:
    assert unmentioned([name], [text]) == ()


def test_a_name_within_a_word_is_not_found() -> None:
    assert unmentioned(["Iran", "30"], ["Tirana has 130 buses"]) == ("Iran", "30")


@given(st.text("ABsxéÜ01,.'’ -&\n", max_size=40))
def test_every_mention_stands_in_its_question(question: str) -> None:
    named = mentions(question)
    assert all(name in " ".join(question.split()) for name in named)
    assert unmentioned(named, [question]) == ()
