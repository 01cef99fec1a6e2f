"""Remember which large records were checked recently, so that one question need not read gigabytes.

A note in the cache folder has the device, inode, size, mtime and ctime of the checked file. Damage
that changes none of these is still detected in every row that a question reads, because each row
has its own digest. In the rest of the file it is detected after a day, or by the next full check:
`nkqa verify`, `nkqa index`, and every process that keeps an index open.
"""

import contextlib
import json
import os
import time
from pathlib import Path

import xxhash

from embeddings.cache import cache_folder

# The time to hash smaller files does not matter.
LARGE = 64 << 20
_LATELY = 24 * 3600


def untouched(path: Path, digest: str) -> bool:
    """Whether `remember` noted this digest within a day and the file is unchanged since."""
    try:
        then, *noted = json.loads(_note(path).read_bytes())
        return bool(noted == [digest, *_look(path)] and 0 <= time.time() - then < _LATELY)
    except (OSError, ValueError):
        return False


def remember(path: Path, digest: str) -> None:
    """Notes that the file currently has this digest. Ignores a cache that cannot be written."""
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
