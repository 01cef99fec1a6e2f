"""Files read before they are wanted: web pages and PDF, several at once.

Parsing them takes longer than all else that is done with them but encoding, and happens in
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

from qa.loading import Limits, Loader, NotLoaded, SourceFile, hash_file
from qa.loading.extensions import PDF, WEB
from qa.store.source_files import Stamp, stamp
from qa.types import Document, Problem

Items: TypeAlias = Iterable[Document | Problem]

# Each parser takes some 100 MiB.
_MOST_AT_ONCE = 4
# Files that wait, for each that is parsed.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was found: its stamp, the SHA-256 of its bytes and what it holds; or why it
    cannot be read."""

    file: SourceFile
    stamp: Stamp | None = None
    sha256: str = ""
    items: Items = ()
    refused: str | None = None


class ReadAhead:
    """Reads files for one thread; a context manager, because it starts threads and processes.

    What is still being parsed when the context ends is stopped.
    """

    def __init__(self) -> None:
        self._at_once = min(_MOST_AT_ONCE, _cores())
        self._pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="reading")
        self._of_thread = threading.local()
        self._loaders: list[Loader] = []

    def read(self, files: Iterable[SourceFile]) -> Iterator[FileRead]:
        """The files in their order; what the last one holds is to be used up before the next."""
        waiting: deque[tuple[SourceFile, Future[FileRead] | None]] = deque()
        for file in files:
            parsed = file.path.suffix.lower() in WEB + PDF
            waiting.append((file, self._pool.submit(self._parsed, file) if parsed else None))
            if len(waiting) > _AHEAD * self._at_once:
                yield self._next(*waiting.popleft())
        while waiting:
            yield self._next(*waiting.popleft())

    def read_one(self, file: SourceFile) -> FileRead:
        """A single file, now."""
        return self._one(file, self._items)

    def _items(self, file: SourceFile) -> Items:
        """The articles of a file, one by one, as they are used."""
        if not hasattr(self._of_thread, "loader"):
            self._of_thread.loader = Loader(Limits(), self._at_once)
            self._loaders.append(self._of_thread.loader)
        items: Items = self._of_thread.loader.documents(file)
        return items

    def _next(self, file: SourceFile, parsed: Future[FileRead] | None) -> FileRead:
        return self.read_one(file) if parsed is None else parsed.result()

    def _parsed(self, file: SourceFile) -> FileRead:
        return self._one(file, lambda file: list(self._items(file)))

    def _one(self, file: SourceFile, items: Callable[[SourceFile], Items]) -> FileRead:
        try:
            # Taken before the file is read: a change in between then shows as one.
            stamped = stamp(str(file.path))
            sha256 = hash_file(file.place, file.path.suffix)
        except NotLoaded as error:
            return FileRead(file, refused=str(error))
        return FileRead(file, stamped, sha256, items(file))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for loader in self._loaders:
            loader.stop()
        self._pool.shutdown()
        for loader in self._loaders:
            loader.close()


def _cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
