"""The JSON routes: what the command line prints, and errors in one shape."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from qa import LiveIndex

_PUPILS = "How many pupils?"


def _schema(told: Any) -> str:
    return str(told.json()["schema"])


def test_an_answer_is_the_json_of_the_command_line(
    client: TestClient, nkqa: Any, index: Path
) -> None:
    told = client.get("/api/ask", params={"question": _PUPILS, "k": 2})
    assert told.status_code == 200
    assert told.headers["content-type"] == "application/json"
    printed = json.loads(nkqa("ask", _PUPILS, "-k", 2, "--index", index, "--json").out)
    served = told.json()
    del served["timings"], printed["timings"]
    assert served == printed


def test_an_article_and_the_status_are_the_json_of_the_command_line(
    client: TestClient, nkqa: Any, index: Path
) -> None:
    article = client.get("/api/articles/articles/school.txt")
    assert (
        article.text + "\n" == nkqa("show", "articles/school.txt", "--index", index, "--json").out
    )
    status = client.get("/api/status")
    assert status.text + "\n" == nkqa("status", "--index", index, "--json").out


def test_filters_count_and_are_told_when_they_cannot_be_meant(client: TestClient) -> None:
    asked = {"question": "What happened?", "source": "coast"}
    citations = client.get("/api/ask", params=asked).json()["citations"]
    assert {citation["source"] for citation in citations} == {"Coast Daily"}
    told = client.get("/api/ask", params={"question": "x", "since": "2019-13"})
    assert (told.status_code, _schema(told)) == (422, "nkqa.error/1")
    assert "2019-13" in told.json()["message"]
    told = client.get("/api/ask", params={"question": "x", "source": "Nobody"})
    assert "Coast Daily" in told.json()["message"]


@pytest.mark.parametrize("route", ["ask", "search"])
def test_a_blank_publisher_is_no_filter(client: TestClient, route: str) -> None:
    def passages(**filters: str) -> Any:
        told = client.get(f"/api/{route}", params={"question": "What happened?", **filters}).json()
        return told["citations" if route == "ask" else "hits"]

    assert passages(source="") == passages(source=" ") == passages()


def test_a_search_ranks_without_quotes(client: TestClient, served: LiveIndex) -> None:
    told = client.get("/api/search", params={"question": _PUPILS, "depth": 3}).json()
    assert told["schema"] == "nkqa.search/1"
    with served.current() as index:
        hits = index.search(_PUPILS, 3)
    assert [hit["passage_id"] for hit in told["hits"]] == [hit.passage_id for hit in hits]
    assert [hit["rank"] for hit in told["hits"]] == list(range(1, len(hits) + 1))


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("450 pupils", "verbatim"),
        ("Lessons  begin at eight", "typography"),
        ("460 pupils", "different"),
    ],
)
def test_a_quotation_is_checked_where_it_is_cited(
    client: TestClient, quote: str, verdict: str
) -> None:
    asked = {"passage_id": "articles/school.txt", "quote": quote}
    told = client.get("/api/verify", params=asked).json()
    assert (told["schema"], told["verdict"]) == ("nkqa.check/1", verdict)
    if verdict == "verbatim":
        article = client.get("/api/articles/articles/school.txt").json()
        assert article["text"][told["start"] : told["end"]] == quote


def test_without_a_quotation_it_is_told_whether_there_is_such_a_passage(client: TestClient) -> None:
    passage = client.get("/api/ask", params={"question": _PUPILS}).json()["citations"][0]
    asked = {"passage_id": passage["passage_id"]}
    assert client.get("/api/verify", params=asked).json()["verdict"] == "verbatim"
    assert client.get("/api/verify?passage_id=nothing").json()["verdict"] == "unknown"


def test_ids_with_slashes_signs_and_spaces_are_found(
    client_of: Callable[..., TestClient], sync: Any, tmp_path: Path, index: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    names = ["a#1-2", "b?x=1&y", "c d", "é/ü", "100%", "a/../b", "x//y", "q#", "+plus"]
    records = [{"_id": name, "text": f"Number {i} rang."} for i, name in enumerate(names)]
    (folder / "ids.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    sync(folder)
    with LiveIndex(index) as live:
        client = client_of(live)
        for citation in client.get("/api/ask?question=rang&k=50").json()["citations"]:
            doc_id = citation["doc_id"]
            told = client.get(f"/api/articles/{quote(doc_id, safe='')}")
            assert told.json()["doc_id"] == doc_id
            names.remove(doc_id)
    assert not names


@pytest.mark.parametrize(
    ("path", "status", "error", "found"),
    [
        ("/api/ask", 422, "UsageError", "question is missing"),
        ("/api/ask?question=", 422, "InputError", "empty"),
        ("/api/ask?question=x&k=0", 422, "UsageError", "k is 0; expected 1 to 100."),
        ("/api/ask?question=x&k=many", 422, "UsageError", "k is 'many'; expected a valid integer."),
        ("/api/ask?question=x&sicne=2019", 422, "UsageError", "sicne is no parameter"),
        ("/api/ask?question=x&since=2020&until=2019", 422, "UsageError", "after until"),
        (f"/api/ask?question={'x' * 60_000}", 422, "UsageError", "8000 characters"),
        (
            "/api/search?question=x&depth=100000",
            422,
            "UsageError",
            "expected less than or equal to",
        ),
        ("/api/articles/articles/school.txt%235-99999", 404, "ArticleMissing", "has changed since"),
        ("/api/ask?question=x&since=soon", 422, "UsageError", "3 days ago."),
        ("/api/ask?question=x&since=2019-13", 422, "UsageError", "month must be"),
        ("/api/articles/none", 404, "ArticleMissing", "none"),
        ("/api/verify", 422, "UsageError", "passage_id is missing"),
        ("/api/verify?passage_id=articles/school.txt&quote=...", 422, "InputError", "no word"),
        ("/api/nothing", 404, "NotFound", "/api/nothing"),
        ("/api/status?x=1", 422, "UsageError", "x is no parameter"),
    ],
)
def test_errors_have_one_shape_and_say_what_was_found(
    client: TestClient, path: str, status: int, error: str, found: str
) -> None:
    told = client.get(path)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/json"
    assert sorted(told.json()) == ["error", "message", "schema", "status"]
    assert (told.json()["status"], told.json()["error"]) == (status, error)
    assert found in told.json()["message"]
    assert len(told.text) < 1000


def test_other_methods_are_refused(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        told = client.request(method, "/api/ask?question=x")
        assert (told.status_code, _schema(told)) == (405, "nkqa.error/1")


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/api/status", "/api/ask?question=x", "/static/page.css", "/api/none"]
)
def test_head_is_answered_as_get_without_the_body(client: TestClient, path: str) -> None:
    got, told = client.get(path), client.head(path)
    assert told.status_code == got.status_code
    assert told.headers["content-type"] == got.headers["content-type"]
    assert told.content == b""


def test_the_id_of_a_passage_gives_the_article_with_its_place(client: TestClient) -> None:
    whole = client.get("/api/articles/articles/school.txt").json()
    assert (whole["file"], whole["start"], whole["end"]) == ("same", None, None)
    told = client.get("/api/articles/articles/school.txt%235-20").json()
    assert told == {**whole, "start": 5, "end": 20}


def test_the_description_has_a_schema_for_every_answer(client: TestClient) -> None:
    api = client.get("/openapi.json").json()
    assert sorted(api["paths"]) == [
        "/api/articles", "/api/articles/{doc_id}", "/api/ask", "/api/publishers", "/api/search",
        "/api/status", "/api/stories", "/api/stories/{story_id}", "/api/verify",
    ]  # fmt: skip
    for operations in api["paths"].values():
        for response in operations["get"]["responses"].values():
            name = response["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert api["components"]["schemas"][name]["properties"]["schema"]["const"]


def test_the_description_is_readable_without_anything_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    for path in ("/api/articles/{doc_id}", "/api/ask", "/api/verify", "cosine_sentence", "at most"):
        assert path in page.text or path.capitalize() in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text


def test_nothing_that_a_terminal_obeys_is_in_an_answer(
    client_of: Callable[..., TestClient], hostile: Path
) -> None:
    with LiveIndex(hostile) as live:
        client = client_of(live)
        for path in ("/api/ask?question=seagulls&k=50", "/?question=seagulls&k=50", "/api/status"):
            told = client.get(path).text
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u2066]", told)
