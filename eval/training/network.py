"""The reader as trained: BERT with span and answerability heads, arranged for a CPU with bfloat16.

Three things make a step several times faster than the plain model under autocast on such a CPU:
the linear layers run once over all pieces of a micro-batch while attention runs per rectangle of
windows of like length, so that almost nothing is padded; attention is two batched matrix products
(the fused kernel reaches a tenth of their speed for heads of 32); and there is no dropout, whose
random numbers cost more than a layer. Master weights and the optimizer stay in float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

_MASKED = -1e4


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Windows of like length, padded to the longest: all `(windows, width)`."""

    ids: Tensor
    kinds: Tensor
    lengths: Tensor
    """Pieces of each window, `(windows,)`."""


@dataclass(frozen=True, slots=True)
class Logits:
    """Of one rectangle, in float32: `starts`, `ends` are `(windows, width)`, the others
    `(windows,)`."""

    starts: Tensor
    ends: Tensor
    null: Tensor
    answered: Tensor


class Network(nn.Module):
    """The encoder's layers and the heads; the word table is not trained."""

    words: Tensor

    def __init__(
        self,
        width: int = 384,
        heads: int = 12,
        layers: int = 6,
        inner: int = 1536,
        words: int = 30522,
        places: int = 512,
    ) -> None:
        super().__init__()
        self.width, self.heads = width, heads
        self.register_buffer("words", torch.zeros(words, width), persistent=False)
        self.places = nn.Parameter(torch.zeros(places, width))
        self.kinds = nn.Parameter(torch.zeros(2, width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(_Layer(width, heads, inner) for _ in range(layers))
        # Columns: span start, span end; on the first piece: null, answered.
        self.span = nn.Linear(width, 2)
        self.window = nn.Linear(width, 2)
        for head in (self.span, self.window):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)

    def forward(self, rectangles: Sequence[Rectangle]) -> list[Logits]:
        dtype = self.places.dtype
        tokens = torch.cat([self._embedded(rectangle).flatten(0, 1) for rectangle in rectangles])
        tokens = self.norm(tokens)
        shapes = [tuple(rectangle.ids.shape) for rectangle in rectangles]
        masks = [_mask(rectangle, dtype) for rectangle in rectangles]
        for layer in self.layers:
            tokens = layer(tokens, shapes, masks)
        found, start = [], 0
        for _rectangle, (count, width) in zip(rectangles, shapes, strict=True):
            part = tokens[start : start + count * width].view(count, width, -1)
            start += count * width
            span = self.span(part).float()
            window = self.window(part[:, 0]).float()
            found.append(Logits(span[..., 0], span[..., 1], window[:, 0], window[:, 1]))
        return found

    def _embedded(self, rectangle: Rectangle) -> Tensor:
        width = rectangle.ids.shape[1]
        words: Tensor = functional.embedding(rectangle.ids, self.words)
        return words + self.places[:width] + functional.embedding(rectangle.kinds, self.kinds)


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.norm_attended = nn.LayerNorm(width, eps=1e-12)
        self.inner = nn.Linear(width, inner)
        self.outer = nn.Linear(inner, width)
        self.norm_outer = nn.LayerNorm(width, eps=1e-12)

    def forward(self, tokens: Tensor, shapes: Any, masks: Any) -> Tensor:
        mixed = self._attention(self.query_key_value(tokens), shapes, masks)
        tokens = self.norm_attended(tokens + self.attended(mixed))
        result: Tensor = self.norm_outer(tokens + self.outer(functional.gelu(self.inner(tokens))))
        return result

    def _attention(self, projected: Tensor, shapes: Any, masks: Any) -> Tensor:
        width = projected.shape[1] // 3
        size = width // self.heads
        parts, start = [], 0
        for (count, length), mask in zip(shapes, masks, strict=True):
            # (3, windows * heads, length, size)
            part = (
                projected[start : start + count * length]
                .view(count, length, 3, self.heads, size)
                .permute(2, 0, 3, 1, 4)
                .reshape(3, count * self.heads, length, size)
            )
            start += count * length
            query, key, value = part.unbind(0)
            scores = torch.bmm(query * (1 / sqrt(size)), key.transpose(1, 2))
            if mask is not None:
                scores = (scores.view(count, self.heads * length, length) + mask).view_as(scores)
            mixed = torch.bmm(torch.softmax(scores, dim=-1), value)
            parts.append(
                mixed.view(count, self.heads, length, size)
                .transpose(1, 2)
                .reshape(count * length, width)
            )
        return torch.cat(parts)


def _mask(rectangle: Rectangle, dtype: torch.dtype) -> Tensor | None:
    """What is added to the scores, `(windows, 1, width)`; None where nothing is padded."""
    width = rectangle.ids.shape[1]
    if int(rectangle.lengths.min()) == width:
        return None
    padded = torch.arange(width)[None, :] >= rectangle.lengths[:, None]
    return (padded.to(dtype) * _MASKED)[:, None, :]


def fresh_network(weights: Path, seed: int) -> Network:
    """The network before training: the encoder's weights, and heads drawn by the seed."""
    torch.manual_seed(seed)
    network = Network()
    load_backbone(network, weights)
    return network


def load_backbone(network: Network, weights: Path) -> None:
    """Fills the network with the encoder's own weights."""
    from safetensors.torch import load_file

    known = load_file(weights)
    layer: Any
    with torch.no_grad():
        network.words.copy_(known["embeddings.word_embeddings.weight"])
        network.places.copy_(known["embeddings.position_embeddings.weight"])
        network.kinds.copy_(known["embeddings.token_type_embeddings.weight"])
        _copy(network.norm, known, "embeddings.LayerNorm")
        for number, layer in enumerate(network.layers):
            name = f"encoder.layer.{number}"
            for part, linear in (
                ("weight", layer.query_key_value.weight),
                ("bias", layer.query_key_value.bias),
            ):
                parts = [
                    known[f"{name}.attention.self.{which}.{part}"]
                    for which in ("query", "key", "value")
                ]
                linear.copy_(torch.cat(parts))
            _copy(layer.attended, known, f"{name}.attention.output.dense")
            _copy(layer.norm_attended, known, f"{name}.attention.output.LayerNorm")
            _copy(layer.inner, known, f"{name}.intermediate.dense")
            _copy(layer.outer, known, f"{name}.output.dense")
            _copy(layer.norm_outer, known, f"{name}.output.LayerNorm")


def _copy(module: Any, known: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(known[f"{name}.weight"])
    module.bias.copy_(known[f"{name}.bias"])
