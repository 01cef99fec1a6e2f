"""Copies are one citation; a differing figure is never taken for a copy."""

import json
from pathlib import Path

import pytest

from embeddings.hashed import HashedEncoder
from eval.gold import Query
from eval.runner import run_index
from qa import Answer, build_index, open_index

BODY = (
    "Russia is believed to have as many as {} North Korean workers. The figure was given by an"
    " official who asked not to be named, and it could not be confirmed by anyone else on"
    " Thursday. Diplomats said the workers send most of their wages home."
)


def ask(
    folder: Path,
    articles: dict[str, str],
    question: str,
    days: dict[str, str] | None = None,
    **options: object,
) -> Answer:
    lines = [
        json.dumps({"_id": name, "text": text, "date": (days or {}).get(name)})
        for name, text in articles.items()
    ]
    (folder / "articles.jsonl").write_text("\n".join(lines))
    build_index([folder / "articles.jsonl"], folder / "index", encoder=HashedEncoder())
    with open_index(folder / "index", encoder=HashedEncoder()) as index:
        return index.ask(question, **options)  # type: ignore[arg-type]


def test_a_syndicated_copy_is_listed_under_the_first(tmp_path: Path) -> None:
    copies = {name: BODY.format("30,000") for name in ("a", "b", "c")}
    citations = ask(tmp_path, {**copies, "d": "Other news."}, "workers in Russia").citations
    assert [c.doc_id for c in citations] == ["a", "d"]
    assert [place.doc_id for place in citations[0].also_in] == ["b", "c"]


def test_what_is_measured_are_the_passages_that_are_cited_without_their_copies(
    tmp_path: Path,
) -> None:
    articles = {name: BODY.format("30,000") for name in ("a", "b", "c")}
    articles |= {"d": "Other news of workers.", "e": BODY.format("10,000")}
    cited = [one.passage_id for one in ask(tmp_path, articles, "workers in Russia").citations]
    query = Query("q1", "workers in Russia", "", (), ())
    with open_index(tmp_path / "index", encoder=HashedEncoder()) as index:
        run = run_index(index, [query])
        assert [found.passage_id for found in run.rankings["q1"]] == cited
        assert len(index.search(query.text)) == 5
        assert [hit.passage_id for hit in index.search(query.text, k=2)] == cited[:2]


def test_the_same_words_with_another_figure_stand_beside_each_other(tmp_path: Path) -> None:
    told = {"a": BODY.format("30,000"), "b": BODY.format("10,000")}
    citations = ask(tmp_path, told, "How many workers are in Russia?").citations
    assert {c.doc_id for c in citations} == {"a", "b"}
    assert not any(c.also_in for c in citations)


def test_a_lightly_edited_copy_is_a_copy(tmp_path: Path) -> None:
    edited = BODY.format("30,000").replace("on Thursday", "on Thursday night")
    citations = ask(tmp_path, {"a": BODY.format("30,000"), "b": edited}, "workers").citations
    assert len(citations) == 1


VERSION = (
    "A ferry sank off Arlen on Monday night in a storm, and twelve people died, the coast guard"
    " said. Divers from Lowmere searched the wreck until dawn. The ferry had left the quay with"
    " forty passengers and a load of timber worth $2 million, and its captain, Lena Moss, had been"
    " warned of the wind. The council did not meet on Tuesday."
)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("twelve", "fifteen"),
        ("million", "billion"),
        ("$2", "€2"),
        ("Lena Moss", "Jonas Vale"),
        ("Tuesday", "Wednesday"),
        ("did not meet", "met"),
        ("sank", "was saved"),
        ("passengers and a load of timber", "timber and a load of passengers"),
    ],
)
def test_versions_that_contradict_each_other_stand_beside_each_other(
    tmp_path: Path, said: str, instead: str
) -> None:
    told = {"a": VERSION, "b": VERSION.replace(said, instead)}
    citations = ask(tmp_path, told, "How many people died when the ferry sank?").citations
    assert {c.doc_id for c in citations} == {"a", "b"}
    assert not any(c.also_in for c in citations)


