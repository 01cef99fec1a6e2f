"""Questions to checked replies: the model asks the index, is told, asks again, and answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from embeddings.errors import InputError, UsageError
from qa.assistant import INSTRUCTIONS, ReplyCheck, Sources, Toolbox, check_reply, openai_tool
from qa.assistant.tools import ASK
from qa.chat.endpoint import MAX_REPLY, Call

# How often a model may call for one question; after that it has to answer with what it has.
MAX_ROUNDS = 6
_MOST_CALLS = 4
# Characters of what was said before that a question is sent with; older turns are left out.
_HISTORY = 60_000
_ENOUGH = (
    "You have searched enough. Answer now with the passages you have, or say they do not tell."
)


class LanguageModel(Protocol):
    """What a conversation needs of a model: what it says next."""

    def reply(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
    ) -> Iterator[str | Call]: ...


@dataclass(frozen=True, slots=True)
class Searched:
    """The model asked the index this, and so many passages came back."""

    question: str
    passages: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, checked against the passages of the conversation."""

    question: str
    text: str
    searched: tuple[str, ...]
    check: ReplyCheck


class Conversation:
    """Questions and replies that build on each other; a number never means two passages."""

    def __init__(self, model: LanguageModel, toolbox: Toolbox) -> None:
        self._model = model
        self._toolbox = toolbox
        self._turns: list[list[dict[str, Any]]] = []
        self._questions: list[str] = []
        self.sources = Sources()

    def ask(self, question: str) -> Iterator[str | Searched | Reply]:
        """What happens on the way to a reply: pieces of its text, searches; at last the reply.

        A turn that is not heard to its end is forgotten. Raises `EndpointError`, `InputError`.
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
            for piece in self._model.reply(self._messages(turn), [openai_tool(ASK)]):
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
                told, event = self._carried_out(call, left > 0 and number < _MOST_CALLS)
                turn.append({"role": "tool", "tool_call_id": call.id, "content": told})
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
        """What the model is told of its call; what is wrong with it, for it to do better."""
        if not allowed:
            return _ENOUGH, None
        try:
            if call.name != ASK.name:
                raise UsageError(f"There is no tool {call.name[:80]!a}; expected {ASK.name}.")
            answer = self._toolbox.call(ASK.name, call.arguments)
        except (UsageError, InputError) as error:
            return f"Error: {error}", None
        return self.sources.tell(answer), Searched(answer.question, len(answer.citations))

    def _messages(self, turn: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The instructions, as many of the last turns as fit, and this one."""
        kept: list[list[dict[str, Any]]] = [turn]
        size = 0
        for earlier in reversed(self._turns):
            size += sum(len(str(message.get("content"))) for message in earlier)
            if size > _HISTORY:
                break
            kept.append(earlier)
        messages = [message for told in reversed(kept) for message in told]
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
