"""The page as text: what it shows, what it says when there is nothing, and that it only shows."""

import asyncio
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.testclient import TestClient

from qa import LiveIndex
from qa.http.limits import Limits
from qa.http.pages import Pages
from qa.http.view import day, paragraphs
from qa.http.workers import Workers
from qa.output.links import article_link, web_address

_VOID = {"meta", "link", "input", "br", "img"}


class _Page(HTMLParser):
    """Every tag with its attributes, the text of the page, and what stands in each <mark>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.marked: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.marked[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _get(client: TestClient, path: str, status: int = 200) -> _Page:
    told = client.get(path)
    assert told.status_code == status, told.text
    page = _Page(told.text)
    assert page.open == []
    return page


def test_asking_shows_the_sentence_marked_with_who_said_it_and_when(client: TestClient) -> None:
    page = _get(client, "/?question=How+many+dockers+work+there%3F")
    assert "Some 300 dockers work there." in page.marked[0]
    for told in ("Coast Daily", "26 April 2019", "Harbour opens", "Why this passage"):
        assert told in page.text
    assert page.all("html")[0]["lang"] == "en"
    question = next(each for each in page.all("input") if each["name"] == "question")
    assert question["value"] == "How many dockers work there?"


def test_the_link_of_a_citation_opens_its_article_with_the_sentence_marked(
    client: TestClient,
) -> None:
    page = _get(client, "/?question=How+many+dockers+work+there%3F&k=1")
    link = next(each["href"] for each in page.all("a") if each.get("class") == "open")
    assert link is not None
    assert link.endswith("#passage")
    article = _get(client, link.removesuffix("#passage"))
    assert article.marked == page.marked
    assert [each["id"] for each in article.all("mark")] == ["passage"]
    assert "Ships from Busan" in article.text


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 200, "in plain language"),
        ("question=", 422, "There is no question yet"),
        ("question=+%20", 422, "There is no question yet"),
        ("question=x&source=Nobody", 422, "No article in this index is from a source like"),
        ("question=x&since=tomorrow", 422, "is not a date"),
        ("question=x&k=many", 422, "expected a number"),
        ("question=x&k=1000", 422, "expected 1 to 100"),
        ("question=pupils&until=1900", 200, "No passage passes these filters."),
        ("question=pupils&since=2019", 200, "articles left out because they tell no date"),
        ("question=pupils&since=&until=&source=", 200, "450"),
        (f"question={'x' * 9000}", 422, "at most 8,000"),
    ],
)
def test_every_state_is_told_in_place(
    client: TestClient, query: str, status: int, told: str
) -> None:
    page = _get(client, f"/?{query}", status)
    assert told in page.text
    assert any(each.get("name") == "question" for each in page.all("input"))
    alerts = [each for each in page.all("p") if each.get("role") == "alert"]
    assert len(alerts) == (status != 200)


def test_the_older_of_two_versions_links_to_the_newer(
    sync: Any, articles: Path, index: Path, client_of: Callable[..., TestClient]
) -> None:
    text = (
        "A ferry sank off Quellin on Monday night in a storm, and twelve people died, the coast"
        " guard said. Divers searched the wreck until dawn. The ferry had left with forty aboard."
    )
    for on, told in (("2024-02-01", text), ("2024-02-09", text.replace("twelve", "fifteen"))):
        (articles / f"ferry-{on}.md").write_text(f"---\ndate: {on}\n---\n{told}\n")
    sync(articles)
    with LiveIndex(index) as live:
        client = client_of(live)
        cited = client.get("/api/ask", params={"question": "ferry sank off Quellin"}).json()
        by_day = {one["published"]: one for one in cited["citations"]}
        newer = by_day["2024-02-09"]["rank"]
        assert by_day["2024-02-01"]["newer_version"] == newer
        assert by_day["2024-02-09"]["newer_version"] is None
        page = _get(client, "/?question=ferry+sank+off+Quellin")
    assert page.text.count("A newer version of this text is citation") == 1
    assert f"#citation-{newer}" in [each.get("href") for each in page.all("a")]


def test_that_nothing_is_close_is_said(client: TestClient) -> None:
    page = _get(client, "/?question=zzz+qqq")
    assert "Nothing here is close to the question in meaning." in page.text


def test_a_passage_that_is_not_close_among_others_is_told_and_pale(client: TestClient) -> None:
    page = _get(client, "/?question=How+many+dockers+work+there%3F&k=20")
    asked = {"question": "How many dockers work there?", "k": 20}
    close = [one["close"] for one in client.get("/api/ask", params=asked).json()["citations"]]
    assert close[0]
    assert close.count(False) > 0
    shown = [str(each["class"]) for each in page.all("li") if "citation" in str(each.get("class"))]
    assert ["far" not in each.split() for each in shown] == close
    assert page.text.count("Not close to the question") == close.count(False)
    assert "Nothing here is close" not in page.text


@pytest.mark.parametrize(
    ("answer", "unsure", "heading", "marked"),
    [
        ("300", False, "Answer", 1),
        ("300", True, "Perhaps", 1),
        ("no such words", False, "These articles do not seem to answer this", 0),
    ],
)
def test_the_answer_stands_above_the_citations_in_each_of_its_states(
    served: LiveIndex,
    index: Path,
    client_of: Callable[..., TestClient],
    scripted_judge: Callable[..., Any],
    answer: str,
    unsure: bool,
    heading: str,
    marked: int,
) -> None:
    question = "How many dockers work in Atlantis?"
    with LiveIndex(index, scripted_judge({question: answer}, unsure=unsure)) as live:
        page = _get(client_of(live), f"/?question={quote_plus(question)}")
    assert heading in page.text
    shown = [str(each["class"]).split() for each in page.all("li") if each.get("data-rank")]
    assert sum("far" not in each for each in shown) == marked
    if marked:
        assert "300 Coast Daily 26 April 2019 citation 1" in " ".join(page.text.split())
    assert ("Not found in the nearest passages: “Atlantis”." in page.text) == (heading != "Answer")


_TOLLS = {"04": "At least 7", "05": "At least 12", "06": "At least 30"}


def test_figures_of_several_times_are_a_list_and_a_timeline(
    sync: Any,
    tmp_path: Path,
    index: Path,
    client_of: Callable[..., TestClient],
    scripted_judge: Callable[..., Any],
) -> None:
    (folder := tmp_path / "tolls").mkdir()
    for day_, toll in _TOLLS.items():
        head = f"---\ntitle: Fire\nsource: Coast <Daily>\ndate: 2021-05-{day_}\n---\n"
        (folder / f"{day_}.md").write_text(f"{head}{toll} people were hurt in the fire.\n")
    sync(folder)
    question = "How many people were hurt in the fire?"
    judge = scripted_judge({question: re.compile(r"\d+")})
    with LiveIndex(index, judge) as live:
        page = _get(client_of(live), f"/?question={quote_plus(question)}&k=2")
    text = " ".join(page.text.split())
    assert "Over time: " in text
    assert all(f"{toll} Coast <Daily>, 2021-05-{day_}" in text for day_, toll in _TOLLS.items())
    assert [one["cx"] for one in page.all("circle")] == ["8.0", "160.0", "312.0"]
    (line,) = page.all("svg")
    assert line["aria-label"] == "Timeline from 4 May 2021 to 6 May 2021"
    # Two are cited on this page, and the third leads to its article.
    links = [str(each["href"]) for each in page.all("a")]
    assert links.count("#citation-1") == 2  # The short answer's and the list's.
    assert sum("/articles/" in link and "start=0" in link for link in links) >= 1


def test_passages_of_one_article_stand_together(
    sync: Any, tmp_path: Path, index: Path, client_of: Callable[..., TestClient]
) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    sentence = "The dockers of pier {} load timber, and the foreman counts every log by hand. "
    (folder / "long.txt").write_text("\n\n".join(sentence.format(n) * 8 for n in range(8)))
    (folder / "other.txt").write_text("Dockers rest on Sunday.")
    sync(folder)
    with LiveIndex(index) as live:
        page = _get(client_of(live), "/?question=dockers+timber&k=6")
    articles = [
        str(each["href"]).split("?")[0] for each in page.all("a") if each.get("class") == "open"
    ]
    assert len(articles) == 6
    assert [key for key, _ in itertools.groupby(articles)] == list(dict.fromkeys(articles))
    assert page.text.count("Also in this article") == 4


def test_what_an_address_says_in_vain_is_told(client: TestClient) -> None:
    page = _get(client, "/?q=pupils")
    assert "The address has q, which this page does not read" in page.text
    assert "does not read" not in _get(client, "/?question=pupils&k=3&token=x").text


def test_the_number_of_passages_is_kept_for_the_next_question(client: TestClient) -> None:
    page = _get(client, "/?question=pupils&k=7")
    assert next(each["value"] for each in page.all("input") if each["name"] == "k") == "7"


def test_the_id_of_a_passage_leads_to_its_place(client: TestClient) -> None:
    told = client.get("/articles/articles/school.txt%2310-20")
    assert told.status_code == 303
    assert told.headers["location"] == "/articles/articles/school.txt?start=10&end=20#passage"
    page = _get(client, "/articles/articles/school.txt%2310-99999", 404)
    assert "it has changed since" in page.text


def test_an_article_tells_that_its_file_changed_or_went(client: TestClient, articles: Path) -> None:
    address = "/articles/articles/school.txt"
    assert "The file" not in _get(client, address).text
    (articles / "school.txt").write_text("Other words.")
    assert "The file has changed since it was indexed" in _get(client, address).text
    (articles / "school.txt").unlink()
    assert "The file is gone" in _get(client, address).text


def test_a_file_that_changed_or_went_is_told(client: TestClient, articles: Path) -> None:
    (articles / "school.txt").write_text("Other words.")
    (articles / "deep" / "fish.txt").unlink()
    text = _get(client, "/?question=What+of+pupils+and+cod%3F&k=20").text
    assert "has changed since it was indexed" in text
    assert "is gone" in text


@pytest.mark.parametrize(
    ("papers", "summary"),
    [
        (("Post", "Echo"), "(Post|Echo)"),
        (("Post", "Echo", "Star"), "(Post|Echo|Star) and (Post|Echo|Star)"),
        (("Post", "Echo", "Star", "Sun"), "3 outlets"),
    ],
)
def test_copies_are_one_citation_that_names_the_others(
    client_of: Callable[..., TestClient],
    sync: Any,
    articles: Path,
    index: Path,
    papers: tuple[str, ...],
    summary: str,
) -> None:
    told = (
        "The ferry to Sokcho sails again after nine years, said the harbour master on Monday. " * 4
    )
    for paper in papers:
        (articles / f"{paper}.md").write_text(
            f"---\ntitle: Ferry\npublisher: {paper}\npublished: 2020\n---\n\n{told}"
        )
    sync(articles)
    with LiveIndex(index) as live:
        page = _get(
            client_of(live), "/?question=Does+the+ferry+to+Sokcho+sail+after+nine+years%3F&k=1"
        )
    assert re.search(f"Also in {summary}\n", page.text)
    assert set(papers) <= set(re.findall(r"\w+", page.text))


def test_the_same_question_with_more_passages_is_a_link(client: TestClient) -> None:
    page = _get(client, "/?question=What+happened%3F&k=2&source=wire")
    more = next(each["href"] for each in page.all("a") if "k=20" in str(each["href"]))
    assert more == "/?question=What+happened%3F&source=wire&k=20"


def test_several_publishers_of_an_address_are_asked_and_kept_in_the_form(
    client: TestClient,
) -> None:
    page = _get(client, "/?question=What+happened%3F&k=1&source=wire&source=+&source=coast")
    fields = [each["value"] for each in page.all("input") if each.get("name") == "source"]
    assert fields == ["wire", "coast"]
    more = next(each["href"] for each in page.all("a") if "k=20" in str(each["href"]))
    page = _get(client, str(more))
    assert "Coast Daily" in page.text
    assert "Forest Wire" in page.text
    assert "2 articles left out because they name no publisher." in page.text


def test_the_end_of_an_id_leads_to_its_article(client: TestClient) -> None:
    told = client.get("/articles/fish.txt")
    assert (told.status_code, told.headers["location"]) == (303, "/articles/articles/deep/fish.txt")
    assert client.get("/articles/fash.txt").status_code == 404


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("start=5&end=99999", "it has changed since"),
        ("start=9&end=3", "it has changed since"),
        ("start=-1&end=3", "it has changed since"),
        ("start=x&end=3", "it has changed since"),
        ("start=5", "the start of a place but no end"),
        ("end=5", "the end of a place but no start"),
        ("start=1&end=" + "9" * 5000, "it has changed since"),
    ],
)
def test_a_place_that_is_not_in_the_article_is_told_and_the_article_shown(
    client: TestClient, query: str, told: str
) -> None:
    page = _get(client, f"/articles/articles/school.txt?{query}")
    assert told in page.text
    assert "450 pupils" in page.text
    assert not page.marked


def test_an_article_that_is_not_there_is_told_on_a_page(client: TestClient) -> None:
    page = _get(client, "/articles/nothing", 404)
    assert "no article 'nothing'" in page.text


def test_a_newer_state_that_cannot_be_served_is_told(
    client: TestClient, sync: Any, articles: Path, index: Path
) -> None:
    (articles / "more.txt").write_text("A meteor fell.\n")
    new = sync().generation
    (index / new / "articles.sqlite").write_bytes(b"")
    page = _get(client, "/?question=pupils")
    assert "from the state before" in page.text
    assert str(index) not in page.text
    assert "articles.sqlite" in client.get("/api/status").json()["trouble"]


async def test_a_page_shows_one_generation_although_another_is_committed_meanwhile(
    served: LiveIndex, sync: Any, articles: Path
) -> None:
    workers = Workers(served, Limits(threads=1))
    pages = Pages(workers)
    scope = {"type": "http", "path": "/", "query_string": b"question=What+fell+in+the+sea%3F"}
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    # In the only thread, one after the other: what the page reads, the commit, and anything that
    # the page reads later.
    page, _ = await asyncio.gather(
        pages.ask(Request({**scope, "headers": []})), workers.run(lambda: sync())
    )
    assert b"meteor" not in page.body
    assert b"6 articles" in page.body
    after = await pages.ask(Request({**scope, "headers": []}))
    assert b"meteor" in after.body
    assert b"7 articles" in after.body


def test_a_page_reads_no_problems_for_it_shows_none(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "qa.store.local.record.Record.problems", lambda *_: pytest.fail("problems read")
    )
    assert "450" in _get(client, "/?question=pupils").text


def test_pages_stand_alone(client: TestClient) -> None:
    for path in ("/", "/?question=pupils", "/articles/articles/school.txt", "/docs", "/none"):
        page = _Page(client.get(path).text)
        assert not page.all("style")
        for attributes in page.all("script"):
            assert attributes["src"] == "/static/page.js"
        for name, attributes in page.tags:
            assert not [each for each in attributes if each.startswith("on") or each == "style"]
            if name in ("link", "script", "img", "form"):
                where = attributes.get("href") or attributes.get("src") or attributes.get("action")
                assert str(where).startswith("/")
                assert client.get(str(where)).status_code in (200, 404)
    for name in ("page.css", "page.js", "icon.svg"):
        text = client.get(f"/static/{name}").text
        assert "url(" not in text
        assert "@import" not in text
        assert "fetch(" not in text


def _refuse_harm(page: _Page) -> None:
    assert {attributes.get("src") for attributes in page.all("script")} == {"/static/page.js"}
    assert not page.all("img")
    assert not page.all("svg")
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src", "action"):
            address = urlsplit(urljoin("http://here/", attributes.get(name) or ""))
            assert address.scheme in ("http", "https")
            assert address.netloc == "here"
    assert len(page.all("html")) == len(page.all("title")) == len(page.all("main")) == 1


def test_nothing_that_articles_or_addresses_say_becomes_markup(
    client_of: Callable[..., TestClient], hostile: Path, payloads: tuple[str, ...]
) -> None:
    with LiveIndex(hostile) as live:
        client = client_of(live)
        page = _get(client, "/?question=seagulls&k=50")
        assert "<script>alert(1)</script>" in page.text
        _refuse_harm(page)
        links = [str(a["href"]) for a in page.all("a") if "/articles/" in str(a["href"])]
        assert len(links) > 10
        for link in links:
            _refuse_harm(_get(client, link.partition("#")[0]))
        for payload in payloads:
            for path in (
                f"/?question={quote(payload)}&since={quote(payload)}&source={quote(payload)}",
                f"/?question=seagulls&k={quote(payload)}",
                f"/articles/{quote(payload, safe='')}",
                f"/articles/copy-0?start={quote(payload)}&end=4",
                f"/{quote(payload, safe='')}",
            ):
                # The end of an id leads on to the article.
                _refuse_harm(_Page(client.get(path, follow_redirects=True).text))
        locked = client_of(live, token="t")
        for payload in payloads:
            _refuse_harm(_Page(locked.get(f"/{quote(payload, safe='')}?token=x").text))


@given(st.data())
def test_text_is_cut_into_paragraphs_and_nothing_of_it_lost(data: st.DataObject) -> None:
    text = data.draw(st.text("ab \n\t.", max_size=60))
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    made = paragraphs(text, spans)
    runs = [run for each in made for run in each]
    assert all(run.text for run in runs)
    assert _bare("".join(run.text for run in runs)) == _bare(text)
    marked = "".join(run.text for run in runs if run.marked)
    assert _bare(marked) == _bare("".join(text[slice(*span)] for span in spans))
    assert [run.first for run in runs if run.marked] == [
        i == 0 for i in range(sum(run.marked for run in runs))
    ]


def _bare(text: str) -> str:
    return "".join(text.split())


def test_only_addresses_of_the_web_become_links() -> None:
    for url in ("https://paper.example/a?b#c", "HTTP://paper.example"):
        assert web_address(url) == url
    for url in (None, "", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//x",
                "file:///etc/passwd", "http:", "http://[", " javascript:alert(1)"):  # fmt: skip
        assert web_address(url) is None


def test_dates_are_written_as_precisely_as_they_are_known() -> None:
    assert day("2019-04-26") == "26 April 2019"
    assert day("2019-04") == "April 2019"
    assert day("2019") == "2019"
    assert day(None) == "date unknown"


def test_the_address_of_an_article_survives_a_browser() -> None:
    assert article_link("a b/c#1.md", 3, 9) == "/articles/a%20b/c%231.md?start=3&end=9#passage"
    for doc_id in ("a/../b", "./a", "a?b", "a//b", "é", "100%"):
        link = article_link(doc_id)
        assert ".." not in link.split("/")
        assert not set("?# ") & set(link)
