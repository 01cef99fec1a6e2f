"""Parse web pages and PDF ahead of use, several in parallel.

After embedding, parsing is the slowest step for these files. It runs in child processes, so several
files are parsed at once. Results are returned in file order, and only a few are in memory.
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

# Each parser process takes about 100 MiB.
_MOST_AT_ONCE = 4
# Length of the read-ahead queue, per parallel parser.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's stamp, the SHA-256 of its bytes, and its articles and problems; or the reason why it
    cannot be read (`refused`)."""

    file: SourceFile
    stamp: Stamp | None = None
    sha256: str = ""
    items: Items = ()
    refused: str | None = None


class ReadAhead:
    """Reads files for a single consumer thread; a context manager.

    It starts threads and parser processes. Leaving the context stops parsing in progress.
    """

    def __init__(self) -> None:
        self._at_once = min(_MOST_AT_ONCE, _cores())
        self._pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="reading")
        self._of_thread = threading.local()
        self._loaders: list[Loader] = []

    def read(self, files: Iterable[SourceFile]) -> Iterator[FileRead]:
        """The files in order. Consume the `items` of each file before taking the next file."""
        waiting: deque[tuple[SourceFile, Future[FileRead] | None]] = deque()
        for file in files:
            parsed = file.path.suffix.lower() in WEB + PDF
            waiting.append((file, self._pool.submit(self._parsed, file) if parsed else None))
            if len(waiting) > _AHEAD * self._at_once:
                yield self._next(*waiting.popleft())
        while waiting:
            yield self._next(*waiting.popleft())

    def read_one(self, file: SourceFile) -> FileRead:
        """Reads a single file in the calling thread, without read-ahead."""
        return self._one(file, self._items)

    def _items(self, file: SourceFile) -> Items:
        """The articles and problems of a file, loaded lazily."""
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
            # Taken before reading: if the file changes in between, the stamp will differ.
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
    """The number of processor cores available to this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
