"""A checkpoint as a network of `qa.answers`, so that it is measured as the shipped reader is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from embeddings.models import default_model_folder
from eval.training.batches import Window, rectangles
from eval.training.loop import fill, load_checkpoint
from eval.training.loss import rectangle_of
from eval.training.network import Network, fresh_network
from qa.answers.reading.model_reader import Scores

_PIECES = 4096


class TorchNetwork:
    """Scores in bfloat16."""

    def __init__(self, network: Network, version: str) -> None:
        self._network = network.bfloat16().eval()
        self.version = version

    def score(self, inputs: Sequence[tuple[Any, Any]]) -> list[Scores]:
        windows = [
            Window(numbers, kinds, (), number) for number, (numbers, kinds) in enumerate(inputs)
        ]
        found: dict[int, Scores] = {}
        for rectangle in rectangles(windows, _PIECES):
            with torch.inference_mode():
                (logits,) = self._network([rectangle_of(rectangle)])
            for row, window in enumerate(rectangle):
                found[window.group] = Scores(
                    logits.starts[row, : len(window)].numpy().astype(np.float32),
                    logits.ends[row, : len(window)].numpy().astype(np.float32),
                    float(logits.null[row]),
                    float(logits.answered[row]),
                )
        return [found[number] for number in range(len(windows))]


def network_of(checkpoint: Path) -> TorchNetwork:
    network = fresh_network(default_model_folder() / "model.safetensors", 0)
    return TorchNetwork(fill(network, load_checkpoint(checkpoint)), checkpoint.stem)
