"""Where a result was made: on which machine, from which commit."""

import os
import platform
from pathlib import Path


def machine() -> dict[str, object]:
    """What the numbers of seconds depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
    }


def commit(root: Path) -> str | None:
    """The commit checked out at `root`, None where it is no working tree."""
    try:
        head = (root / ".git" / "HEAD").read_text("ascii").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (root / ".git" / name).is_file():
            return (root / ".git" / name).read_text("ascii").strip()
        packed = (root / ".git" / "packed-refs").read_text("ascii").splitlines()
    except OSError:
        return None
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
