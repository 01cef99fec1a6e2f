"""The conversation in the terminal, with control sequences in foreign text made harmless."""

import contextlib
import dataclasses
import io
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from embeddings.errors import EndpointError, InputError, UsageError
from qa.assistant.sources import Source
from qa.assistant.view import headline
from qa.chat.conversation import Conversation, Reply, Searched
from qa.output.serial import visible

_PROMPT = "nkqa> "


def talk(conversation: Conversation, out: Console, err: Console) -> None:
    """Answer questions from stdin, one a line, until it ends. Ctrl-C stops only the reply."""
    terminal = sys.stdin.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if terminal:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - gives `input` editing keys and a history
        out.print("Ask about the articles. Ctrl-C stops a reply, Ctrl-D ends.", style="dim")
    while True:
        try:
            question = input(_PROMPT if terminal else "")
        except EOFError:
            if terminal:
                out.print()
            return
        except KeyboardInterrupt:
            out.print("\nCtrl-D ends.", style="dim")
            continue
        if not question.strip():
            continue
        try:
            show_reply(conversation, question, out, err)
        except KeyboardInterrupt:
            out.print("\nStopped; this question is forgotten.", style="dim")
        except (EndpointError, InputError, UsageError) as error:
            err.print(Text(f"nkqa: {visible(str(error))}"), soft_wrap=True)


def show_reply(conversation: Conversation, question: str, out: Console, err: Console) -> bool:
    """Print the reply as it arrives, then the result of its check, then its sources.

    Returns whether the check raised no flag.
    """
    clean = True
    for event in conversation.ask(question):
        if isinstance(event, str):
            out.file.write(visible(event))
            out.file.flush()
        elif isinstance(event, Searched):
            line = f"searched: {visible(event.question)} ({event.passages} passages)"
            err.print(Text(" ".join(line.split()), style="dim"), soft_wrap=True)
        else:
            out.print()
            _show_check(event, out)
            clean = not event.check.flags
    return clean


def reply_told(conversation: Conversation, question: str) -> dict[str, Any]:
    """The reply as a value for JSON."""
    *_, reply = conversation.ask(question)
    if not isinstance(reply, Reply):
        raise TypeError("a conversation ends with its reply")
    return {
        "question": reply.question,
        "reply": reply.text,
        "searched": list(reply.searched),
        "quotations": reply.check.quotations,
        "flags": [dataclasses.asdict(flag) for flag in reply.check.flags],
        "sources": [dataclasses.asdict(source) for source in reply.check.cited],
    }


def _show_check(reply: Reply, out: Console) -> None:
    check = reply.check
    out.print()
    for flag in check.flags:
        out.print(Text(f"! {visible(flag.told)}", style="bold red"), soft_wrap=True)
    if not check.cited:
        out.print(Text("! This reply cites no passage: nothing bears it out.", style="bold red"))
        return
    if not check.flags:
        quoted = f"; {check.quotations} quotations compared" if check.quotations else ""
        numbers = f"{len(check.cited)} cited passages were retrieved{quoted}."
        out.print(Text(f"Checked: {numbers}", style="green"), soft_wrap=True)
    for source in check.cited:
        _show_source(source, out)


def _show_source(source: Source, out: Console) -> None:
    citation = source.citation
    out.print(Text(f"[{source.number}] {visible(headline(citation))}"), soft_wrap=True)
    line = f" line {citation.line}" if citation.line else ""
    place = f"    {citation.passage_id}  {citation.url or citation.path + line}"
    out.print(Text(visible(place), style="dim"), soft_wrap=True)
