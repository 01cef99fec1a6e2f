"""The encoding speed compared with the processor's limit, and the accuracy of the vectors.

"reference" is sentence-transformers in float32; "compiled" is nkqa's default. The encoders take
turns, so that a slow minute of the machine affects all of them, and the results are medians. The
ceiling is the speed of multiplying large matrices with the same number of threads. The share of the
ceiling only counts the model's own multiplications (linear layers and attention).
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from embeddings import DEFAULT_MODEL, Encoder, Vectors, load_encoder
from embeddings.models import find_model
from embeddings.reference import ReferenceEncoder
from eval.provenance import header
from qa.text.sentences import sentence_spans

SCHEMA = "nkqa.encoder/1"
LENGTHS = (16, 32, 64, 128, 254)
_PIECES = 24_000
_MATRIX = 2048
_QUESTION = "How many workers from North Korea are thought to be in Russia?"
# all-MiniLM-L6-v2: layers, width, inner width.
_LAYERS, _WIDTH, _INNER = 6, 384, 1536

Json = dict[str, Any]
Progress = Callable[[str, int, int], None]


def measure(corpus: Path, rounds: int, progress: Progress) -> Json:
    """All results as one JSON object, schema `nkqa.encoder/1`; `corpus` is a .jsonl of articles."""
    encoders: dict[str, Encoder] = {
        "reference": ReferenceEncoder(find_model(DEFAULT_MODEL)),
        "compiled": load_encoder(),
        "static": load_encoder("static"),
    }
    texts = _texts(corpus, encoders["compiled"])
    for encoder in encoders.values():
        encoder.encode_passages(texts[LENGTHS[0]][:64])
    ceilings: dict[str, list[float]] = {}
    seconds: dict[str, dict[int, list[float]]] = {name: {} for name in encoders}
    one: dict[str, list[float]] = {name: [] for name in encoders}
    for round_ in range(rounds):
        progress("round", round_, rounds)
        for kind, work in _multiplications().items():
            ceilings.setdefault(kind, []).append(work())
        for length in LENGTHS:
            for name, encoder in encoders.items():
                begun = time.perf_counter()
                encoder.encode_passages(texts[length])
                seconds[name].setdefault(length, []).append(time.perf_counter() - begun)
        for name, encoder in encoders.items():
            for _ in range(20):
                begun = time.perf_counter()
                encoder.encode_questions([_QUESTION])
                one[name].append(time.perf_counter() - begun)
    progress("round", rounds, rounds)
    ceiling = {kind: statistics.median(values) for kind, values in ceilings.items()}
    return {
        **header(SCHEMA),
        "rounds": rounds,
        "ceiling_gflops": ceiling,
        "lengths": [
            _length(length, texts[length], encoders, {n: s[length] for n, s in seconds.items()})
            for length in LENGTHS
        ],
        "question_ms": {name: 1000 * statistics.median(values) for name, values in one.items()},
    }


def _texts(corpus: Path, encoder: Encoder) -> dict[int, list[str]]:
    """For each length, runs of whole sentences with about that many word pieces, never more."""
    sentences: list[tuple[str, int]] = []
    for line in corpus.open(encoding="utf-8"):
        text = json.loads(line)["text"]
        cut = [text[slice(*span)] for span in sentence_spans(text)]
        sentences += zip(cut, encoder.count(cut), strict=True)
        if len(sentences) > 20_000:
            break
    return {length: _runs(sentences, length) for length in LENGTHS}


def _runs(sentences: Sequence[tuple[str, int]], length: int) -> list[str]:
    runs: list[str] = []
    run: list[str] = []
    used = 0
    for sentence, pieces in sentences:
        if used + pieces > length:
            if used > 0.75 * length:
                runs.append(" ".join(run))
            run, used = [], 0
        if pieces <= length:
            run.append(sentence)
            used += pieces
        if len(runs) * length >= _PIECES:
            break
    return runs


def _multiplications() -> dict[str, Callable[[], float]]:
    """For each number type, a function that measures the GFLOP/s of multiplying large matrices."""
    import torch

    def speed(work: Callable[[], object]) -> float:
        work()
        begun, times = time.perf_counter(), 0
        while time.perf_counter() - begun < 1:
            work()
            times += 1
        return float(2 * _MATRIX**3 * times / (time.perf_counter() - begun) / 1e9)

    floats = torch.randn(_MATRIX, _MATRIX)
    halves, bytes_ = floats.bfloat16(), (floats * 20).to(torch.int8)
    return {
        "float32": lambda: speed(lambda: floats @ floats),
        "bfloat16": lambda: speed(lambda: halves @ halves),
        "int8": lambda: speed(lambda: torch._int_mm(bytes_, bytes_)),
    }


def _length(
    length: int, texts: list[str], encoders: dict[str, Encoder], seconds: dict[str, list[float]]
) -> Json:
    reference = encoders["reference"].encode_passages(texts)
    cosines = _cosines(reference, encoders["compiled"].encode_passages(texts))
    # The model adds two special pieces around each text.
    pieces = [count + 2 for count in encoders["compiled"].count(texts)]
    operations = sum(_operations(count) for count in pieces)
    return {
        "pieces": length,
        "texts": len(texts),
        "pieces_median": statistics.median(pieces),
        "texts_per_second": {
            name: len(texts) / statistics.median(values) for name, values in seconds.items()
        },
        "gflops": {
            name: operations / statistics.median(seconds[name]) / 1e9
            for name in ("reference", "compiled")
        },
        "cosine": {"worst": float(cosines.min()), "mean": float(cosines.mean())},
    }


def _operations(pieces: int) -> int:
    linear = 2 * pieces * (4 * _WIDTH**2 + 2 * _WIDTH * _INNER)
    attention = 2 * 2 * pieces**2 * _WIDTH
    return _LAYERS * (linear + attention)


def _cosines(one: Vectors, other: Vectors) -> Vectors:
    products: Vectors = np.einsum("ij,ij->i", one, other)
    return products


def show(told: Json, out: Console) -> None:
    """Prints a row for each length, the ceilings, and the times of one question."""
    ceiling = told["ceiling_gflops"]
    best = max(ceiling["bfloat16"], ceiling["float32"])
    table = Table(
        "word pieces", "reference /s", "compiled /s", "ratio", "share of ceiling", "worst cosine",
        "mean cosine", "static /s", box=None, pad_edge=False,
    )  # fmt: skip
    for one in told["lengths"]:
        speed = one["texts_per_second"]
        table.add_row(
            str(one["pieces"]),
            f"{speed['reference']:.0f}",
            f"{speed['compiled']:.0f}",
            f"{speed['compiled'] / speed['reference']:.1f}",
            f"{one['gflops']['compiled'] / best:.0%}",
            f"{one['cosine']['worst']:.5f}",
            f"{one['cosine']['mean']:.5f}",
            f"{speed['static']:.0f}",
        )
    out.print(table)
    out.print("Ceiling, GFLOP/s: " + ", ".join(f"{kind} {v:.0f}" for kind, v in ceiling.items()))
    out.print(
        "One question, ms: "
        + ", ".join(f"{name} {value:.1f}" for name, value in told["question_ms"].items())
    )
