"""Finding files: which, in what order, under which id, and what is told of the others."""

import json
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from embeddings.errors import InputError
from qa.indexing.read_ahead import ReadAhead
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


def with_links(home: Path) -> Path:
    """A folder with links to a folder and a file elsewhere, and back from there, and to itself."""
    write(home / "elsewhere" / "a.txt")
    write(home / "b.txt")
    write(home / "n" / "own.txt")
    for link, target in (
        ("n/out", "elsewhere"), ("n/out.txt", "b.txt"), ("n/up", "."), ("n/self.txt", "n/self.txt"),
        ("elsewhere/back", "n"), ("n/in", "n"), ("n/notes.docx", "b.txt"),
    ):  # fmt: skip
        (home / link).symlink_to(home / target)
    return home / "n"


def test_links_that_lead_out_of_the_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    folder = with_links(tmp_path)
    assert ids(folder) == ["n/own.txt"]
    reasons = told(folder)
    assert sorted(reasons) == ["notes.docx", "out", "out.txt", "self.txt", "up"]
    for name, target in (("out", "elsewhere"), ("out.txt", "b.txt"), ("up", "")):
        assert f"a link to {tmp_path / target}, which no indexed folder holds" in reasons[name]
        assert "--follow-links" in reasons[name]


def test_links_that_lead_out_are_followed_when_asked_and_loops_end(tmp_path: Path) -> None:
    folder = with_links(tmp_path)
    files, problems = find_files([folder], follow_links=True)
    assert [file.doc_id for file in files] == ["n/out.txt", "n/out/a.txt", "n/own.txt"]
    assert sorted(Path(each.path).name for each in problems) == ["notes.docx", "self.txt"]


def test_a_link_from_one_folder_into_another_is_no_problem(tmp_path: Path) -> None:
    write(tmp_path / "x" / "a.txt")
    (tmp_path / "y").mkdir()
    (tmp_path / "y" / "link").symlink_to(tmp_path / "x")
    assert ids(tmp_path / "y", tmp_path / "x") == ["x/a.txt"]
    assert told(tmp_path / "y", tmp_path / "x") == {}


def test_a_root_that_is_a_link_is_read_under_its_own_name(tmp_path: Path, loader: Loader) -> None:
    write(tmp_path / "elsewhere" / "a.txt")
    write(tmp_path / "elsewhere" / "deep" / "b.txt")
    (tmp_path / "elsewhere" / "c.txt").symlink_to(tmp_path / "elsewhere" / ".hidden.txt")
    write(tmp_path / "elsewhere" / ".hidden.txt")
    (tmp_path / "n").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "one.txt").symlink_to(tmp_path / "elsewhere" / "a.txt")
    assert ids(tmp_path / "n") == ["n/a.txt", "n/c.txt", "n/deep/b.txt"]
    assert ids(tmp_path / "one.txt") == ["one.txt"]
    for file in find_files([tmp_path / "n"])[0]:
        (got,) = loader.documents(file)
        assert not isinstance(got, Problem)
        assert got.path == str(tmp_path / got.doc_id)


def test_a_file_that_became_a_link_since_it_was_found_is_not_read(
    tmp_path: Path, loader: Loader
) -> None:
    write(tmp_path / "secret", "The secret of the house.")
    path = write(tmp_path / "n" / "a.txt", "An article.")
    ((found,), _) = find_files([tmp_path / "n"])
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    (item,) = loader.documents(found)
    assert isinstance(item, Problem)
    with pytest.raises(NotLoaded):
        hash_file(found.place)


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


def deep_folder(root: Path) -> Path:
    """A folder whose path is longer than the system takes, below `root`, with an article in it."""
    name, folder = "d" * 200, os.open(root, os.O_RDONLY)
    path = root
    while len(os.fsencode(path)) < 4300:
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder, path = inner, path / name
    os.close(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    os.close(folder)
    return path


def test_a_path_too_long_for_the_system_is_a_problem_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "n" / "a.txt")
    (tmp_path / "n" / "long").mkdir()
    deep_folder(tmp_path / "n" / "long")
    try:
        files, (only,) = find_files([tmp_path / "n"])
    finally:
        subprocess.run(["rm", "-r", tmp_path / "n" / "long"], check=True)
    assert [file.doc_id for file in files] == ["n/a.txt"]
    assert only.reason == "cannot be read: file name too long"


