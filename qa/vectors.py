"""Passage vectors in a FAISS index: exact inner product over float16, ids being rows.

The index is derived from the record. It holds one vector per passage; sentence vectors are read
from the record for the best candidates only (see `retrieval`).
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings import Vectors

Rows = npt.NDArray[np.int64]

# Vectors handed to FAISS at a time.
_BATCH = 8192


def build_vectors(vectors: Iterable[tuple[int, Vectors]], dimension: int) -> bytes:
    """A serialised index of `(row, vector)` pairs.

    Bytes, not a file: FAISS's own writer reports success on a full disk.
    """
    import faiss

    index = faiss.index_factory(dimension, "IDMap,SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.train(np.zeros((1, dimension), dtype=np.float32))
    pairs = iter(vectors)
    while batch := list(islice(pairs, _BATCH)):
        rows = np.array([row for row, _ in batch], dtype=np.int64)
        index.add_with_ids(np.stack([vector for _, vector in batch]), rows)
    data: bytes = faiss.serialize_index(index).tobytes()
    return data


class VectorIndex:
    """A loaded index; searching is safe from several threads."""

    def __init__(self, data: bytes) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, question: Vectors, depth: int, among: Rows | None = None) -> Rows:
        """The rows of the `depth` passages most like `question` (`(dimension,)`), best first.

        `among` restricts the search itself, so that a narrow filter still fills `depth`.
        """
        depth = min(depth, len(self) if among is None else len(among))
        if depth == 0:
            return np.zeros(0, dtype=np.int64)
        parameters = None
        if among is not None:
            parameters = self._faiss.SearchParameters(sel=self._faiss.IDSelectorBatch(among))
        _, rows = self._index.search(question[None, :], depth, params=parameters)
        found: Rows = rows[0]
        return found[found >= 0]
