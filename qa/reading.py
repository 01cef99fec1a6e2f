"""Files hashed and read before they are wanted, several at once.

Parsing a web page takes longer than all else that is done with it but encoding, and happens in
processes of their own, so several are parsed at a time. What comes out comes in the order of the
files all the same, and only a few of them are in memory.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self, TypeAlias

from qa.freshness import stamp
from qa.loading import Loader, NotLoaded, SourceFile, hash_file
from qa.loading.formats import JSONL
from qa.types import Document, Problem

Items: TypeAlias = Iterable[Document | Problem]

# Each parser takes some 100 MiB.
_AT_ONCE = min(4, os.cpu_count() or 1)
# Files that are read, or being read, before the first of them is wanted.
_AHEAD = 2 * _AT_ONCE


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was found: its stamp (see `freshness.stamp`) and the SHA-256 of its bytes, or
    why it cannot be read; and what it holds, None when nobody asked for that."""

    file: SourceFile
    stamp: tuple[int, int] | None = None
    sha256: str = ""
    refused: str | None = None
    items: Items | None = None


class Reading:
    """Reads files for one thread; a context manager, because it starts threads and processes.

    `changed` tells from a file and its SHA-256 whether its articles are wanted.
    """

    def __init__(self, changed: Callable[[SourceFile, str], bool]) -> None:
        self._changed = changed
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="reading")
        self._of_thread = threading.local()
        self._loaders: list[Loader] = []

    def read(self, files: Iterable[SourceFile]) -> Iterator[FileRead]:
        """The files in their order."""
        begun: deque[Future[FileRead]] = deque()
        for file in files:
            begun.append(self._pool.submit(self._one, file))
            if len(begun) == _AHEAD:
                yield begun.popleft().result()
        for future in begun:
            yield future.result()

    def items(self, file: SourceFile) -> Items:
        """The articles of a file, one by one."""
        return self._loader().documents(file)

    def _one(self, file: SourceFile) -> FileRead:
        try:
            # Taken before the file is read: a change in between then shows as one.
            stamped = stamp(str(file.path))
            sha256 = hash_file(file.path)
        except NotLoaded as error:
            return FileRead(file, refused=str(error))
        if not self._changed(file, sha256):
            return FileRead(file, stamped, sha256)
        items = self.items(file)
        if file.path.suffix.lower() not in JSONL:  # Those are read line by line as they are used.
            items = list(items)
        return FileRead(file, stamped, sha256, items=items)

    def _loader(self) -> Loader:
        """One for each thread."""
        if not hasattr(self._of_thread, "loader"):
            self._of_thread.loader = Loader()
            self._loaders.append(self._of_thread.loader)
        loader: Loader = self._of_thread.loader
        return loader

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for loader in self._loaders:  # What is being parsed is not wanted any more.
            loader.stop()
        self._pool.shutdown()
        for loader in self._loaders:
            loader.close()