def test_a_root_with_a_name_too_long_for_the_system_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: file name too long"):
        find_files([tmp_path / ("x" * 300)])


def test_a_folder_that_may_be_listed_and_not_entered_costs_its_own_articles_alone(
    tmp_path: Path, nkqa_process: Callable[..., Any], as_plain_user: Callable[[], None]
) -> None:
    write(tmp_path / "n" / "a.txt", "The bridge opens on Monday.")
    closed = write(tmp_path / "n" / "closed" / "b.txt").parent
    closed.chmod(0o400)
    words = ["index", "--index", tmp_path / "index", "--model", "hashed", tmp_path / "n", "--json"]
    try:
        done = nkqa_process(*words, preexec_fn=as_plain_user)
    finally:
        closed.chmod(0o700)
    report = json.loads(done.out)
    if report["documents"] == 2:
        pytest.skip("permissions do not bind whoever runs this")
    assert (done.status, report["documents"]) == (3, 1)
    (problem,) = report["problems"]
    assert problem["path"] == str(closed / "b.txt")
    assert problem["reason"] == "cannot be read: permission denied"


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


def bytes_read(do: Callable[[], object]) -> int:
    """How many bytes this process reads meanwhile, from wherever."""
    counter = Path("/proc/self/io")
    if not counter.exists():
        pytest.skip("counts with /proc")

    def read() -> int:
        return int(counter.read_text().split("rchar: ")[1].split()[0])

    before = read()
    do()
    return read() - before


@pytest.mark.parametrize(
    ("name", "reason"),
    [("a.txt", "larger than 64 MiB"), ("a.pdf", "larger than 64 MiB"),
     ("a.jsonl", "its first line is longer than 64 MiB")],
)  # fmt: skip
def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, name: str, reason: str) -> None:
    path = write(tmp_path / name, "")
    os.truncate(path, 10 << 30)

    def refused() -> None:
        with ReadAhead() as reading:
            (read,) = reading.read([SourceFile(path, name)])
        assert (read.refused or "").startswith(reason)

    assert bytes_read(refused) < (65 << 20 if name == "a.jsonl" else 1 << 20)


def test_a_link_is_read_as_the_kind_of_file_that_its_own_name_says(tmp_path: Path) -> None:
    os.truncate(write(tmp_path / "feed.data", ""), 65 << 20)
    (tmp_path / "feed.jsonl").symlink_to(tmp_path / "feed.data")
    with ReadAhead() as reading:
        (read,) = reading.read(find_files([tmp_path])[0])
    assert read.file.doc_id.endswith("feed.jsonl")
    assert (read.refused or "").startswith("its first line is longer")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="such files stand in /proc")
def test_a_file_that_holds_more_than_its_size_says_is_refused_at_the_first_byte(
    tmp_path: Path, loader: Loader
) -> None:
    made_up = Path("/proc/self/maps")
    with pytest.raises(NotLoaded, match="holds more bytes than the 0 of its size"):
        hash_file(made_up)
    (tmp_path / "a.txt").symlink_to(made_up)
    ((found,), _) = find_files([tmp_path], follow_links=True)
    (item,) = loader.documents(found)
    assert isinstance(item, Problem)
    assert "holds more bytes" in item.reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_document_carries_the_hash_of_its_file(tmp_path: Path, loader: Loader, name: str) -> None:
    path = write(tmp_path / name, '{"text": "x"}\n')
    (got,) = loader.documents(SourceFile(path, name))
    assert not isinstance(got, Problem)
    assert got.file_sha256 == hash_file(path)
    assert got.path == str(path)
