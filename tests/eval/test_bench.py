"""A benchmark says what it lacks before it begins."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["scale", "nowhere"], 3, "nowhere is no BEIR folder: it lacks corpus.jsonl."),
        (["encoder", "nowhere"], 3, "nowhere is no BEIR folder: it lacks corpus.jsonl."),
        (["scale", "BEIR", "--sizes", "10,many"], 2, "'10,many' are no sizes"),
    ],
    ids=["scale", "encoder", "sizes"],
)
def test_what_is_missing_is_told(
    beir: Path, tmp_path: Path, words: list[str], status: int, told: str
) -> None:
    words = [str(beir) if word == "BEIR" else word for word in words]
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench", *words],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr
