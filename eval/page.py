"""The report for a browser: one self-contained HTML file without scripts.

All text from articles and questions is escaped, and the page's Content-Security-Policy allows it to
load and run nothing.
"""

from html import escape
from pathlib import Path

from embeddings.errors import InputError
from eval import plots
from eval.results import Json, headline
from eval.table import asked
from qa.output.serial import visible

_MOST_LINES = 6
_MOST_FAILURES = 200
_STYLE = """
:root { color-scheme: light dark; --edge: #8886; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
td, th { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid var(--edge);
  vertical-align: top; white-space: nowrap } th { vertical-align: bottom }
td:first-child, th:first-child { text-align: left; padding-left: 0; white-space: normal;
  min-width: 8rem } td:last-child, th:last-child { padding-right: 0 }
h1, h2, summary, li, p { overflow-wrap: anywhere } h2 { margin: 2.2rem 0 .6rem; line-height: 1.3 }
svg { width: 100%; height: auto } svg text { font-size: 12px; fill: currentColor }
.grid { stroke: var(--edge); stroke-width: .5 } .axis { stroke: currentColor }
.legend span { margin-right: 1rem; white-space: nowrap }
.legend i { display: inline-block; width: 1em; height: .3em; margin-right: .4em;
  vertical-align: middle }
.scroll { overflow-x: auto } details { margin: .4rem 0 }
blockquote { margin: .2rem 0 .2rem 1rem; padding-left: .6rem; border-left: 3px solid var(--edge) }
small { opacity: .75 } summary { cursor: pointer }
@media (max-width: 34rem) { svg text { font-size: 18px } h1 { font-size: 1.5rem }
  table { font-size: .8125rem } td, th { padding: .15rem .35rem }
  h2 { font-size: 1.2rem } ul, ol { padding-left: 1.2rem } blockquote { margin-left: 0 } }
"""


