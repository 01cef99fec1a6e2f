"""Files that try to cost time, memory or the process: each costs itself alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.loading import Limits, Loader, SourceFile
from qa.types import Document, Problem

PAGE = "<html><body><article>" + "<p>The bridge opens on Monday, the mayor said again.</p>" * 9
GOOD = PAGE + "</article></body></html>"


def load(loader: Loader, path: Path, content: bytes | str) -> Document | Problem:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (item,) = loader.documents(SourceFile(path, path.name))
    return item


def reason(item: Document | Problem) -> str:
    assert isinstance(item, Problem), item
    return item.reason


@pytest.fixture
def slow_page() -> str:
    return "<html><body><article>" + "".join(
        f"<p>Paragraph {number} tells of the bridge, the port and the mayor.</p>"
        for number in range(150_000)
    )


def test_a_file_over_time_is_told_and_the_next_one_loads(tmp_path: Path, slow_page: str) -> None:
    with Loader(Limits(seconds=1)) as loader:
        assert reason(load(loader, tmp_path / "a.html", slow_page)) == "took longer than 1 s"
        assert isinstance(load(loader, tmp_path / "b.html", GOOD), Document)


def test_a_file_over_memory_is_told_and_the_next_one_loads(
    tmp_path: Path, pdf_of: Callable[[bytes], bytes]
) -> None:
    content = b"BT /F1 12 Tf (" + b"a" * 60_000_000 + b") Tj ET"
    with Loader(Limits(memory_bytes=256 << 20)) as loader:
        assert (
            reason(load(loader, tmp_path / "a.pdf", pdf_of(content)))
            == "needed more than 256 MiB of memory"
        )
        assert isinstance(load(loader, tmp_path / "b.html", GOOD), Document)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the child in /proc")
def test_a_crash_of_the_parser_is_told_and_the_next_file_loads(tmp_path: Path) -> None:
    def children() -> set[int]:
        listed = (task.read_text().split() for task in Path("/proc/self/task").glob("*/children"))
        return {int(number) for numbers in listed for number in numbers}

    before = children()
    with Loader() as loader:
        assert isinstance(load(loader, tmp_path / "a.html", GOOD), Document)
        (worker,) = children() - before
        os.kill(worker, signal.SIGSEGV)
        assert reason(load(loader, tmp_path / "b.html", GOOD)) == "the parser crashed (signal 11)"
        assert isinstance(load(loader, tmp_path / "c.html", GOOD), Document)
    assert children() <= before


def test_a_file_over_the_size_limit_is_told(tmp_path: Path) -> None:
    with Loader(Limits(file_bytes=2048, text_characters=100)) as loader:
        assert "larger than 2 KiB" in reason(load(loader, tmp_path / "a.txt", "x" * 2049))
        for name in ("b.txt", "b.md", "b.html"):
            content = GOOD if name == "b.html" else "word " * 300
            assert "longer than 100 characters" in reason(load(loader, tmp_path / name, content))


ENTITIES = "".join(
    f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(10)
)


@pytest.mark.parametrize(
    "content",
    [
        "<html><body>" + "<div>" * 100_000 + "hello",
        "<html><body>" + "<b>" * 100_000 + GOOD,
        "<html><body>" + "<table><tr><td>" * 30_000 + "x",
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaa">{ENTITIES}]><body>&k;</body>',
        "<" * 3_000_000,
        "&" * 3_000_000,
        "<!--" * 500_000,
        "<html><head>" + '<script type="application/ld+json">' + "[" * 500_000 + "</script>" + GOOD,
        "<html><body><p>\x00\x01",
    ],
    ids=["div", "b", "table", "entities", "lt", "amp", "comment", "json", "control"],
)
def test_a_hostile_page_ends_with_a_document_or_a_reason(
    content: str, tmp_path: Path, loader: Loader
) -> None:
    item = load(loader, tmp_path / "a.html", content)
    assert isinstance(item, Document) or item.reason


def test_a_page_with_a_long_run_of_spaces_is_read(tmp_path: Path, loader: Loader) -> None:
    item = load(loader, tmp_path / "a.html", GOOD.replace("<article>", f"<article>{' ' * 400_000}"))
    assert isinstance(item, Document), item
    assert "The bridge opens on Monday" in item.text


def test_text_below_the_deepest_element_is_not_lost_in_silence(
    tmp_path: Path, loader: Loader
) -> None:
    deep = "<html><body>" + "<p>a<span>" * 5000
    assert (
        reason(load(loader, tmp_path / "a.html", deep)) == "nested too deeply to be read as a page"
    )


def test_a_pdf_that_unpacks_to_hundreds_of_megabytes_is_told(
    tmp_path: Path, pdf_of: Callable[[bytes], bytes], loader: Loader
) -> None:
    told = reason(load(loader, tmp_path / "a.pdf", pdf_of(b" " * 200_000_000)))
    assert told.startswith("unpacks to more than the parser allows")


def test_a_loader_left_without_such_files_starts_no_process_and_imports_no_parser(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_text("The bridge opens on Monday.")
    script = (
        "import sys; from pathlib import Path; from qa.loading import Loader, find_files\n"
        "files, _ = find_files([Path(sys.argv[1])])\n"
        "with Loader() as loader: print(len(list(loader.documents(files[0]))))\n"
        "heavy = {'trafilatura', 'pypdf', 'lxml', 'charset_normalizer', 'htmldate', 'urllib3'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["1", "[]"]


def test_modules_in_the_current_folder_are_not_imported_by_the_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise SystemExit(3)")
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    with Loader() as loader:
        assert isinstance(load(loader, tmp_path / "a.html", GOOD), Document)
