"""Where a result comes from: machine and commit."""

import datetime
import os
import platform
from pathlib import Path


def header(schema: str) -> dict[str, object]:
    """The first fields of every result: schema, time, version of nkqa, commit and machine."""
    from qa.version import __version__

    return {
        "schema": schema,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "written_by": f"nkqa {__version__}",
        "commit": commit(Path(__file__).parents[1]),
        "machine": machine(),
    }


def machine() -> dict[str, object]:
    """The properties of the machine that times depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
    }


def commit(root: Path) -> str | None:
    """The commit checked out at `root`; None if that is not a git working tree."""
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