def write_page(path: Path, told: Json) -> None:
    """Writes the report of a result. Raises `InputError` if the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(told), encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.") from error


def page(told: Json) -> str:
    """The report as HTML: measures, recall against k, wins and losses, latency, answers,
    failures."""
    about = told["collection"]
    title = f"{about['name']} ({about['split']})"
    systems = told["systems"]
    parts = [f"<h1>{_say(title)}</h1>", _about(told), _table(systems), _recall(systems)]
    if len(systems) > 1:
        parts += [_wins(systems[0], other) for other in _chosen(systems)[1:]]
    parts += [_latency(systems[0]), _kinds(systems[0])]
    if answers := told.get("answers"):
        parts += [_answers(answers), _risk_coverage(answers), _reliability(answers)]
    parts.append(_failures(systems[0]))
    if answers:
        parts.append(_wrong_answers(answers))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>nkqa eval: {_say(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _say(text: object) -> str:
    return escape(visible(str(text)))


def _column(name: str) -> str:
    """The name of a measure as a column head; it may break after the dot."""
    return _say(name).replace(".", ".<wbr>")


def _about(told: Json) -> str:
    about, index, machine = told["collection"], told["index"], told["machine"]
    lines = [f"{about['judged']} of {about['queries']} questions are answerable and count."]
    if index:
        lines.append(f"{index['model']} over {index['documents']} articles in {index['passages']} "
                     f"passages; index {index['generation']}.")  # fmt: skip
    lines += [
        f"{told['created']}, {told['written_by']}, commit {(told['commit'] or 'unknown')[:12]}.",
        f"{machine['system']}, {machine['cores']} cores, Python {machine['python']}.",
    ]
    return f"<p><small>{'<br>'.join(map(_say, lines))}</small></p>"


def _table(systems: list[Json]) -> str:
    names = headline(systems[0]["measures"])
    if len(systems) == 1:
        return _measures(systems[0]["measures"], "mean")
    head = "<th>system</th>" + "".join(f"<th>{_column(name)}</th>" for name in names)
    rows = "".join(
        f"<tr><td>{_say(system['system'])}</td>"
        + "".join(f"<td>{system['measures'][name]['value']:.3f}</td>" for name in names)
        + "</tr>"
        for system in systems
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'


def _measures(measures: Json, value: str) -> str:
    """A row for each main measure; `value` is the head of the column of values."""
    head = f"<th>measure</th><th>{_say(value)}</th><th>95 % interval</th><th>questions</th>"
    rows = []
    for name in headline(measures):
        one = measures[name]
        interval = f"{one['low']:.3f} to {one['high']:.3f}" if one["low"] is not None else ""
        rows.append(
            f"<tr><td>{_say(name)}</td><td>{one['value']:.4f}</td><td>{interval}</td>"
            f"<td>{one['queries']}</td></tr>"
        )
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _chosen(systems: list[Json]) -> list[Json]:
    """The systems to draw: the first few. An ablation begins with its most different variants."""
    return systems[:_MOST_LINES]


def _recall(systems: list[Json]) -> str:
    level = "evidence" if "evidence.recall@1" in systems[0]["measures"] else "doc"
    start = f"{level}.recall@"
    series = {
        system["system"]: sorted(
            (float(name.removeprefix(start)), one["value"])
            for name, one in system["measures"].items()
            if name.startswith(start)
        )
        for system in _chosen(systems)
    }
    return f"<h2>Recall against k ({level})</h2>" + plots.lines(series, "k", "recall")


def _wins(base: Json, other: Json) -> str:
    measure = "evidence.MRR@10" if "evidence.MRR@10" in base["measures"] else "doc.nDCG@10"
    if "queries" not in base or "queries" not in other:
        return ""
    mine = {one["query_id"]: one["values"].get(measure) for one in base["queries"]}
    differences = [
        mine[one["query_id"]] - one["values"][measure]
        for one in other["queries"]
        if measure in one["values"] and mine.get(one["query_id"]) is not None
    ]
    shown = sorted((one for one in differences if one), reverse=True)
    wins = sum(one > 0 for one in shown)
    title = f"{base['system']} against {other['system']}, {measure}"
    summary = f"{wins} won, {len(shown) - wins} lost, {len(differences) - len(shown)} alike."
    return (f"<h2>{_say(title)}</h2><p>{summary}</p>"
            + plots.bars(shown, "questions that differ", "difference"))  # fmt: skip


def _latency(system: Json) -> str:
    seconds = [one["seconds"] * 1000 for one in system.get("queries", ()) if one["seconds"]]
    if not seconds or not system["latency"]:
        return ""
    time = system["latency"]
    return (f"<h2>Time for a question</h2><p>Median {time['p50'] * 1000:.1f} ms, 95 % within "
            f"{time['p95'] * 1000:.1f} ms.</p>"
            + plots.histogram(seconds, "milliseconds"))  # fmt: skip


def _kinds(system: Json) -> str:
    kinds = system["kinds"]
    if not kinds:
        return ""
    names = [name for name in next(iter(kinds.values())) if name != "queries"][:5]
    head = "<th>kind</th><th>questions</th>" + "".join(
        f"<th>{_column(name)}</th>" for name in names
    )
    rows = "".join(
        f"<tr><td>{_say(kind)}</td><td>{one['queries']}</td>"
        + "".join(f"<td>{one.get(name, 0):.3f}</td>" for name in names)
        + "</tr>"
        for kind, one in kinds.items()
    )
    table = f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'
    return f"<h2>By kind of question</h2>{table}"


def _answers(answers: Json) -> str:
    counts = answers["counts"]
    head = "<th>questions</th>" + "".join(f"<th>{_say(one)}</th>" for one in counts["answerable"])
    rows = "".join(
        f"<tr><td>{_say(kind)}</td>"
        + "".join(f"<td>{count}</td>" for count in verdicts.values())
        + "</tr>"
        for kind, verdicts in counts.items()
    )
    time = answers["latency"]
    took = (f"<p>An answer takes {time['p50'] * 1000:.1f} ms (median), 95 % within "
            f"{time['p95'] * 1000:.1f} ms.</p>") if time else ""  # fmt: skip
    return (
        f"<h2>Answers</h2><p>{_say(asked(answers))}.</p>"
        + _measures(answers["measures"], "value")
        + f'<h2>Verdicts</h2><div class="scroll"><table><tr>{head}</tr>{rows}</table></div>{took}'
    )


def _risk_coverage(answers: Json) -> str:
    points = [(one["coverage"], one["risk"]) for one in answers["risk_coverage"]]
    if not points:
        return ""
    return (
        "<h2>Risk against coverage</h2><p>If only the most probable answers were given: the share "
        "of the questions that they are, and the share of them that is wrong.</p>"
        + plots.shares({"risk": points}, "coverage", "risk")
    )


def _reliability(answers: Json) -> str:
    bins = answers["reliability"]
    if not bins:
        return ""
    series = {
        "bins of equally many answers": [(one["probability"], one["right"]) for one in bins],
        "perfectly calibrated": [(0.0, 0.0), (1.0, 1.0)],
    }
    return "<h2>Reliability</h2>" + plots.shares(series, "mean probability", "share right")


def _wrong_answers(answers: Json) -> str:
    """The questions that are called answered and are not, the most probable first."""
    wrong = sorted(
        (
            one
            for one in answers.get("queries", ())
            if one["verdict"] == "answered" and one["right"] is False
        ),
        key=lambda one: -one["probability"],
    )
    if not wrong:
        return ""
    parts = [f"<h2>{len(wrong)} questions are called answered, and the answer is wrong</h2><ul>"]
    for one in wrong[:_MOST_FAILURES]:
        said = one["answer"]["text"] if one["answer"] else ""
        gold = "; ".join(one["gold"]) if one["answerable"] else "unanswerable"
        parts.append(
            f"<li>{_say(one['text'])} <small>{_say(one['query_id'])}</small><br>"
            f"{one['probability']:.2f} <b>{_say(said)}</b>, gold: {_say(gold)}</li>"
        )
    parts.append("</ul>")
    if len(wrong) > _MOST_FAILURES:
        parts.append(f"<p>And {len(wrong) - _MOST_FAILURES} more, in the JSON file.</p>")
    return "".join(parts)


def _failures(system: Json) -> str:
    failed = [query for query in system.get("queries", ()) if "missing" in query]
    if not failed:
        return ""
    parts = [f"<h2>{len(failed)} questions lack something among the first three</h2>"]
    for query in failed[:_MOST_FAILURES]:
        missing = "".join(
            f"<li>{_say(_where(one))} in {_say(one['doc_id'])}"
            f"<blockquote>{_say(one['quote'] or '')}</blockquote></li>"
            for one in query["missing"]
        )
        found = "".join(
            f"<li>{_say(one['passage_id'])}<blockquote>{_say(one['text'])}</blockquote></li>"
            for one in query["found"]
        )
        parts.append(
            f"<details><summary>{_say(query['text'])} <small>{_say(query['query_id'])}</small>"
            f"</summary><p>Wanted:</p><ul>{missing}</ul><p>Found instead:</p><ol>{found}</ol>"
            "</details>"
        )
    if len(failed) > _MOST_FAILURES:
        parts.append(f"<p>And {len(failed) - _MOST_FAILURES} more, in the JSON file.</p>")
    return "".join(parts)


def _where(missing: Json) -> str:
    return f"at rank {missing['rank']}" if missing["rank"] else "not found"
