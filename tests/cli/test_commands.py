"""Every command as a person uses it: what it prints, where, and the status it ends with."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from qa.version import __version__

_QUESTION = "How many pupils?"


@pytest.fixture
def ready(nkqa: Any, articles: Path, index: Path) -> Path:
    """An index that `nkqa index` made."""
    assert nkqa("index", articles, "--index", index, "--model", "hashed").status == 0
    return index


def test_index_says_what_it_did(nkqa: Any, articles: Path, index: Path) -> None:
    done = nkqa("index", articles, "--index", index, "--model", "hashed")
    assert done.status == 0
    assert done.out.startswith("Indexed: 6 added, 0 updated, 0 removed, 0 unchanged.")
    assert "6 articles, 6 passages, 16 sentences" in done.out
    assert str(index) in done.out
    assert done.err == ""


def test_an_unchanged_index_says_so(nkqa: Any, ready: Path) -> None:
    done = nkqa("index", "--index", ready)
    assert "nothing to do, all unchanged" in done.out
    assert "0 sentences embedded" in done.out


def test_ask_shows_quote_source_date_place(nkqa: Any, ready: Path, articles: Path) -> None:
    done = nkqa("ask", "How many dockers work there?", "-k", 1, "--index", ready)
    assert done.status == 0
    assert "1. Coast Daily, 2019-04-26, Harbour opens" in done.out
    assert "Some 300 dockers work there." in " ".join(done.out.split())
    assert re.search(
        rf"   articles/harbour\.md#\d+-\d+  {re.escape(str(articles / 'harbour.md'))}\n", done.out
    )
    assert done.err == ""


def test_ask_explains_itself(nkqa: Any, ready: Path) -> None:
    done = nkqa("ask", "How many dockers work there?", "-k", 1, "--explain", "--index", ready)
    assert "why:" in done.out
    assert "“dockers”" in done.out
    assert "front matter" in done.out


def test_timings_go_to_stderr(nkqa: Any, ready: Path) -> None:
    done = nkqa("ask", _QUESTION, "--timings", "--index", ready)
    assert re.search(r"search \d+\.\d+ s", done.err)
    assert "search" not in done.out


def test_a_filter_that_leaves_nothing_is_said(nkqa: Any, ready: Path) -> None:
    done = nkqa("ask", _QUESTION, "--since", "2030", "--index", ready)
    assert done.status == 0
    assert done.out.splitlines() == [
        "No passage passes these filters.",
        "3 articles left out because they tell no date.",
    ]


def test_articles_that_name_no_publisher_are_counted_where_one_is_asked_for(
    nkqa: Any, ready: Path
) -> None:
    done = nkqa("ask", _QUESTION, "--source", "coast", "--source", "river", "--index", ready)
    assert done.status == 0
    assert "2 articles left out because they name no publisher.\n" in done.out
    assert "River Post" in done.out


def test_a_cited_passage_can_be_shown_in_its_article(nkqa: Any, ready: Path) -> None:
    (cited, *_) = _json(nkqa("ask", "dockers", "--json", "--index", ready))["citations"]
    done = nkqa("show", cited["passage_id"], "--index", ready)
    assert (done.status, done.err) == (0, "")
    assert f"**{cited['quote']}**" in done.out
    assert "Coast Daily" in done.out
    told = json.loads(nkqa("show", cited["doc_id"], "--json", "--index", ready).out)
    assert told["schema"] == "nkqa.article/1"
    assert told["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert nkqa("show", "nothing", "--index", ready).status == 3
    told = json.loads(nkqa("show", cited["passage_id"], "--json", "--index", ready).out)
    assert (told["start"], told["end"]) == (cited["start"], cited["end"])
    beyond = nkqa("show", f"{cited['doc_id']}#5-99999", "--index", ready)
    assert (beyond.status, beyond.out) == (3, "")
    assert "the characters 5 to 99,999" in beyond.err


def test_an_id_that_is_not_in_the_index_is_told_with_the_index(nkqa: Any, ready: Path) -> None:
    shown = nkqa("show", "seeds/nothing.md", "--index", ready)
    assert shown.status == 3
    assert "This index has no article 'seeds/nothing.md'" in shown.err
    assert f"the index at {ready}." in shown.err
    for words in (["seeds/nothing.md"], ["seeds/nothing.md#1-2", "some words"]):
        checked = nkqa("check", *words, "--index", ready)
        assert checked.status == 3
        assert "holds no passage or article" in checked.out
        assert f"The index is {ready}; --index chooses another." in checked.err


def test_a_passage_that_is_not_close_is_not_marked_as_answering(nkqa: Any, ready: Path) -> None:
    asked = ("ask", "How many dockers work there?", "-k", 20, "--no-read", "--index", ready)
    close = [one["close"] for one in _json(nkqa(*asked, "--json"))["citations"]]
    told = nkqa(*asked).out.strip().split("\n\n")
    assert ["**" in each for each in told] == close
    assert ["not close to the question" not in each for each in told] == close
    assert len(set(close)) == 2


def test_a_whole_article_tells_that_its_file_has_changed_or_is_gone(
    nkqa: Any, ready: Path, articles: Path
) -> None:
    asked = ("show", "articles/harbour.md", "--index", ready)
    file = articles / "harbour.md"
    assert "note:" not in nkqa(*asked).out
    file.write_text("Other words.")
    assert "has changed since it was indexed" in nkqa(*asked).out
    file.unlink()
    assert "is gone" in nkqa(*asked).out
    assert json.loads(nkqa(*asked, "--json").out)["file"] == "gone"


def test_a_citation_tells_that_its_file_has_changed_or_is_gone(
    nkqa: Any, ready: Path, articles: Path
) -> None:
    asked = ("ask", "dockers", "-k", 1, "--json", "--index", ready)

    def state() -> str:
        return str(_json(nkqa(*asked))["citations"][0]["file"])

    file = articles / "harbour.md"
    assert state() == "same"
    file.touch()
    assert state() == "same"
    file.write_text(file.read_text().replace("300", "400"))
    assert state() == "changed"
    file.unlink()
    assert state() == "gone"
    assert "is gone" in nkqa("ask", "dockers", "-k", 1, "--index", ready).out


def test_a_question_needs_no_quotation_marks(nkqa: Any, ready: Path) -> None:
    one = _json(nkqa("ask", "how", "many", "dockers", "--json", "--index", ready))
    assert one["question"] == "how many dockers"


def test_list_shows_articles_and_publishers(nkqa: Any, ready: Path) -> None:
    done = nkqa("list", "-n", 2, "--skip", 1, "--index", ready)
    assert done.status == 0
    assert done.out.splitlines() == [
        "2019-04     River Post, Bridge closed  articles/bridge.md",
        "2018-12-03  Forest Wire, Timber  wire-1",
    ]
    assert done.err == "2 to 3 of 6 articles; -n and --skip choose others.\n"
    done = nkqa(
        "list", "--since", "2019", "--source", "coast", "--source", "wire", "--index", ready
    )
    assert done.out == "2019-04-26  Coast Daily, Harbour opens  articles/harbour.md\n"
    assert done.err.splitlines() == [
        "3 articles left out because they tell no date.",
        "2 articles left out because they name no publisher.",
    ]
    done = nkqa("list", "--publishers", "--index", ready)
    assert done.out.splitlines() == [
        "2  Forest Wire", "2  publisher unknown", "1  Coast Daily", "1  River Post",
    ]  # fmt: skip
    assert nkqa("list", "--until", "2001", "--index", ready).err.startswith("No article passes")
    assert nkqa("list", "-n", "-1", "--index", ready).status == 2


def test_status_tells_what_the_index_holds(nkqa: Any, ready: Path, articles: Path) -> None:
    done = nkqa("status", "--index", ready)
    assert done.status == 0
    for words in (str(ready), str(articles), "6 from 3 sources", "hashed", "gen-000001"):
        assert words in done.out


def test_verify_repair_and_rollback_say_what_they_did(nkqa: Any, ready: Path) -> None:
    done = nkqa("verify", "--index", ready)
    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(
        r"gen-000001-\w+: \d+ files and 6 passages checked, faults: 0\.\n", done.out
    )
    done = nkqa("repair", "--index", ready)
    assert re.fullmatch(r"Repaired: gen-000002-\w+ is current\.\n", done.out)
    done = nkqa("rollback", "--index", ready)
    assert re.fullmatch(r"gen-000001-\w+ is current, gen-000002-\w+ was left\.\n", done.out)


def test_verify_of_a_damaged_index_lists_faults_and_ends_with_4(nkqa: Any, ready: Path) -> None:
    (file,) = ready.glob("gen-*/passages.faiss")
    file.write_bytes(b"")
    done = nkqa("verify", "--index", ready)
    assert done.status == 4
    assert str(file) in done.out
    assert "faults: 1." in done.out
    told = nkqa("verify", "--json", "--index", ready)
    assert told.status == 4
    assert len(json.loads(told.out)["faults"]) == 1


def test_version_and_help(nkqa: Any) -> None:
    assert nkqa("--version").out == f"nkqa {__version__}\n"
    for words in ([], ["ask"], ["index"], ["status"], ["verify"], ["repair"], ["rollback"]):
        done = nkqa(*words, "--help")
        assert done.status == 0
        assert "Usage" in done.out


def _json(done: Any) -> dict[str, Any]:
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert next(iter(told)) == "schema"
    return dict(told)


def test_each_command_has_json_of_its_own_schema(nkqa: Any, articles: Path, index: Path) -> None:
    told = _json(nkqa("index", articles, "--index", index, "--model", "hashed", "--json"))
    assert told["schema"] == "nkqa.index/1"
    assert told["documents"] == 6
    assert told["problems"] == []
    for name, some in {
        "status": {"model": "hashed", "documents": 6},
        "verify": {"faults": [], "passages": 6},
        "repair": {"path": str(index)},
        "rollback": {"path": str(index)},
    }.items():
        told = _json(nkqa(name, "--index", index, "--json"))
        assert told["schema"] == f"nkqa.{name}/1"
        assert some.items() <= told.items()
        assert told["generation"].startswith("gen-")


def test_the_json_of_an_answer_can_be_checked_against_the_article(nkqa: Any, ready: Path) -> None:
    import hashlib

    from qa import open_index

    told = _json(nkqa("ask", "How many dockers work there?", "--json", "--index", ready))
    assert set(told) == {
        "schema", "question", "verdict", "probability", "answer", "missing", "values", "relation",
        "timeline", "citations", "undated", "sourceless", "generation", "timings",
    }  # fmt: skip
    assert told["question"] == "How many dockers work there?"
    assert [citation["rank"] for citation in told["citations"]] == [1, 2, 3, 4, 5]
    with open_index(ready) as opened:
        for one in told["citations"]:
            assert {
                "rank", "doc_id", "passage_id", "title", "source", "author", "published", "url",
                "path", "start", "end", "quote", "highlights", "scores", "sha256", "also_in",
            } <= set(one)  # fmt: skip
            text = opened.article(one["doc_id"]).text
            assert text[one["start"] : one["end"]] == one["quote"]
            assert hashlib.sha256(one["quote"].encode()).hexdigest() == one["sha256"]
            assert one["highlights"]
            for mark in one["highlights"]:
                assert text[mark["start"] : mark["end"]] == mark["text"]
                assert mark["text"] in one["quote"]
    first = told["citations"][0]
    assert first["highlights"][0]["text"] == "Some 300 dockers work there."
    assert first["published_from"] == "front matter"


def test_the_older_of_two_versions_says_where_the_newer_is(
    nkqa: Any, articles: Path, index: Path, sync: Any
) -> None:
    text = (
        "A ferry sank off Quellin on Monday night in a storm, and {} people died, the guard said."
        " Divers searched the wreck until dawn. The ferry had left with forty aboard."
    )
    for day, count in (("2024-02-01", "twelve"), ("2024-02-09", "fifteen")):
        (articles / f"ferry-{day}.md").write_text(f"---\ndate: {day}\n---\n{text.format(count)}\n")
    sync(articles)
    shown = nkqa("ask", "Who died off Quellin?", "--no-read", "--index", index).out
    told = [line.strip() for line in shown.split("\n") if "newer version" in line]
    newer = next(line for line in shown.split("\n") if "2024-02-09" in line)[0]
    assert told == [f"note: a newer version of this text is citation {newer}"]


def test_problems_are_listed_and_the_rest_is_indexed(
    nkqa: Any, articles: Path, index: Path
) -> None:
    (articles / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (articles / "empty.md").write_bytes(b"")
    (articles / "picture.png").write_bytes(b"\x89PNG")
    done = nkqa("index", articles, "--index", index, "--model", "hashed")
    assert done.status == 3
    assert "6 added" in done.out
    assert "2 problems:" in done.err
    for name in ("binary.txt", "empty.md"):
        assert re.search(rf"{name}: \w+", done.err)
    assert "Skipped 1 file not read as articles: .png." in done.err
    assert nkqa("ask", _QUESTION, "--index", index).status == 0
    again = nkqa("index", "--index", index)
    assert again.status == 3
    assert "binary.txt" in again.err
    assert "binary.txt" in nkqa("status", "--index", index).out
    told = json.loads(nkqa("index", "--index", index, "--json").out)
    assert sorted(problem["kind"] for problem in told["problems"]) == [
        "skipped",
        "unread",
        "unread",
    ]


def test_files_of_other_kinds_alone_are_no_failure(nkqa: Any, articles: Path, index: Path) -> None:
    (articles / "picture.png").write_bytes(b"\x89PNG")
    assert nkqa("index", articles, "--index", index, "--model", "hashed").status == 0


def test_an_unreadable_file_is_a_problem(
    nkqa_process: Any, articles: Path, index: Path, as_plain_user: Any
) -> None:
    (articles / "locked.txt").write_text("Behind a lock.")
    (articles / "locked.txt").chmod(0)
    done = nkqa_process(
        "index", articles, "--index", index, "--model", "hashed", preexec_fn=as_plain_user
    )
    assert done.status == 3
    assert "locked.txt: cannot be read: permission denied" in done.err
    assert "6 added" in done.out


def test_latin_1_text_is_read(nkqa: Any, tmp_path: Path, index: Path) -> None:
    text = "Der Präsident fährt über die Brücke. Die Züge fahren weiter, sagte er in München."
    (tmp_path / "german.txt").write_bytes(text.encode("latin-1"))
    assert nkqa("index", "german.txt", "--index", index, "--model", "hashed").status == 0
    told = json.loads(nkqa("ask", "Wer fährt?", "--index", index, "--json").out)
    assert told["citations"][0]["quote"] == text


def test_an_encrypted_pdf_is_a_problem(nkqa: Any, articles: Path, index: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(articles / "closed.pdf")
    done = nkqa("index", articles, "--index", index, "--model", "hashed")
    assert done.status == 3
    assert re.search(r"closed\.pdf: .*(password|encrypted)", done.err)
    assert "6 added" in done.out


@pytest.mark.parametrize(
    "size", [3_000_000, pytest.param(20_000_000, marks=pytest.mark.slow)], ids=["3 MB", "20 MB"]
)
def test_a_line_of_many_megabytes_is_indexed_or_told(
    nkqa: Any, articles: Path, index: Path, size: int
) -> None:
    (articles / "long.txt").write_text("ferry boat " * (size // 11))
    done = nkqa("index", articles, "--index", index, "--model", "hashed")
    assert done.status in (0, 3)
    assert nkqa("ask", _QUESTION, "--index", index).status == 0
    if done.status == 3:
        assert "long.txt" in done.err
    else:
        assert "7 added" in done.out


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["index", "nowhere", "--model", "hashed"], 3, "does not exist"),
        (["index", "nothing", "--model", "hashed"], 3, "no article"),
        (["index", "--model", "hashed"], 3, "nkqa index PATH"),
        (["index", "articles", "--model", "no-such-model"], 5, "no-such-model"),
        (["index", "articles", "--model", "no-such-model"], 5, "'static'"),
        (["index", "articles", "--model", "nothing"], 5, "safetensors"),
        (["ask", "", "--index", "ready"], 3, "question is empty"),
        (["ask", " \n\t ", "--index", "ready"], 3, "question is empty"),
        (["ask", "why " * 25_000, "--index", "ready"], 3, "100,000 characters"),
        (["ask", _QUESTION, "-k", "0", "--index", "ready"], 2, "k is 0"),
        (["ask", _QUESTION, "-k", "-1", "--index", "ready"], 2, "-1"),
        (["ask", _QUESTION, "-k", "101", "--index", "ready"], 2, "101"),
        (["ask", _QUESTION, "-k", "many", "--index", "ready"], 2, "-k"),
        (["ask", _QUESTION, "--colour", "--index", "ready"], 2, "--colour"),
        (["ask"], 2, "question"),
        (["answer", _QUESTION], 2, "answer"),
        (["ask", _QUESTION, "--since", "tomorrow", "--index", "ready"], 2, "tomorrow"),
        (["ask", _QUESTION, "--since", "2020", "--until", "2019", "--index", "ready"], 2, "after"),
        (["ask", _QUESTION, "--source", "Moon", "--index", "ready"], 3, "Coast Daily"),
        (["list", "--source", "Coost", "--index", "ready"], 3, "Did you mean 'Coast Daily'?"),
        (["list", "--until", "04/05/2019", "--index", "ready"], 2, "2019-05-04"),
        (["show", "fash.txt", "--index", "ready"], 3, "'articles/deep/fish.txt'"),
        (["ask", _QUESTION, "--index", "nowhere"], 4, "nkqa index PATH"),
        (["ask", _QUESTION, "--index", "nothing"], 4, "nkqa index PATH"),
        (["ask", _QUESTION, "--index", "articles/school.txt"], 4, "school.txt"),
        (["status", "--index", "nowhere"], 4, "nowhere"),
        (["verify", "--index", "nowhere"], 4, "nowhere"),
        (["repair", "--index", "nowhere"], 4, "nowhere"),
        (["rollback", "--index", "nowhere"], 4, "nowhere"),
        (["rollback", "--index", "ready"], 4, "no other generation"),
        (["index", "--forget", "nowhere", "--index", "ready"], 3, "nowhere"),
        (["index", "articles", "--index", "ready", "--model", "all-MiniLM-L6-v2"], 4, "hashed"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else None,
)
def test_a_mistake_is_told_in_one_line_with_its_status(
    nkqa: Any, articles: Path, tmp_path: Path, words: list[str], status: int, told: str
) -> None:
    (tmp_path / "nothing").mkdir()
    if "ready" in words:
        nkqa("index", articles, "--index", "ready", "--model", "hashed")
    before = sorted(tmp_path.iterdir())
    done = nkqa(*words)
    assert done.status == status, done.err
    assert told in done.err
    assert done.err.startswith("nkqa: ")
    assert "Traceback" not in done.err
    assert done.out == ""
    assert sorted(tmp_path.iterdir()) == before  # Nothing is left behind, no empty index either.


def test_a_question_that_is_not_utf8_is_no_crash(nkqa_process: Any, ready: Path) -> None:
    done = nkqa_process("ask", "How many p\udcffpils?", "--index", ready)
    assert "Traceback" not in done.err
    assert done.status in (0, 2, 3)


@pytest.mark.parametrize(
    "question", ["?", "...", "the of and", "😀", "' OR 1=1 --", "a:b AND (c", "\x00"]
)
def test_an_odd_question_is_answered_or_refused(nkqa: Any, ready: Path, question: str) -> None:
    done = nkqa("ask", question, "--index", ready)
    assert done.status in (0, 3)
    assert "Traceback" not in done.err


def test_the_longest_question_is_answered(nkqa: Any, ready: Path) -> None:
    assert nkqa("ask", ("pupils " * 2000)[:8000], "--index", ready).status == 0


def test_a_folder_name_with_brackets_is_shown_as_it_is(
    nkqa: Any, articles: Path, tmp_path: Path
) -> None:
    place = tmp_path / "news [bold]2019[red]"
    done = nkqa("index", articles, "--index", place, "--model", "hashed")
    assert "news [bold]2019[red]" in done.out
    assert "news [bold]2019[red]" in nkqa("status", "--index", place).out


# Which index is meant


def test_the_nearest_nkqa_folder_upwards_is_used(
    nkqa: Any, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = nkqa("index", articles, "--model", "hashed")
    assert str(tmp_path / ".nkqa") in done.out
    monkeypatch.chdir(articles / "deep")
    assert json.loads(nkqa("status", "--json").out)["path"] == str(tmp_path / ".nkqa")
    assert "450 pupils" in nkqa("ask", _QUESTION).out
    assert "nothing to do" in nkqa("index").out
    assert not (articles / "deep" / ".nkqa").exists()


def test_the_environment_comes_before_the_nearest_folder_and_the_option_first(
    nkqa: Any, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, kept in {".nkqa": "harbour.md", "named": "bridge.md", "given": "school.txt"}.items():
        nkqa("index", articles / kept, "--index", tmp_path / name, "--model", "hashed")

    def asked(*words: object) -> str:
        told = json.loads(nkqa("ask", "What happened?", "--json", *words).out)
        return Path(told["citations"][0]["path"]).name

    assert asked() == "harbour.md"
    monkeypatch.setenv("NKQA_INDEX", str(tmp_path / "named"))
    assert asked() == "bridge.md"
    assert asked("--index", tmp_path / "given") == "school.txt"
    monkeypatch.setenv("NKQA_INDEX", str(tmp_path / "missing"))
    assert nkqa("ask", _QUESTION).status == 4
    monkeypatch.setenv("NKQA_INDEX", "")
    assert asked() == "harbour.md"


def test_an_identical_passage_is_shown_once_with_its_other_places(
    nkqa: Any, articles: Path, index: Path
) -> None:
    (articles / "copy.txt").write_text((articles / "school.txt").read_text())
    nkqa("index", articles, "--index", index, "--model", "hashed")
    told = json.loads(nkqa("ask", _QUESTION, "-k", 50, "--index", index, "--json").out)
    places = [c["doc_id"] for c in told["citations"]]
    assert "articles/copy.txt" in places
    assert "articles/school.txt" not in places
    assert [p["doc_id"] for p in told["citations"][0]["also_in"]] == ["articles/school.txt"]
