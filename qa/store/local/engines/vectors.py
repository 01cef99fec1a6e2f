"""Passage vectors in a FAISS inner-product index, one byte per dimension; the ids are rows.

Up to `EXACT_UP_TO` passages the search is exhaustive. Above that, an inverted file groups vectors
in lists around centroids, and only the nearest lists are searched (J. Sivic, A. Zisserman, Video
Google, 2003; H. Jégou et al., Product Quantization for Nearest Neighbor Search, 2011, without the
product quantization). docs/studies/scale.md has the measured loss. Sentence vectors are in the
record and are read only for the best candidates.
"""

from collections.abc import Callable, Iterator
from math import log2, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings import Vectors
from qa.store.local.engines.filters import Mask

Rows = npt.NDArray[np.int64]
Pairs = Iterator[tuple[Rows, Vectors]]
"""Batches of rows, `(n,)`, and their vectors, `(n, dimension)`."""

# Up to this count all vectors are compared, which takes about 5 ms on one core.
EXACT_UP_TO = 100_000
# Training vectors per centroid: FAISS warns below 39.
_PER_CENTROID = 40
_ROUNDS = 10
# Training vectors for the value range of each dimension.
_FOR_RANGES = 65_536
# This factor times the square root of the number of lists are searched: 192 of 1,024. Results for
# larger and smaller factors: docs/studies/scale.md.
_LISTS_SEARCHED = 6
# With a filter, each list contains fewer matches, so up to this many times more lists are searched.
_MORE_LISTS = 8


def lists_for(count: int) -> int:
    """The number of lists in an index of `count` vectors; 0 means exhaustive search."""
    return 0 if count <= EXACT_UP_TO else 1 << round(log2(4 * sqrt(count)))


def build_vectors(path: Path, count: int, sample: Callable[[int], Vectors], pairs: Pairs) -> None:
    """Writes a new index of the `count` vectors of `pairs`.

    `sample(n)` returns up to `n` of them, evenly spread. Raises `OSError` unless every byte is
    written.
    """
    import faiss

    lists = lists_for(count)
    learned_from = sample(max(lists * _PER_CENTROID, _FOR_RANGES))
    dimension = learned_from.shape[1]
    kind = f"IVF{lists},SQ8" if lists else "IDMap,SQ8"
    index: Any = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    if lists:
        faiss.extract_index_ivf(index).cp.niter = _ROUNDS
    index.train(learned_from if len(learned_from) else np.zeros((1, dimension), np.float32))
    for rows, vectors in pairs:
        index.add_with_ids(vectors, rows)
    _write(index, path)


def change_vectors(old: Path, path: Path, removed: Rows, pairs: Pairs) -> bool:
    """Writes to `path` the index at `old` without the rows in `removed` and with `pairs` added.

    Returns False without writing if the new vector count calls for a different number of lists.
    """
    import faiss

    index: Any = _read(old.read_bytes())
    if len(removed):
        index.remove_ids(faiss.IDSelectorBatch(removed))
    for rows, vectors in pairs:
        index.add_with_ids(vectors, rows)
    if lists_for(index.ntotal) != _lists(index):
        return False
    _write(index, path)
    return True


def _write(index: Any, path: Path) -> None:
    """Writes through a Python file, which raises on a full disk; FAISS's own writer does not."""
    import faiss

    with path.open("wb") as file:
        failed: list[OSError] = []

        def write(data: bytes) -> int:
            try:
                return file.write(data)
            except OSError as error:
                failed.append(error)
                return 0

        try:
            writer = faiss.PyCallbackIOWriter(write, 1 << 22)  # type: ignore[attr-defined]
            faiss.write_index(index, writer)
        except RuntimeError as error:
            raise (failed[0] if failed else OSError(str(error))) from error
        if failed:
            raise failed[0]


def _read(data: bytes) -> Any:
    import faiss

    return faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))


def _lists(index: Any) -> int:
    import faiss

    return int(getattr(faiss.downcast_index(index), "nlist", 0))


class VectorIndex:
    """A loaded index; searching is safe from several threads."""

    def __init__(self, data: bytes) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = _read(data)
        self.lists = _lists(self._index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, question: Vectors, depth: int, among: Mask | None = None) -> Rows:
        """The rows of the `depth` passages most similar to `question`, `(dimension,)`, best first.

        `among` restricts the search itself, so that a narrow filter still fills `depth`.
        """
        return self.scored(question, depth, among)[0]

    def scored(
        self, question: Vectors, depth: int, among: Mask | None = None, lists: int | None = None
    ) -> tuple[Rows, Vectors]:
        """Rows as from `search`, and their inner products. `lists`: how many lists to search."""
        count = len(self) if among is None else among.count
        depth = min(depth, count)
        if depth == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        selector = None
        if among is not None:
            bits = among.bits
            selector = self._faiss.IDSelectorBitmap(8 * len(bits), self._faiss.swig_ptr(bits))
        if self.lists:
            probed = lists or self._probed(count)
            parameters = self._faiss.SearchParametersIVF(sel=selector, nprobe=probed)
        else:
            parameters = self._faiss.SearchParameters(sel=selector) if selector else None
        # Starting threads costs more than one search, and many times more on a busy machine.
        threads = self._faiss.omp_get_max_threads()
        self._faiss.omp_set_num_threads(1)
        try:
            products, rows = self._index.search(question[None, :], depth, params=parameters)
        finally:
            self._faiss.omp_set_num_threads(threads)
        found = rows[0] >= 0
        return rows[0][found], products[0][found]

    def _probed(self, count: int) -> int:
        """The number of lists to search if `count` passages pass the filter."""
        usual = _LISTS_SEARCHED * sqrt(self.lists)
        fewer = len(self) / max(count, 1)
        return min(self.lists, round(usual * min(_MORE_LISTS, max(1.0, sqrt(fewer) * 2 - 1))))
