"""Finding files: which, in what order, under which id, and what is told of the others."""

import os
import socket
from pathlib import Path

import pytest

from embeddings.errors import InputError
from qa.loading import Loader, NotLoaded, SourceFile, find_files, hash_file
from qa.types import Problem

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")


def ids(*roots: Path) -> list[str]:
    return [file.doc_id for file in find_files(roots)[0]]


def told(*roots: Path) -> dict[str, str]:
    return {Path(each.path).name: each.reason for each in find_files(roots)[1]}


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_are_found_in_order_with_ids_below_their_folder(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.HTML", "a/b/c.markdown", "d.pdf", "e.jsonl", "f.htm", "g.md"):
        write(tmp_path / "news" / name)
    found = ["a/b/c.markdown", "a/z.HTML", "b.txt", "d.pdf", "e.jsonl", "f.htm", "g.md"]
    assert ids(tmp_path / "news") == [f"news/{name}" for name in found]
    files, problems = find_files([tmp_path / "news"])
    assert all(file.path.is_absolute() for file in files)
    assert problems == ()


def test_a_file_given_alone_has_its_name_as_id(tmp_path: Path) -> None:
    assert ids(write(tmp_path / "a.txt")) == ["a.txt"]


def test_a_folder_given_by_a_relative_path_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "news" / "a.txt")
    monkeypatch.chdir(tmp_path / "news")
    assert ids(Path()) == ids(Path("../news")) == ["news/a.txt"]


def test_roots_of_one_name_are_told_apart_by_their_parents(tmp_path: Path) -> None:
    for parent in ("x", "y"):
        write(tmp_path / parent / "news" / "a.txt")
        write(tmp_path / parent / "one.txt")
    assert ids(tmp_path / "x/news", tmp_path / "y/news") == ["x/news/a.txt", "y/news/a.txt"]
    assert ids(tmp_path / "x/one.txt", tmp_path / "y/one.txt") == ["x/one.txt", "y/one.txt"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", ".DS_Store", "seen.txt"):
        write(tmp_path / "n" / name)
    assert ids(tmp_path / "n") == ["n/seen.txt"]
    assert told(tmp_path / "n") == {}


@pytest.mark.parametrize(
    "made", [("CURRENT", "LOCK"), ("gen-000001-0a1b2c3d/MANIFEST.json", "notes.json")]
)
def test_an_index_among_the_articles_is_passed_over(tmp_path: Path, made: tuple[str, ...]) -> None:
    for name in (*(f"index/{each}" for each in made), "index/a.txt", "__pycache__/b.txt", "c.txt"):
        write(tmp_path / "n" / name)
    assert ids(tmp_path / "n") == ["n/c.txt"]
    assert told(tmp_path / "n") == {}


def test_a_folder_that_only_looks_like_an_index_is_read(tmp_path: Path) -> None:
    for name in ("x/CURRENT.txt", "x/LOCK.txt", "gen-1/a.txt"):
        write(tmp_path / "n" / name)
    assert ids(tmp_path / "n") == ["n/gen-1/a.txt", "n/x/CURRENT.txt", "n/x/LOCK.txt"]


def test_a_file_of_another_kind_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "a.docx")
    write(tmp_path / "README")
    kinds = "(it reads .txt .md .markdown .html .htm .pdf .jsonl)"
    assert told(tmp_path) == {
        "a.docx": f"not a kind nkqa reads: .docx {kinds}",
        "README": f"not a kind nkqa reads: no extension {kinds}",
    }


def test_a_missing_root_is_an_error_that_names_what_is_near(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with pytest.raises(InputError, match=r"artikles does not exist; did you mean .*articles\?"):
        find_files([tmp_path / "artikles"])
    with pytest.raises(InputError, match="the nearest folder that does is"):
        find_files([tmp_path / "q" / "w"])


def test_a_file_reached_twice_is_listed_once_under_its_own_place(tmp_path: Path) -> None:
    own = write(tmp_path / "n" / "z" / "own.txt")
    (tmp_path / "n" / "a").symlink_to(own.parent)
    (tmp_path / "n" / "link.txt").symlink_to(own)
    assert ids(tmp_path / "n") == ["n/z/own.txt"]
    assert ids(tmp_path / "n", tmp_path / "n") == ["n/z/own.txt"]
    assert ids(tmp_path / "n", own) == ["n/z/own.txt"]


def test_links_to_elsewhere_are_followed_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.txt")
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "n")
    (tmp_path / "n" / "self.txt").symlink_to(tmp_path / "n" / "self.txt")
    assert ids(tmp_path / "n") == ["n/out/a.txt"]
    assert list(told(tmp_path / "n")) == ["self.txt"]


def test_what_is_no_regular_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "sock.md"))
        assert told(tmp_path) == {
            "pipe.txt": "not a regular file but a named pipe",
            "sock.md": "not a regular file but a socket",
            "lost.txt": "a broken link",
        }


def test_a_name_that_is_not_utf8_is_told_in_writable_words(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system allows UTF-8 names only")
    files, (only,) = find_files([tmp_path])
    assert files == ()
    assert only.path.endswith(r"caf\xe9.txt")
    assert only.reason == "its name is not UTF-8; rename it"


@as_root
def test_permissions_are_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt").chmod(0)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    reasons = told(tmp_path)
    closed.chmod(0o700)
    assert reasons == dict.fromkeys(("a.txt", "closed"), "cannot be read: permission denied")


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".pdf", ".jsonl"])
def test_loading_what_is_no_regular_file_gives_a_problem(
    tmp_path: Path, loader: Loader, suffix: str
) -> None:
    def reason(path: Path) -> str:
        (item,) = loader.documents(SourceFile(path, path.name))
        assert isinstance(item, Problem)
        return item.reason

    pipe, folder = tmp_path / f"pipe{suffix}", tmp_path / f"folder{suffix}"
    os.mkfifo(pipe)
    folder.mkdir()
    assert reason(pipe) == "not a regular file but a named pipe"
    assert reason(folder) == "not a regular file but a folder"
    assert reason(tmp_path / f"gone{suffix}") == "cannot be read: no such file or directory"
    with pytest.raises(NotLoaded):
        hash_file(pipe)


def test_a_device_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    assert told(tmp_path) == {"endless.txt": "not a regular file but a device"}
    with pytest.raises(NotLoaded, match="a device"):
        hash_file(tmp_path / "endless.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_document_carries_the_hash_of_its_file(tmp_path: Path, loader: Loader, name: str) -> None:
    path = write(tmp_path / name, '{"text": "x"}\n')
    (got,) = loader.documents(SourceFile(path, name))
    assert not isinstance(got, Problem)
    assert got.file_sha256 == hash_file(path)
    assert got.path == str(path)
