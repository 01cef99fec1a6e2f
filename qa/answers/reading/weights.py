"""The reader's weights as shipped: what training changed in the encoder's own, in 8 bits.

The encoder is installed anyway, so its word table is not shipped again, and of every matrix the
file holds the difference to the encoder's. A difference is small, so that 8 bits with a scale for
each row keep it more exactly than they would keep the matrix. The heads, biases and norms are in
float32. The file is in the safetensors format; its metadata name the format, the encoder's
SHA-256 and the SHA-256 of the tensors.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.errors import EncoderError

Array = npt.NDArray[np.float32]

FORMAT = "1"
# Places that the shipped position table has; inputs are shorter (`pieces`).
PLACES = 256
WORDS = "embeddings.word_embeddings.weight"
POSITIONS = "embeddings.position_embeddings.weight"
# The heads: weight `(2, width)` and bias `(2,)` each.
SPAN, WINDOW = "span", "window"
HEADS = tuple(f"{head}.{part}" for head in (SPAN, WINDOW) for part in ("weight", "bias"))
_SCALE = "/scale"
_TYPES: dict[str, np.dtype[Any]] = {"I8": np.dtype("i1"), "F32": np.dtype("<f4")}


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights by the encoder's own names, in float32; `version` is the file's digest."""

    tensors: Mapping[str, Array]
    version: str


def save(
    path: Path,
    trained: Mapping[str, Array],
    base: Mapping[str, Array],
    backbone: str,
    about: Mapping[str, str],
) -> None:
    """Writes trained weights as differences to `base`, the encoder whose weights' SHA-256 is
    `backbone`. `about` says how they were trained."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, weight in sorted(trained.items()):
        if name in HEADS:
            tensors[name] = np.ascontiguousarray(weight, dtype="<f4")
            continue
        change = weight[:PLACES] - base[name][:PLACES] if name == POSITIONS else weight - base[name]
        if change.ndim == 2:
            tensors[name], tensors[name + _SCALE] = quantised(change)
        else:
            tensors[name] = np.ascontiguousarray(change, dtype="<f4")
    header, data = _laid_out(tensors)
    facts = {"format": FORMAT, "backbone": backbone, "sha256": _digest(header, data), **about}
    encoded = json.dumps({"__metadata__": facts, **header}).encode()
    encoded += b" " * (-len(encoded) % 8)
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + data)


def load(path: Path, base: Mapping[str, Array], backbone: str) -> Weights:
    """The weights in a file that `save` wrote, added to the encoder's.

    Raises `EncoderError` where the file is missing, damaged, of another version, or belongs to
    another encoder.
    """
    header, facts, data = _read(path)
    if facts.get("format") != FORMAT:
        raise EncoderError(
            f"{path} is of format {facts.get('format')!r}, expected {FORMAT!r}: it belongs to "
            f"another version of nkqa. {_AGAIN}"
        )
    if _digest(header, data) != facts.get("sha256"):
        raise EncoderError(
            f"{path} is damaged: its tensors do not have the SHA-256 that it names. {_AGAIN}"
        )
    if facts.get("backbone") != backbone:
        raise EncoderError(
            f"{path} was trained from an encoder with SHA-256 {facts.get('backbone')}, and the "
            f"one installed has {backbone}. {_AGAIN}"
        )
    found = {
        name: np.frombuffer(
            data[entry["data_offsets"][0] : entry["data_offsets"][1]], _TYPES[entry["dtype"]]
        ).reshape(entry["shape"])
        for name, entry in header.items()
    }
    return Weights({WORDS: base[WORDS], **_whole(found, base)}, str(facts["sha256"])[:16])


_AGAIN = "Run: pip install --force-reinstall --no-deps nkqa"


def quantised(matrix: Array) -> tuple[npt.NDArray[np.int8], Array]:
    """The matrix in 8 bits and the scale of each row, `(rows, 1)`: their product is nowhere
    further from the matrix than half a scale."""
    scales = np.abs(matrix).max(axis=1, keepdims=True).astype(np.float32) / np.float32(127)
    scales[scales == 0] = 1
    return np.rint(matrix / scales).astype(np.int8), scales


def _whole(found: Mapping[str, npt.NDArray[Any]], base: Mapping[str, Array]) -> dict[str, Array]:
    tensors: dict[str, Array] = {}
    for name, part in found.items():
        if name.endswith(_SCALE):
            continue
        if name in HEADS:
            tensors[name] = part
            continue
        scale = found.get(name + _SCALE)
        change = part if scale is None else part * scale
        tensors[name] = change + base[name][: len(change)]
    return tensors


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any], memoryview]:
    try:
        content = memoryview(path.read_bytes())
        size = int.from_bytes(content[:8], "little")
        header = json.loads(bytes(content[8 : 8 + size]))
        return header, header.pop("__metadata__"), content[8 + size :]
    except FileNotFoundError as error:
        raise EncoderError(f"The reader's weights are missing: no file {path}. {_AGAIN}") from error
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise EncoderError(f"{path} holds no reader's weights: {error!r}. {_AGAIN}") from error


def _laid_out(tensors: Mapping[str, npt.NDArray[Any]]) -> tuple[dict[str, Any], bytes]:
    """The entries of a safetensors header, and the data they point into."""
    kinds = {dtype: kind for kind, dtype in _TYPES.items()}
    header, parts, at = {}, [], 0
    # Wider types first, so that every tensor is aligned.
    for name, tensor in sorted(tensors.items(), key=lambda item: -item[1].itemsize):
        size = tensor.nbytes
        header[name] = {
            "dtype": kinds[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [at, at + size],
        }
        parts.append(tensor.tobytes())
        at += size
    return header, b"".join(parts)


def _digest(header: Mapping[str, Any], data: bytes | memoryview) -> str:
    """Over the tensors and where they lie."""
    total = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    total.update(data)
    return total.hexdigest()
