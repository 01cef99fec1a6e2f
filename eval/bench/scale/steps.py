"""Run one step on an index in this process: `python -m eval.bench.scale.steps STEP INDEX ...`.

Each step prints one JSON object; its `peak` is the peak memory of the process in bytes.
"""

import datetime
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings import Vectors, load_encoder
from qa import Filters, Index, build_index, index_status, open_index
from qa.store.local.engines.filters import Mask
from qa.store.local.engines.vectors import VectorIndex
from qa.store.local.generations.generation import RECORD
from qa.store.local.reader import LocalStore
from qa.store.local.record import Record

Json = dict[str, Any]
Rows = npt.NDArray[np.int64]
_K = 10
_DEPTH = 100
_FILTER = 0.05


def build(index: Path, articles: Path, model: str) -> Json:
    """Builds or updates the index; `apart` is the time in seconds without the embedding."""
    report = build_index([articles], index, model=None if index.exists() else model)
    return {
        "seconds": report.seconds,
        "apart": report.seconds - report.embed_seconds,
        "documents": report.documents,
        "passages": report.passages,
        "sentences": report.sentences,
        "embedded": report.embedded,
        "bytes": report.bytes,
    }


def opened(index: Path, recheck: str) -> Json:
    """Opens the index and asks one question, as the command line does; times in seconds."""
    begun = time.perf_counter()
    with open_index(index, recheck=recheck == "recheck") as one:
        ready = time.perf_counter() - begun
        answer = one.ask("Who met whom in Vladivostok?")
    return {"open": ready, "ask": answer.timings.total}


def questions(index: Path, asked: Path) -> Json:
    """Percentiles in seconds of each kind of search, with and without a filter."""
    texts = [json.loads(line)["text"] for line in asked.open(encoding="utf-8")]
    times: dict[str, list[float]] = {}
    with open_index(index) as one:
        filters = Filters(since=_since(one))
        for text in texts[:5] * 2:  # Warm up: early questions start the runtime in the background.
            one.ask(text, _K)
            one.search(text, filters=filters)
        default = load_encoder()
        for text in texts[:5]:
            default.encode_questions([text])
        time.sleep(2)
        for text in texts:
            with _timed(times.setdefault("encode, default model", [])):
                default.encode_questions([text])
            _one_question(one, text, filters, times)
    return {name: _percentiles(seconds) for name, seconds in times.items()} | {"count": len(texts)}


def _one_question(one: Index, text: str, filters: Filters, times: dict[str, list[float]]) -> None:
    store = _local(one)
    vector = one._encoder.encode_questions([text])[0]
    terms = store._terms.analyzer.question_terms(text)
    bounds = store._bounds(filters)
    assert bounds is not None  # noqa: S101 - a filter was given
    mask = store._articles.mask(bounds)
    for name, work in (
        ("encode", lambda: one._encoder.encode_questions([text])),
        ("dense", lambda: store._vectors.search(vector, _DEPTH)),
        ("dense, filtered", lambda: store._vectors.search(vector, _DEPTH, mask)),
        ("lexical", lambda: store._terms.search(terms, _DEPTH)),
        ("lexical, filtered", lambda: store._terms.search(terms, _DEPTH, bounds)),
        ("fused", lambda: one.search(text)),
        ("fused, filtered", lambda: one.search(text, filters=filters)),
        ("ask", lambda: one.ask(text, _K)),
        ("ask, filtered", lambda: one.ask(text, _K, since=filters.since)),
    ):
        with _timed(times.setdefault(name, [])):
            work()


def _local(index: Index) -> LocalStore:
    """The local store of the index, whose parts are timed one by one."""
    assert isinstance(index._store, LocalStore)  # noqa: S101 - it was built in a folder
    return index._store


