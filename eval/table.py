"""Results on a terminal: the measures of retrieval, those of answers, then the failures."""

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
    """Prints the main measures and the latency of each system; for one system also the intervals,
    the answers and the failures."""
    about, index = told["collection"], told["index"]
    out.print(Text(f"{about['name']} ({about['split']}): {about['judged']} of {about['queries']} "
                   "questions are answerable and count", style="bold"))  # fmt: skip
    if index:
        out.print(f"{index['model']}, {index['documents']} articles, {index['passages']} passages, "
                  f"index {index['generation']}")  # fmt: skip
    systems = told["systems"]
    if len(systems) == 1:
        _show_measures(systems[0]["measures"], out)
    else:
        _systems(systems, out)
    for system in systems:
        if time := system["latency"]:
            out.print(f"a question takes {time['p50'] * 1000:.1f} ms (median), "
                      f"{time['p95'] * 1000:.1f} ms (95 %), {system['system']}")  # fmt: skip
    if answers := told.get("answers"):
        _show_answers(answers, out)
    if len(systems) == 1:
        _show_failures(systems[0], out, failures)


def _show_measures(measures: Json, out: Console, value: str = "mean") -> None:
    table = _table("measure", value, "95 % interval", "questions")
    for name in headline(measures):
        one = measures[name]
        interval = f"{one['low']:.3f} - {one['high']:.3f}" if one["low"] is not None else ""
        table.add_row(name, f"{one['value']:.4f}", interval, str(one["queries"]))
    out.print(table)


def _show_answers(answers: Json, out: Console) -> None:
    """Prints the measures of the answers, and how many questions got which verdict."""
    out.print(Text(f"\n{asked(answers)}", style="bold"))
    _show_measures(answers["measures"], out, "value")
    counts = answers["counts"]
    table = _table("questions", *counts["answerable"])
    for kind, verdicts in counts.items():
        table.add_row(kind, *map(str, verdicts.values()))
    out.print(table)
    if time := answers["latency"]:
        out.print(f"an answer takes {time['p50'] * 1000:.1f} ms (median), "
                  f"{time['p95'] * 1000:.1f} ms (95 %)")  # fmt: skip


def asked(answers: Json) -> str:
    """A sentence on the questions that were asked for their answers."""
    sorts = answers["questions"]
    told = f"{sorts['answerable']} answerable and {sorts['unanswerable']} unanswerable questions"
    if sorts["yes_or_no"]:
        told += f", {sorts['yes_or_no']} of them for yes or no, not in EM, F1 and in_highlight"
    if sorts["without_gold_answer"]:
        told += f", {sorts['without_gold_answer']} without a gold answer"
    return told


def _table(first: str, *others: str) -> Table:
    """A table without lines, its first column on the left and the others on the right."""
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


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
    table = _table("measure", "before", "after", "change", "p", "better", "worse")
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


def show_figures(result: Json, labelled: int, out: Console) -> None:
    """Prints how well answers show labelled figures, over all and over each half, and by kind."""
    measured = result["all"]["items"]
    out.print(Text(f"{measured} of {labelled} labelled questions are about these indexes", "bold"))
    rows = {"all": result["all"], "first half": result["halves"][0]}
    rows |= {"second half": result["halves"][1], **result["kinds"]}
    names = [name for name in result["all"] if name != "items"]
    table = _table("", "questions", *names)
    for name, row in rows.items():
        shares = ("" if row[one] is None else f"{row[one]:.2f}" for one in names)
        table.add_row(name, str(row["items"]), *shares)
    out.print(table)
    table = _table("labelled, shown as", *result["shown"])
    for name, counts in result["shown"].items():
        table.add_row(name, *map(str, counts.values()))
    out.print(table)
