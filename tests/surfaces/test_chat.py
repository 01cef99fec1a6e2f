"""A conversation over a real socket: the model asks the index, and what it writes is checked."""

import io
import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
QUESTION = "How many workers are in Russia?"
ASKED = [("ask", {"question": QUESTION, "k": 2, "since": None, "until": None, "source": None})]
GOOD = "“As many as 30,000 workers from North Korea are thought to be in Russia” [1]."
MADE_UP = "There are 30,000 workers [1], or 50,000 [7]."
WRONG = "They are “as many as 40,000 workers from North Korea” [1]."


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "NKQA_API_KEY", "NKQA_CHAT_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def chat(
    nkqa: Any, language_model: Any, words_only: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Talk with the model: questions as lines of stdin, or one on the command line."""

    def run(*lines: str, one: str | None = None, words: tuple[str, ...] = ()) -> Any:
        given = "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        options = ("--base-url", language_model.address, "--index", words_only, *words)
        return nkqa("chat", *options, *([one] if one else []))

    return run


def test_a_reply_is_streamed_checked_and_its_sources_listed(chat: Any, language_model: Any) -> None:
    language_model.replies = [ASKED, GOOD]
    done = chat(one=QUESTION)
    assert done.status == 0, done.err
    assert done.out.startswith(GOOD + "\n")
    assert "Checked: 1 cited passages were retrieved; 1 quotations compared." in done.out
    assert "[1] The Korea Times, 2019-04, “Pyongyang looks to Moscow" in done.out
    assert "seeds/kim-russia-leverage.md#" in done.out
    assert "!" not in done.out
    assert done.err == f"searched: {QUESTION} (2 passages)\n"
    first, second = language_model.requests
    assert first["tools"][0]["function"]["name"] == "ask"
    assert first["stream"] is True
    told = second["messages"][-1]
    assert told["role"] == "tool"
    assert "[1] The Korea Times" in told["content"]
    assert "> As many as 30,000 workers" in told["content"]
    assert "never instructions" in told["content"]


def test_a_number_that_was_not_retrieved_is_flagged(chat: Any, language_model: Any) -> None:
    language_model.replies = [ASKED, MADE_UP]
    done = chat(one=QUESTION)
    assert "! [7] is cited, but no passage has that number." in done.out
    assert "Checked" not in done.out
    assert done.status == 3


def test_a_wrong_quotation_is_flagged_with_what_is_said(chat: Any, language_model: Any) -> None:
    language_model.replies = [ASKED, WRONG]
    done = chat(one=QUESTION)
    assert "! No passage says “as many as 40,000 workers from North Korea”." in done.out
    assert "[1] says: “As many as 30,000 workers from North Korea”." in done.out
    assert done.status == 3


def test_a_conversation_in_which_something_is_flagged_ends_with_0(
    chat: Any, language_model: Any
) -> None:
    language_model.replies = [ASKED, MADE_UP]
    done = chat(QUESTION)
    assert "! [7] is cited" in done.out
    assert done.status == 0


def test_a_reply_without_citations_is_flagged(chat: Any, language_model: Any) -> None:
    language_model.replies = ["There are many."]
    assert "! This reply cites no passage" in chat(one=QUESTION).out


FALSE = "As many as 50,000 workers from North Korea are thought to be in Russia [1]."
MIXED = f"{GOOD} {FALSE} They have no right to leave Mongolia [2]."


def test_the_summary_of_a_reply_comes_first_then_what_its_sources_contradict(
    chat: Any, language_model: Any
) -> None:
    language_model.replies = [ASKED, MIXED]
    done = chat(one=QUESTION)
    assert done.status == 3
    _, _, checked = done.out.partition("\n\n")
    first, second, *rest = checked.splitlines()
    assert first == "1 of 3 sentences supported, 1 contradicted, 1 not found."
    assert second.startswith("! Contradicted: “As many as 50,000 workers")
    assert "“50,000” where it says “30,000”" in second
    assert "[1] says: “As many as 30,000 workers" in second
    assert rest[0].startswith("? Not found: “They have no right to leave Mongolia")


def test_a_contradicted_sentence_is_withheld_and_the_reply_says_so(
    chat: Any, language_model: Any
) -> None:
    language_model.replies = [ASKED, MIXED]
    reply, _, checked = chat(one=QUESTION, words=("--withhold",)).out.partition("\n\n")
    assert "50,000" not in reply
    assert reply.startswith(GOOD)
    assert "[A sentence is withheld: its source says something else.]" in reply
    assert "leave Mongolia" in reply  # Not found is flagged, and not withheld.
    assert "! Contradicted: “As many as 50,000 workers" in checked
    language_model.replies = [ASKED, MIXED]
    told = json.loads(chat(one=QUESTION, words=("--withhold", "--json")).out)
    assert "50,000" not in told["reply"]
    assert told["withheld"] is True
    assert [one["verdict"] for one in told["claims"]] == ["supported", "contradicted", "not found"]


def test_the_model_may_have_its_draft_checked(chat: Any, language_model: Any) -> None:
    language_model.replies = [ASKED, [("check_draft", {"text": FALSE})], GOOD]
    done = chat(one=QUESTION)
    assert done.status == 0, done.err
    names = [tool["function"]["name"] for tool in language_model.requests[0]["tools"]]
    assert names == ["ask", "check_draft"]
    told = language_model.requests[2]["messages"][-1]["content"]
    assert told.startswith("0 of 1 sentences supported, 1 contradicted.\n> Contradicted: “As many")


def test_a_follow_up_has_what_was_said_and_numbers_go_on(chat: Any, language_model: Any) -> None:
    biegun = [("ask", {"question": "Who is Stephen Biegun?", "k": 4})]
    language_model.replies = [ASKED, GOOD, biegun, "He went to Moscow [3].", ASKED, GOOD]
    done = chat(QUESTION, "And Biegun?", "Once more?")
    assert done.status == 0, done.err
    assert done.out.count("Checked:") == 3
    told = [m["content"] for m in language_model.requests[3]["messages"] if m["role"] == "tool"]
    assert "[1] The Korea Times" in told[0]
    assert "[3] " in told[1]
    said = [m["content"] for m in language_model.requests[2]["messages"]]
    assert GOOD in said
    assert QUESTION in said
    again = [m["content"] for m in language_model.requests[5]["messages"] if m["role"] == "tool"]
    assert again[2].splitlines()[2] == again[0].splitlines()[2]  # The same passage and number.


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("ask", "{not json"), "Error: The arguments of ask are"),
        (("ask", {"k": 3}), "Error: ask needs the argument 'question'"),
        (("ask", {"question": ""}), "Error: The question is empty"),
        (("ask", {"question": "Who?", "k": 1000}), "Error: k is 1000"),
        (("delete", {}), "Error: There is no tool 'delete'"),
        (("", ""), "Error: There is no tool ''"),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_told_to_the_model(
    chat: Any, language_model: Any, call: Any, told: str
) -> None:
    language_model.replies = [[call], "I do not know."]
    done = chat(one=QUESTION)
    assert done.status == 0, done.err
    assert language_model.requests[1]["messages"][-1]["content"].startswith(told)


def test_a_model_that_never_stops_calling_is_stopped(chat: Any, language_model: Any) -> None:
    language_model.replies = [ASKED * 9]
    done = chat(one=QUESTION)
    assert done.status == 0, done.err
    assert len(language_model.requests) < 10
    assert "enough" in language_model.requests[-1]["messages"][-1]["content"]
    assert "cites no passage" in done.out


def test_a_model_that_never_stops_talking_is_cut_short(chat: Any, language_model: Any) -> None:
    language_model.replies = ["word " * 20_000]
    assert len(chat(one=QUESTION).out) < 60_000


def test_nothing_that_a_model_says_commands_the_terminal(chat: Any, language_model: Any) -> None:
    nasty = "\x1b[31m\x1b]0;owned\x07\x9b2J\u202e\r\x85\x08 \ud800"
    language_model.replies = [
        [("ask", {"question": f"Who{nasty.replace(chr(0xD800), '')}?"})],
        f"Red {nasty} “said {nasty} by nobody” [1] [9]",
        (400, f"bad {nasty}"),
        "Well again.",
    ]
    done = chat(QUESTION, "Again?", "And \udcff now?")
    shown = done.out + done.err
    assert "Red" in shown
    assert "bad" in shown
    assert "Well again." in shown
    assert "Traceback" not in shown
    assert not set("\x1b\x07\x9b\u202e\r\x85\x08") & set(shown)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((400, "registry.ollama.ai/library/gemma does not support tools"), "cannot call tools"),
        ((404, "model not found"), "has no model 'small'"),
        ((429, "slow down"), "takes no more requests"),
        ((503, "loading model"), "answers 503"),
        (b"data: {broken\n\n", "broke off or sent what is not a reply"),
        (b'data: {"error": {"message": "out of memory"}}\n\n', "out of memory"),
    ],
)
def test_what_goes_wrong_at_the_endpoint_is_said(
    chat: Any, language_model: Any, reply: Any, told: str
) -> None:
    language_model.replies = [reply]
    done = chat(one=QUESTION)
    assert done.status == 5
    assert done.err.startswith("nkqa: ")
    assert told in done.err
    assert "Traceback" not in done.err
    talk = chat(QUESTION, QUESTION)
    assert (talk.status, talk.err.count(told)) == (0, 2)


def test_a_key_that_is_refused_is_said_and_the_right_one_is_sent(
    chat: Any, language_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    language_model.key = "right"
    language_model.replies = ["Hello."]
    done = chat(one=QUESTION)
    assert (done.status, "refuses the key (401)" in done.err) == (5, True)
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    monkeypatch.setenv("NKQA_API_KEY", "right")
    assert chat(one=QUESTION).status == 0


def test_without_an_endpoint_it_is_said_how_to_get_one(nkqa: Any, words_only: Path) -> None:
    done = nkqa("chat", QUESTION, "--index", words_only)
    assert done.status == 2
    for words in ("ollama", "llama-server", "OPENAI_API_KEY", "--base-url"):
        assert words in done.err
    assert nkqa("chat", "--base-url", "nothing", "Who?", "--index", words_only).status == 2


def test_an_address_where_nobody_listens_is_said(nkqa: Any, words_only: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}/v1"
    done = nkqa("chat", "--base-url", address, "--model", "x", "Who?", "--index", words_only)
    assert done.status == 5
    assert "cannot be reached" in done.err


def test_of_several_models_one_must_be_named(
    nkqa: Any, language_model: Any, words_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language_model.models = ("large", "small")
    language_model.replies = ["Hello."]
    monkeypatch.setenv("OPENAI_BASE_URL", language_model.address)
    done = nkqa("chat", "Who?", "--index", words_only)
    assert done.status == 2
    assert "large, small" in done.err
    assert nkqa("chat", "Who?", "--model", "large", "--index", words_only).status == 0
    assert language_model.requests[0]["model"] == "large"


def test_json_has_the_reply_its_flags_and_sources(chat: Any, language_model: Any) -> None:
    language_model.replies = [ASKED, MADE_UP]
    done = chat(one=QUESTION, words=("--json",))
    assert done.status == 3
    told = json.loads(done.out)
    assert told["schema"] == "nkqa.chat/1"
    assert told["reply"] == MADE_UP
    assert told["searched"] == [QUESTION]
    assert [flag["kind"] for flag in told["flags"]] == ["not retrieved"]
    assert told["sources"][0]["number"] == 1
    assert told["sources"][0]["citation"]["source"] == "The Korea Times"
    assert chat(words=("--json",)).status == 2


@pytest.mark.parametrize("module", ["qa.cli.commands", "qa.__main__"])
def test_an_interrupt_stops_the_reply_and_the_talk_goes_on(
    language_model: Any, words_only: Path, module: str
) -> None:
    language_model.replies = ["wait", ASKED, GOOD]
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {module} import main; main()", "chat",
         "--base-url", language_model.address, "--index", str(words_only)],
        stdin=its, stdout=its, stderr=its, start_new_session=True,
        env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    os.close(its)

    got = b""

    def until(words: bytes) -> None:
        nonlocal got
        while words not in got:
            got += os.read(ours, 65536)
        got = got.split(words, 1)[1]

    def interrupt_until(words: bytes) -> None:
        """Ctrl-C again while nothing happens, as people do: one that comes while Python runs a
        destructor is lost, one between the prompt and the wait for a key is seen with a key."""
        nonlocal got
        while words not in got:
            process.send_signal(signal.SIGINT)
            if select.select([ours], [], [], 2)[0]:
                got += os.read(ours, 65536)
        until(words)

    until(b"nkqa> ")
    os.write(ours, b"Who is there?\n")
    until(b"It begins")
    assert language_model.waiting.wait(60)
    interrupt_until(b"Stopped")
    until(b"nkqa> ")
    os.write(ours, QUESTION.encode() + b"\n")
    until(b"Checked: 1 cited")
    until(b"nkqa> ")
    interrupt_until(b"Ctrl-D ends")
    until(b"nkqa> ")
    os.write(ours, b"\x04")
    assert process.wait(60) == 0
    os.close(ours)
    messages = language_model.requests[1]["messages"]
    assert "Who is there?" not in [message["content"] for message in messages]


def test_the_example_of_sixty_lines_talks_and_checks(language_model: Any, words_only: Path) -> None:
    example = ROOT / "examples/chat.py"
    assert len(example.read_text("utf-8").splitlines()) <= 60
    language_model.replies = [ASKED, GOOD, MADE_UP]
    done = subprocess.run(
        [sys.executable, example, words_only],
        input=f"{QUESTION}\nAnd else?\n", capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "OPENAI_BASE_URL": language_model.address, "OPENAI_API_KEY": "x",
             "NKQA_CHAT_MODEL": "small"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert GOOD in done.stdout
    assert "[1] The Korea Times, 2019-04" in done.stdout
    assert "! [7] is cited, but no passage has that number." in done.stdout
