"""What every test starts from: a cache of its own, an empty folder, no network; and small indexes.

The models that this machine has compiled before are used as they are; nothing is written to the
user's own cache. The fixtures that make an index use the encoder that needs no model.
"""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from embeddings.cache import cache_folder
from embeddings.hashed import HashedEncoder
from qa import Answer, Index, IndexReport, build_index, open_index
from qa.answers.reading.confidence import NAMES, Calibration, Logistic
from qa.answers.reading.judge import Judge, ReadingJudge
from qa.answers.reading.scripted import ScriptedReader

settings.register_profile(
    "nkqa", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("nkqa")

# What a shell starts in the background ignores Ctrl-C, and so would the commands that tests start
# and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

_NKQA = [sys.executable, "-c", "from qa.cli.commands import main; main()"]
_LOCAL = ("127.", "::1", "localhost")


def _refuse_network(event: str, told: tuple[Any, ...]) -> None:
    """An audit hook: the sockets of this machine may be used, no others, and no name looked up."""
    if event == "socket.connect" and isinstance(told[1], tuple):
        host = told[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = told[0]
    else:
        return
    if host and not str(host).startswith(_LOCAL):
        raise RuntimeError(f"a test reached for the network: {event} {host!r}")


sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session")
def test_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for this session, with what this machine has compiled already."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "models").mkdir()
    for model in (cache_folder() / "models").glob("[!t]*"):
        (cache / "models" / model.name).symlink_to(model)
    return cache


@pytest.fixture(autouse=True)
def _surroundings(test_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person who runs the tests: no index, no cache, no settings, no terminal."""
    for name in ("NKQA_INDEX", "FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NKQA_CACHE", str(test_cache))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)


_load_judge = Index._load_judge


@pytest.fixture(scope="session", autouse=True)
def _unread() -> None:
    """Indexes that are opened in this process find passages and read them only with a judge that
    the test gives, so that tests of finding and storing do not depend on the shipped one. Commands
    in a process of their own use that one; so do tests marked `shipped_reader`."""
    Index._load_judge = lambda index: index._given_judge  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("shipped_reader"):
        monkeypatch.setattr(Index, "_load_judge", _load_judge)


@pytest.fixture(scope="session")
def encoder() -> HashedEncoder:
    """The encoder that needs no model."""
    return HashedEncoder()


# Five articles; each has a word that no other has.
_ARTICLES = {
    "harbour.md": "---\ntitle: Harbour opens\npublisher: Coast Daily\npublished: 2019-04-26\n---\n"
    "\nThe harbour of Vladivostok opened a new quay. Some 300 dockers work there. "
    "Ships from Busan arrive twice a week.\n",
    "bridge.md": "---\ntitle: Bridge closed\npublisher: River Post\npublished: 2019-04\n---\n\n"
    "The railway bridge over the Tumen was closed on Monday. Engineers found cracks. "
    "Trains wait on both banks.\n",
    "school.txt": "A school in Khabarovsk teaches Korean to 450 pupils. Lessons begin at eight. "
    "Parents pay nothing.\n",
    "deep/fish.txt": "Fishermen caught less cod this winter. The catch fell by 12 percent. "
    "The ministry blames warm water.\n",
    "wire.jsonl": '{"_id": "wire-1", "title": "Timber", "text": "Timber exports grew. '
    'China bought most of the larch.", "source": "Forest Wire", "published_at": "2018-12-03"}\n'
    '{"_id": "wire-2", "title": "Coal", "text": "Coal piled up at the port. Wagons were missing.",'
    ' "source": "Forest Wire"}\n',
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of six articles in five files, of three publishers, one of them in a folder."""
    folder = tmp_path / "articles"
    for name, text in _ARTICLES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the test's index belongs; it does not exist yet."""
    return tmp_path / "index"


@pytest.fixture
def sync(index: Path, encoder: HashedEncoder) -> Callable[..., IndexReport]:
    """Bring the index up to date: `sync(folder, ..., forget=[...])`."""

    def run(*paths: Path, **options: Any) -> IndexReport:
        return build_index(paths, index, encoder=encoder, **options)

    return run


@pytest.fixture
def ask(index: Path) -> Callable[..., Answer]:
    """Ask the index, which finds passages and does not read them unless a judge is given:
    `ask("Who?", k=3, source="Post")`, `ask("Who?", judge=scripted_judge({"Who?": "Kim"}))`."""

    def run(question: str, k: int = 5, judge: Judge | None = None, **filters: Any) -> Answer:
        with open_index(index, judge=judge) as opened:
            return opened.ask(question, k, **filters)

    return run


@pytest.fixture
def scripted_judge() -> Callable[..., Judge]:
    """A judge that finds the answers it is given: `scripted_judge({"Who?": "Kim"})`. It answers
    surely where a window has the answer, and is sure of silence where none has, unless it is to be
    `unsure`."""

    def make(answers: dict[str, str | re.Pattern[str]], unsure: bool = False) -> Judge:
        zeros, ones = (0.0,) * len(NAMES), (1.0,) * len(NAMES)
        by_margin = tuple(float(name == "margin") for name in NAMES)
        model = Logistic(zeros, ones, by_margin, 0.0)
        bounds = (1.0, 0.0) if unsure else (0.9, 0.9)
        return ReadingJudge(
            ScriptedReader(answers), Calibration(model, model, *bounds, reader="scripted")
        )

    return make


@dataclass(frozen=True, slots=True)
class Run:
    """What a command did."""

    status: int
    out: str
    err: str


@pytest.fixture
def nkqa(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run a command in this process: `nkqa("ask", "Who?", "-k", 3)`."""
    from qa.cli.commands import main

    def run(*words: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["nkqa", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return Run(stopped.value.code, out, err)

    return run


@pytest.fixture
def nkqa_process() -> Callable[..., Run]:
    """Run a command in a process of its own, as a person does, without a terminal."""

    def run(*words: object, **options: Any) -> Run:
        done = subprocess.run(
            [*_NKQA, *map(str, words)], capture_output=True, check=False, timeout=120, **options
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def nkqa_started() -> Callable[..., "subprocess.Popen[bytes]"]:
    """Start a command in a process of its own."""

    def run(*words: object, **options: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*_NKQA, *map(str, words)], **options)

    return run


@pytest.fixture
def nkqa_terminal() -> Callable[..., Run]:
    """Run a command on a terminal; `out` is everything that the terminal got."""

    def run(*words: object, **environment: str) -> Run:
        ours, its = pty.openpty()
        try:
            process = subprocess.Popen(
                [*_NKQA, *map(str, words)],
                stdin=its,
                stdout=its,
                stderr=its,
                env={**os.environ, **environment},
            )
        finally:
            os.close(its)
        got = b""
        try:
            while block := os.read(ours, 65536):
                got += block
        except OSError:  # The last of its ends was closed.
            pass
        finally:
            os.close(ours)
        return Run(process.wait(), got.decode(), "")

    return run


@pytest.fixture
def script() -> Callable[..., str]:
    """Run Python in a process of its own; its output. It must end well."""

    def run(code: str, *words: object) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, *map(str, words)],
            capture_output=True,
            check=False,
            timeout=300,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    return run


@pytest.fixture(scope="session")
def _two_generations(
    tmp_path_factory: pytest.TempPathFactory, encoder: HashedEncoder
) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("made")
    folder = home / "articles"
    for name, text in _ARTICLES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    build_index([folder], home / "index", encoder=encoder)
    (folder / "late.txt").write_text("A late ferry reached Sokcho. Nobody was hurt.\n")
    build_index([], home / "index", encoder=encoder)
    return home / "index", folder


@pytest.fixture
def made(_two_generations: tuple[Path, Path], index: Path) -> tuple[Path, Path]:
    """An index with two generations, to be damaged at will, and the folder it was made from.

    The newer generation has an article about a ferry, the older one has not.
    """
    shutil.copytree(_two_generations[0], index)
    return index, _two_generations[1]


@pytest.fixture
def as_plain_user() -> Callable[[], None]:
    """For `preexec_fn`: file permissions hold for the child also where root runs the tests."""
    if os.geteuid() != 0:
        return lambda: None
    import ctypes

    system = ctypes.CDLL(None, use_errno=True)
    drop, override, search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if system.prctl(23, override, 0, 0, 0) != 1:  # PR_CAPBSET_READ
        return lambda: None

    def forgo() -> None:
        for capability in (override, search):
            if system.prctl(drop, capability, 0, 0, 0) != 0:
                raise OSError("the capability cannot be given up")

    return forgo
