"""An index is looked for where there cannot be one: that is said, and what stands in the way."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa import (
    IndexMissing,
    LiveIndex,
    StoreError,
    build_index,
    index_status,
    open_index,
    repair_index,
    rollback_index,
    verify_index,
)

_PLACES = {
    "x" * 300: "File name too long",
    "/".join(["x" * 200] * 25): "File name too long",
    "circle": "Too many levels of symbolic links",
    "circle/index": "Too many levels of symbolic links",
    "file/index": "There is no index",
    "file": "There is no index",
    "dangling": "There is no index",
    "nul\0byte": "null byte",
}
_READING = (open_index, index_status, verify_index, repair_index, rollback_index, LiveIndex)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "file").write_text("in the way")
    return tmp_path


@pytest.mark.parametrize("place", _PLACES, ids=lambda place: repr(place[:20]))
@pytest.mark.parametrize("use", _READING, ids=lambda use: str(use.__name__))
def test_no_index_can_be_read_there_and_the_reason_is_told(
    places: Path, use: Callable[[Path], object], place: str
) -> None:
    with pytest.raises(IndexMissing, match=_PLACES[place]):
        use(places / place)


@pytest.mark.parametrize("place", [place for place in _PLACES if place != "nul\0byte"])
def test_no_index_can_be_written_there_and_the_reason_is_told(
    places: Path, articles: Path, place: str
) -> None:
    before = sorted(places.iterdir())
    with pytest.raises(StoreError, match="Cannot write an index"):
        build_index([articles], places / place, model="hashed")
    assert sorted(places.iterdir()) == before


@pytest.mark.parametrize("command", ["ask", "status", "verify", "repair", "rollback"])
def test_below_a_folder_that_may_not_be_searched_the_index_is_not_called_damaged(
    made: tuple[Path, Path], tmp_path: Path, nkqa_process: Any, as_plain_user: Any, command: str
) -> None:
    index, _ = made
    shut = tmp_path / "shut"
    shut.mkdir()
    index.rename(shut / "index")
    shut.chmod(0)
    words = ["Which", "ferry?"] if command == "ask" else []
    try:
        done = nkqa_process(command, *words, "--index", shut / "index", preexec_fn=as_plain_user)
    finally:
        shut.chmod(0o700)
    if done.status == 0 and os.geteuid() == 0:
        pytest.skip("permissions do not hold for this user")
    assert done.status == 4
    assert "Permission denied" in done.err
    assert "damaged" not in done.err
    assert "Traceback" not in done.err


def test_in_a_folder_that_is_gone_an_index_that_is_named_answers_and_none_is_looked_for(
    made: tuple[Path, Path], tmp_path: Path, nkqa_process: Any
) -> None:
    index, _ = made
    gone = tmp_path / "gone"
    gone.mkdir()
    asked = nkqa_process("ask", "Which ferry?", "--index", index, cwd=gone, preexec_fn=gone.rmdir)
    assert asked.status == 0, asked.err
    gone.mkdir()
    asked = nkqa_process("ask", "Which ferry?", cwd=gone, preexec_fn=gone.rmdir)
    assert asked.status == 2
    assert "The current folder cannot be used" in asked.err
    assert "Traceback" not in asked.err


def test_a_home_that_nobody_has_is_told_as_a_place_without_an_index(nkqa: Any) -> None:
    done = nkqa("ask", "Which ferry?", "--index", "~nobody-has-this-name/index")
    assert done.status == 4
    assert "~nobody-has-this-name/index" in done.err
