"""Results as JSON, schema `nkqa.eval/1`: written by an evaluation, read by `compare`.

    schema, created, written_by, commit, machine, collection, index,
    systems: [{system, settings, measures, p_against_first, kinds, latency, queries}],
    answers: {questions, counts, measures, risk_coverage, reliability, latency, queries}

`measures` (in a brief result, only the main ones) maps a name to `{value, low, high, queries}`.
`p_against_first`, in all systems but the first, maps some of these names to the p-value of the
difference from the first system. `kinds` maps a kind of question to its means. `latency` has
seconds per question, or is null without times. `queries`, left out of a brief result, has every
judged query with its values. If some of its evidence is not among the first passages, it also has
the missing evidence and the passages found instead.

`answers` is null if no answers were measured. Its `measures` are those of `eval.answers`; `low` and
`high` are null for one without an interval. `questions` has the number of each sort of question,
`counts` those of each verdict, `risk_coverage` at most a hundred points of the curve, `reliability`
the bins of the calibration error. `queries`, left out of a brief result, has what was said to each
query, the gold answers, and `right`, null if that is not known.

Fields are only renamed or removed with a new schema number.
"""

import json
import statistics
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from embeddings.errors import InputError
from eval.answers import NAMES, Answers, Reply
from eval.datasets import Collection
from eval.gold import Query, TextOf
from eval.measures import Found, documents, group_ranks
from eval.provenance import header
from eval.reliability import RiskCoverage
from eval.runner import Estimate, Evaluation
from eval.significance import randomisation_test
from qa import IndexStatus

SCHEMA = "nkqa.eval/1"
# Evidence below this rank is reported as a failure.
FAILS_BELOW = 3
_EXCERPT = 300
# Points of the risk-coverage curve that are kept.
_POINTS = 100
# Measures with a significance test between the systems of one result.
TESTED = ("evidence.recall@3", "evidence.MRR@10", "paper.MRR@10", "doc.nDCG@10")

Json: TypeAlias = dict[str, Any]
"""One JSON object of the schema; only this module and those that display it read its fields."""


def result(
    collection: Collection,
    status: IndexStatus | None,
    evaluations: Sequence[Evaluation],
    text_of: TextOf,
    answers: Answers | None = None,
) -> Json:
    """The evaluations of one or more systems, and of the index's answers, as one JSON object."""
    return {
        **header(SCHEMA),
        "collection": {
            "name": collection.name,
            "split": collection.split,
            "queries": len(collection.queries),
            "judged": len(collection.answerable()),
            "evidence_groups": sum(len(query.evidence) for query in collection.queries),
        },
        "index": _index(status),
        "systems": [
            _system(collection, one, text_of) | _against(evaluations[0], one) for one in evaluations
        ],
        "answers": answers and _answers(answers),
    }


def _against(first: Evaluation, other: Evaluation) -> Json:
    """The p-values of the paired test for the measures in `TESTED`; empty for the first."""
    if other is first:
        return {}
    p = {
        name: randomisation_test(
            list(other.values[name].values()), list(first.values[name].values())
        )
        for name in TESTED
        if name in first.values
    }
    return {"p_against_first": p}


def _index(status: IndexStatus | None) -> Json | None:
    if status is None:
        return None
    return {
        "generation": status.generation,
        "digest": status.generation.rpartition("-")[2],
        "model": status.model,
        "model_fingerprint": status.model_fingerprint,
        "documents": status.documents,
        "passages": status.passages,
        "sentences": status.sentences,
    }


def _system(collection: Collection, one: Evaluation, text_of: TextOf) -> Json:
    return {
        "system": one.run.system,
        "settings": dict(one.run.settings),
        "measures": {name: _estimate(each) for name, each in one.estimates.items()},
        "kinds": _kinds(collection, one),
        "latency": latency(list(one.run.seconds.values())),
        "queries": [_query(collection, query, one, text_of) for query in collection.answerable()],
    }


def _estimate(one: Estimate) -> Json:
    return {"value": one.value, "low": one.low, "high": one.high, "queries": one.queries}


def _answers(one: Answers) -> Json:
    return {
        "questions": {
            "answerable": sum(reply.answerable for reply in one.replies),
            "unanswerable": sum(not reply.answerable for reply in one.replies),
            "yes_or_no": sum(reply.is_yes_or_no for reply in one.replies),
            "without_gold_answer": sum(not reply.is_graded for reply in one.replies),
        },
        "counts": {"answerable": one.counts(True), "unanswerable": one.counts(False)},
        "measures": {name: _estimate(each) for name, each in one.estimates.items()},
        "risk_coverage": _points(one.curve),
        "reliability": [
            {"questions": each.questions, "probability": each.probability, "right": each.right}
            for each in one.bins
        ],
        "latency": latency([reply.seconds for reply in one.replies]),
        "queries": [_reply(reply, one) for reply in one.replies],
    }


