"""Files are read several at once and come out one after the other."""

from collections.abc import Iterator
from pathlib import Path

from qa.indexing.read_ahead import ReadAhead
from qa.loading import Loader, SourceFile, find_files
from qa.types import Document, Problem

_PAGE = "<html><head><title>{0}</title></head><body><article>{1}</article></body></html>"


def _folder(path: Path) -> list[SourceFile]:
    path.mkdir()
    for number in range(12):
        told = f"<p>Harbour {number} was opened by the mayor, who spoke of trade and of fish.</p>"
        # The first take longest.
        (path / f"{number:02}.html").write_text(_PAGE.format(number, told * (40 - 3 * number)))
        (path / f"{number:02}.md").write_text(f"# Bridge {number}\n\nIt stands.\n")
    (path / "05.jsonl").write_text('{"text": "One line."}\n{"text": "Another."}\n')
    (path / "06.pdf").write_bytes(b"no pdf at all")
    files, _ = find_files([path])
    return files


def test_all_come_in_their_order_as_one_after_the_other(tmp_path: Path) -> None:
    files = _folder(tmp_path / "some")
    with Loader() as loader, ReadAhead() as reading:
        found = [(one.file, list(one.items)) for one in reading.read(files)]
        assert found == [(file, list(loader.documents(file))) for file in files]
    assert len(found) == 26


def test_a_single_file_can_be_read_beside_them(tmp_path: Path) -> None:
    files = _folder(tmp_path / "some")
    with ReadAhead() as reading:
        found = {one.file.path.name: one.sha256 for one in reading.read(files[1:])}
        first = reading.read_one(files[0])
        assert [item.path for item in first.items] == [str(files[0].path)]
    assert len({first.sha256, *found.values()}) == len(files)


def test_what_cannot_be_read_is_told_in_its_place(tmp_path: Path) -> None:
    files = _folder(tmp_path / "some")
    files[3].path.unlink()
    with ReadAhead() as reading:
        refused = [one.refused for one in reading.read(files)]
    assert [place for place, why in enumerate(refused) if why] == [3]


def test_only_a_few_are_read_before_they_are_wanted(tmp_path: Path) -> None:
    files = [file for file in _folder(tmp_path / "some") if file.path.suffix == ".html"] * 4
    taken: list[SourceFile] = []

    def offered() -> Iterator[SourceFile]:
        for file in files:
            taken.append(file)
            yield file

    with ReadAhead() as reading:
        next(reading.read(offered()))
    assert 0 < len(taken) <= 13


def test_a_loader_that_is_stopped_starts_no_parser_until_it_is_closed(tmp_path: Path) -> None:
    page = next(file for file in _folder(tmp_path / "some") if file.path.suffix == ".html")
    with Loader() as loader:
        loader.stop()
        (told,) = loader.documents(page)
        assert isinstance(told, Problem)
        assert told.reason == "reading was stopped"
        loader.close()
        assert isinstance(next(iter(loader.documents(page))), Document)
