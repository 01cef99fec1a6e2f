"""`nkqa check FILE`: a text of one's own is compared with the articles, on every surface."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from qa import InputError, build_index, open_index
from qa.assistant import Sources, Toolbox, check_reply

REPLIES = Path(__file__).parents[1] / "answers/replies"
DRAFT = REPLIES / "draft.md"
# What is wrong in it, and in four of five cases what the article says.
WRONG = {
    "Divers in Tarnholm": "have not found the voyage recorder",
    "Kestrel Rail of Derby": "24 vehicles",
    "The Lomar virus": "1976",
    "The Horwitz Museum": "",
    "Sanavia paid": "did not pay",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the articles to which the replies belong, with the model that people have."""
    home = tmp_path_factory.mktemp("archive")
    (home / "articles").mkdir()
    for file in REPLIES.glob("*.yaml"):
        for number, case in enumerate(yaml.safe_load(file.read_text("utf-8"))):
            paragraphs = case["text"].replace("\n", "\n\n")
            (home / f"articles/{file.stem}-{number}.md").write_text(
                f"---\ntitle: {case['title']}\npublisher: {case['source']}\n"
                f"published: {case['published']}\n---\n\n{paragraphs}",
                encoding="utf-8",
            )
    build_index([home / "articles"], home / "index")
    return home / "index"


def test_five_wrong_sentences_of_twenty_that_cite_nothing_are_found(
    nkqa: Any, archive: Path
) -> None:
    done = nkqa("check", DRAFT, "--index", archive, "--json")
    assert done.status == 3, done.err
    told = json.loads(done.out)
    assert told["schema"] == "nkqa.draft/1"
    checked = [one for one in told["claims"] if one["verdict"] != "nothing to check"]
    assert len(checked) == 20
    flagged = [one for one in checked if one["verdict"] != "supported"]
    found = {start for start in WRONG for one in flagged if one["text"].startswith(start)}
    assert found == set(WRONG)
    assert len(flagged) - len(found) <= 1
    for one in flagged:
        start = next((start for start in WRONG if one["text"].startswith(start)), "")
        if one["verdict"] == "contradicted":
            assert WRONG[start] in one["evidence"]["text"]


def test_evidence_is_the_indexed_article_at_its_place(archive: Path) -> None:
    text = DRAFT.read_text("utf-8")
    with open_index(archive) as index:
        for claim in index.check_draft(text).claims:
            assert claim.text == text[claim.start : claim.end]
            if evidence := claim.evidence:
                article = index.article(evidence.doc_id).text
                assert article[evidence.start : evidence.end] == evidence.text


def test_the_summary_comes_first_then_the_faults_with_the_passages_words(
    nkqa: Any, archive: Path
) -> None:
    done = nkqa("check", DRAFT, "--index", archive)
    assert done.status == 3
    lines = done.out.splitlines()
    assert lines[0] == "15 of 20 sentences supported, 4 contradicted, 1 not found."
    assert lines[1].startswith("line 8: Contradicted: “Divers in Tarnholm have found the ship's")
    assert "have not found the voyage recorder" in lines[2]
    assert "mended-" in done.out
    assert any("“42” where it says “24”" in line for line in lines)
    assert any(line.startswith("line 25: Not found: “The Horwitz") for line in lines)


@pytest.fixture
def harbour(sync: Any, articles: Path, index: Path) -> Path:
    """An index of small articles, without a model."""
    sync(articles)
    return index


@pytest.fixture
def draft(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "draft.md") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


RIGHT = "Some 300 dockers work at the harbour of Vladivostok.\n"
FALSE = "Some 500 dockers work at the harbour of Vladivostok.\n"


def test_a_draft_that_the_articles_bear_out_ends_with_0(
    nkqa: Any, harbour: Path, draft: Any
) -> None:
    done = nkqa("check", draft(RIGHT), "--index", harbour)
    assert (done.status, done.out) == (0, "1 of 1 sentences supported.\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_drafts_in_other_encodings_are_read(
    nkqa: Any, harbour: Path, draft: Any, encoding: str
) -> None:
    text = f"À la première « école » déjà, voilà. {FALSE}".replace("\n", "\r\n")
    done = nkqa("check", draft(text.encode(encoding), "mine.txt"), "--index", harbour)
    assert "Contradicted: “Some 500 dockers" in done.out
    assert done.status == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty"), (b" \n\n", "is empty"), (bytes(range(256)) * 9, "not text"),
     (b"%PDF-1.4\n\x00\x01\x02\x03\x04\x05\x06\x07" * 9, "not text")],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_what_was_expected(
    nkqa: Any, harbour: Path, draft: Any, content: bytes, told: str
) -> None:
    done = nkqa("check", draft(content), "--index", harbour)
    assert done.status == 3
    assert told in done.err
    assert "Markdown or plain text" in done.err
    assert "Traceback" not in done.err


