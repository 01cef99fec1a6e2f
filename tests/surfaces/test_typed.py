"""What people type is understood alike on the command line, in Python, over HTTP and over MCP."""

import dataclasses
import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import pytest
from mcp import Client
from starlette.testclient import TestClient

from embeddings.hashed import HashedEncoder
from qa import Error, LiveIndex, build_index
from qa.assistant import Sources, Toolbox
from qa.http.app import build_app
from qa.http.guard import hosts_of
from qa.mcp.server import mcp_server

_TODAY = datetime.date.today()
_ARTICLES: dict[str, dict[str, str]] = {
    "munich/strike/0411.md": {"source": "Süddeutsche Zeitung", "date": str(_TODAY)},
    "paris/strike/0411.md": {"source": "Le Monde", "date": "2019-04-26"},
    "paris/strike/0412.md": {"source": "Le Monde", "date": "2019-04"},
    "web/0500.md": {"source": "Yahoo! News", "date": "2018-12-03"},
    "wire/0600.md": {"source": "Yahoo! News"},
    "loose/0700.md": {"date": "2019-04-30"},
    "loose/0800.md": {},
}


class Refused(Exception):
    """A call that a surface refused, with its message."""


@dataclasses.dataclass(frozen=True)
class Surface:
    """The calls of one surface; each returns its JSON or raises `Refused`."""

    ask: Callable[..., dict[str, Any]]
    articles: Callable[..., dict[str, Any]]
    publishers: Callable[..., dict[str, Any]]
    article: Callable[[str], dict[str, Any]]
    check: Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def strikes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the articles above."""
    home = tmp_path_factory.mktemp("strikes")
    lines = [
        {"_id": doc_id, "title": f"About {doc_id}", "text": f"The strike of {doc_id} ended."}
        | facts
        for doc_id, facts in _ARTICLES.items()
    ]
    (home / "all.jsonl").write_text("\n".join(map(json.dumps, lines)))
    build_index([home / "all.jsonl"], home / "index", encoder=HashedEncoder())
    return home / "index"


@pytest.fixture(scope="module")
def live(strikes: Path) -> Iterator[LiveIndex]:
    with LiveIndex(strikes) as opened:
        yield opened


def _python(live: LiveIndex) -> Surface:
    def call(name: str) -> Callable[..., dict[str, Any]]:
        def run(*words: Any, **named: Any) -> dict[str, Any]:
            with live.current() as index:
                try:
                    return dataclasses.asdict(getattr(index, name)(*words, **named))
                except Error as error:
                    raise Refused(str(error)) from error

        return run

    return Surface(*map(call, ("ask", "articles", "publishers", "article", "check_quote")))


def _command_line(nkqa: Any, path: Path) -> Surface:
    def call(*command: str) -> Callable[..., dict[str, Any]]:
        def run(*words: Any, **named: Any) -> dict[str, Any]:
            options: list[Any] = []
            for name, value in named.items():
                dash = "-" if len(name) == 1 else "--"
                for each in [value] if isinstance(value, str | int) else value:
                    options += [f"{dash}{name}", each]
            done = nkqa(*command, *words, *options, "--index", path, "--json")
            assert "Traceback" not in done.err
            if not done.out:
                assert done.err.startswith("nkqa: ")
                assert done.err.count("\n") == 1
                raise Refused(done.err)
            return dict(json.loads(done.out))

        return run

    return Surface(
        call("ask"), call("list"), call("list", "--publishers"), call("show"), call("check")
    )


def _http(live: LiveIndex) -> Surface:
    client = TestClient(build_app(live, hosts_of("127.0.0.1", ())), "http://127.0.0.1:8765")

    def get(path: str, **parameters: Any) -> dict[str, Any]:
        told = client.get(path, params=parameters).json()
        if told["schema"] == "nkqa.error/1":
            raise Refused(told["message"])
        return dict(told)

    return Surface(
        lambda question, **named: get("/api/ask", question=question, **named),
        lambda **named: get("/api/articles", **named),
        lambda **named: get("/api/publishers", **named),
        lambda doc_id: get(f"/api/articles/{quote(doc_id, safe='')}"),
        lambda cited, said: get("/api/verify", passage_id=cited, quote=said),
    )


def _protocol(live: LiveIndex) -> Surface:
    def tool(name: str, **arguments: Any) -> dict[str, Any]:
        async def run() -> Any:
            async with Client(mcp_server(live)) as client:
                return await client.call_tool(name, arguments)

        result = anyio.run(run)
        if result.is_error:
            raise Refused(result.content[0].text)
        return dict(result.structured_content)

    return Surface(
        lambda question, **named: tool("ask", question=question, **named),
        lambda **named: tool("list", **named),
        lambda **named: tool("publishers", **named),
        lambda doc_id: tool("fetch", id=doc_id),
        lambda cited, said: tool("verify", id=cited, quotation=said),
    )


@pytest.fixture(params=["python", "command line", "http", "mcp"])
def surface(request: pytest.FixtureRequest, live: LiveIndex, strikes: Path, nkqa: Any) -> Surface:
    make: dict[str, Callable[[], Surface]] = {
        "python": lambda: _python(live),
        "command line": lambda: _command_line(nkqa, strikes),
        "http": lambda: _http(live),
        "mcp": lambda: _protocol(live),
    }
    return make[request.param]()


def _cited(answer: dict[str, Any]) -> set[str]:
    return {str(one["doc_id"]) for one in answer["citations"]}


def _of(*sources: str) -> set[str]:
    return {doc_id for doc_id, facts in _ARTICLES.items() if facts.get("source") in sources}


def test_a_publisher_is_found_as_it_is_typed(surface: Surface) -> None:
    for typed in ("Suddeutsche", "sueddeutsche zeitung", "SU\u0308DDEUTSCHE"):
        assert _cited(surface.ask("strike", source=typed, k=50)) == _of("Süddeutsche Zeitung")
    for typed in ("yahoo", "Yahoo News", "yahoo!"):
        assert _cited(surface.ask("strike", source=typed, k=50)) == _of("Yahoo! News")


def test_one_of_several_publishers_is_enough(surface: Surface) -> None:
    answer = surface.ask("strike", source=["le monde", "yahoo", ""], k=50)
    assert _cited(answer) == _of("Le Monde", "Yahoo! News")
    listed = surface.articles(source=["le monde", "yahoo"])
    assert {one["source"] for one in listed["articles"]} == {"Le Monde", "Yahoo! News"}
    assert surface.publishers(source=["monde", "yahoo"])["total"] == 4


def test_an_unknown_publisher_is_refused_with_the_nearest(surface: Surface) -> None:
    for call in (lambda **named: surface.ask("strike", **named), surface.articles,
                 surface.publishers):  # fmt: skip
        with pytest.raises(Refused, match="Did you mean 'Süddeutsche Zeitung'"):
            call(source=["yahoo", "Sudeutsche"])


def test_articles_that_filters_cannot_place_are_counted(surface: Surface) -> None:
    filters = {"since": "2019", "source": "monde"}
    for told in (surface.ask("strike", k=50, **filters), surface.articles(**filters),
                 surface.publishers(**filters)):  # fmt: skip
        # That of Yahoo! tells no date and is of another publisher.
        assert (told["undated"], told["sourceless"]) == (1, 2)
    told = surface.ask("strike")
    assert (told["undated"], told["sourceless"]) == (0, 0)


def test_a_chat_is_told_what_filters_cannot_place(live: LiveIndex) -> None:
    asked = {"question": "strike", "since": "2019", "source": ["monde", "yahoo"]}
    told = Sources().tell(Toolbox(live).call("ask", asked))
    assert "2 articles left out because they tell no date." in told
    assert "2 articles left out because they name no publisher." in told


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"since": "3 days ago"}, ["munich/strike/0411.md"]),
        ({"since": "last year"}, ["munich/strike/0411.md"]),
        ({"since": "May 2019", "until": "3 days ago"}, []),
        ({"since": "26/04/2019", "until": "last year"},
         ["loose/0700.md", "paris/strike/0411.md", "paris/strike/0412.md"]),
        ({"since": "2019-04", "until": "April 2019"},
         ["loose/0700.md", "paris/strike/0411.md", "paris/strike/0412.md"]),
        ({"until": "2018"}, ["web/0500.md"]),
    ],
    ids=str,
)  # fmt: skip
def test_dates_are_read_as_they_are_typed(
    surface: Surface, filters: dict[str, str], expected: list[str]
) -> None:
    assert [one["doc_id"] for one in surface.articles(**filters)["articles"]] == expected
    assert _cited(surface.ask("strike", k=50, **filters)) == set(expected)


def test_a_date_with_two_readings_is_refused_with_both(surface: Surface) -> None:
    with pytest.raises(Refused, match=r"2019-05-04 .*2019-04-05"):
        surface.ask("strike", since="04/05/2019")
    with pytest.raises(Refused, match=r"2019-05-04 .*2019-04-05"):
        surface.articles(until="04/05/2019")


def _id(article: dict[str, Any]) -> Any:
    return article.get("doc_id") or article["id"]


def test_the_end_of_an_id_finds_the_only_article_that_it_may_mean(surface: Surface) -> None:
    for typed in (
        "0412.md", "strike/0412.md", "paris/strike/0412.md", "Strike/0412.MD", "/0412.md",
        "./paris/strike/0412.md",
    ):  # fmt: skip
        assert _id(surface.article(typed)) == "paris/strike/0412.md"
        checked = surface.check(typed, "The strike of paris/strike/0412.md ended")
        assert (checked["verdict"], checked["cited"]) == ("verbatim", "paris/strike/0412.md")
    (passage,) = surface.ask("strike", until="2018")["citations"]
    typed = passage["passage_id"].removeprefix("web/")
    assert _id(surface.article(typed)) in ("web/0500.md", passage["passage_id"])
    checked = surface.check(typed, "ended.")
    assert (checked["verdict"], checked["cited"]) == ("verbatim", passage["passage_id"])


def test_an_end_that_several_ids_have_is_refused_with_them(surface: Surface) -> None:
    both = ("munich/strike/0411.md", "paris/strike/0411.md")
    with pytest.raises(Refused) as refused:
        surface.article("0411.md")
    assert all(doc_id in str(refused.value) for doc_id in both)
    checked = surface.check("strike/0411.md", "ended.")
    assert checked["verdict"] == "unknown"
    assert tuple(checked["near"]) == both


def test_an_unknown_id_is_refused_with_the_nearest(surface: Surface) -> None:
    for typed in ("web/0501.md", "0501.md"):
        with pytest.raises(Refused, match=r"Did you mean .*'web/0500.md'"):
            surface.article(typed)
        assert "web/0500.md" in surface.check(typed, "ended.")["near"]
    # It ends in the middle of a number, and may mean none of them.
    with pytest.raises(Refused):
        surface.article("412.md")


def test_articles_are_listed_newest_first(surface: Surface) -> None:
    listed = surface.articles()
    assert [one["doc_id"] for one in listed["articles"]] == [
        "munich/strike/0411.md", "loose/0700.md", "paris/strike/0411.md", "paris/strike/0412.md",
        "web/0500.md", "loose/0800.md", "wire/0600.md",
    ]  # fmt: skip
    assert listed["articles"][0] == {
        "doc_id": "munich/strike/0411.md", "title": "About munich/strike/0411.md",
        "source": "Süddeutsche Zeitung", "published": str(_TODAY),
    }  # fmt: skip
    page = surface.articles(n=2, skip=3)
    assert page["articles"] == listed["articles"][3:5]
    assert (page["skip"], page["total"]) == (3, 7)
    assert surface.articles(skip=7)["articles"] in ([], ())


def test_publishers_are_listed_with_their_articles_counted(surface: Surface) -> None:
    listed = surface.publishers()
    assert [(one["source"], one["documents"]) for one in listed["publishers"]] == [
        ("Le Monde", 2), ("Yahoo! News", 2), (None, 2), ("Süddeutsche Zeitung", 1),
    ]  # fmt: skip
    assert listed["total"] == 7
    assert [one["source"] for one in surface.publishers(until="2018")["publishers"]] == [
        "Yahoo! News"
    ]
