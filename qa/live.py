"""An index that stays open while others commit: what a server holds.

Each request reads one generation from its beginning to its end. The first request after a commit
opens the new generation, whole, while requests on the old one go on; the old one is closed when
the last of them ends. A generation that cannot be opened is refused and the old one goes on
answering, which the log and `status` say.
"""

import contextlib
import dataclasses
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

from embeddings import Encoder, encoder_of
from embeddings.errors import Error, UsageError
from qa.index import Index
from qa.store import opening
from qa.types import IndexStatus

if TYPE_CHECKING:
    from qa.answers.reading.judge import Judge

_log = logging.getLogger(__name__)
# Seconds until a generation that was refused is tried again; a new commit is tried at once.
_AGAIN = 30.0


@dataclasses.dataclass(slots=True)
class _Held:
    """An open index and how many requests read it."""

    index: Index
    readers: int = 0
    retired: bool = False


class LiveIndex:
    """The index at `path`, always its newest generation that can be opened; thread-safe.

    Everything is loaded when it is made, so that no request waits for the model. Use as a context
    manager or call `close`. `judge` is as in `open_index`. Raises, when made, as `open_index`.
    """

    def __init__(self, path: Path | str, judge: "Judge | None" = None) -> None:
        self.path = Path(path)
        self._judge = judge
        self.trouble: str | None = None
        self._encoder: Encoder | None = None
        self._counting = threading.Lock()
        self._opening = threading.Lock()
        self._closed = False
        self._tried = time.monotonic()
        self._seen = opening.state_token(self.path)
        self._held = _Held(self._open())

    @contextlib.contextmanager
    def current(self) -> Iterator[Index]:
        """The index for one request: it stays as it is, and open, until the block is left."""
        self._refresh()
        with self._counting:
            if self._closed:
                raise UsageError(f"The index at {self.path} is closed; open it again.")
            held = self._held
            held.readers += 1
        try:
            yield held.index
        finally:
            with self._counting:
                held.readers -= 1
                unused = held.retired and not held.readers
            if unused:
                held.index.close()

    def status(self) -> IndexStatus:
        """As `Index.status`, and in `trouble` why a newer generation is not served."""
        with self.current() as index:
            return dataclasses.replace(index.status(), trouble=self.trouble)

    def close(self) -> None:
        """Takes no more requests; closes the index when the last one ends."""
        with self._counting:
            self._closed = True
            held = self._held
        self._retire(held)

    def _refresh(self) -> None:
        """Opens what CURRENT names now, unless another thread is at it."""
        if not self._outdated() or not self._opening.acquire(blocking=False):
            return
        try:
            if not self._closed and self._outdated():
                self._swap()
        finally:
            self._opening.release()

    def _outdated(self) -> bool:
        again = self.trouble is not None and time.monotonic() > self._tried + _AGAIN
        return again or opening.state_token(self.path) != self._seen

    def _swap(self) -> None:
        self._tried = time.monotonic()
        seen = opening.state_token(self.path)
        try:
            new = _Held(self._open())
        except (Error, OSError) as error:
            self.trouble = f"A newer generation is not served: {error}"
            _log.warning("%s The one before goes on answering.", self.trouble)
            self._seen = seen
            return
        with self._counting:
            old, self._held = self._held, new
            closed = self._closed
        self.trouble, self._seen = None, seen
        self._retire(old)
        if closed:
            self._retire(new)
        _log.info("%s is served now.", new.index.generation)

    def _retire(self, held: _Held) -> None:
        with self._counting:
            unused = not held.retired and not held.readers
            held.retired = True
        if unused:
            held.index.close()

    def _open(self) -> Index:
        """The newest generation, with the encoder of the last one where that is the same."""
        model = opening.model_of(self.path)
        if self._encoder is None or self._encoder.identity.fingerprint != model.fingerprint:
            self._encoder = encoder_of(model)
        return Index(self.path, self._encoder, self._judge)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
