"""The folder for files that nkqa can recreate at any time."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """`$NKQA_CACHE`, else the user's cache folder for nkqa; it may not exist yet."""
    chosen = os.environ.get("NKQA_CACHE")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("nkqa"))
