"""The results as JSON, schema `nkqa.scale/1`, and as a table with the growth of each figure."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.provenance import header

SCHEMA = "nkqa.scale/1"
Json = dict[str, Any]
_MIB = 1 << 20
_QUESTIONS = (
    "encode, default model", "dense", "dense, filtered", "lexical", "lexical, filtered", "fused",
    "fused, filtered", "ask", "ask, filtered",
)  # fmt: skip


def result(beir: Path, model: str, sizes: Sequence[Json]) -> Json:
    """All results as one JSON object."""
    return {
        **header(SCHEMA),
        "collection": beir.name,
        "model": model,
        "sizes": list(sizes),
    }


def _rows() -> dict[str, tuple[Callable[[Json], float], str]]:
    """Maps the name of each table row to its value for one size, and the format."""
    rows: dict[str, tuple[Callable[[Json], float], str]] = {
        "passages": (lambda one: one["build"]["passages"], ",.0f"),
        "build without embedding, s": (lambda one: one["build"]["apart"], ",.1f"),
        "build, MiB of memory": (lambda one: one["build"]["peak"] / _MIB, ",.0f"),
        "disk beside the text, bytes a passage": (
            lambda one: (one["build"]["bytes"] - one["text_bytes"]) / one["build"]["passages"],
            ",.0f",
        ),
        "open, all checked, s": (lambda one: one["open, checked"]["open"], ".2f"),
        "open, checked lately, s": (lambda one: one["open"]["open"], ".2f"),
        "one question, MiB of memory": (lambda one: one["open"]["peak"] / _MIB, ",.0f"),
    }
    for name in _QUESTIONS:
        for at in ("p50", "p95", "p99"):
            rows[f"{name}, {at}, ms"] = (_milliseconds(name, at), ".2f")
    rows["recall@10"] = (lambda one: one["recall"]["usual"]["at 10"], ".3f")
    rows["recall@10, filtered"] = (lambda one: one["recall"]["usual, filtered"]["at 10"], ".3f")
    rows["ten articles more, without embedding, s"] = (lambda one: one["ten more"]["apart"], ".2f")
    rows["nothing more, s"] = (lambda one: one["nothing more"]["seconds"], ".2f")
    return rows


def _milliseconds(name: str, at: str) -> Callable[[Json], float]:
    return lambda one: 1000 * float(one["questions"][name][at])


def show(told: Json, out: Console) -> None:
    """Prints a row for each figure. Its last column is the exponent of growth, fitted from ten
    thousand passages on."""
    sizes = told["sizes"]
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for one in sizes:
        table.add_column(f"{one['build']['passages']:,}", justify="right")
    table.add_column("grows as", justify="right")
    for name, (value, form) in _rows().items():
        values = [value(one) for one in sizes]
        table.add_row(name, *(format(one, form) for one in values), _growth(sizes, values))
    out.print(table)
    largest = sizes[-1]["recall"]
    sweep = Table("searched", "recall@10", "p50, ms", box=None, pad_edge=False)
    for name, one in largest.items():
        sweep.add_row(name, f"{one['at 10']:.3f}", f"{1000 * one['p50']:.2f}")
    out.print(sweep)


def _growth(sizes: Sequence[Json], values: Sequence[float]) -> str:
    pairs = [
        (one["build"]["passages"], value)
        for one, value in zip(sizes, values, strict=True)
        if one["build"]["passages"] >= 9000 and value > 0
    ]
    if len(pairs) < 2:
        return ""
    logs = np.log(np.array(pairs))
    return f"n^{np.polyfit(logs[:, 0], logs[:, 1], 1)[0]:.2f}"
