"""A short campaign of hostile inputs, and that what breaks the promise is seen."""

from pathlib import Path

import pytest

from tests.campaign.command import MEMORY, SECONDS, Done
from tests.campaign.hostile import GENERATORS, run, unaccounted


@pytest.mark.slow
@pytest.mark.parametrize(
    "generator",
    [
        "Links to themselves, to each other, to the folder that holds them; and a long chain",
        "Names that are not UTF-8, or command a terminal, or are as long as they may be",
        "odd front matter (1)",
        "a PDF with loops (1)",
        "a page of entities (1)",
    ],
)
def test_a_hostile_input_costs_itself_alone(generator: str) -> None:
    assert run(GENERATORS.index(generator), 1).failures == ()


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (Done(0, "", "", 1.0, 0, 0, "it did nothing for 100 s"), "did nothing"),
        (Done(-11, "", "", 1.0, 0, 0, None), "status -11"),
        (Done(1, "", "Traceback\nOverflowError", 1.0, 0, 0, None), "OverflowError"),
        (Done(0, "", "Traceback\nValueError", 1.0, 0, 0, None), "ValueError"),
        (Done(0, "", "", SECONDS + 1, 0, 0, None), "61 s"),
        (Done(3, "", "", 1.0, MEMORY + 1, 0, None), "1,024 MiB"),
    ],
)
def test_a_command_that_does_what_none_may_is_a_fault(done: Done, told: str) -> None:
    (fault,) = done.faults()
    assert told in fault
    assert not list(Done(3, "", "nkqa: a.txt cannot be read", 1.0, 0, 0, None).faults())


def test_a_file_that_is_left_out_without_a_word_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "articles" / "inside").mkdir(parents=True)
    for name in ("indexed.txt", "named.txt", "lines.jsonl", "inside/lost.txt"):
        (tmp_path / "articles" / name).write_text("An article.")
    added = ["articles/indexed.txt", "articles/lines.jsonl:1"]
    named = [{"path": str(tmp_path / "articles" / "named.txt"), "reason": "not text"}]
    (fault,) = unaccounted(tmp_path / "articles", {"added": added, "problems": named})
    assert "inside/lost.txt" in fault
    named.append({"path": str(tmp_path / "articles" / "inside"), "reason": "permission denied"})
    assert not list(unaccounted(tmp_path / "articles", {"added": added, "problems": named}))