def test_a_folder_a_pipe_and_a_broken_link_are_refused(
    nkqa: Any, harbour: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, told in (
        ("articles", "a folder"),
        ("pipe", "a named pipe"),
        ("link", "no such file"),
    ):
        done = nkqa("check", tmp_path / name, "--index", harbour)
        assert done.status == 3
        assert told in done.err


def test_an_id_of_the_index_is_an_id_also_where_a_file_has_its_name(
    nkqa: Any, harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles/harbour.md").write_text(FALSE)
    assert nkqa("check", "articles/harbour.md", "--index", harbour).out == (
        "The index holds this article.\n"
    )
    assert "Contradicted" in nkqa("check", "./articles/harbour.md", "--index", harbour).out
    (tmp_path / "harbour.md").write_text(FALSE)  # The end of that id, too.
    assert "Contradicted" in nkqa("check", "harbour.md", "--index", harbour).out
    neither = nkqa("check", "nothing.md", "--index", harbour)
    assert neither.status == 3
    assert "holds no passage or article" in neither.out
    assert "no file of this name" in neither.err


def test_a_sentence_is_compared_with_what_it_cites(nkqa: Any, harbour: Path, draft: Any) -> None:
    text = (
        "Some 300 dockers work there [articles/harbour.md#0-104]. A school has 450 pupils [1].\n"
        "Cod fell by 12 percent (articles/none.md#0-9).\n\n[1]: articles/bridge.md#0-40\n"
    )
    done = nkqa("check", draft(text), "--index", harbour, "--json")
    told = json.loads(done.out)
    assert [one["verdict"] for one in told["claims"]] == ["supported", "not found", "supported"]
    assert told["unknown"] == ["articles/none.md#0-9"]
    assert done.status == 3


def test_quotations_of_a_draft_are_checked_where_they_are_cited_or_found(
    nkqa: Any, harbour: Path, draft: Any
) -> None:
    good, bad = "Trains wait on both banks", "Trains wait on every bank"
    done = nkqa("check", draft(f"It says: “{good}”."), "--index", harbour)
    assert "1 of 1 quotations stand." in done.out
    assert done.status == 0
    done = nkqa("check", draft(f"It says: “{bad}”."), "--index", harbour)
    assert "0 of 1 quotations stand." in done.out
    assert "Trains wait on both banks" in done.out
    assert done.status == 3


def test_a_draft_that_is_empty_or_endless_is_refused(harbour: Path) -> None:
    with open_index(harbour) as index:
        for text, told in (
            ("", "empty"),
            ("a b. " * 50_000, "at most 200,000"),
            ("\ud800", "UTF-8"),
        ):
            with pytest.raises(InputError, match=told):
                index.check_draft(text)


def test_the_tool_gives_what_the_index_gives(harbour: Path) -> None:
    with open_index(harbour) as index:
        told = Toolbox(index).call("check_draft", {"text": FALSE})
        assert told == index.check_draft(FALSE)
        assert [one.verdict for one in told.claims] == ["contradicted"]
        assert not told.stands


def cases(name: str) -> list[tuple[str, dict[str, Any]]]:
    loaded = yaml.safe_load((REPLIES / f"{name}.yaml").read_text("utf-8"))
    return [(f"articles/{name}-{number}.md", case) for number, case in enumerate(loaded)]


@pytest.mark.parametrize(("half", "complete"), [("tuned", 5), ("set_aside", 5)])
def test_wrong_details_of_a_reply_are_found_in_the_passages_that_the_model_was_given(
    archive: Path, half: str, complete: int
) -> None:
    found = []
    with open_index(archive) as index:
        for doc_id, case in cases(half):
            sources = Sources()
            sources.add(index.ask(case["title"], 3).citations)
            ours = [one.number for one in sources if one.citation.doc_id == doc_id]
            cited = "".join(f"[{number}]" for number in ours)
            parts = [one.get("wrong", one["right"]).replace("[1]", cited) for one in case["reply"]]
            claims = check_reply(" ".join(parts), sources).claims
            flagged = [one.verdict in ("contradicted", "not found") for one in claims]
            wrong = ["wrong" in one for one in case["reply"]]
            pairs = list(zip(flagged, wrong, strict=True))
            found.append(pairs.count((True, True)))
            assert pairs.count((True, False)) <= 1
    assert found.count(4) >= complete, found
