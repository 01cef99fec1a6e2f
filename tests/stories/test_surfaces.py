"""Stories on the command line, in Python, over HTTP and by the Model Context Protocol."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest
from mcp import Client
from starlette.testclient import TestClient

from qa import ArticleMissing, InputError, LiveIndex, UsageError, open_index
from qa.http.app import build_app
from qa.http.guard import hosts_of
from qa.mcp.server import mcp_server

_QUESTION = "What did the earthquake destroy?"
_MEMBERS = ["news/quake.md", "news/tremor.md", "news/rebuild.md"]


@pytest.fixture
def ready(sync: Any, news: Path, index: Path) -> Path:
    sync(news)
    return index


@pytest.fixture
def live(ready: Path) -> Iterator[LiveIndex]:
    with LiveIndex(ready) as opened:
        yield opened


def test_a_citation_says_in_which_other_outlets_its_story_stands(ready: Path, ask: Any) -> None:
    stories = {one.doc_id: one.story for one in ask(_QUESTION, k=10).citations}
    assert stories["news/tremor.md"].story_id == "news/quake.md"
    assert stories["news/tremor.md"].others == ("Coast Daily", "Forest Wire")
    assert stories["news/quake.md"].others == ("River Post", "Forest Wire")
    for name in ("aftermath", "late", "series-1", "series-2"):
        assert stories[f"news/{name}.md"] is None


def test_the_terminal_says_so_in_one_line_for_each_article(ready: Path, nkqa: Any) -> None:
    told = nkqa("ask", _QUESTION, "-k", 9, "--no-read", "--index", ready).out
    line = "also in 2 outlets: Coast Daily, Forest Wire; `nkqa story news/quake.md` shows all"
    assert told.count(line) == 1
    assert told.count("also in 2 outlets") == 3


def test_stories_are_listed_with_their_publishers_and_days(ready: Path, nkqa: Any) -> None:
    done = nkqa("stories", "--index", ready)
    assert done.status == 0
    assert "2019-04-27 to 2019-04-30  Earthquake destroys theatre in Petropavlovsk" in done.out
    assert "3 articles in 3 outlets: Coast Daily, River Post, Forest Wire" in done.out
    told = json.loads(nkqa("stories", "--index", ready, "--json").out)
    assert told["schema"] == "nkqa.stories/1"
    assert (told["total"], told["stories"][0]["articles"]) == (1, 3)


@pytest.mark.parametrize(
    "cited",
    ["news/quake.md", "news/rebuild.md", "news/tremor.md#0-20"],
    ids=["id", "of", "passage"],
)
def test_a_story_is_shown_oldest_first_by_the_id_of_any_article_of_it(
    ready: Path, nkqa: Any, cited: str
) -> None:
    told = json.loads(nkqa("story", cited, "--index", ready, "--json").out)
    assert told["schema"] == "nkqa.story/1"
    assert [one["doc_id"] for one in told["articles"]] == _MEMBERS
    shown = nkqa("story", cited, "--index", ready).out
    places = [shown.index(f"   {doc_id}") for doc_id in _MEMBERS]
    assert places == sorted(places)
    assert "3 articles in 3 outlets, 2019-04-27 to 2019-04-30." in shown


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["story", "news/quak.md"], 3, "Did you mean 'news/quake.md'"),
        (["story", "zzz"], 3, "no article 'zzz'"),
        (["story", "\udcff"], 3, "no article"),
        (["story", "x" * 100_000], 3, "no article"),
        (["story", "news/late.md"], 3, "no other publisher's article of the same days"),
        (["stories", "-n", "0"], 2, "1 to 1,000"),
        (["stories", "--order", "best"], 2, "newest, largest, publisher"),
        (["stories", "--since", "2019-13"], 2, "2019-13"),
        (["stories", "--since", "2020", "--until", "2019"], 2, "is after"),
        (["stories", "--source", "Nobody"], 3, "Coast Daily"),
    ],
)
def test_what_cannot_be_done_is_told(
    ready: Path, nkqa: Any, words: list[str], status: int, told: str
) -> None:
    done = nkqa(*words, "--index", ready)
    assert done.status == status
    assert told in done.err
    assert len(done.err) < 1000


def test_an_article_without_a_publisher_or_a_day_is_told_why_it_is_in_no_story(
    sync: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    with open_index(index) as opened:
        with pytest.raises(InputError, match="its publisher"):
            opened.story("articles/school.txt")
        with pytest.raises(InputError, match="its day"):
            opened.story("articles/bridge.md")


def test_an_index_without_stories_says_so(
    sync: Any, articles: Path, index: Path, nkqa: Any
) -> None:
    sync(articles)
    done = nkqa("stories", "--index", index)
    assert (done.status, done.err) == (0, "")
    assert "No stories" in done.out
    with open_index(index) as opened:
        assert opened.stories().stories == ()
        with pytest.raises(ArticleMissing, match="no article 'x'"):
            opened.story("x")
    sync(forget=[articles])
    assert "No stories" in nkqa("stories", "--index", index).out


def test_stories_are_in_the_order_asked_for(sync: Any, news: Path, index: Path) -> None:
    for name, source, day in (("a", "Zebra Times", "2019-05-03"), ("b", "Alpine", "2019-05-04")):
        (news / f"{name}.md").write_text(
            f"---\ntitle: Ferry sinks off Sokcho\npublisher: {source}\npublished: {day}\n---\n\n"
            "A ferry sank off Sokcho.\n"
        )
    sync(news)
    with open_index(index) as opened:

        def listed(**how: Any) -> list[str]:
            return [one.story_id for one in opened.stories(**how).stories]

        assert listed() == ["news/a.md", "news/quake.md"]
        assert listed(order="largest") == ["news/quake.md", "news/a.md"]
        assert listed(order="publisher") == ["news/quake.md", "news/a.md"]
        assert listed(n=1) == ["news/a.md"]
        assert opened.stories(1).total == 2
        assert listed(source="alpine") == ["news/a.md"]
        assert listed(until="2019-04-28") == ["news/quake.md"]
        with pytest.raises(UsageError, match="newest, largest, publisher"):
            opened.stories(order="best")  # type: ignore[arg-type]


def test_http_gives_the_json_of_the_command_line(ready: Path, live: LiveIndex, nkqa: Any) -> None:
    client = TestClient(
        build_app(live, hosts_of("127.0.0.1", ()), None), base_url="http://127.0.0.1:8765"
    )
    printed = nkqa("stories", "--order", "largest", "--index", ready, "--json").out
    assert client.get("/api/stories?order=largest").text + "\n" == printed
    printed = nkqa("story", "news/tremor.md", "--index", ready, "--json").out
    assert client.get("/api/stories/news/tremor.md").text + "\n" == printed
    assert client.get("/api/stories/news/none.md").status_code == 404
    assert client.get("/api/stories/news/late.md").status_code == 422
    for wrong in ("n=0", "order=best", "since=x", "news=1"):
        assert client.get(f"/api/stories?{wrong}").status_code == 422
    page = client.get("/", params={"question": _QUESTION, "k": 9}).text
    assert page.count("This story is also in 2 outlets: Coast Daily, Forest Wire") == 1


def test_an_assistant_gets_them_by_the_model_context_protocol(live: LiveIndex) -> None:
    async def run() -> Any:
        async with Client(mcp_server(live)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            results = {
                name: await client.call_tool(name, given)
                for name, given in {"stories": {"n": 5}, "story": {"id": "news/tremor.md"}}.items()
            }
            refused = await client.call_tool("story", {"id": "news/quak.md"})
            return tools, results, refused

    tools, results, refused = anyio.run(run)
    for name, result in results.items():
        assert not result.is_error
        jsonschema.validate(result.structured_content, tools[name].output_schema)
    assert results["stories"].structured_content["stories"][0]["story_id"] == "news/quake.md"
    told = results["story"].structured_content
    assert [one["doc_id"] for one in told["articles"]] == _MEMBERS
    assert refused.is_error
    assert "Did you mean 'news/quake.md'" in refused.content[0].text
