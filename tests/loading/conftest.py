"""Folders of articles made by hand, and ways to load them."""

import gc
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.loading import Loader, SourceFile
from qa.types import Document, Problem

Load = Callable[[str, bytes | str], list[Document | Problem]]


def _pdf(*lines: str, info: dict[str, str] | None = None) -> bytes:
    """A PDF with one page of text, line by line."""
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    shown = "\n".join(f"({line}) Tj T*" for line in escaped)
    return _of_stream(f"BT /F1 12 Tf 72 720 Td 14 TL\n{shown}\nET".encode("cp1252"), info)


def _of_stream(content: bytes, info: dict[str, str] | None = None) -> bytes:
    """A PDF with one page of that content."""
    packed = zlib.compress(content, 9)
    told = "".join(f"/{key} ({value})" for key, value in (info or {}).items()).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<<%b>>" % told,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        count,
        len(out),
    )
    return out + b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table) + trailer


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    """Makes a PDF with one page of text: `pdf("first line", "second", info={"Title": "T"})`."""
    return _pdf


@pytest.fixture(scope="session")
def pdf_of() -> Callable[[bytes], bytes]:
    """Makes a PDF with one page of a content stream."""
    return _of_stream


@pytest.fixture(scope="session")
def loader() -> Iterator[Loader]:
    """One loader for the session, so that the parser process starts once."""
    with Loader() as shared:
        yield shared


@pytest.fixture
def load(loader: Loader, tmp_path: Path) -> Load:
    """Write a file and load it: `load("a.txt", "text")`."""

    def written(name: str, content: bytes | str) -> list[Document | Problem]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(loader.documents(SourceFile(path, name)))

    return written


@pytest.fixture
def document(load: Load) -> Callable[[str, bytes | str], Document]:
    """Load a file that must give one document and no problem."""

    def only(name: str, content: bytes | str) -> Document:
        (item,) = load(name, content)
        assert isinstance(item, Document), item
        return item

    return only


@pytest.fixture
def problem(load: Load) -> Callable[[str, bytes | str], str]:
    """Load a file that must give one problem and no document: its reason."""

    def only(name: str, content: bytes | str) -> str:
        (item,) = load(name, content)
        assert isinstance(item, Problem), item
        return item.reason

    return only


def _seconds(do: Callable[[str], object], text: str) -> float:
    """The processor time of this thread, without what the garbage of other tests costs. Threads
    that other tests left behind, as a runtime's, count for the process."""
    gc.disable()
    try:
        begun = time.thread_time()
        do(text)
        return time.thread_time() - begun
    finally:
        gc.enable()


def _linear(do: Callable[[str], object], text_of: Callable[[int], str], least: int = 1000) -> bool:
    size = least
    # Far enough that what is quadratic shows, not so far that memory is what is measured.
    while _seconds(do, text_of(size)) < 0.002 and size < 64_000:
        size *= 2
    small, large = text_of(size), text_of(4 * size)
    once = four_times = float("inf")
    for _ in range(4):
        once = min(once, _seconds(do, small))
        four_times = min(four_times, _seconds(do, large))
        if four_times < 8 * max(once, 0.002):
            return True
    return False


@pytest.fixture(scope="session")
def linear() -> Callable[..., bool]:
    """Whether four times the text takes less than eight times the processor time; what takes
    quadratic time needs sixteen: `linear(read, lambda size: "a" * size)`. `least` is the size to
    begin with."""
    return _linear


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder beside the repository with real scrapes and collections, when it is there."""
    folder = Path(__file__).resolve().parents[3] / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside the repository")
    return folder
