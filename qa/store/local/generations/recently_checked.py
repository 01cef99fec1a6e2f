"""Large records that were compared lately and look untouched, so that one question need not read
gigabytes.

What is remembered of a file, in the cache folder: device, number, size and both times of change.
Damage that changes none of these is noticed in what a question reads, each row of a record having
its own digest; in the rest of the file a day later, or by whoever compares it whole: `nkqa verify`,
`nkqa index`, every process that keeps an index open.
"""

import contextlib
import json
import os
import time
from pathlib import Path

import xxhash

from embeddings.cache import cache_folder

# Smaller files are read and compared faster than it matters.
LARGE = 64 << 20
_LATELY = 24 * 3600


def untouched(path: Path, digest: str) -> bool:
    """Whether `remember` was told of the file as it is now, with that digest, within a day."""
    try:
        then, *told = json.loads(_note(path).read_bytes())
        return bool(told == [digest, *_look(path)] and 0 <= time.time() - then < _LATELY)
    except (OSError, ValueError):
        return False


def remember(path: Path, digest: str) -> None:
    """Notes that the file had this digest just now. A cache that cannot be written is no error."""
    with contextlib.suppress(OSError):
        note = _note(path)
        note.parent.mkdir(parents=True, exist_ok=True)
        new = note.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps([time.time(), digest, *_look(path)]))
        new.replace(note)


def _note(path: Path) -> Path:
    return cache_folder() / "checked" / xxhash.xxh3_64_hexdigest(os.fsencode(path.resolve()))


def _look(path: Path) -> list[int]:
    seen = path.stat()
    return [seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns]
