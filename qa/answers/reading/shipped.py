"""The reader that is shipped: its weights beside this file, and which network runs them.

A one-off question is read in numpy. From the second on, the compiled network starts in the
background and takes over once it is ready; where it cannot start, numpy goes on.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from embeddings.bert import mapped
from embeddings.cache import cache_folder
from embeddings.models import DEFAULT_WEIGHTS_SHA256, default_model_folder
from qa.answers.reading.confidence import load_calibration
from qa.answers.reading.judge import ReadingJudge
from qa.answers.reading.model_reader import ModelReader, Network, Scores
from qa.answers.reading.plain import PlainNetwork
from qa.answers.reading.weights import Weights, load

_log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).with_name("reader.safetensors")
CALIBRATION = Path(__file__).with_name("calibration.json")
# Calls that numpy answers before the compiled network starts.
_BEFORE_RUNTIME = 1


def load_judge() -> ReadingJudge:
    """The shipped reader with its calibration, one for all indexes of the process.

    Raises `EncoderError` where a file of theirs or the encoder they belong to is missing, damaged
    or of another version.
    """
    return _judge(WEIGHTS, CALIBRATION)


@cache
def _judge(weights: Path, calibration: Path) -> ReadingJudge:
    reader = load_reader(weights)
    return ReadingJudge(reader, load_calibration(calibration, reader.version))


def load_reader(weights: Path = WEIGHTS) -> ModelReader:
    """The shipped reader, or another whose weights `python -m eval.training export` wrote.

    Raises `EncoderError` where the weights or the encoder they belong to are missing or damaged.
    """
    from tokenizers import Tokenizer

    folder = default_model_folder()
    base, _ = mapped(folder / "model.safetensors")
    found = load(weights, base, DEFAULT_WEIGHTS_SHA256)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return ModelReader(tokenizer, WarmingNetwork(PlainNetwork(found), lambda: _compiled(found)))


def _compiled(weights: Weights) -> Network:
    from qa.answers.reading.runtime import RuntimeNetwork

    return RuntimeNetwork(weights, cache_folder() / "reader" / weights.version)


class WarmingNetwork:
    """Scores with `cold` until the network that `start` returns is ready.

    `start` runs in a thread of its own, once, after `before` calls. Safe to use from several
    threads.
    """

    def __init__(
        self, cold: Network, start: Callable[[], Network], before: int = _BEFORE_RUNTIME
    ) -> None:
        self.version = cold.version
        self._network, self._start, self._left = cold, start, before
        self._lock = Lock()
        self._starting: Future[Network] | None = None

    def score(self, inputs: Sequence[tuple[Any, Any]]) -> list[Scores]:
        return self._current().score(inputs)

    def ready(self) -> bool:
        """Waits until the network that was to start has started; whether it has."""
        with self._lock:
            starting = self._starting or self._begin()
        return starting.exception() is None

    def _current(self) -> Network:
        with self._lock:
            if self._starting is None:
                self._left -= 1
                if self._left < 0:
                    self._begin()
            elif self._starting.done() and self._starting.exception() is None:
                return self._starting.result()
            return self._network

    def _begin(self) -> Future[Network]:
        pool = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._starting = pool.submit(self._start)
        self._starting.add_done_callback(_warn)
        pool.shutdown(wait=False)
        return self._starting


def _warn(started: Future[Network]) -> None:
    if error := started.exception():
        _log.warning("The compiled reader cannot start; reading goes on more slowly: %s", error)
