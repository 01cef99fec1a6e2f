"""Where a result was made: on which machine, from which commit."""

import datetime
import os
import platform
from pathlib import Path


def header(schema: str) -> dict[str, object]:
    """What every result begins with: its schema, when it was made, by what and where."""
    from qa.version import __version__

    return {
        "schema": schema,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "written_by": f"nkqa {__version__}",
        "commit": commit(Path(__file__).parents[1]),
        "machine": machine(),
    }


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
