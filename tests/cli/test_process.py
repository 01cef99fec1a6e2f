"""nkqa as a process among others: pipes, signals, terminals, and the same output every time."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

_QUESTION = "How many pupils?"
# What a terminal obeys, or what reorders what it shows.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NASTY = "\x1b[31m\x1b]0;owned\x07\x9b2J\u202eesrever\u2066\u061c\x85\rover"


@pytest.fixture
def ready(sync: Any, articles: Path, index: Path) -> Path:
    """An index of many articles."""
    for number in range(60):
        (articles / f"more-{number}.txt").write_text(
            f"School {number} counts {number} pupils. " + f"Sentence about class {number}. " * 30
        )
    sync(articles)
    return index


def test_output_cut_short_by_head_is_no_failure(ready: Path) -> None:
    nkqa = f"{sys.executable} -c 'from qa.cli.commands import main; main()'"
    for words in ("ask pupils -k 100 --full", "ask pupils -k 100 --full --json", "status --json"):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"{nkqa} {words} --index {ready} | head -1"],
            capture_output=True,
            check=False,
        )
        assert done.stderr == b""
        assert done.stdout.count(b"\n") == 1
        assert done.returncode == 0


def test_a_reader_that_is_gone_already_is_no_failure(nkqa_started: Any, ready: Path) -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    process = nkqa_started(
        "ask", "pupils", "-k", 100, "--index", ready, stdout=ours, stderr=subprocess.PIPE
    )
    os.close(ours)
    assert process.communicate()[1] == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_output_that_cannot_be_written_is_told_without_a_traceback(
    nkqa_started: Any, ready: Path
) -> None:
    with Path("/dev/full").open("wb") as full:
        process = nkqa_started("status", "--index", ready, stdout=full, stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == b"nkqa: [Errno 28] No space left on device\n"


def test_without_a_terminal_there_are_no_escape_codes(nkqa_process: Any, ready: Path) -> None:
    for words in (["ask", _QUESTION, "--explain"], ["status"], ["verify"], ["index"]):
        done = nkqa_process(*words, "--index", ready)
        assert done.status == 0, done.err
        assert not _OBEYED.search(done.out + done.err)


def test_a_terminal_gets_colour_unless_no_color_is_set(nkqa_terminal: Any, ready: Path) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9][;m]")
    words = ["ask", _QUESTION, "--index", ready]
    assert colour.search(nkqa_terminal(*words, TERM="xterm-256color").out)
    assert not colour.search(nkqa_terminal(*words, TERM="xterm-256color", NO_COLOR="1").out)
    assert "\x1b" not in nkqa_terminal(*words, TERM="dumb").out


def _safe(run: Any) -> str:
    """What a terminal got, which holds nothing that it obeys but the ends of lines."""
    text = str(run.out).replace("\r\n", "\n")
    found = _OBEYED.search(text)
    assert not found, repr(text[max(0, found.start() - 80) : found.end() + 20])
    return text


def test_nothing_in_an_article_reaches_the_terminal_as_a_command(
    nkqa_terminal: Any, tmp_path: Path, index: Path, sync: Any
) -> None:
    import json

    folder = tmp_path / "wires"
    folder.mkdir()
    records = [
        {name: f"{name}{_NASTY}" for name in ("_id", "title", "source", "author", "url")}
        | {"text": f"Seagulls {_NASTY} attacked. Nobody was hurt.", "date": f"1{_NASTY}"},
        {"_id": f"two{_NASTY}", "text": f"Seagulls {_NASTY} attacked. Nobody was hurt."},
        {"_id": f"two{_NASTY}", "text": "Same id, other text."},
    ]
    (folder / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    (folder / "plain.txt").write_text(f"Pigeons {_NASTY} came back. {_NASTY}")
    (folder / "file\x1b[31m\u202e.txt").write_text("A name that commands.")
    (folder / "file\x1b[31m\u202e.bin").write_text("A name that commands.")
    sync(folder)
    asked = "Whom did seagulls attack?"
    for words in (
        ["ask", asked, "--explain", "--full"],
        ["ask", asked, "--json"],
        ["ask", asked, "--source", "nobody"],
        ["ask", asked, "--since", "1\x1b[31m"],
        ["ask", asked, "-k", "\x1b[31m"],
        ["status"],
    ):
        run = nkqa_terminal(*words, "--index", index, TERM="dumb", COLUMNS="100")
        assert "Traceback" not in _safe(run)
    text = _safe(nkqa_terminal("ask", asked, "--index", index, TERM="dumb", COLUMNS="100"))
    assert "\ufffd" in text


def test_nothing_in_a_file_name_reaches_the_terminal_as_a_command(
    nkqa_terminal: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "bad\x1b[31m\u202e.txt").write_bytes(b"\x00\x01\x02" * 30)
    run = nkqa_terminal("index", folder, "--index", "x", "--model", "hashed", TERM="dumb")
    assert run.status == 3
    assert "bad" in _safe(run)
    run = nkqa_terminal("index", folder / "no\x1b[31m", "--index", "x", TERM="dumb")
    assert run.status == 3
    _safe(run)


def test_the_same_question_gives_the_same_bytes(
    nkqa_process: Any, articles: Path, tmp_path: Path
) -> None:
    outputs = set()
    for seed in ("0", "1", "42"):
        place = tmp_path / f"index-{seed}"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        made = nkqa_process(
            "index", articles, "--index", place, "--model", "hashed", env=environment
        )
        assert made.status == 0
        for _ in range(2 if seed == "0" else 1):
            asked = nkqa_process(
                "ask", "What happened there?", "-k", 50, "--explain", "--index", place,
                env=environment,
            )  # fmt: skip
            assert asked.status == 0
            outputs.add(asked.out)
    assert len(outputs) == 1


def test_an_interrupt_ends_with_130_and_leaves_the_index_as_it_was(
    nkqa_started: Any, ready: Path, articles: Path
) -> None:
    before = sorted(path.name for path in ready.iterdir())
    long = "".join(f"Line {number} of the long text.\n" for number in range(150_000))
    (articles / "endless.txt").write_text(long)
    process = nkqa_started(
        "index", "--index", ready, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while process.poll() is None and not any(ready.glob("unfinished/articles.sqlite")):
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == b"nkqa: interrupted; the index is as it was before.\n"
    assert out == b""
    assert sorted(path.name for path in ready.iterdir()) == before


def _script(*words: object, begin: str = "", stubs: Path | None = None) -> "subprocess.Popen[str]":
    """The console script, started after the lines of `begin`, with modules from `stubs`."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    module, _, function = project["project"]["scripts"]["nkqa"].partition(":")
    program = f"{begin}\nfrom {module} import {function}\n{function}()"
    path = {"PYTHONPATH": str(stubs)} if stubs else {}
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **path},
    )  # fmt: skip


