"""Which index is meant, resolved in one place: option, environment, nearest folder, shipped."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from embeddings.cache import cache_folder
from embeddings.errors import IndexBusy, UsageError

FOLDER = ".nkqa"


def chosen_index(given: Path | None) -> Path | None:
    """The index that was asked for: `given`, else `$NKQA_INDEX`, else the nearest `.nkqa/` in this
    folder or above it; None when there is none of these."""
    return _named(given) or _nearest()


def index_to_write(given: Path | None) -> Path:
    """The index that `nkqa index` writes: as `chosen_index`, else `.nkqa/` in this folder.

    `.nkqa/` in this folder is a relative path, one found above it an absolute path.
    """
    if named := _named(given):
        return named
    nearest = _nearest()
    return Path(FOLDER) if nearest in (None, Path.cwd() / FOLDER) else nearest


def _named(given: Path | None) -> Path | None:
    named = given or os.environ.get("NKQA_INDEX")
    return Path(os.path.expanduser(named)) if named else None  # noqa: PTH111  never raises


def _nearest() -> Path | None:
    try:
        here = Path.cwd()
    except OSError as error:
        raise UsageError(
            f"The current folder cannot be used: {error.strerror}. Change to another one, or name "
            "an index with --index."
        ) from error
    for folder in (here, *here.parents):
        if os.path.isdir(folder / FOLDER):  # noqa: PTH112  never raises
            return folder / FOLDER
    return None


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


def made_shipped_index(build: Callable[[Path, Path], object], note: Callable[[str], None]) -> Path:
    """The index over the shipped articles; where it is missing, `build(articles, index)` is called.

    Where another process is building it, this one waits until that is done. `note` is called with
    a line for the person who waits.
    """
    from qa.store.opening import state_token, wait_for_writer

    path, articles = shipped_index()
    if state_token(path):
        return path
    note("First their index is made.")
    while not state_token(path):
        try:
            build(articles, path)
        except IndexBusy:
            note("Another process is making it already; this one waits until it is there.")
            wait_for_writer(path)
    return path
