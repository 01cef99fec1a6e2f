"""The conversation in the terminal, with control sequences in foreign text made harmless."""

import contextlib
import dataclasses
import io
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from embeddings.errors import EndpointError, InputError, UsageError
from qa.assistant.replies import ReplyCheck, without_contradicted
from qa.assistant.sources import Source
from qa.assistant.view import headline
from qa.chat.conversation import Conversation, Reply, Searched
from qa.output.claims import claims_summary, told_claim
from qa.output.serial import visible
from qa.text.invisible import line_of
from qa.types import Claim

_PROMPT = "nkqa> "


def talk(conversation: Conversation, out: Console, err: Console, withhold: bool = False) -> None:
    """Answer questions from stdin, one a line, until it ends. Ctrl-C stops only the reply.

    `withhold` is as in `show_reply`.
    """
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
            show_reply(conversation, question, out, err, withhold)
        except KeyboardInterrupt:
            out.print("\nStopped; this question is forgotten.", style="dim")
        except (EndpointError, InputError, UsageError) as error:
            err.print(Text(f"nkqa: {visible(str(error))}"), soft_wrap=True)


def show_reply(
    conversation: Conversation, question: str, out: Console, err: Console, withhold: bool = False
) -> bool:
    """Print the reply as it arrives, then the result of its check, then its sources.

    With `withhold` it is printed when it is complete, without the sentences that its sources
    contradict. Returns whether the check raised no flag.
    """
    clean = True
    for event in conversation.ask(question):
        if isinstance(event, str):
            if not withhold:
                out.file.write(visible(event))
                out.file.flush()
        elif isinstance(event, Searched):
            line = f"searched: {visible(event.question)} ({event.passages} passages)"
            err.print(Text(" ".join(line.split()), style="dim"), soft_wrap=True)
        else:
            if withhold:
                out.file.write(visible(without_contradicted(event.text, event.check.claims)))
            out.print()
            _show_check(event, out)
            clean = not event.check.flags
    return clean


def reply_told(conversation: Conversation, question: str, withhold: bool = False) -> dict[str, Any]:
    """The reply as a value for JSON. With `withhold`, the sentences that its sources contradict are
    left out of its text; `claims` and `flags` have them, with offsets in the whole reply."""
    *_, reply = conversation.ask(question)
    if not isinstance(reply, Reply):
        raise TypeError("a conversation ends with its reply")
    return {
        "question": reply.question,
        "reply": without_contradicted(reply.text, reply.check.claims) if withhold else reply.text,
        "withheld": withhold and any(one.verdict == "contradicted" for one in reply.check.claims),
        "summary": claims_summary(reply.check.claims),
        "searched": list(reply.searched),
        "quotations": reply.check.quotations,
        "claims": [dataclasses.asdict(claim) for claim in reply.check.claims],
        "flags": [dataclasses.asdict(flag) for flag in reply.check.flags],
        "sources": [dataclasses.asdict(source) for source in reply.check.cited],
    }


def _show_check(reply: Reply, out: Console) -> None:
    check = reply.check
    out.print()
    if check.cited and (summary := claims_summary(check.claims)):
        out.print(Text(summary, style="bold"), soft_wrap=True)
    for flag in check.flags:
        out.print(Text(f"! {visible(flag.told)}", style="bold red"), soft_wrap=True)
    if check.cited:
        for claim in check.claims:
            _show_not_found(claim, check, out)
    if not check.cited:
        out.print(Text("! This reply cites no passage: nothing bears it out.", style="bold red"))
        return
    if not check.flags:
        quoted = f"; {check.quotations} quotations compared" if check.quotations else ""
        numbers = f"{len(check.cited)} cited passages were retrieved{quoted}."
        out.print(Text(f"Checked: {numbers}", style="green"), soft_wrap=True)
    for source in check.cited:
        _show_source(source, out)


def _show_not_found(claim: Claim, check: ReplyCheck, out: Console) -> None:
    if claim.verdict != "not found":
        return
    told = f"? {told_claim(claim)}"
    numbers = {one.citation.passage_id: one.number for one in check.cited}
    if claim.evidence and claim.evidence.passage_id in numbers:
        number = numbers[claim.evidence.passage_id]
        told += f" The nearest in [{number}]: “{line_of(claim.evidence.text)}”"
    out.print(Text(visible(told), style="yellow"), soft_wrap=True)


def _show_source(source: Source, out: Console) -> None:
    citation = source.citation
    out.print(Text(f"[{source.number}] {visible(headline(citation))}"), soft_wrap=True)
    line = f" line {citation.line}" if citation.line else ""
    place = f"    {citation.passage_id}  {citation.url or citation.path + line}"
    out.print(Text(visible(place), style="dim"), soft_wrap=True)
