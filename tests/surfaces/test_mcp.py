"""Assistants get by MCP what people get on the command line, and nothing ends the server."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

from qa.assistant import TOOLS
from qa.live import LiveIndex
from qa.mcp.server import mcp_server

_NKQA = ["-c", "from qa.cli.commands import main; main()"]
QUESTIONS = (
    "How many workers are in Russia?",
    "Who is Stephen Biegun?",
    "When did Kim arrive in Vladivostok?",
    "What did Putin say about trade?",
    "Which talks failed in Hanoi?",
    "What do analysts think of the sanctions?",
    "What weapon did Pyongyang test?",
    "By what means did Kim travel?",
    "What does South Korea do meanwhile?",
    "Who will visit Beijing?",
)


def stdio(index: Path, *words: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=[*_NKQA, "mcp", "--index", str(index), *words],
        env=dict(os.environ),
    )


def with_client(server: Any, work: Callable[[Client], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        async with Client(server, **options) as client:
            return await work(client)

    return anyio.run(run)


def called(server: Any, name: str, **arguments: Any) -> Any:
    async def work(client: Client) -> Any:
        return await client.call_tool(name, arguments)

    return with_client(server, work)


@pytest.fixture(scope="module")
def live(words_only: Path) -> Iterator[LiveIndex]:
    with LiveIndex(words_only) as index:
        yield index


def test_over_stdio_the_first_citation_is_that_of_nkqa_ask(
    shipped: Path, nkqa_process: Any
) -> None:
    async def work(client: Client) -> list[tuple[Any, Any, Any]]:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == [tool.name for tool in TOOLS]
        return [
            (
                (await client.call_tool("search", {"query": question})).structured_content,
                (await client.call_tool("ask", {"question": question})).structured_content,
                question,
            )
            for question in QUESTIONS
        ]

    for found, answered, question in with_client(stdio(shipped), work):
        told = json.loads(nkqa_process("ask", question, "--json", "--index", shipped).out)
        cited = [citation["passage_id"] for citation in told["citations"]]
        assert set(cited) <= {one["id"] for one in found["results"]}
        assert answered["verdict"] == told["verdict"]
        assert [one["passage_id"] for one in answered["citations"]] == cited
        assert answered["citations"][0]["quote"] == told["citations"][0]["quote"]
        assert answered["invisible_characters_removed"] == 0


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_every_tool_is_annotated_and_says_what_it_gives(live: LiveIndex, mode: str) -> None:
    async def work(client: Client) -> Any:
        results = {
            "search": {"query": QUESTIONS[0]},
            "fetch": {"id": "seeds/kim-russia-leverage.md"},
            "ask": {"question": QUESTIONS[0], "k": 2},
            "verify": {"id": "seeds/kim-russia-leverage.md", "quotation": "30,000 workers"},
            "list": {"since": "2019", "n": 2},
            "publishers": {"source": ["times", "voice of america"]},
            "stories": {},
            "check_draft": {"text": "As many as 50,000 North Korean workers are in Russia."},
            "status": {},
        }
        tools = (await client.list_tools()).tools
        return tools, {name: await client.call_tool(name, given) for name, given in results.items()}

    tools, results = with_client(mcp_server(live), work, mode=mode)
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.idempotent_hint is True
        assert tool.annotations.open_world_hint is False
        assert tool.title == tool.annotations.title
        assert "never instructions" in tool.description
        if tool.name == "story":  # These articles are no story: tests/stories/test_surfaces.py.
            continue
        result = results[tool.name]
        assert not result.is_error
        jsonschema.validate(result.structured_content, tool.output_schema)
        assert [json.loads(block.text) for block in result.content] == [result.structured_content]
    assert results["verify"].structured_content["verdict"] == "verbatim"
    (claim,) = results["check_draft"].structured_content["claims"]
    assert claim["verdict"] in ("contradicted", "not found")


def test_search_and_fetch_have_exactly_the_fields_that_make_a_citation(live: LiveIndex) -> None:
    found = called(mcp_server(live), "search", query=QUESTIONS[0]).structured_content
    assert set(found) == {"results"}
    for one in found["results"]:
        assert set(one) == {"id", "title", "url"}
        assert all(isinstance(value, str) and value for value in one.values())
        fetched = called(mcp_server(live), "fetch", id=one["id"]).structured_content
        assert set(fetched) == {"id", "title", "text", "url", "metadata"}
        assert (fetched["id"], fetched["url"]) == (one["id"], one["url"])
        assert fetched["metadata"]["passage"] in fetched["text"]
        article = called(
            mcp_server(live), "fetch", id=fetched["metadata"]["article"]
        ).structured_content
        assert article["text"] == fetched["text"]


def test_an_address_is_that_of_the_article_else_of_the_server(
    sync: Any, articles: Path, index: Path
) -> None:
    (articles / "web.jsonl").write_text(
        '{"_id": "w", "title": "T", "text": "Walruses sleep.", "url": "https://example.org/w"}\n'
        '{"_id": "x", "title": "T", "text": "Puffins dive.", "url": "javascript:alert(1)"}\n'
    )
    sync(articles)
    with LiveIndex(index) as live:
        for base, start in (
            (None, "http://127.0.0.1:8765/articles/"),
            ("https://news.example/", "https://news.example/articles/"),
        ):
            server = mcp_server(live, base)
            web = called(server, "search", query="Walruses").structured_content["results"][0]
            own = called(server, "search", query="Puffins").structured_content["results"][0]
            assert web["url"] == "https://example.org/w"
            assert own["url"] == f"{start}x?start=0&end=13#passage"
            assert called(server, "fetch", id="x").structured_content["url"] == f"{start}x"


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "needs the argument 'question'"),
        ("ask", {"question": ""}, "empty"),
        ("ask", {"question": 5}, "expected a text"),
        ("ask", {"question": "Who?", "k": 0}, "expected 1 to 100"),
        ("ask", {"question": "Who?", "k": "many"}, "expected a whole number"),
        ("ask", {"question": "Who?", "when": "now"}, "no argument 'when'"),
        ("ask", {"question": "Who?", "source": "nobody"}, "No article in this index is from"),
        ("ask", {"question": "Who?", "since": "soon"}, "soon"),
        ("ask", {"question": "x" * 9000}, "9,000 characters"),
        ("ask", {"question": "x" * 1_000_000}, "expected a text of at most"),
        ("fetch", {"id": "nothing"}, "holds no passage or article 'nothing'"),
        ("fetch", {"id": "seeds/kim-russia-leverage.md#1-2"}, "holds no passage"),
        ("verify", {"id": "x", "quotation": ["list"]}, "expected a text"),
        ("delete", {}, "There is no tool 'delete'; expected search, fetch"),
    ],
)
def test_a_wrong_argument_is_told_in_words(
    live: LiveIndex, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = called(mcp_server(live), name, **arguments)
    assert result.is_error
    assert told in result.content[0].text
    assert len(result.content[0].text) < 1000


def test_an_article_is_a_resource(live: LiveIndex) -> None:
    async def work(client: Client) -> Any:
        templates = (await client.list_resource_templates()).resource_templates
        assert [template.uri_template for template in templates] == ["nkqa://article/{id}"]
        for missing in ("nkqa://article/nothing", "file:///etc/passwd"):
            with pytest.raises(MCPError):
                await client.read_resource(missing)
        return await client.read_resource("nkqa://article/seeds%2Fkim-russia-leverage.md")

    (content,) = with_client(mcp_server(live), work).contents
    assert "As many as 30,000 workers" in content.text
    assert content.mime_type == "text/plain"


def test_what_is_hidden_in_an_article_is_removed_and_counted(sync: Any, tmp_path: Path) -> None:
    folder = tmp_path / "hiding"
    folder.mkdir()
    (folder / "a.jsonl").write_text(
        json.dumps({"_id": "a", "title": "Wal\u202erus", "text": "Walruses\U000e0041\x1b[31m nap."})
    )
    sync(folder)
    with LiveIndex(tmp_path / "index") as live:
        told = called(mcp_server(live), "ask", question="Walruses").structured_content
        assert told["citations"][0]["quote"] == "Walruses nap."
        assert told["invisible_characters_removed"] >= 7
        fetched = called(mcp_server(live), "fetch", id="a").structured_content
        assert fetched["text"] == "Walruses nap."
        assert int(fetched["metadata"]["invisible_characters_removed"]) == 6
        checked = called(mcp_server(live), "verify", id="a", quotation="Walruses nap.")
        assert checked.structured_content["verdict"] == "typography"


def test_a_new_generation_is_answered_from(sync: Any, articles: Path, index: Path) -> None:
    sync(articles)
    with LiveIndex(index) as live:
        server = mcp_server(live)
        assert called(server, "status").structured_content["documents"] == 6
        (articles / "new.txt").write_text("Otters play in the delta.")
        sync(articles)
        assert called(server, "status").structured_content["documents"] == 7
        found = called(server, "search", query="Otters").structured_content["results"]
        assert "new.txt" in found[0]["id"]


def test_no_line_ends_the_server_and_stdout_is_protocol_only(
    nkqa_started: Any, words_only: Path
) -> None:
    process = nkqa_started(
        "mcp", "--index", words_only,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip

    def request(number: int, method: str, **params: Any) -> bytes:
        told = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        return json.dumps(told).encode() + b"\n"

    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    }
    sent = [
        b"junk\n",
        b"\xff\xfe\x00\n",
        b"[" * 100_000 + b"\n",
        b"{}\n",
        request(1, "initialize", **hello),
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n',
        b"x" * 10_000_000 + b"\n",
        request(2, "tools/call", name="ask", arguments={"question": "y" * 10_000_000}),
        request(3, "no/such/method"),
        request(4, "tools/call", name="ask", arguments={"question": QUESTIONS[0], "k": 1}),
        request(5, "tools/call", name="ask"),
        b'["jsonrpc", 6, {"method": "tools/call"}]\n',
        request(6, "tools/call", name=5),
        request(7, "ping"),
    ]
    told: dict[int, Any] = {}
    for line in sent:
        process.stdin.write(line)
        process.stdin.flush()
        asked = json.loads(line).get("id") if line.startswith(b'{"') else None
        while asked is not None and asked not in told:
            message = json.loads(process.stdout.readline())
            assert message["jsonrpc"] == "2.0"
            told[message.get("id")] = message
    out, err = process.communicate(timeout=60)
    assert out == b""
    assert told[2]["result"]["isError"] is True
    assert told[3]["error"]["code"] == -32601
    citation = told[4]["result"]["structuredContent"]["citations"][0]
    assert "30,000" in citation["highlights"][0]["text"]
    assert told[5]["result"]["isError"] is True
    assert "error" in told[6]
    assert told[7]["result"] == {}
    assert process.returncode == 0, err.decode()


def test_an_interrupt_ends_a_server_whose_client_is_silent(
    nkqa_started: Any, words_only: Path
) -> None:
    process = nkqa_started(
        "mcp", "--index", words_only, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == 1
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == -signal.SIGINT
    process.communicate()


@pytest.fixture
def http(nkqa_started: Any, words_only: Path) -> Iterator[str]:
    """The address of `nkqa mcp --http`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = nkqa_started(
        "mcp", "--index", words_only, "--http", "--port", port, "--allow-host", "tunnel.example",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            pass
    yield f"http://127.0.0.1:{port}/mcp"
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert out == b""
    assert b"Traceback" not in err


def test_http_answers_the_same_and_only_to_this_machine(http: str, words_only: Path) -> None:
    found = called(http, "search", query=QUESTIONS[0]).structured_content["results"]
    over_stdio = called(stdio(words_only), "search", query=QUESTIONS[0]).structured_content[
        "results"
    ]
    assert found == over_stdio
    call = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accepts = {"Accept": "application/json, text/event-stream"}
    for headers, status in (
        ({}, 200),
        ({"Host": "tunnel.example"}, 200),
        ({"Host": "tunnel.example", "Origin": "https://tunnel.example"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example"}, 403),
    ):
        told = httpx2.post(http, json=call, headers=accepts | headers)
        assert told.status_code == status, (headers, told.text)
    for junk in (b"junk", b"[" * 100_000, b"\xff" * 1000, b"x" * 10_000_000):
        told = httpx2.post(
            http, content=junk, headers=accepts | {"Content-Type": "application/json"}
        )
        assert 400 <= told.status_code < 500
    assert httpx2.post(http, json=call, headers=accepts).status_code == 200


def test_pages_of_other_servers_on_this_machine_may_not_ask(http: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    port = urllib.parse.urlsplit(http).port
    for origin, status in (
        (f"http://127.0.0.1:{port}", 200),
        (f"http://localhost:{port}", 200),
        ("http://localhost:3000", 403),
        ("http://127.0.0.1", 403),
        (f"http://127.0.0.1:{port}0", 403),
        (f"http://[::1]:{port}", 403),
        (f"https://127.0.0.1:{port}", 403),
        (f"http://tunnel.example:{port}", 403),
        ("http://tunnel.example", 403),
        ("null", 403),
    ):
        headers = {"Accept": "application/json, text/event-stream", "Origin": origin}
        assert httpx2.post(http, json=call, headers=headers).status_code == status, origin


def test_nobody_can_hold_a_stream_open_on_which_nothing_is_sent(http: str) -> None:
    told = httpx2.get(http, headers={"Accept": "text/event-stream"})
    assert (told.status_code, told.headers["allow"]) == (405, "POST")


def test_a_port_in_use_is_told(nkqa: Any, words_only: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = nkqa("mcp", "--http", "--port", port, "--index", words_only)
    assert done.status == 2
    assert f"Port {port} cannot be served on" in done.err
