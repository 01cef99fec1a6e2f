"""Where things that can be made again are kept between runs."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """`$NKQA_CACHE`, else this user's cache folder for nkqa; it need not exist yet."""
    chosen = os.environ.get("NKQA_CACHE")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("nkqa"))