def _points(curve: RiskCoverage) -> list[Json]:
    """Points of the curve that are evenly spaced, the last one included."""
    count = len(curve.risk)
    step = max(-(-count // _POINTS), 1)
    return [
        {
            "coverage": float(curve.coverage[row]),
            "risk": float(curve.risk[row]),
            "probability": float(curve.probability[row]),
        }
        for row in range((count - 1) % step, count, step)
    ]


def _reply(reply: Reply, one: Answers) -> Json:
    query, said = reply.query, reply.answer
    return {
        "query_id": query.query_id,
        "text": query.text,
        "kind": query.kind,
        "answerable": reply.answerable,
        "verdict": reply.verdict,
        "probability": reply.probability,
        "answer": said
        and {"text": said.text, "start": said.start, "end": said.end, "doc_id": said.doc_id},
        "highlights": list(reply.highlights),
        "gold": list(reply.golds),
        "right": reply.is_right if reply.is_graded else None,
        "seconds": reply.seconds,
        "values": {
            name: values[query.query_id]
            for name, values in one.values.items()
            if query.query_id in values
        },
    }


def without_queries(told: Json) -> Json:
    """A brief result with only the main measures, small enough to commit.

    `compare` needs the full one.
    """
    systems = [
        {name: value for name, value in system.items() if name != "queries"}
        | {"measures": {name: system["measures"][name] for name in headline(system["measures"])}}
        for system in told["systems"]
    ]
    if len(systems) > 1:
        systems = [system | {"kinds": {}} for system in systems]
    answers = told.get("answers")
    return told | {
        "systems": systems,
        "answers": answers and {key: one for key, one in answers.items() if key != "queries"},
    }


def _kinds(collection: Collection, one: Evaluation) -> Json:
    """The means of the main measures by kind of question; empty for fewer than two kinds."""
    kinds: dict[str, list[str]] = {}
    for query in collection.answerable():
        kinds.setdefault(query.kind, []).append(query.query_id)
    if len(kinds) < 2:
        return {}
    return {
        kind: {"queries": len(ids)}
        | {
            name: statistics.fmean(one.values[name][query_id] for query_id in ids)
            for name in headline(one.means())
            if all(query_id in one.values[name] for query_id in ids)
        }
        for kind, ids in sorted(kinds.items())
    }


def headline(there: Container[str]) -> list[str]:
    """The main measures among those in `there`, in display order."""
    names = ("evidence.recall@3", "evidence.recall@5", "evidence.recall@10", "evidence.MRR@10",
             "paper.Hits@10", "paper.Hits@4", "paper.MRR@10", "passage.nDCG@10", "passage.MAP",
             "doc.nDCG@10", "doc.recall@10", "doc.recall@100", "doc.success@1", "doc.success@5",
             "doc.MRR@10", "doc.MAP", *NAMES)  # fmt: skip
    return [name for name in names if name in there]


def latency(seconds: Sequence[float]) -> Json | None:
    """Mean, median and 95th percentile of the seconds per question; None without times."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return {
        "mean": statistics.fmean(ordered),
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
        "questions": len(ordered),
    }


def _query(collection: Collection, query: Query, one: Evaluation, text_of: TextOf) -> Json:
    ranking = one.run.rankings.get(query.query_id, ())
    entry: Json = {
        "query_id": query.query_id,
        "text": query.text,
        "kind": query.kind,
        "seconds": one.run.seconds.get(query.query_id),
        "values": {
            name: values[query.query_id]
            for name, values in one.values.items()
            if query.query_id in values
        },
    }
    missing = _missing(collection, query, ranking, text_of)
    if missing:
        entry["missing"] = missing
        entry["found"] = [_found(found, text_of) for found in ranking[:FAILS_BELOW]]
    return entry


def _missing(
    collection: Collection, query: Query, ranking: Sequence[Found], text_of: TextOf
) -> list[Json]:
    """The evidence or documents missing from the first passages, with the rank, or None."""
    if query.evidence:
        ranks, _ = group_ranks(query, ranking, text_of)
        return [
            {"rank": rank, "doc_id": group[0].doc_id, "quote": group[0].quote}
            for rank, group in zip(ranks, query.evidence, strict=True)
            if rank is None or rank > FAILS_BELOW
        ]
    order = [doc_id for doc_id, _ in documents(ranking)]
    ranks_of = {doc_id: rank for rank, doc_id in enumerate(order, 1)}
    return [
        {"rank": ranks_of.get(doc_id), "doc_id": doc_id, "quote": None}
        for doc_id, relevance in collection.qrels[query.query_id].items()
        if relevance > 0 and ranks_of.get(doc_id, FAILS_BELOW + 1) > FAILS_BELOW
    ]


def _found(found: Found, text_of: TextOf) -> Json:
    text = (text_of(found.doc_id) or "")[found.start : found.end]
    return {
        "passage_id": found.passage_id,
        "score": found.score,
        "text": text if len(text) <= _EXCERPT else text[:_EXCERPT] + " ...",
    }


def write_result(path: Path, told: Json) -> None:
    """Writes a result. Raises `InputError` if the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.") from error


def read_result(path: Path) -> Json:
    """Reads a result. Raises `InputError` if the file is unreadable or not a result."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"{path} is not JSON: {str(error)[:100]}") from error
    found = value.get("schema") if isinstance(value, dict) else None
    if not isinstance(value, dict) or found != SCHEMA or not value.get("systems"):
        raise InputError(f"{path} has schema {found!r}; expected a result of {SCHEMA!r}.")
    return value