def _ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Its status, and what it said on stderr."""
    return process.wait(60), process.communicate()[1]


_CTRL_C = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
_TOLD = "nkqa: interrupted; the index is as it was before.\n"


def test_an_interrupt_while_the_command_starts_ends_it_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text(_CTRL_C)
    assert _ended(_script("--version", stubs=tmp_path)) == (130, _TOLD)


def test_an_interrupt_in_a_late_import_ends_it_whatever_the_library_makes_of_it(
    tmp_path: Path, ready: Path
) -> None:
    stubs = tmp_path / "stubs"
    stubs.mkdir()
    lines = ["try:", f"    {_CTRL_C}", "except BaseException: raise ImportError('half of it')"]
    (stubs / "faiss.py").write_text("\n".join(lines))
    assert _ended(_script("ask", _QUESTION, "--index", ready, stubs=stubs)) == (130, _TOLD)


def test_interrupts_while_it_tidies_up_end_it_without_a_traceback(
    nkqa_process: Any, ready: Path, articles: Path
) -> None:
    long = "".join(f"Line {number} of the long text.\n" for number in range(150_000))
    (articles / "endless.txt").write_text(long)
    process = _script("index", "--index", ready)
    while process.poll() is None and not any(ready.glob("unfinished/articles.sqlite")):
        pass
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):  # As fast as a person may press it.
            process.wait(0.02)
    status, err = _ended(process)
    # Python gives the signal back at its very end; a shell reports both as 130.
    assert status in (130, -signal.SIGINT)
    assert err in ("", _TOLD)
    assert nkqa_process("ask", _QUESTION, "--index", ready).status == 0


def test_an_interrupt_when_the_command_is_done_leaves_its_status(tmp_path: Path) -> None:
    late = f"import atexit\ndef late():\n    {_CTRL_C}\natexit.register(late)"
    assert _ended(_script("--version", begin=late)) == (0, "")
    status, err = _ended(_script("status", "--index", tmp_path / "nowhere", begin=late))
    assert status == 4
    assert "Traceback" not in err


def test_an_interrupt_while_the_signal_is_given_back_leaves_the_status() -> None:
    late = f"""
import signal
given = signal._enum_to_int
def late(value):
    if getattr(value, "__name__", "") == "<lambda>":
        {_CTRL_C}
    return given(value)
signal._enum_to_int = late
"""
    assert _ended(_script("--version", begin=late)) == (0, "")


def test_asking_imports_neither_torch_nor_parsers(script: Any, ready: Path) -> None:
    told = script(
        """
import sys
from qa.cli.commands import main
sys.argv = ["nkqa", "ask", "How many pupils?", "--index", sys.argv[1]]
try:
    main()
finally:
    heavy = {"torch", "sentence_transformers", "transformers", "trafilatura", "pypdf"}
    heavy |= {"mcp", "openai", "fastapi", "starlette", "httpx2", "anyio", "dateparser", "py3langid"}
    heavy |= {"qa.text.typed_dates", "qa.text.nearest", "qa.retrieval.listing", "qa.store.ids"}
    print("imported:", *sorted(heavy & set(sys.modules)))
""",
        ready,
    )
    assert "pupils" in told
    assert told.endswith("imported:\n")
