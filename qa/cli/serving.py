"""The commands that go on answering: a server for browsers, one for assistants, and a chat."""

import os
from typing import Annotated

import typer

from embeddings.errors import InputError, MissingExtra, UsageError
from qa.cli.streams import put
from qa.cli.terminal import IndexOption, Json, errors, existing, results


def serve(
    index: IndexOption = None,
    host: Annotated[
        str,
        typer.Option(help="The address to listen on; any that others can reach needs a token."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="NKQA_TOKEN",
            metavar="TEXT",
            help="Access token that requests must carry. Prefer the variable: other users of this "
            "machine can see command lines.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A further name the server is known by, as of a proxy."),
    ] = None,
) -> None:
    """Answer questions in the browser and over HTTP (docs/http.md) until stopped."""
    try:
        from qa.http.server import run
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] in ("qa", "embeddings"):
            raise
        raise MissingExtra.of("serve", "`nkqa serve`", str(error.name), error) from None
    path = existing(index)
    run(path, host, port, token or None, allow_host or (), ready=put)


def mcp(
    index: IndexOption = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve HTTP on 127.0.0.1 instead of stdin and stdout.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port of --http; its path is /mcp.")
    ] = 8766,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The server whose pages show articles that are not on the web. Default: "
            "`nkqa serve` on this machine.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Let --http answer under this name too: a tunnel's."),
    ] = None,
) -> None:
    """Serve assistants by the Model Context Protocol (docs/mcp.md)."""
    import logging

    logging.basicConfig(format="nkqa: %(message)s")
    from qa.mcp.server import serve_http, serve_stdio

    path = existing(index)
    if http:
        typer.echo(f"Serving http://127.0.0.1:{port}/mcp; end it with Ctrl-C.", err=True)
        serve_http(path, port, base_url, allow_host or ())
    else:
        serve_stdio(path, base_url)


def chat(
    question: Annotated[
        list[str] | None, typer.Argument(help="A single question; none: a conversation.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="An OpenAI-compatible address, as http://localhost:11434/v1. Default: "
            "$OPENAI_BASE_URL, else OpenAI's. The key is $NKQA_API_KEY, else $OPENAI_API_KEY.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Default: $NKQA_CHAT_MODEL, else the only one at the address."
        ),
    ] = None,
    withhold: Annotated[
        bool,
        typer.Option(
            "--withhold",
            help="Print each reply when it is complete, without the sentences that its sources "
            "contradict.",
        ),
    ] = False,
    index: IndexOption = None,
    as_json: Json = False,
) -> None:
    """Talk about the articles with a language model whose every citation and sentence is checked;
    exit status 3 when the reply to a single question has a wrong one."""
    from contextlib import closing

    from qa.assistant import Toolbox
    from qa.chat.conversation import Conversation
    from qa.chat.endpoint import Endpoint
    from qa.chat.screen import reply_told, show_reply, talk
    from qa.live import LiveIndex
    from qa.output.serial import to_json

    if as_json and not question:
        raise UsageError("--json is for a single question: nkqa chat --json QUESTION.")
    with (
        closing(Endpoint(base_url, model or os.environ.get("NKQA_CHAT_MODEL"))) as endpoint,
        LiveIndex(existing(index)) as live,
        results() as out,
    ):
        conversation = Conversation(endpoint, Toolbox(live))
        if as_json:
            told = reply_told(conversation, " ".join(question or ()), withhold)
            clean = not told["flags"]
            put(to_json("chat", told))
        elif question:
            clean = show_reply(conversation, " ".join(question), out, errors(), withhold)
        else:
            clean = True
            talk(conversation, out, errors(), withhold)
    if not clean:
        raise typer.Exit(InputError.exit_status)
