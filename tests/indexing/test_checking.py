"""A quotation is checked against the index: it stands there, elsewhere, or does not."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa import Index, open_index


@pytest.fixture
def opened(sync: Any, tmp_path: Path, index: Path, encoder: HashedEncoder) -> Index:
    """An index of one long article."""
    folder = tmp_path / "long"
    folder.mkdir()
    lines = [f"Ship number {n} brought {n * 7} tons of coal to the harbour." for n in range(100)]
    (folder / "ships.txt").write_text(" ".join(lines))
    sync(folder)
    with open_index(index, encoder=encoder) as opened:
        yield opened


def test_every_citation_of_an_answer_stands(opened: Index) -> None:
    for citation in opened.ask("How much coal?", k=5).citations:
        for quoted in (citation.quote, *(h.text for h in citation.highlights)):
            told = opened.check_quote(citation.passage_id, quoted)
            assert (told.verdict, told.stands, told.indexed) == ("verbatim", True, True)
            assert told.text == quoted
            assert told.sha256 == citation.sha256
        assert opened.check_quote(citation.passage_id).verdict == "verbatim"


def test_a_quotation_from_another_passage_is_elsewhere(opened: Index) -> None:
    passage = opened.ask("Ship number 3").citations[0]
    article = opened.article(passage.doc_id).text
    outside = next(
        f"Ship number {n} brought" for n in range(100) if f"number {n} brought" not in passage.quote
    )
    told = opened.check_quote(passage.passage_id, outside)
    assert (told.verdict, told.stands) == ("elsewhere", False)
    assert article[told.start : told.end] == told.text == outside
    assert opened.check_quote(passage.doc_id, outside).verdict == "verbatim"


def test_another_figure_is_different_and_what_is_said_is_told(opened: Index) -> None:
    told = opened.check_quote("long/ships.txt", "Ship number 10 brought 77 tons of coal")
    assert (told.verdict, told.stands) == ("different", False)
    assert told.text in (
        "Ship number 10 brought 70 tons of coal", "Ship number 11 brought 77 tons of coal"
    )  # fmt: skip
    assert len(told.differences) == 1
    nothing = opened.check_quote("long/ships.txt", "Penguins are unheard of around here")
    assert (nothing.verdict, nothing.text, nothing.differences) == ("different", None, ())


def test_what_the_index_does_not_hold_is_unknown(opened: Index) -> None:
    for cited in ("nothing", "nothing#0-5", "", "#", "long/ships.txt#3-9", "long/ships.txt#9-3"):
        told = opened.check_quote(cited)
        assert (told.verdict, told.indexed, told.sha256, told.text) == (
            "unknown",
            False,
            None,
            None,
        )
    assert opened.check_quote("nothing#0-5", "Ship").verdict == "unknown"


def test_a_passage_that_is_cut_otherwise_now_is_looked_for_in_its_article(opened: Index) -> None:
    told = opened.check_quote("long/ships.txt#3-9", "Ship number 10 brought 70 tons")
    assert (told.verdict, told.indexed) == ("elsewhere", False)


def test_an_article_is_checked_by_its_own_id(opened: Index) -> None:
    told = opened.check_quote("long/ships.txt", "“Ship number 10 … of coal.”")
    assert told.verdict == "typography"
    text = opened.article("long/ships.txt").text
    assert told.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_command_says_what_is_said_instead(nkqa: Any, opened: Index, index: Path) -> None:
    done = nkqa("check", "long/ships.txt", "Ship number 10 brought 70 tons", "--index", index)
    assert (done.status, done.out.splitlines()[0]) == (0, "The article says so, to the character.")
    done = nkqa("check", "long/ships.txt", "Ship number 10 sank", "--index", index)
    assert done.status == 3
    assert "“sank” where it says “brought”" in done.out
    done = nkqa("check", "long/ships.txt", "Ship number 10 sank", "--json", "--index", index)
    told = json.loads(done.out)
    assert (told["schema"], told["verdict"]) == ("nkqa.check/1", "different")
    assert told["differences"] == [{"quoted": "sank", "said": "brought"}]
    assert nkqa("check", "nothing", "--index", index).status == 3
    assert nkqa("check", "long/ships.txt", "…", "--index", index).err.startswith("nkqa: ")
