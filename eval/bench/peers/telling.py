"""The results as JSON, schema `nkqa.peers/1`, and as tables of values and ratios.

    schema, created, written_by, commit, machine, collection, rounds,
    participants: [{name, setup, versions, prepare_seconds, passages, pieces, build, index_bytes,
                    first, warm, quality}]

Seconds are wall-clock time; peaks are bytes of memory, including child processes; a list has one
value per round, in order. `prepare_seconds` is work that an installation does once.
`build.seconds` runs from starting Python to a saved index; `build.inside` excludes starting Python
and importing. `first.seconds` runs from starting Python to the answer. `warm` has the times in a
running process. `pieces` is the length of the returned passages in word pieces.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.bench.peers.articles import Sample
from eval.bench.peers.measuring import Measured
from eval.provenance import header
from eval.results import latency

SCHEMA = "nkqa.peers/1"


def result(sample: Sample, measured: Sequence[Measured], count: Callable[[str], int]) -> Any:
    """All results as one JSON object; `count` returns the number of word pieces of a text."""
    return {
        **header(SCHEMA),
        "collection": {
            "name": sample.collection,
            "articles": len(sample.articles),
            "questions": len(sample.queries),
        },
        "rounds": {"builds": len(measured[0].builds), "firsts": len(measured[0].firsts)},
        "participants": [_participant(one, count) for one in measured],
    }


def _participant(one: Measured, count: Callable[[str], int]) -> dict[str, Any]:
    returned = {text for answer in one.warm.values() for _, text in answer.values["passages"]}
    pieces = [count(text) for text in returned]
    return {
        "name": one.participant.name,
        "setup": one.participant.setup,
        "versions": dict(one.versions),
        "prepare_seconds": one.prepared.values["seconds"],
        "passages": one.builds[-1].values["passages"],
        "pieces": {"median": statistics.median(pieces), "largest": max(pieces)},
        "build": {
            "seconds": [answer.seconds for answer in one.builds],
            "inside": [answer.values["seconds"] for answer in one.builds],
            "peak": [answer.peak for answer in one.builds],
        },
        "index_bytes": one.index_bytes,
        "first": {
            "seconds": [answer.seconds for answer in one.firsts],
            "peak": [answer.peak for answer in one.firsts],
        },
        "warm": latency([float(answer.values["seconds"]) for answer in one.warm.values()]),
        "quality": dict(one.quality),
    }


_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class _Row:
    """A table row: its name, its value for a participant, the number format, and `max` or `min` if
    higher or lower values are better."""

    name: str
    value: Callable[[Any], float]
    form: str
    better: Callable[[Sequence[float]], float] | None = None


_ROWS = (
    _Row("Hits@10", lambda one: one["quality"]["paper.Hits@10"], ".3f", max),
    _Row("Hits@4", lambda one: one["quality"]["paper.Hits@4"], ".3f", max),
    _Row("MRR@10", lambda one: one["quality"]["paper.MRR@10"], ".3f", max),
    _Row("passages", lambda one: one["passages"], ","),
    _Row("word pieces each", lambda one: one["pieces"]["median"], ".0f"),
    _Row("prepare once, s", lambda one: one["prepare_seconds"], ".1f"),
    _Row("build, s", lambda one: _median(one, "build", "seconds"), ".1f", min),
    _Row(
        "build, passages/s",
        lambda one: one["passages"] / _median(one, "build", "inside"),
        ".1f",
        max,
    ),
    _Row("build, MiB", lambda one: _median(one, "build", "peak") / _MIB, ".0f", min),
    _Row("index, B/passage", lambda one: one["index_bytes"] / one["passages"], ",.0f", min),
    _Row("first answer, s", lambda one: _median(one, "first", "seconds"), ".2f", min),
    _Row("first answer, MiB", lambda one: _median(one, "first", "peak") / _MIB, ".0f", min),
    _Row("warm p50, ms", lambda one: one["warm"]["p50"] * 1000, ".1f", min),
    _Row("warm p95, ms", lambda one: one["warm"]["p95"] * 1000, ".1f", min),
)


def _median(one: Any, part: str, name: str) -> float:
    return float(statistics.median(one[part][name]))


def show(told: Any, out: Console) -> None:
    """Prints a row per measure and a column per participant, best in bold, then the ratios."""
    about, rounds = told["collection"], told["rounds"]
    out.print(
        f"{about['name']}: {about['articles']} articles, {about['questions']} questions; medians "
        f"of {rounds['builds']} builds, {rounds['firsts']} first answers"
    )
    participants = told["participants"]
    measured = [(row, [row.value(one) for one in participants]) for row in _ROWS]
    table = _table(participants)
    for row, values in measured:
        best = row.better(values) if row.better else None
        cells = (Text(f"{one:{row.form}}", "bold" if one == best else "") for one in values)
        table.add_row(row.name, *cells)
    out.print(table)
    out.print(f"\nTimes the value of {participants[0]['name']}:")
    table = _table(participants[1:])
    for row, (first, *others) in measured:
        if row.better and first:
            table.add_row(row.name, *(f"{one / first:.2f}" for one in others))
    out.print(table)
    for one in participants:
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        out.print(Text(f"{one['name']}: {one['setup']} ({versions})", style="dim"))


def _table(participants: Sequence[Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    for one in participants:
        table.add_column(one["name"].replace("-", "\n"), justify="right", no_wrap=True)
    return table
