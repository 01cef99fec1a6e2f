"""The training of the reader, checked in a process of its own.

Training runs torch in several threads. Beside the engines that other tests load into the same
process it has ended in a segmentation fault.
"""

import subprocess
import sys
from pathlib import Path

import pytest

_CHECKS = Path(__file__).with_name("training_checks.py")


@pytest.mark.parametrize(
    "which", ["not slow", pytest.param("slow", marks=pytest.mark.slow)], ids=["fast", "slow"]
)
def test_training_passes_its_checks(which: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", which, str(_CHECKS)],
        cwd=_CHECKS.parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
