"""A short campaign for each promise; the command runs as a person runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _campaign(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.campaign", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("promise", "count"),
    [("damage", 120), ("kill", 66), ("power", 250), ("disk", 60), ("writers", 10)],
)
def test_a_short_campaign_finds_no_broken_promise(promise: str, count: int) -> None:
    done = _campaign(promise, "--count", str(count))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split()[:3] == [promise, str(count), "0"]
