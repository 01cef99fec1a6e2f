"""The shipped articles, indexed with the model that people have; and a language model to talk to.

The language model is a server on a real socket that speaks the chat completions protocol and says
what a test tells it to.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa import build_index
from seeds import articles


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped articles."""
    path = tmp_path_factory.mktemp("shipped") / "index"
    build_index([articles()], path)
    return path


@pytest.fixture(scope="session")
def words_only(tmp_path_factory: pytest.TempPathFactory, encoder: HashedEncoder) -> Path:
    """An index of the shipped articles without a model, which is quicker."""
    path = tmp_path_factory.mktemp("words") / "index"
    build_index([articles()], path, encoder=encoder)
    return path


@dataclass
class LanguageModel:
    """What the model says next, each time it is asked, and what it was asked.

    A reply is a text, which is streamed in small pieces; a list of `(tool, arguments)`, called; a
    number with a body, an HTTP error; or bytes, sent as they are. The last one is said for ever.
    """

    address: str = ""
    models: tuple[str, ...] = ("small",)
    key: str | None = None
    replies: list[Any] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def next(self) -> Any:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def _chunks(reply: Any) -> Iterator[bytes]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        told = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "small",
                "choices": [choice]}  # fmt: skip
        return f"data: {json.dumps(told)}\n\n".encode()

    yield chunk({"role": "assistant", "content": ""})
    if isinstance(reply, str):
        for at in range(0, len(reply), 7):
            yield chunk({"content": reply[at : at + 7]})
        yield chunk({}, "stop")
    else:
        for index, (name, arguments) in enumerate(reply):
            told = arguments if isinstance(arguments, str) else json.dumps(arguments)
            start = {"index": index, "id": f"call_{index}", "type": "function"}
            yield chunk({"tool_calls": [start | {"function": {"name": name, "arguments": ""}}]})
            for at in range(0, len(told), 9):
                part = {"index": index, "function": {"arguments": told[at : at + 9]}}
                yield chunk({"tool_calls": [part]})
        yield chunk({}, "tool_calls")
    yield b"data: [DONE]\n\n"


@pytest.fixture
def language_model() -> Iterator[LanguageModel]:
    """A server that speaks the chat completions protocol."""
    model = LanguageModel()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listed = [
                {"id": n, "object": "model", "created": 0, "owned_by": "t"} for n in model.models
            ]
            self._send(200, "application/json", json.dumps({"object": "list", "data": listed}))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if model.key and self.headers["Authorization"] != f"Bearer {model.key}":
                error = {"error": {"message": "Incorrect API key", "type": "invalid"}}
                return self._send(401, "application/json", json.dumps(error))
            if self.path != "/v1/chat/completions":
                return self._send(404, "text/plain", "nothing here")
            model.requests.append(body)
            reply = model.next()
            if isinstance(reply, tuple):
                error = {"error": {"message": reply[1], "type": "invalid_request_error"}}
                return self._send(reply[0], "application/json", json.dumps(error))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            if reply == "wait":
                for piece in list(_chunks("It begins "))[:3]:
                    self.wfile.write(piece)
                model.waiting.set()
                model.released.wait(60)
                return None
            for piece in [reply] if isinstance(reply, bytes) else _chunks(reply):
                self.wfile.write(piece)
            return None

        def _send(self, status: int, kind: str, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        model.address = f"http://127.0.0.1:{server.server_port}/v1"
        yield model
        model.released.set()
        server.shutdown()
        thread.join()
