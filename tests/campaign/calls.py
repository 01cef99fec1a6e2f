"""Watches the calls with which Python code changes files below a folder.

Whoever watches sees each call before it is made, where it can kill the process or raise the error
that a broken disk would give, and again after it was made. What SQLite, tantivy and FAISS write
by themselves is not seen, only what lies in the files at the next call.
"""

import builtins
import contextlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Each call with the places of the paths or descriptors that it changes.
_CHANGING = {
    "open": (0,), "write": (0,), "sendfile": (0,), "truncate": (0,), "ftruncate": (0,),
    "fsync": (0,), "fdatasync": (0,), "rename": (0, 1), "replace": (0, 1), "link": (1,),
    "symlink": (1,), "mkdir": (0,), "unlink": (0,), "remove": (0,), "rmdir": (0,),
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Watcher:
    """What is called around each change: its name ("fsync", ...) and the path it changes."""

    def before(self, name: str, path: str) -> None:
        """The call is about to be made; whatever is raised here, the call raises."""

    def after(self, name: str, path: str) -> None:
        """The call was made and succeeded."""


class Counter(Watcher):
    """Remembers the name of each call, and calls `act` when the one numbered `at` comes."""

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
    """Lets `watcher` see every change below `root` while the context lasts."""
    top = os.path.realpath(root)

    def ours(path: Any, dir_fd: int | None = None) -> str | None:
        """The path as text where it lies below the root."""
        handle = path if isinstance(path, int) else dir_fd
        folder = "" if handle is None else os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115
        told = folder if handle is path else os.path.join(folder, os.fsdecode(path))  # noqa: PTH118
        told = os.path.abspath(told)  # noqa: PTH100
        return told if told == top or told.startswith(top + "/") else None

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
