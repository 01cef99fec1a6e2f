"""Results on a terminal: a table of measures, then the failures."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.comparison import Change
from eval.results import Json, headline
from qa.output.serial import visible

_MOST_FAILURES = 10
_MOST_CHANGES = 10
_COLUMNS = ("evidence.recall@3", "paper.Hits@10", "paper.Hits@4", "paper.MRR@10", "doc.nDCG@10")


def show_result(told: Json, out: Console, failures: int = _MOST_FAILURES) -> None:
    """Prints the main measures and the latency of each system; for one system also the intervals
    and the failures."""
    about, index = told["collection"], told["index"]
    out.print(Text(f"{about['name']} ({about['split']}): {about['judged']} of {about['queries']} "
                   "questions are answerable and count", style="bold"))  # fmt: skip
    if index:
        out.print(f"{index['model']}, {index['documents']} articles, {index['passages']} passages, "
                  f"index {index['generation']}")  # fmt: skip
    systems = told["systems"]
    (_side_by_side if len(systems) == 1 else _systems)(systems, out)
    for system in systems:
        if time := system["latency"]:
            out.print(f"a question takes {time['p50'] * 1000:.1f} ms (median), "
                      f"{time['p95'] * 1000:.1f} ms (95 %), {system['system']}")  # fmt: skip
    if len(systems) == 1:
        _show_failures(systems[0], out, failures)


def _side_by_side(systems: Sequence[Json], out: Console) -> None:
    measures = systems[0]["measures"]
    table = Table(box=None, pad_edge=False)
    for name in ("measure", "mean", "95 % interval", "questions"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    for name in headline(measures):
        one = measures[name]
        table.add_row(name, f"{one['value']:.4f}", f"{one['low']:.3f} - {one['high']:.3f}",
                      str(one["queries"]))  # fmt: skip
    out.print(table)


def _systems(systems: Sequence[Json], out: Console) -> None:
    names = [
        name
        for name in headline(systems[0]["measures"])
        if name in _COLUMNS
    ]  # fmt: skip
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("system", no_wrap=True)
    for name in names:
        table.add_column(name.replace(".", "\n", 1), justify="right", no_wrap=True)
    for system in systems:
        values = [f"{system['measures'][name]['value']:.3f}" for name in names]
        table.add_row(system["system"], *values)
    out.print(table)


def _show_failures(system: Json, out: Console, most: int) -> None:
    failed = [query for query in system.get("queries", ()) if "missing" in query]
    if not failed:
        return
    out.print(Text(f"\n{len(failed)} questions lack something among the first three:", "bold"))
    for query in failed[:most]:
        out.print(Text(visible(f"{query['query_id']}  {query['text']}")), soft_wrap=True)
        for missing in query["missing"]:
            where = f"at {missing['rank']}" if missing["rank"] else "not found"
            what = missing["quote"] or "the document"
            line = f"   {where}: {what[:90]!r} in {missing['doc_id']}"
            out.print(Text(visible(line), style="dim"), soft_wrap=True)
        if query["found"]:
            first = query["found"][0]
            out.print(
                Text(visible(f"   instead: {first['text'][:90]!r}"), style="dim"), soft_wrap=True
            )
    if len(failed) > most:
        out.print(f"... and {len(failed) - most} more: all are in the file of --json, --html")


def show_changes(changes: Sequence[Change], out: Console) -> None:
    """Prints the main measures of two results with the p-value of each difference."""
    shown = headline({change.measure for change in changes})
    table = Table(box=None, pad_edge=False)
    for name in ("measure", "before", "after", "change", "p", "better", "worse"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    by_name = {change.measure: change for change in changes}
    for change in (by_name[name] for name in shown):
        table.add_row(
            change.measure,
            f"{change.before:.4f}",
            f"{change.after:.4f}",
            f"{change.after - change.before:+.4f}",
            f"{change.p:.4f}",
            str(change.wins),
            str(change.losses),
        )
    out.print(table)
    out.print("p: paired randomisation test (Smucker, Allan, Carterette 2007), not corrected for "
              "the number of measures")  # fmt: skip
    if first := next((by_name[name] for name in shown if by_name[name].differing), None):
        _show_differing(first, out)


def _show_differing(change: Change, out: Console) -> None:
    """Prints the questions on which a measure changed most, half of them losses if possible."""
    out.print(Text(f"\n{change.measure} changed on {len(change.differing)} questions:", "bold"))
    losses, wins = change.differing[: change.losses], change.differing[change.losses :]
    half = _MOST_CHANGES // 2
    worst = losses[: max(half, _MOST_CHANGES - len(wins))]
    best = wins[::-1][: _MOST_CHANGES - len(worst)]
    for name, some, of in (("worse", worst, losses), ("better", best, wins)):
        for one in some:
            line = f"{name:6}  {one.before:.2f} -> {one.after:.2f}  {one.query_id}  {one.text}"
            out.print(Text(visible(line)), soft_wrap=True)
        if len(some) < len(of):
            out.print(f"... and {len(of) - len(some)} more that are {name}")
