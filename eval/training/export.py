"""A checkpoint's weights by the encoder's own names, and the file that is shipped."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.bert import mapped
from embeddings.models import DEFAULT_WEIGHTS_SHA256, default_model_folder
from eval.training.loop import fill, load_checkpoint
from eval.training.network import Network, fresh_network
from qa.answers.reading.weights import SPAN, WINDOW, save

Array = npt.NDArray[np.float32]


def export(checkpoint: Path, path: Path, about: Mapping[str, str]) -> None:
    """Writes the shipped file from a checkpoint."""
    weights = default_model_folder() / "model.safetensors"
    network = fill(fresh_network(weights, 0), load_checkpoint(checkpoint))
    base, _ = mapped(weights)
    save(path, named(network), base, DEFAULT_WEIGHTS_SHA256, about)


def named(network: Network) -> dict[str, Array]:
    """The trained weights by BERT's names, the heads by theirs."""
    found: dict[str, Any] = {
        "embeddings.position_embeddings.weight": network.places,
        "embeddings.token_type_embeddings.weight": network.kinds,
    }

    def add(name: str, module: Any) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = module.weight, module.bias

    add("embeddings.LayerNorm", network.norm)
    for number, layer in enumerate(network.layers):
        name = f"encoder.layer.{number}"
        for kind in ("weight", "bias"):
            parts = getattr(layer.query_key_value, kind).chunk(3)
            for part, value in zip(("query", "key", "value"), parts, strict=True):
                found[f"{name}.attention.self.{part}.{kind}"] = value
        add(f"{name}.attention.output.dense", layer.attended)
        add(f"{name}.attention.output.LayerNorm", layer.norm_attended)
        add(f"{name}.intermediate.dense", layer.inner)
        add(f"{name}.output.dense", layer.outer)
        add(f"{name}.output.LayerNorm", layer.norm_outer)
    add(SPAN, network.span)
    add(WINDOW, network.window)
    return {
        name: value.detach().float().contiguous().numpy().copy() for name, value in found.items()
    }