def recall(index: Path, asked: Path) -> Json:
    """Recall of the ten passages nearest to each question, and percentiles in seconds, by number of
    IVF lists searched, with and without a filter."""
    texts = [json.loads(line)["text"] for line in asked.open(encoding="utf-8")]
    with open_index(index, recheck=False) as one:
        store = _local(one)
        vectors, since = store._vectors, _since(one)
        bounds = store._bounds(Filters(since=since))
        assert bounds is not None  # noqa: S101 - a filter was given
        mask = store._articles.mask(bounds)
        asked_for = np.concatenate([one._encoder.encode_questions([text]) for text in texts])
    exact, inside = _exact(index, asked_for, mask)
    found = {"usual": _recall(vectors, asked_for, exact, None, None)}
    found["usual, filtered"] = _recall(vectors, asked_for, inside, mask, None)
    lists = 1
    while lists <= vectors.lists:
        found[f"{lists} of {vectors.lists} lists"] = _recall(vectors, asked_for, exact, None, lists)
        lists *= 4
    return {"recall": found}


def _exact(index: Path, asked: Vectors, mask: Mask) -> tuple[list[set[int]], list[set[int]]]:
    """The nearest rows of each question by float32 products: among all, and within the mask."""
    record = index / index_status(index).generation / RECORD
    bits = np.unpackbits(mask.bits, bitorder="little").astype(bool)
    whole, inside = _Nearest(len(asked)), _Nearest(len(asked))
    with Record.readable(record) as db:
        rows = db.passage_rows()
        for some, vectors in db.vectors_of(rows, asked.shape[1]):
            products = asked @ vectors.T
            whole.see(some, products)
            kept = bits[np.minimum(some, len(bits) - 1)] & (some < len(bits))
            inside.see(some[kept], products[:, kept])
    return whole.rows(), inside.rows()


class _Nearest:
    def __init__(self, questions: int) -> None:
        self._rows = np.zeros((questions, 0), dtype=np.int64)
        self._products = np.zeros((questions, 0), dtype=np.float32)

    def see(self, rows: Rows, products: Vectors) -> None:
        products = np.concatenate([self._products, products], axis=1)
        rows = np.concatenate(
            [self._rows, np.broadcast_to(rows, (len(products), len(rows)))], axis=1
        )
        best = np.argsort(-products, axis=1, kind="stable")[:, :_K]
        self._rows = np.take_along_axis(rows, best, axis=1)
        self._products = np.take_along_axis(products, best, axis=1)

    def rows(self) -> list[set[int]]:
        return [set(rows.tolist()) for rows in self._rows]


def _recall(
    vectors: VectorIndex,
    asked: Vectors,
    exact: list[set[int]],
    mask: Mask | None,
    lists: int | None,
) -> Json:
    seconds: list[float] = []
    shares = []
    for question, wanted in zip(asked, exact, strict=True):
        with _timed(seconds):
            rows, _ = vectors.scored(question, _K, mask, lists)
        shares.append(len(wanted & set(rows.tolist())) / max(len(wanted), 1))
    return {"at 10": float(np.mean(shares)), **_percentiles(seconds)}


def _since(one: Index) -> str:
    """The start date of a filter that keeps about the latest 5 % of the dated articles."""
    articles = _local(one)._articles
    dated = articles.last_day[articles.last_day > 0]
    return datetime.date.fromordinal(int(np.quantile(dated, 1 - _FILTER))).isoformat()


@contextmanager
def _timed(seconds: list[float]) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - begun)


def _percentiles(seconds: list[float]) -> Json:
    return {f"p{at}": float(np.percentile(seconds, at)) for at in (50, 95, 99)}


_STEPS: dict[str, Callable[..., Json]] = {
    "build": build,
    "opened": opened,
    "questions": questions,
    "recall": recall,
}


def main() -> None:
    name, index, *rest = sys.argv[1:]
    result = _STEPS[name](Path(index), *[Path(one) if "/" in one else one for one in rest])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(json.dumps({**result, "peak": peak}))


if __name__ == "__main__":
    main()
