"""BERT in numpy, for the first questions of a fresh process.

Starting a runtime and preparing its weights takes longer than encoding a question. Here the weights
are memory-mapped, only the question's rows of the word table are read, and numpy is the only
import. This is as fast as the runtime for one question, but slower for a batch.

Source: J. Devlin et al., BERT: Pre-training of Deep Bidirectional Transformers (2019), post-norm,
GELU, mean pooling. The runtime handles all other architectures.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.encoder import Vectors, unit_rows

Array = npt.NDArray[np.float32]

# Above this many word pieces the runtime is faster.
MAX_PIECES = 64


class BertQuestions:
    """A sentence encoder with the weights that `export` wrote to `path`."""

    def __init__(self, path: Path) -> None:
        weights, facts = mapped(path)
        self._bert = Bert(
            weights, int(facts["heads"]), int(facts["layers"]), float(facts["epsilon"])
        )

    def encode(self, pieces: list[int]) -> Vectors:
        """The unit vector, `(dimension,)`, of a text given as word piece ids."""
        tokens = self._bert.layers_of(self._bert.embedded(np.array(pieces)))
        vector: Vectors = unit_rows(tokens.mean(axis=0, keepdims=True))[0]
        return vector


@dataclass(frozen=True, slots=True)
class Bert:
    """The layers of BERT, applied to one text at a time; `weights` maps names to tensors."""

    weights: Mapping[str, Array]
    heads: int
    layers: int
    epsilon: float

    def embedded(
        self, pieces: npt.NDArray[np.int64], kinds: npt.NDArray[np.int64] | None = None
    ) -> Array:
        """The input of the first layer, `(pieces, width)`; token types `kinds` default to 0."""
        words = self.weights["embeddings.word_embeddings.weight"][pieces]
        places = self.weights["embeddings.position_embeddings.weight"][: len(pieces)]
        of_kinds = self.weights["embeddings.token_type_embeddings.weight"]
        kind = of_kinds[0] if kinds is None else of_kinds[kinds]
        return self._norm(words + places + kind, "embeddings.LayerNorm")

    def layers_of(self, tokens: Array) -> Array:
        """The output of the last layer, `(pieces, width)`."""
        for number in range(self.layers):
            layer = f"encoder.layer.{number}"
            attended = self._linear(
                self._attention(tokens, layer), f"{layer}.attention.output.dense"
            )
            tokens = self._norm(tokens + attended, f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._linear(tokens, f"{layer}.intermediate.dense"))
            outer = self._linear(inner, f"{layer}.output.dense")
            tokens = self._norm(tokens + outer, f"{layer}.output.LayerNorm")
        return tokens

    def _attention(self, tokens: Array, layer: str) -> Array:
        count, width = tokens.shape
        query, key, value = (
            self._linear(tokens, f"{layer}.attention.self.{part}")
            .reshape(count, self.heads, -1)
            .swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / np.float32(sqrt(width / self.heads))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        mixed: Array = (shares @ value).swapaxes(0, 1).reshape(count, width)
        return mixed

    def _linear(self, tokens: Array, name: str) -> Array:
        result: Array = tokens @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return result

    def _norm(self, tokens: Array, name: str) -> Array:
        centred = tokens - tokens.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self.epsilon)
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        result: Array = centred / spread * weight + bias
        return result


def mapped(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """The float32 tensors of a safetensors file, memory-mapped, and the file's metadata."""
    file = np.memmap(path, np.uint8, "r")
    size = int(file[:8].view("<u8")[0])
    header: dict[str, Any] = json.loads(bytes(file[8 : 8 + size]))
    facts = header.pop("__metadata__", {})
    return {
        name: file[8 + size + tensor["data_offsets"][0] : 8 + size + tensor["data_offsets"][1]]
        .view("<f4")
        .reshape(tensor["shape"])
        for name, tensor in header.items()
        if tensor["dtype"] == "F32"
    }, facts


def export(model: Any, path: Path) -> bool:
    """Writes the weights of a sentence-transformers model in safetensors format.

    Returns False without writing if this module does not support the architecture. The caller
    checks whether the vectors are right.
    """
    from safetensors.numpy import save_file

    transformer: Any = getattr(model[0], "auto_model", None)
    config: Any = getattr(transformer, "config", None)
    wanted = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
    }
    known = {"position_embedding_type": "absolute"}  # The only type, and unnamed, in new versions.
    pooling = getattr(model[1], "pooling_mode", None) if len(model) > 1 else None
    rest = [type(module).__name__ for module in model][2:]
    if (
        any(getattr(config, name, known.get(name)) != value for name, value in wanted.items())
        or pooling != "mean"
        or rest not in ([], ["Normalize"])
    ):
        return False
    weights = {
        name: tensor.detach().float().contiguous().numpy()
        for name, tensor in transformer.state_dict().items()
        if tensor.is_floating_point() and not name.startswith("pooler.")
    }
    facts = {
        "heads": config.num_attention_heads,
        "layers": config.num_hidden_layers,
        "epsilon": config.layer_norm_eps,
    }
    save_file(weights, path, {name: str(value) for name, value in facts.items()})
    return True


def _gelu(values: Array) -> Array:
    """x * Phi(x), with erf accurate to 1.5e-7 (M. Abramowitz, I. Stegun, 1964, 7.1.26)."""
    scaled = np.abs(values) * np.float32(sqrt(0.5))
    t = np.reciprocal(1 + np.float32(0.3275911) * scaled)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    erf = np.sign(values) * (1 - series * np.exp(-scaled * scaled))
    return np.asarray(values * (1 + erf) * np.float32(0.5), dtype=np.float32)
