"""Watches the calls with which Python code changes files below a folder.

A watcher is called before each call, when it can kill the process or raise the error that a broken
disk would give, and after each call that succeeded. SQLite, tantivy and FAISS write to files
without such calls; at the next call a watcher can look at what they wrote.
"""

import builtins
import contextlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Each call, and which of its arguments are the paths or descriptors that it changes.
_CHANGING = {
    "open": (0,), "write": (0,), "sendfile": (0,), "truncate": (0,), "ftruncate": (0,),
    "fsync": (0,), "fdatasync": (0,), "rename": (0, 1), "replace": (0, 1), "link": (1,),
    "symlink": (1,), "mkdir": (0,), "unlink": (0,), "remove": (0,), "rmdir": (0,),
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Watcher:
    """Called around each change, with the name of the call ("fsync") and the path it changes."""

    def before(self, name: str, path: str) -> None:
        """The call comes next. An exception raised here is the result of the call."""

    def after(self, name: str, path: str) -> None:
        """The call succeeded."""


class Counter(Watcher):
    """Counts calls: `names` has the name of each. Calls `act` before call number `at`, from 0."""

    def __init__(self, at: int = -1, act: Callable[[], None] = lambda: None) -> None:
        self.names: list[str] = []
        self._at = at
        self._act = act

    def before(self, name: str, _path: str) -> None:
        self.names.append(name)
        if len(self.names) - 1 == self._at:
            self._act()


@contextlib.contextmanager
def watched(root: Path, watcher: Watcher) -> Iterator[None]:
    """Calls `watcher` around every change below `root` while the context lasts."""
    top = os.path.realpath(root)

    def ours(path: Any, dir_fd: int | None = None) -> str | None:
        """The path as text where it lies below the root."""
        handle = path if isinstance(path, int) else dir_fd
        folder = "" if handle is None else os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115
        full = folder if handle is path else os.path.join(folder, os.fsdecode(path))  # noqa: PTH118
        full = os.path.abspath(full)  # noqa: PTH100
        return full if full == top or full.startswith(top + "/") else None

    def watching(name: str, places: tuple[int, ...], real: Callable[..., Any]) -> Any:
        def patched(*args: Any, **named: Any) -> Any:
            seen = [ours(args[place], named.get("dir_fd")) for place in places]
            path = next((one for one in seen if one is not None), None)
            if path is None or (name == "open" and not args[1] & _WRITING):
                return real(*args, **named)
            watcher.before(name, path)
            result = real(*args, **named)
            watcher.after(name, path)
            return result

        return patched

    class Raw(io.FileIO):
        """A file whose writes are watched."""

        def write(self, data: Any, /) -> int:
            watcher.before("write", str(self.name))
            written = super().write(data)
            watcher.after("write", str(self.name))
            return written

    real_open = io.open

    def open_watched(
        file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None,
        errors: str | None = None, newline: str | None = None, *rest: Any, **named: Any,
    ) -> Any:  # fmt: skip
        writes = not isinstance(file, int) and set(mode) & set("wax+")
        path = ours(file) if writes else None
        if path is None:
            return real_open(file, mode, buffering, encoding, errors, newline, *rest, **named)
        watcher.before("open", path)
        raw = Raw(file, mode.translate({ord("b"): None, ord("t"): None}), *rest, **named)
        watcher.after("open", path)
        if buffering == 0:
            return raw
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffer
        return io.TextIOWrapper(buffer, encoding, errors, newline)

    with contextlib.ExitStack() as patches:
        for module, name, patched in [
            *((os, n, watching(n, places, getattr(os, n))) for n, places in _CHANGING.items()),
            (io, "open", open_watched),
            (builtins, "open", open_watched),
        ]:
            patches.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, patched)
        yield
