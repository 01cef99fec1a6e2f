"""A thread pool for questions, with limits on how many run, how many wait, and how long."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from qa.http.failures import Refused
from qa.http.limits import Limits
from qa.index import Index
from qa.live import LiveIndex

T = TypeVar("T")


class Workers:
    """Runs index reads in threads, so that the event loop stays free."""

    def __init__(self, live: LiveIndex, limits: Limits) -> None:
        self.live = live
        self._limits = limits
        self._pool = ThreadPoolExecutor(limits.threads, thread_name_prefix="nkqa")
        self._counting = threading.Lock()
        # In order of arrival: the first `threads` run, the rest wait.
        self._taken: list[Future[Any]] = []

    async def read(self, work: Callable[[Index], T]) -> T:
        """The result of `work` on the newest generation. Raises as `work` and as `run`."""

        def reading() -> T:
            with self.live.current() as index:
                return work(index)

        return await self.run(reading)

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`.

        Raises `Refused` if the result takes too long, or if the queue overflows while `work` is
        waiting: a new request displaces the one that has waited longest.
        """
        future = self._pool.submit(work)
        with self._counting:
            self._taken.append(future)
            full = len(self._taken) > self._limits.threads + self._limits.waiting
            longest = tuple(self._taken) if full else ()
        # After a timeout the work still occupies its thread, so count it until it is done.
        future.add_done_callback(self._done)
        for each in longest:
            if each.cancel():  # False for work that is running already.
                break
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._limits.seconds)
        except TimeoutError:
            raise Refused(
                504,
                "TooSlow",
                f"No answer within {self._limits.seconds:g} s; try again later.",
            ) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise Refused(
                503,
                "Busy",
                f"More than {self._limits.waiting} requests wait for an answer; try again in a "
                "second.",
                retry_after="1",
            ) from None

    def _done(self, future: "Future[Any]") -> None:
        with self._counting:
            self._taken.remove(future)

    def close(self) -> None:
        """Cancel waiting work; running work finishes by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