def newer_of(answer: Answer) -> dict[str, str]:
    """The article that is said to be newer, by the article of which that is said."""
    by_rank = {c.rank: c.doc_id for c in answer.citations}
    return {c.doc_id: by_rank[c.newer_version] for c in answer.citations if c.newer_version}


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("twelve", "fifteen"),
        ("million", "billion"),
        ("Monday", "Sunday"),
        ("Lena Moss", "Jonas Vale"),
        ("did not meet", "met"),
    ],
)
def test_the_older_of_two_versions_says_where_the_newer_is(
    tmp_path: Path, said: str, instead: str
) -> None:
    told = {"new": VERSION.replace(said, instead), "old": VERSION, "other": "The ferry is red."}
    days = {"new": "2024-02-09", "old": "2024-02-01", "other": "2024-03-01"}
    answer = ask(tmp_path, told, "How many people died when the ferry sank?", days)
    assert newer_of(answer) == {"old": "new"}


def test_of_three_versions_the_newest_is_named(tmp_path: Path) -> None:
    told = {name: VERSION.replace("twelve", name) for name in ("four", "six", "nine")}
    days = {"four": "2024-02-01", "six": "2024-02-05", "nine": "2024-02-03"}
    answer = ask(tmp_path, told, "How many people died when the ferry sank?", days)
    assert newer_of(answer) == {"four": "six", "nine": "six"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("2024-02-01", "2024-02-01"), ("2024-02", "2024-02-09"), ("2024-02-01", ""), ("", "")],
)
def test_without_a_day_that_is_certainly_later_no_version_is_newer(
    tmp_path: Path, old: str, new: str
) -> None:
    told = {"a": VERSION, "b": VERSION.replace("twelve", "fifteen")}
    answer = ask(tmp_path, told, "How many people died?", {"a": old, "b": new})
    assert len(answer.citations) == 2
    assert newer_of(answer) == {}


def test_a_copy_of_a_later_day_is_listed_and_is_no_newer_version(tmp_path: Path) -> None:
    told = {"a": VERSION, "b": f"ARLEN, Feb 2 (Reuters) - {VERSION}"}
    answer = ask(tmp_path, told, "How many people died?", {"a": "2024-02-01", "b": "2024-02-09"})
    assert [len(c.also_in) for c in answer.citations] == [1]
    assert newer_of(answer) == {}


@pytest.mark.parametrize(
    "copy",
    [
        VERSION.replace("Lena Moss, had", "Lena Moss , had").replace(". ", ".\n"),
        f"ARLEN, Feb 2 (Reuters) - {VERSION}",
        f"{VERSION}\n\n(Reporting by Ada Quill; Editing by Jonas Vale)",
    ],
)
def test_what_frames_a_report_does_not_make_it_another_text(tmp_path: Path, copy: str) -> None:
    citations = ask(tmp_path, {"a": VERSION, "b": copy}, "How many people died?").citations
    assert len(citations) == 1
    assert len(citations[0].also_in) == 1


@pytest.mark.parametrize("k", [1, 2, 3])
def test_as_many_as_asked_for_come_back_although_copies_are_grouped(tmp_path: Path, k: int) -> None:
    told = {f"{n}{copy}": BODY.format(n * 1000) for n in range(1, 4) for copy in "ab"}
    assert len(ask(tmp_path, told, "workers", k=k).citations) == k


def test_each_citation_tells_whether_it_is_close_to_the_question(tmp_path: Path) -> None:
    told = {"a": "The dockers earn nine dollars a day.", "b": "Cod were landed in spring."}
    citations = ask(tmp_path, told, "What do the dockers earn a day?").citations
    assert [(c.doc_id, c.close) for c in citations] == [("a", True), ("b", False)]


def test_the_words_of_because_agree_with_close(tmp_path: Path) -> None:
    # One word in so many of the question's: cosines from 0 to 1 in small steps.
    words = [f"word{number}" for number in range(20)]
    told = {
        f"a{n}": " ".join(words[:n] + [f"other{n}x{m}" for m in range(20 - n)]) + "."
        for n in range(1, 21)
    }
    citations = ask(tmp_path, told, " ".join(words), k=20).citations
    assert len({c.close for c in citations}) == 2
    for citation in citations:
        assert ("only loosely related" in citation.because) != citation.close


def test_why_a_passage_was_found_names_the_shared_words(tmp_path: Path) -> None:
    citation = ask(tmp_path, {"a": BODY.format("9")}, "worker wages in Moscow").citations[0]
    assert "workers" in citation.because
    assert "wages" in citation.because
    assert "Moscow" not in citation.because
