"""Damage of every kind: nothing is answered, the file is named, and the named command mends it."""

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import (
    IndexDamaged,
    IndexMissing,
    open_index,
    repair_index,
    rollback_index,
    verify_index,
)

Made = tuple[Path, Path]
_QUESTION = "Which ferry reached Sokcho?"
_SEED = 20190426


def _current(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().split()[0]


def _files(index: Path) -> list[Path]:
    """Every file that the current generation stands on."""
    return [index / "CURRENT", *sorted(p for p in _current(index).rglob("*") if p.is_file())]


def _told(index: Path, file: Path) -> str:
    """The message that refuses an answer, which must name the file and a mending command."""
    with pytest.raises(IndexDamaged) as refused, open_index(index) as opened:
        opened.ask(_QUESTION)
    told = str(refused.value)
    assert file.name in told
    assert str(file) in told
    assert _commands(told)
    return told


def _commands(message: str) -> list[list[str]]:
    return [found.split()[1:] for found in re.findall(r"`(nkqa [^`]+)`", message)]


def _answers(index: Path) -> list[object]:
    with open_index(index) as opened:
        return [opened.ask(question, 20).citations for question in (_QUESTION, "How many pupils?")]


def _flips(index: Path, each: int) -> Iterator[tuple[Path, int, int]]:
    """File, place and mask of damages: the ends of each file and random places of it."""
    dice = random.Random(_SEED)
    for file in _files(index):
        size = file.stat().st_size
        places = {0, size - 1} | {dice.randrange(size) for _ in range(each) if size}
        for place in sorted(places if size else ()):
            yield file, place, 1 << dice.randrange(8)
            yield file, place, dice.randrange(1, 256)


def _flip(file: Path, place: int, mask: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= mask
    file.write_bytes(data)


@pytest.mark.parametrize(
    "each", [8, pytest.param(150, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_one_changed_byte_anywhere_is_refused_and_its_file_named(made: Made, each: int) -> None:
    index, _ = made
    for file, place, mask in _flips(index, each):
        _flip(file, place, mask)
        _told(index, file)
        _flip(file, place, mask)
    assert _answers(index)


def test_every_byte_of_current_counts(made: Made) -> None:
    index, _ = made
    file = index / "CURRENT"
    sound = file.read_bytes()
    unnoticed = []
    for place in range(len(sound)):
        for value in {sound[place] ^ 1 << bit for bit in range(8)} | set(b" \t\n\r\v\f\x1c\0"):
            if value == sound[place]:
                continue
            file.write_bytes(sound[:place] + bytes([value]) + sound[place + 1 :])
            try:
                open_index(index).close()
                unnoticed.append((place, value))
            except IndexDamaged:
                continue
    assert unnoticed == []


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _grown(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n")


def _deleted(file: Path) -> None:
    file.unlink()


def _made_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _swapped(file: Path) -> None:
    """For another file of the same folder, or for one of the generation before."""
    neighbours = [p for p in sorted(file.parent.iterdir()) if p.is_file() and p != file]
    other = max(neighbours, key=lambda p: p.stat().st_size)
    aside = file.with_name("aside")
    file.rename(aside)
    other.rename(file)
    aside.rename(other)


_KINDS = {
    "CURRENT": "CURRENT",
    "manifest": "MANIFEST.json",
    "record": "articles.sqlite",
    "vectors": "passages.faiss",
    "terms": "terms/*.term",
    "positions": "terms/*.idx",
    "segments": "terms/meta.json",
}
_DAMAGES = [_emptied, _halved, _grown, _deleted, _made_a_folder, _swapped]


def _of_kind(index: Path, kind: str) -> Path:
    if kind == "CURRENT":
        return index / "CURRENT"
    return next(_current(index).glob(_KINDS[kind]))


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("damage", _DAMAGES, ids=lambda each: each.__name__.strip("_"))
def test_a_file_that_is_not_as_committed_is_refused(
    made: Made, kind: str, damage: Callable[[Path], None]
) -> None:
    index, _ = made
    if kind == "CURRENT" and damage is _swapped:
        pytest.skip("CURRENT has no neighbour of its kind")
    file = _of_kind(index, kind)
    damage(file)
    with pytest.raises(IndexDamaged) as refused, open_index(index) as opened:
        opened.ask(_QUESTION)
    assert _commands(str(refused.value))
    if damage is not _swapped:
        assert str(file) in str(refused.value)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("damage", [_halved, _deleted], ids=["halved", "deleted"])
def test_each_command_that_the_message_names_mends_the_index(
    made: Made, tmp_path: Path, nkqa: Any, kind: str, damage: Callable[[Path], None]
) -> None:
    index, articles = made
    before = _answers(index)
    damage(_of_kind(index, kind))
    refused = nkqa("ask", _QUESTION, "--index", index)
    assert refused.status == 4
    assert refused.out == ""
    commands = _commands(refused.err)
    assert commands
    for number, words in enumerate(commands):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(index, copy)
        if "--rebuild" in words:
            words += ["--model", "hashed"]
        words = [str(articles) if word == "PATH" else word for word in words]
        mended = nkqa(*words, "--index", copy)
        assert mended.status == 0, (words, mended.err)
        answered = nkqa("ask", _QUESTION, "--index", copy)
        assert answered.status == 0, (words, answered.err)
        assert verify_index(copy).faults == ()
        if words[0] == "repair":
            assert _answers(copy) == before


def test_a_lost_current_is_damage_and_not_an_empty_index(made: Made) -> None:
    index, _ = made
    before = _answers(index)
    (index / "CURRENT").unlink()
    _told(index, index / "CURRENT")
    rollback_index(index)
    assert _answers(index) == before


def test_a_lost_generation_is_damage(made: Made) -> None:
    index, _ = made
    shutil.rmtree(_current(index))
    with pytest.raises(IndexDamaged, match="rollback"):
        open_index(index)
    rollback_index(index)
    assert _answers(index)


def test_an_older_generation_under_the_name_of_the_current_one_is_refused(made: Made) -> None:
    index, _ = made
    old, new = sorted(index.glob("gen-*"))
    shutil.rmtree(new)
    old.rename(new)
    with pytest.raises(IndexDamaged):
        open_index(index)


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_no_index_is_told_apart_from_a_broken_one(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder
    if folder == "empty":
        path.mkdir()
    with pytest.raises(IndexMissing, match="nkqa index PATH"):
        open_index(path)


def test_verify_finds_nothing_in_a_sound_index(made: Made) -> None:
    report = verify_index(made[0])
    assert report.faults == ()
    assert report.passages == 7
    assert report.files == len(_files(made[0])) - 2  # CURRENT and the manifest are checked first.


def test_verify_tells_every_damaged_file(made: Made) -> None:
    index, _ = made
    damaged = [file for file in _files(index)[1:] if file.name != "MANIFEST.json"]
    for file in damaged:
        _grown(file)
    faults = verify_index(index).faults
    assert len(faults) == len(damaged)
    for file, fault in zip(sorted(damaged), sorted(faults), strict=True):
        assert any(str(file) in fault for fault in faults), file


def test_repair_gives_the_same_answers_to_the_bit(made: Made) -> None:
    index, _ = made
    before = _answers(index)
    shutil.rmtree(_current(index) / "terms")
    (_current(index) / "passages.faiss").unlink()
    repair_index(index)
    assert _answers(index) == before
    assert verify_index(index).faults == ()


def test_repair_of_a_sound_index_changes_no_answer(made: Made) -> None:
    index, _ = made
    before = _answers(index)
    repair_index(index)
    assert _answers(index) == before


def test_after_a_repair_rollback_returns_to_a_sound_generation(made: Made) -> None:
    index, _ = made
    _grown(_current(index) / "passages.faiss")
    name = repair_index(index)
    rollback_index(index)
    assert _current(index).name != name
    assert verify_index(index).faults == ()
    assert _answers(index)


def test_repair_refuses_a_damaged_record(made: Made) -> None:
    index, _ = made
    _flip(_current(index) / "articles.sqlite", 9000, 1)
    with pytest.raises(IndexDamaged, match=r"articles\.sqlite"):
        repair_index(index)


def test_indexing_on_top_of_a_damaged_record_is_refused(
    made: Made, sync: Any, articles: Path
) -> None:
    index, _ = made
    _flip(_current(index) / "articles.sqlite", 9000, 1)
    with pytest.raises(IndexDamaged, match="rebuild"):
        sync(articles)


def test_an_index_whose_generations_are_all_damaged_is_rebuilt(
    made: Made, sync: Any, ask: Any
) -> None:
    index, articles = made
    for generation in index.glob("gen-*"):
        for file in generation.rglob("*"):
            if file.is_file():
                file.unlink()
    with pytest.raises(IndexDamaged):
        rollback_index(index)
    sync(articles, rebuild=True)
    assert ask(_QUESTION).citations[0].path.endswith("late.txt")
    assert len(list(index.glob("gen-*"))) == 1


def test_the_rest_of_the_folder_is_no_part_of_the_index(made: Made) -> None:
    index, _ = made
    (index / "notes.txt").write_text("mine")
    (index / "tmp-left").mkdir()
    os.utime(index / "LOCK")
    assert _answers(index)
