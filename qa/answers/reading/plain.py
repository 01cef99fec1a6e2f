"""The reader's network in numpy: nothing to start, for the few windows of a fresh process."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from embeddings.bert import Bert
from qa.answers.reading.model_reader import Scores
from qa.answers.reading.weights import SPAN, WINDOW, Weights

Numbers = npt.NDArray[np.int64]

HEAD_WIDTH, EPSILON = 32, 1e-12


class PlainNetwork:
    """Scores inputs in float32: one a core at a time where numpy's own threads are switched off,
    as the command does; else one after the other, for threads of both kinds hold each other up."""

    def __init__(self, weights: Weights) -> None:
        self.version = weights.version
        self._weights = weights.tensors
        self._bert = bert_of(weights)

    def score(self, inputs: Sequence[tuple[Numbers, Numbers]]) -> list[Scores]:
        if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
            return [self._score(numbers, kinds) for numbers, kinds in inputs]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(lambda given: self._score(*given), inputs))

    def _score(self, numbers: Numbers, kinds: Numbers) -> Scores:
        tokens = self._bert.layers_of(self._bert.embedded(numbers, kinds))
        spans = tokens @ self._weights[f"{SPAN}.weight"].T + self._weights[f"{SPAN}.bias"]
        window = self._weights[f"{WINDOW}.weight"] @ tokens[0] + self._weights[f"{WINDOW}.bias"]
        return Scores(spans[:, 0], spans[:, 1], float(window[0]), float(window[1]))


def bert_of(weights: Weights) -> Bert:
    """MiniLM (W. Wang et al., 2020), as wide and deep as the weights."""
    width = weights.tensors[f"{SPAN}.weight"].shape[1]
    layers = sum(name.endswith("intermediate.dense.weight") for name in weights.tensors)
    return Bert(weights.tensors, width // HEAD_WIDTH, layers, EPSILON)
