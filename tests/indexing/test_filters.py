"""Filters narrow the search itself: what passes fills the answer, nothing else appears."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from qa import Filters, InputError, UsageError, open_index
from qa.assistant import Toolbox

_DATED = {
    "day": "2019-04-26",
    "eve": "2019-04-25",
    "month": "2019-04",
    "year": "2019",
    "later": "2019-05-01",
    "before": "2018-12-31",
    "undated": None,
}


@pytest.fixture
def dated(tmp_path: Path, sync: Any) -> None:
    """One article of each date."""
    folder = tmp_path / "dated"
    folder.mkdir()
    for name, date in _DATED.items():
        front = f"---\npublished: '{date}'\n---\n" if date else ""
        (folder / f"{name}.md").write_text(f"{front}The harbour of {name} was opened.\n")
    sync(folder)


def _named(answer: Any) -> set[str]:
    return {Path(citation.path).stem for citation in answer.citations}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, set(_DATED)),
        ({"since": "2019-04-26"}, {"day", "month", "year", "later"}),
        ({"until": "2019-04-25"}, {"eve", "month", "year", "before"}),
        ({"since": "2019-04-26", "until": "2019-04-26"}, {"day", "month", "year"}),
        ({"since": "2019-05-01"}, {"year", "later"}),
        ({"until": "2018-12-31"}, {"before"}),
        ({"since": "2019-04", "until": "2019-04"}, {"day", "eve", "month", "year"}),
        ({"since": "2019"}, {"day", "eve", "month", "year", "later"}),
        ({"until": "2018"}, {"before"}),
        ({"since": "2020"}, set()),
        ({"since": "0001-01-01", "until": "9999-12-31"}, set(_DATED) - {"undated"}),
    ],
    # The text of a set differs from one process to the next, and so would the test's name.
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_an_article_passes_when_a_day_it_may_be_of_does(
    dated: None, ask: Any, filters: dict[str, str], expected: set[str]
) -> None:
    assert _named(ask("Which harbour was opened?", 50, **filters)) == expected


@pytest.mark.parametrize(
    "moment",
    [
        datetime.date(2019, 4, 26),
        datetime.datetime(2019, 4, 26, 23, 59),
        datetime.datetime(2019, 4, 26, 0, 1, tzinfo=datetime.UTC),
    ],
    ids=["date", "time", "time in a zone"],
)
def test_a_time_filters_as_its_day_does(dated: None, ask: Any, moment: datetime.date) -> None:
    answer = ask("Which harbour was opened?", 50, since=moment, until=moment)
    assert _named(answer) == {"day", "month", "year"}


def test_words_are_counted_from_the_day_that_the_index_is_given(dated: None, index: Path) -> None:
    thursday = datetime.date(2019, 5, 2)
    with open_index(index, today=lambda: thursday) as opened:
        found = opened.ask("Which harbour was opened?", 50, since="last week", until="3 days ago")
        assert _named(found) == {"day", "eve", "month", "year"}
        found = opened.search("Which harbour?", filters=Filters(since="yesterday"))
        assert {hit.passage_id.split(".")[0] for hit in found} == {"dated/later", "dated/year"}
        assert [one.doc_id for one in opened.articles(until="last year").articles] == [
            "dated/before.md"
        ]


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "soon"},
        {"until": "2019-02-30"},
        {"since": "04.05.2019"},
        {"since": ""},
        {"since": "0000"},
        {"since": "2019-05", "until": "2019-04-26"},
    ],
    ids=str,
)
def test_a_wrong_date_is_refused(dated: None, ask: Any, filters: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        ask("Which harbour?", **filters)


def test_a_narrow_filter_still_fills_the_answer(tmp_path: Path, sync: Any, index: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number:03}.md").write_text(
            f"---\npublisher: Big Paper\npublished: 2020-01-01\n---\nHarbour dockers {number} "
            f"struck in the harbour of port {number}.\n"
        )
    for number in range(7):
        (folder / f"small-{number}.md").write_text(
            f"---\npublisher: Small Sheet {number % 2}\npublished: 2001-0{number + 1}\n---\n"
            f"Cake recipe {number} needs {number * 11} eggs, sugar and patience, wrote reader "
            f"{number}.\n"
        )
    sync(folder)
    question = "Which harbour dockers struck in port 7?"
    with open_index(index) as opened:
        for filters in ({"source": "small sheet"}, {"until": "2002"}):
            found = opened.ask(question, 7, **filters).citations
            assert [citation.rank for citation in found] == [1, 2, 3, 4, 5, 6, 7]
            assert all((c.source or "").startswith("Small") for c in found)
        assert len(opened.ask(question, 7, source="Sheet 1").citations) == 3
        assert len(opened.search(question, 5, Filters(source="Sheet 1"))) == 3
        assert opened.ask(question, 1).citations[0].source == "Big Paper"


@pytest.mark.parametrize("source", ["river", "RIVER POST", "Post"])
def test_a_part_of_a_publishers_name_in_any_case_is_enough(
    sync: Any, ask: Any, articles: Path, source: str
) -> None:
    sync(articles)
    assert {c.source for c in ask("What happened?", 50, source=source).citations} == {"River Post"}


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0"])
def test_a_blank_publisher_hides_no_article(
    sync: Any, ask: Any, articles: Path, index: Path, nkqa: Any, blank: str
) -> None:
    sync(articles)
    whole = _named(ask("What happened?", 50))
    assert "school" in whole  # It has no publisher.
    assert _named(ask("What happened?", 50, source=blank)) == whole
    with open_index(index) as opened:
        found = opened.search("What happened?", filters=Filters(source=blank))
        assert found == opened.search("What happened?")
        told = Toolbox(opened).call("ask", {"question": "What happened?", "k": 50, "source": blank})
        assert _named(told) == whole
    asked = nkqa("ask", "What happened?", "-k", 50, "--source", blank, "--json", "--index", index)
    assert {Path(one["path"]).stem for one in json.loads(asked.out)["citations"]} == whole


def test_a_blank_publisher_is_no_filter_where_no_publisher_is_known(dated: None, ask: Any) -> None:
    assert _named(ask("Which harbour was opened?", 50, source="")) == set(_DATED)


@pytest.mark.parametrize("typed", ["arlener", "ÄRLENER", "A\u0308rlener", "lodz’s", "Ærø", "aero"])
def test_a_publisher_is_found_without_its_accents(
    tmp_path: Path, sync: Any, ask: Any, typed: str
) -> None:
    names = ["Ärlener Tagblatt", "Łódź's Paper", "Ærø Avis"]
    lines = [{"_id": name, "text": "It rained.", "source": name} for name in names]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, [*lines, {"text": "It rained."}])))
    sync(tmp_path / "a.jsonl")
    assert len(ask("What happened?", source=typed).citations) == 1


def test_an_unknown_publisher_is_refused_and_the_known_are_listed(
    sync: Any, ask: Any, articles: Path
) -> None:
    sync(articles)
    with pytest.raises(InputError, match="Coast Daily, Forest Wire, River Post"):
        ask("What happened?", source="Mountain")


def test_an_index_without_publishers_says_so(dated: None, ask: Any) -> None:
    with pytest.raises(InputError, match="name no source"):
        ask("What happened?", source="Mountain")


def test_filters_hold_together(sync: Any, ask: Any, articles: Path) -> None:
    sync(articles)
    found = ask("What happened?", 50, source="Wire", since="2018-12").citations
    assert [citation.doc_id for citation in found] == ["wire-1"]
