"""The reader's network compiled by OpenVINO: several times faster than numpy once it has started.

The graph is written down here operation by operation, so that neither torch nor a converter is
needed. Looking up the pieces is left to numpy: the graph need not carry the word table.
"""

from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.bert import Bert
from embeddings.compiled import openvino
from qa.answers.reading.model_reader import Scores
from qa.answers.reading.plain import bert_of
from qa.answers.reading.weights import SPAN, WINDOW, Weights

Numbers = npt.NDArray[np.int64]
Array = npt.NDArray[np.float32]

# Pieces in one batch, padding included.
_BATCH_PIECES = 1024
_REQUESTS = 4
_MASKED = -1e4


class RuntimeNetwork:
    """Scores batches of inputs of like length, in bfloat16 where the processor has it.

    Compiling takes a second or two; what is compiled is kept in `cache` for the next process.
    """

    def __init__(self, weights: Weights, cache: Path) -> None:
        self.version = weights.version
        self._bert = bert_of(weights)
        core = openvino().Core()
        core.set_property({"CACHE_DIR": str(cache)})
        settings = {
            "INFERENCE_PRECISION_HINT": "bf16",
            "PERFORMANCE_HINT": "THROUGHPUT",
            "NUM_STREAMS": 2,
        }
        self._graph = core.compile_model(_graph(self._bert), "CPU", settings)

    def score(self, inputs: Sequence[tuple[Numbers, Numbers]]) -> list[Scores]:
        found: dict[int, Scores] = {}
        requests = [self._graph.create_infer_request() for _ in range(_REQUESTS)]
        running: list[list[int]] = [[] for _ in requests]

        def collect(slot: int) -> None:
            if not running[slot]:
                return
            requests[slot].wait()
            spans = np.array(requests[slot].get_tensor("spans").data, dtype=np.float32)
            window = np.array(requests[slot].get_tensor("window").data, dtype=np.float32)
            for place, row in enumerate(running[slot]):
                count = len(inputs[row][0])
                found[row] = Scores(
                    spans[place, :count, 0],
                    spans[place, :count, 1],
                    float(window[place, 0]),
                    float(window[place, 1]),
                )

        for number, rows in enumerate(_batches([len(numbers) for numbers, _ in inputs])):
            slot = number % _REQUESTS
            collect(slot)
            requests[slot].start_async(self._tensors([inputs[row] for row in rows]))
            running[slot] = rows
        for slot in range(_REQUESTS):
            collect(slot)
        return [found[row] for row in range(len(inputs))]

    def _tensors(self, inputs: list[tuple[Numbers, Numbers]]) -> list[Array]:
        """Embedded pieces, `(rows, longest, width)`, and what is added to scores of attention."""
        longest = max(len(numbers) for numbers, _ in inputs)
        embedded = [self._bert.embedded(numbers, kinds) for numbers, kinds in inputs]
        tokens = np.zeros((len(inputs), longest, embedded[0].shape[1]), dtype=np.float32)
        mask = np.full((len(inputs), 1, 1, longest), _MASKED, dtype=np.float32)
        for row, one in enumerate(embedded):
            tokens[row, : len(one)] = one
            mask[row, ..., : len(one)] = 0
        return [tokens, mask]


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Rows of like length together."""
    order = sorted(range(len(lengths)), key=lambda row: lengths[row], reverse=True)
    start = 0
    while start < len(order):
        rows = order[start : start + max(_BATCH_PIECES // lengths[order[start]], 1)]
        yield rows
        start += len(rows)


def _graph(bert: Bert) -> Any:
    """BERT's layers and the heads, as in `embeddings.bert`."""
    ops = openvino().opset13
    known = bert.weights
    width = known[f"{SPAN}.weight"].shape[1]
    tokens = inputs = ops.parameter([-1, -1, width], np.float32, name="tokens")
    mask = ops.parameter([-1, 1, 1, -1], np.float32, name="mask")

    def linear(values: Any, name: str) -> Any:
        product = ops.matmul(values, ops.constant(known[f"{name}.weight"]), False, True)
        return ops.add(product, ops.constant(known[f"{name}.bias"]))

    def norm(values: Any, name: str) -> Any:
        normal = ops.mvn(values, ops.constant(np.array([-1])), True, bert.epsilon, "inside_sqrt")
        scaled = ops.multiply(normal, ops.constant(known[f"{name}.weight"]))
        return ops.add(scaled, ops.constant(known[f"{name}.bias"]))

    def heads(values: Any) -> Any:
        """`(rows, pieces, width)` to `(rows, heads, pieces, width / heads)`."""
        split = ops.reshape(values, np.array([0, 0, bert.heads, width // bert.heads]), True)
        return ops.transpose(split, np.array([0, 2, 1, 3]))

    scale = ops.constant(np.float32(1 / sqrt(width / bert.heads)))
    for number in range(bert.layers):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            heads(linear(tokens, f"{layer}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        scores = ops.add(ops.matmul(ops.multiply(query, scale), key, False, True), mask)
        mixed = ops.matmul(ops.softmax(scores, -1), value, False, False)
        joined = ops.reshape(
            ops.transpose(mixed, np.array([0, 2, 1, 3])), np.array([0, 0, width]), True
        )
        attended = linear(joined, f"{layer}.attention.output.dense")
        tokens = norm(ops.add(tokens, attended), f"{layer}.attention.output.LayerNorm")
        inner = ops.gelu(linear(tokens, f"{layer}.intermediate.dense"), "erf")
        outer = linear(inner, f"{layer}.output.dense")
        tokens = norm(ops.add(tokens, outer), f"{layer}.output.LayerNorm")
    spans = linear(tokens, SPAN)
    first = ops.gather(tokens, ops.constant(np.array(0)), ops.constant(np.array(1)))
    window = linear(first, WINDOW)
    spans.output(0).get_tensor().set_names({"spans"})
    window.output(0).get_tensor().set_names({"window"})
    return openvino().Model([spans, window], [inputs, mask], "reader")
