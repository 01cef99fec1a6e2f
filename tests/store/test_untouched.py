"""A question need not read large files again that were read lately and are untouched."""

import os
from pathlib import Path

import pytest

from embeddings.hashed import HashedEncoder
from qa import IndexDamaged, open_index, verify_index
from qa.store.local.generations import generation


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(generation, "LARGE", 0)


def _damage(record: Path, keep_times: bool) -> None:
    seen = record.stat()
    data = bytearray(record.read_bytes())
    data[-1] ^= 1
    record.write_bytes(data)
    if keep_times:
        os.utime(record, ns=(seen.st_atime_ns, seen.st_mtime_ns))


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("keep_times", [False, True])
def test_a_file_that_was_written_to_is_read_again(
    made: tuple[Path, Path], keep_times: bool
) -> None:
    index, _ = made
    with open_index(index, encoder=HashedEncoder(), recheck=False) as opened:
        assert opened.ask("How many pupils?").citations
    record = max(index.glob("gen-*/articles.sqlite"))
    _damage(record, keep_times)
    with pytest.raises(IndexDamaged, match=r"articles\.sqlite"):
        open_index(index, encoder=HashedEncoder(), recheck=False)
    assert verify_index(index).faults


@pytest.mark.usefixtures("large")
def test_what_is_untouched_is_not_read_and_who_stays_reads_it(
    made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, _ = made
    read: list[str] = []
    digest_of = generation.digest_of

    def counted(path: Path) -> tuple[int, str]:
        read.append(path.name)
        return digest_of(path)

    monkeypatch.setattr(generation, "digest_of", counted)
    for recheck, expected in ((False, True), (False, False), (True, True)):
        read.clear()
        open_index(index, encoder=HashedEncoder(), recheck=recheck).close()
        assert ("articles.sqlite" in read) == expected


def test_a_cache_that_cannot_be_written_is_no_error(
    made: tuple[Path, Path], large: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NKQA_CACHE", str(tmp_path / "file"))
    index, _ = made
    for _ in range(2):
        open_index(index, encoder=HashedEncoder(), recheck=False).close()
