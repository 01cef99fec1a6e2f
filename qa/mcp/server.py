"""The tools of `qa.assistant` for any assistant that speaks the Model Context Protocol.

Over stdio the process serves the program that started it; over HTTP, any program on this machine.
The SDK implements the protocol; `qa.assistant` defines the names, arguments and results of tools.
"""

import json
import signal
import socket
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.errors import Error, MissingExtra, UsageError
from qa.assistant.toolbox import Article, Results, Toolbox
from qa.assistant.tools import DATA, TOOLS, Tool
from qa.assistant.view import plain
from qa.live import LiveIndex
from qa.types import (
    Answer,
    DraftCheck,
    IndexStatus,
    Listing,
    Publishers,
    QuoteCheck,
    Stories,
    Story,
)
from qa.version import __version__

try:
    import anyio.to_thread
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.stdio import stdio_server
    from mcp.shared.exceptions import MCPError
    from pydantic import TypeAdapter
except ImportError as error:
    raise MissingExtra.of("mcp", "`nkqa mcp`", "mcp", error) from None

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from starlette.applications import Starlette

_INSTRUCTIONS = (
    "News articles on this machine. `ask` finds passages that answer a question; cite publisher, "
    "date and id. `fetch` reads an article, `verify` checks a quotation, `check_draft` what a text "
    "says, `list` lists articles, `stories` events that several publishers have. " + DATA
)
_RESOURCE = "nkqa://article/"
# The default port, which browsers omit from an origin.
_HTTP_PORT = 80
_OUTPUTS: dict[str, Any] = {
    "search": Results,
    "fetch": Article,
    "ask": Answer,
    "verify": QuoteCheck,
    "list": Listing,
    "publishers": Publishers,
    "stories": Stories,
    "story": Story,
    "check_draft": DraftCheck,
    "status": IndexStatus,
}
# Fields added to the results of every tool except `search` and `fetch`, whose form is prescribed.
_ADDED = {
    "about": {"type": "string", "description": "What the quoted text is."},
    "invisible_characters_removed": {"type": "integer"},
}


def mcp_server(index: LiveIndex, base_url: str | None = None) -> "Server[Any]":
    """An MCP server for the index, for any of the SDK's transports.

    `base_url` is as in `Toolbox`.
    """
    toolbox = Toolbox(index, base_url)

    async def list_tools(_: "ServerRequestContext[Any, Any]", __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(tool) for tool in TOOLS])

    async def call_tool(
        _: "ServerRequestContext[Any, Any]", params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            result = await anyio.to_thread.run_sync(
                _carried_out, toolbox, params.name, params.arguments or {}
            )
        except Error as error:
            text = types.TextContent(type="text", text=plain(str(error))[0])
            return types.CallToolResult(content=[text], is_error=True)
        text = types.TextContent(type="text", text=json.dumps(result, ensure_ascii=False))
        return types.CallToolResult(content=[text], structured_content=result)

    async def list_resources(
        _: "ServerRequestContext[Any, Any]", __: object
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[])  # Too many to list: there is a template.

    async def list_templates(
        _: "ServerRequestContext[Any, Any]", __: object
    ) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="article",
            title="A news article",
            uri_template=_RESOURCE + "{id}",
            description="The text of an indexed article, by the id of it or of a passage. " + DATA,
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(
        _: "ServerRequestContext[Any, Any]", params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(params.uri)
        try:
            if not uri.startswith(_RESOURCE):
                raise MCPError(types.INVALID_PARAMS, f"No such resource; expected {_RESOURCE}ID.")
            cited = urllib.parse.unquote(uri.removeprefix(_RESOURCE))
            article = await anyio.to_thread.run_sync(toolbox.call, "fetch", {"id": cited})
        except Error as error:
            raise MCPError(types.INVALID_PARAMS, plain(str(error))[0]) from error
        content = types.TextResourceContents(uri=uri, mime_type="text/plain", text=article.text)
        return types.ReadResourceResult(contents=[content])

    return Server(
        "nkqa",
        title="nkqa: news articles, cited",
        version=__version__,
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _tool(tool: Tool) -> types.Tool:
    output = TypeAdapter(_OUTPUTS[tool.name]).json_schema(mode="serialization")
    if tool.name not in ("search", "fetch"):
        output["properties"] = output["properties"] | _ADDED
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.schema(),
        output_schema=output,
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _carried_out(toolbox: Toolbox, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of the tool as JSON, without invisible characters."""
    result, removed = plain(toolbox.call(name, arguments))
    if name not in ("search", "fetch"):
        result |= {"about": DATA, "invisible_characters_removed": removed}
    return dict(result)


def serve_stdio(path: Path, base_url: str | None = None) -> None:
    """Serve the program at the other end of stdin and stdout until it closes them."""

    async def serve(server: "Server[Any]") -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    # A read of stdin cannot be cancelled, so Ctrl-C ends the process; nothing needs cleanup.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with LiveIndex(path) as index:
        anyio.run(serve, mcp_server(index, base_url))


def serve_http(
    path: Path, port: int, base_url: str | None = None, hosts: Sequence[str] = ()
) -> None:
    """Serve streamable HTTP at http://127.0.0.1:PORT/mcp until interrupted.

    `hosts` are further names to accept in the Host header, such as that of a tunnel to this
    machine. Raises `UsageError` if it cannot listen on the port, and as `LiveIndex`.
    """
    import uvicorn

    from qa.http.connections import server_config

    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(
            f"Port {port} cannot be served on: {error.strerror}. Choose another with --port."
        ) from error
    with listening, LiveIndex(path) as index:
        app = http_app(index, port, base_url, hosts)
        uvicorn.Server(server_config(app)).run(sockets=[listening])


def http_app(
    index: LiveIndex, port: int, base_url: str | None = None, hosts: Sequence[str] = ()
) -> "Starlette":
    """The server as an ASGI application that accepts only loopback names and `hosts` as Host.

    A browser page may send requests only if its origin is this server: by http at `port` of this
    machine, or by https at one of the `hosts`.
    """
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def no_stream(_: Request) -> Response:
        message = "The server sends nothing unasked, so there is no stream; send requests by POST."
        return PlainTextResponse(message, 405, {"allow": "POST"})

    # Accept any port in Host: a tunnel may forward another port, and no page can set Host.
    names = [f"{name}:*" for name in ("127.0.0.1", "localhost", "[::1]")]
    here = "" if port == _HTTP_PORT else f":{port}"
    origins = [f"http://{name}{here}" for name in ("127.0.0.1", "localhost")]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*names, "127.0.0.1", "localhost", *hosts],
        allowed_origins=origins + [f"https://{host}" for host in hosts],
    )
    app = mcp_server(index, base_url).streamable_http_app(
        stateless_http=True, json_response=True, transport_security=security
    )
    # Takes precedence over the SDK's own route, which would keep a GET open for ever.
    app.router.routes.insert(0, Route("/mcp", no_stream, methods=["GET"]))
    return app
