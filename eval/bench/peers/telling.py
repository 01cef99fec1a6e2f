"""What was measured as JSON, schema `nkqa.peers/1`, and as a table with ratios.

    schema, created, written_by, commit, machine, collection, model, rounds,
    participants: [{name, setup, versions, prepare_seconds, passages, pieces, build, index_bytes,
                    first, warm, quality}]

Seconds are wall-clock; every list has one value a round, in order. `build.seconds` is from starting
Python to a saved index, `build.inside` the same without starting Python and importing;
`first.seconds` from starting Python to the answer; `warm` is within an open process. `pieces` is the
length in word pieces of the passages that were returned.
"""

import datetime
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.bench.peers.articles import Sample
from eval.bench.peers.measuring import Measured
from eval.provenance import commit, machine
from eval.results import latency

SCHEMA = "nkqa.peers/1"
_ROOT = Path(__file__).parents[3]


def result(sample: Sample, measured: Sequence[Measured], count: Callable[[str], int]) -> Any:
    """Everything as one JSON object; `count` gives the word pieces of a text."""
    from qa.version import __version__

    return {
        "schema": SCHEMA,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "written_by": f"nkqa {__version__}",
        "commit": commit(_ROOT),
        "machine": machine(),
        "collection": {
            "name": sample.collection,
            "articles": len(sample.articles),
            "questions": len(sample.queries),
        },
        "rounds": {"builds": len(measured[0].builds), "firsts": len(measured[0].firsts)},
        "participants": [_participant(one, count) for one in measured],
    }


def _participant(one: Measured, count: Callable[[str], int]) -> dict[str, Any]:
    returned = {text for told in one.warm.values() for _, text in told.values["passages"]}
    pieces = [count(text) for text in returned]
    return {
        "name": one.participant.name,
        "setup": one.participant.setup,
        "versions": dict(one.versions),
        "prepare_seconds": one.prepared.values["seconds"],
        "passages": one.builds[-1].values["passages"],
        "pieces": {"median": statistics.median(pieces), "largest": max(pieces)},
        "build": {
            "seconds": [told.seconds for told in one.builds],
            "inside": [told.values["seconds"] for told in one.builds],
            "peak": [told.peak for told in one.builds],
        },
        "index_bytes": one.index_bytes,
        "first": {
            "seconds": [told.seconds for told in one.firsts],
            "peak": [told.peak for told in one.firsts],
        },
        "warm": latency([float(told.values["seconds"]) for told in one.warm.values()]),
        "quality": dict(one.quality),
    }


_MIB = 1 << 20
# Heading, the value of a participant, its format, and whether less is better.
_ROWS: tuple[tuple[str, Callable[[Any], float], str, bool], ...] = (
    ("Hits@10", lambda one: one["quality"]["paper.Hits@10"], ".3f", False),
    ("Hits@4", lambda one: one["quality"]["paper.Hits@4"], ".3f", False),
    ("MRR@10", lambda one: one["quality"]["paper.MRR@10"], ".3f", False),
    ("passages", lambda one: one["passages"], ",", True),
    ("word pieces each", lambda one: one["pieces"]["median"], ".0f", True),
    ("build, passages/s", lambda one: one["passages"] / _median(one, "build", "inside"), ".1f",
     False),
    ("build, s in all", lambda one: _median(one, "build", "seconds"), ".1f", True),
    ("build, peak MiB", lambda one: _median(one, "build", "peak") / _MIB, ".0f", True),
    ("index, bytes a passage", lambda one: one["index_bytes"] / one["passages"], ",.0f", True),
    ("first answer, s", lambda one: _median(one, "first", "seconds"), ".2f", True),
    ("first answer, peak MiB", lambda one: _median(one, "first", "peak") / _MIB, ".0f", True),
    ("warm answer, ms, p50", lambda one: one["warm"]["p50"] * 1000, ".1f", True),
    ("warm answer, ms, p95", lambda one: one["warm"]["p95"] * 1000, ".1f", True),
)  # fmt: skip
# What describes a participant rather than rates it.
_PLAIN = ("passages", "word pieces each")


def _median(one: dict[str, Any], part: str, name: str) -> float:
    return float(statistics.median(one[part][name]))


def show(told: Any, out: Console) -> None:
    """A column a participant: each value, how many times that of the first it is, the best bold."""
    about = told["collection"]
    out.print(Text(f"{about['name']}: {about['articles']} articles, {about['questions']} questions; "
                   f"medians of {told['rounds']['builds']} builds and {told['rounds']['firsts']} "
                   "first answers", style="bold"))  # fmt: skip
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    participants = told["participants"]
    for one in participants:
        table.add_column(one["name"], justify="right")
    for name, value, form, less in _ROWS:
        values = [value(one) for one in participants]
        best = min(values) if less else max(values)
        cells = []
        for one in values:
            times = f" x{one / values[0]:.2f}" if values[0] and one is not values[0] else ""
            style = "bold" if one == best and name not in _PLAIN else ""
            cells.append(Text(f"{one:{form}}", style).append(times, style="dim"))
        table.add_row(name, *cells)
    out.print(table)
    out.print("xN: N times the value of the first column.")
    for one in participants:
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        out.print(Text(f"{one['name']}: {one['setup']} ({versions})", style="dim"))
