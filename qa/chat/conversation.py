"""The tool loop: the model queries the index, possibly again, then answers and is checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from embeddings.errors import InputError, UsageError
from qa.assistant import INSTRUCTIONS, ReplyCheck, Sources, Toolbox, check_reply, openai_tool
from qa.assistant.tools import ASK, CHECK_DRAFT
from qa.chat.endpoint import MAX_REPLY, Call
from qa.output.claims import claims_summary, told_claim
from qa.text.invisible import line_of

# Requests to the model for one question. In the last one it has to answer: no call is executed.
MAX_ROUNDS = 6
_MOST_CALLS = 4
_TOOLS = [openai_tool(ASK), openai_tool(CHECK_DRAFT)]
# Characters of earlier turns to send along with a question; older turns are left out.
_HISTORY = 60_000
_ENOUGH = (
    "You have searched enough. Answer now with the passages you have, or say they do not tell."
)


class LanguageModel(Protocol):
    """The interface of a model: its next message, streamed as pieces of text and tool calls."""

    def reply(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
    ) -> Iterator[str | Call]: ...


@dataclass(frozen=True, slots=True)
class Searched:
    """A query from the model to the index, and the number of passages returned."""

    question: str
    passages: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply, checked against the passages of the conversation."""

    question: str
    text: str
    searched: tuple[str, ...]
    check: ReplyCheck


class Conversation:
    """A sequence of questions and replies, in which each passage keeps its number."""

    def __init__(self, model: LanguageModel, toolbox: Toolbox) -> None:
        self._model = model
        self._toolbox = toolbox
        self._turns: list[list[dict[str, Any]]] = []
        self._questions: list[str] = []
        self.sources = Sources()

    def ask(self, question: str) -> Iterator[str | Searched | Reply]:
        """Yield pieces of the reply's text and searches as they happen, then the reply.

        A turn is kept for later questions only if the iterator is exhausted. Raises
        `EndpointError`, and `InputError` for a question that is empty or not UTF-8.
        """
        if not question.strip():
            raise InputError("The question is empty.")
        if question != question.encode("utf-8", "replace").decode():
            raise InputError("The question is not UTF-8; check the terminal's encoding.")
        turn: list[dict[str, Any]] = [{"role": "user", "content": question}]
        said: list[str] = []
        searched: list[str] = []
        for left in reversed(range(MAX_ROUNDS)):
            text, calls = "", list[Call]()
            for piece in self._model.reply(self._messages(turn), _TOOLS):
                if isinstance(piece, Call):
                    calls.append(piece)
                elif len(text) < MAX_REPLY:
                    text += piece
                    yield piece
            said.append(text)
            turn.append(_assistant(text, calls))
            if not calls:
                break
            for number, call in enumerate(calls):
                content, event = self._carried_out(call, left > 0 and number < _MOST_CALLS)
                turn.append({"role": "tool", "tool_call_id": call.id, "content": content})
                if event:
                    searched.append(event.question)
                    yield event
            if text and not text.endswith("\n"):
                said.append("\n")
                yield "\n"
        self._turns.append(turn)
        self._questions.append(question)
        reply = "".join(said)
        checked = check_reply(reply, self.sources, self._questions)
        yield Reply(question, reply, tuple(searched), checked)

    def _carried_out(self, call: Call, allowed: bool) -> tuple[str, Searched | None]:
        """The tool result for the model, which explains any error so that the model can retry."""
        if not allowed:
            return _ENOUGH, None
        try:
            if call.name == CHECK_DRAFT.name:
                return self._checked(CHECK_DRAFT.arguments(call.arguments)["text"]), None
            if call.name != ASK.name:
                raise UsageError(
                    f"There is no tool {call.name[:80]!a}; expected {ASK.name} or "
                    f"{CHECK_DRAFT.name}."
                )
            answer = self._toolbox.call(ASK.name, call.arguments)
        except (UsageError, InputError) as error:
            return f"Error: {error}", None
        return self.sources.tell(answer), Searched(answer.question, len(answer.citations))

    def _checked(self, draft: str) -> str:
        """What the check of a reply finds in the draft, as text for the model."""
        check = check_reply(draft, self.sources, self._questions)
        found = [flag.told for flag in check.flags]
        found += [told_claim(claim) for claim in check.claims if claim.verdict == "not found"]
        summary = claims_summary(check.claims) or "No sentence has anything to check."
        return "\n".join([summary, *(f"> {line_of(one)}" for one in found)])

    def _messages(self, turn: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The instructions, the latest turns that fit, and this turn."""
        kept: list[list[dict[str, Any]]] = [turn]
        size = 0
        for earlier in reversed(self._turns):
            size += sum(len(str(message.get("content"))) for message in earlier)
            if size > _HISTORY:
                break
            kept.append(earlier)
        messages = [message for kept_turn in reversed(kept) for message in kept_turn]
        return [{"role": "system", "content": INSTRUCTIONS}, *messages]


def _assistant(text: str, calls: list[Call]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in calls
        ]
    return message
