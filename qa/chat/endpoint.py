"""A client for a language model at an OpenAI-compatible address, with streamed replies."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embeddings.errors import EndpointError, MissingExtra, UsageError

if TYPE_CHECKING:
    from openai import OpenAI, Stream
    from openai.types.chat import ChatCompletionChunk

# Characters of one reply, text and tool arguments together, after which the stream is cut.
MAX_REPLY = 40_000
# Seconds to connect, and between two pieces of a reply; a large model on a CPU starts slowly.
_CONNECT, _WAIT = 10.0, 600.0

_HOW = """\
nkqa chat needs a language model that speaks the OpenAI protocol, and none was named. For example:
  ollama, on this machine:      ollama pull qwen3, then
                                nkqa chat --base-url http://localhost:11434/v1 --model qwen3
  llama.cpp, on this machine:   llama-server --jinja -m model.gguf, then
                                nkqa chat --base-url http://localhost:8080/v1
  a hosted one:                 export OPENAI_API_KEY=..., then nkqa chat --model NAME
                                (--base-url for any other than OpenAI's)"""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call from the model; `arguments` is its JSON text, unparsed."""

    id: str
    name: str
    arguments: str


class Endpoint:
    """A model at an address.

    Raises `UsageError` if neither an address nor a key is set, the address is not http(s), or no
    model is named and the address has not exactly one; `EndpointError` if listing models fails;
    `MissingExtra` without openai.
    """

    def __init__(self, base_url: str | None = None, model: str | None = None) -> None:
        base_url = base_url or os.environ.get("OPENAI_BASE_URL") or None
        key = os.environ.get("NKQA_API_KEY") or os.environ.get("OPENAI_API_KEY")
        if base_url is None and not key:
            raise UsageError(_HOW)
        if base_url is not None and not base_url.startswith(("http://", "https://")):
            raise UsageError(f"--base-url is {base_url!r}; expected http://... or https://...")
        self._client = _client(base_url, key or "none")
        self.address = str(self._client.base_url)
        self.model = model or self._only_model()

    def _only_model(self) -> str:
        with self._errors_told():
            names = sorted(model.id for model in self._client.models.list())
        if len(names) == 1:
            return names[0]
        some = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
        raise UsageError(f"{self.address} has the models {some or '(none)'}. Choose with --model.")

    def reply(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
    ) -> Iterator[str | Call]:
        """Yield pieces of the model's text as they arrive, then its tool calls.

        Raises `EndpointError`.
        """
        calls: dict[int, list[str]] = {}
        length = 0
        with self._errors_told(), self._stream(messages, tools) as stream:
            for chunk in stream:
                delta = chunk.choices[0].delta if chunk.choices else None
                if delta is None:
                    continue
                if delta.content:
                    length += len(delta.content)
                    yield _utf8(delta.content)
                for part in delta.tool_calls or ():
                    call = calls.setdefault(part.index or 0, ["", "", ""])
                    function = part.function
                    call[0] = call[0] or part.id or ""
                    call[1] += (function and function.name) or ""
                    call[2] += (function and function.arguments) or ""
                    length += len((function and function.arguments) or "")
                if length > MAX_REPLY:
                    break
        for number, (identity, name, arguments) in sorted(calls.items()):
            yield Call(_utf8(identity) or f"call-{number}", _utf8(name), _utf8(arguments))

    def _stream(self, messages: Any, tools: Any) -> "Stream[ChatCompletionChunk]":
        return self._client.chat.completions.create(
            model=self.model, messages=messages, tools=tools, stream=True
        )

    def _errors_told(self) -> "_ErrorsTold":
        return _ErrorsTold(self)

    def close(self) -> None:
        self._client.close()


class _ErrorsTold:
    """Converts the client's errors to `EndpointError`s that say what to do."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        import httpx2
        import openai

        if isinstance(error, openai.OpenAIError | httpx2.HTTPError | ValueError):
            raise EndpointError(_told(self._endpoint, error)) from error


def _told(endpoint: Endpoint, error: Exception) -> str:
    import openai

    address = endpoint.address
    model = getattr(endpoint, "model", None)
    reason = " ".join(str(error).split())[:300]
    if isinstance(error, openai.APITimeoutError):
        return f"{address} did not answer in time. Is the server at work on something else?"
    if isinstance(error, openai.APIConnectionError):
        cause = " ".join(str(error.__cause__ or error).split())[:300]
        return f"{address} cannot be reached: {cause}. Is the server running?"
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return (
            f"{address} refuses the key ({error.status_code}). Set NKQA_API_KEY or "
            "OPENAI_API_KEY to one that it takes."
        )
    if isinstance(error, openai.NotFoundError):
        return (
            f"{address} has no model {model!r}, or is not the address of an OpenAI-compatible "
            f"interface, which usually ends with /v1 ({reason})."
        )
    if isinstance(error, openai.APIStatusError) and "tool" in reason.lower():
        return (
            f"The model {model!r} cannot call tools ({reason}). Choose one that can: among small "
            "ones qwen3, llama3.1 and mistral-nemo do."
        )
    if isinstance(error, openai.RateLimitError):
        return f"{address} takes no more requests for now ({reason}). Try again later."
    if isinstance(error, openai.APIStatusError):
        return f"{address} answers {error.status_code}: {reason}."
    return f"{address} broke off or sent what is not a reply: {reason or type(error).__name__}."


def _utf8(text: str) -> str:
    """The text with lone surrogates, which JSON allows and UTF-8 does not, replaced by "?"."""
    return text.encode("utf-8", "replace").decode()


def _client(base_url: str | None, key: str) -> "OpenAI":
    try:
        import httpx2
        from openai import OpenAI
    except ImportError as error:
        raise MissingExtra.of("chat", "`nkqa chat`", "openai", error) from None
    timeout = httpx2.Timeout(_WAIT, connect=_CONNECT)
    return OpenAI(base_url=base_url, api_key=key, timeout=timeout, max_retries=1)
