"""Which index is meant, resolved in one place: option, environment, nearest folder, shipped."""

import hashlib
import os
from pathlib import Path

from embeddings.cache import cache_folder
from embeddings.errors import UsageError

FOLDER = ".nkqa"


def chosen_index(given: Path | None) -> Path | None:
    """The index that was asked for: `given`, else `$NKQA_INDEX`, else the nearest `.nkqa/` in this
    folder or above it; None when there is none of these."""
    named = given or os.environ.get("NKQA_INDEX")
    if named:
        return Path(named).expanduser()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir():
            return folder / FOLDER
    return None


def index_to_write(given: Path | None) -> Path:
    """The index that `nkqa index` writes: as `chosen_index`, else `.nkqa/` in this folder.

    `.nkqa/` in this folder is a relative path, one found above it an absolute path.
    """
    chosen = chosen_index(given)
    return Path(FOLDER) if chosen in (None, Path.cwd() / FOLDER) else chosen


def shipped_index() -> tuple[Path, Path]:
    """Where the index over the shipped articles belongs, and the folder of those articles.

    The folder's name depends on the articles and on the format, so that another version of nkqa
    makes another index.
    """
    from qa.store.opening import local_format
    from seeds import articles

    folder = articles()
    files = sorted(folder.glob("*.md"))
    if not files:
        raise UsageError(f"The shipped articles are missing from {folder}; reinstall nkqa.")
    names = [name.encode() for name in local_format()]
    parts = [*names, *(file.read_bytes() for file in files)]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    return cache_folder() / f"shipped-{digest[:12]}", folder
