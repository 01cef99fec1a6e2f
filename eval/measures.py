"""Measures of a ranking by documents, by passages and by evidence, for each query.

`doc.*` and `passage.*` are computed by ir_measures (S. MacAvaney, C. Macdonald, I. Ounis,
Streamlining Evaluation with ir-measures, 2022) on top of trec_eval. This module only adds measures
missing there:

* `evidence.recall@k`, the share of a query's groups with a span entirely inside one of the first k
  passages; `evidence.success@k`, 1 if there is any such group; `evidence.MRR@10`, one over the
  rank of the first passage that contains a span.
* `paper.*`, see `paper_measures`.

A document has the rank of its best passage. A passage is relevant if it contains a span. A group
that no retrieved passage contains counts as one missed relevant passage, so that a run cannot gain
by returning less. A judged query missing from a run scores 0 in every measure; a query without a
relevant document is not judged. Quotes are compared without (Unicode) white space, but with case
and accents. A span only counts in a passage of its own document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from embeddings.errors import MissingExtra
from eval.datasets import Collection
from eval.gold import Query, Span, TextOf, without_space
from eval.trec import Qrels, Run, decreasing

CUTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100)
_SUCCESS_CUTS = (1, 3, 5, 10)

Values = Mapping[str, Mapping[str, float]]
"""Measure to query id to value."""


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage, `text[start:end]` of its document; higher scores are better."""

    doc_id: str
    start: int
    end: int
    score: float

    @property
    def passage_id(self) -> str:
        return f"{self.doc_id}#{self.start}-{self.end}"


Ranking = tuple[Found, ...]


def measure(collection: Collection, rankings: Mapping[str, Ranking], text_of: TextOf) -> Values:
    """Every measure of `rankings`, which map query ids to passages, best first.

    `evidence.*`, `passage.*` and `paper.*` cover the queries with evidence. They are included if
    there is such a query and the rankings name passages, not only documents. Raises `MissingExtra`
    without ir_measures.
    """
    judged = collection.answerable()
    wanted = {query.query_id: collection.qrels[query.query_id] for query in judged}
    run = {query.query_id: documents(rankings.get(query.query_id, ())) for query in judged}
    values = {f"doc.{name}": each for name, each in trec_measures(wanted, run).items()}
    with_evidence = [query for query in judged if query.evidence]
    if with_evidence and names_passages(rankings):
        ranked = {query.query_id: rankings.get(query.query_id, ()) for query in with_evidence}
        values |= _evidence(with_evidence, ranked, text_of)
        values |= paper_measures(with_evidence, ranked, text_of)
    return values


def names_passages(rankings: Mapping[str, Ranking]) -> bool:
    """Whether the rankings give passages rather than whole documents; true if they are empty."""
    found = [one for ranking in rankings.values() for one in ranking]
    return not found or any(one.end for one in found)


def documents(ranking: Sequence[Found]) -> tuple[tuple[str, float], ...]:
    """The documents of a ranking, each with the rank and score of its first passage."""
    best: dict[str, float] = {}
    for found in ranking:
        best.setdefault(found.doc_id, found.score)
    return tuple(best.items())


def trec_measures(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """nDCG@10, MAP, MRR@10, recall@k and success@k of a run, for each query of the qrels.

    The order of the run counts, not its scores. nDCG uses the gains of trec_eval (linear). Raises
    `MissingExtra` without ir_measures.
    """
    try:
        import ir_measures
        from ir_measures import AP, RR, R, Success, nDCG
    except ImportError as error:
        raise MissingExtra.of("eval", "Measuring", "ir-measures", error) from None
    named = {"nDCG@10": nDCG @ 10, "MAP": AP, "MRR@10": RR @ 10}
    named |= {f"recall@{k}": R @ k for k in CUTS}
    named |= {f"success@{k}": Success @ k for k in _SUCCESS_CUTS}
    names = {metric: name for name, metric in named.items()}
    values = {name: dict.fromkeys(qrels, 0.0) for name in named}
    judged = [
        ir_measures.Qrel(query_id, doc_id, relevance)
        for query_id, documents in qrels.items()
        for doc_id, relevance in documents.items()
    ]
    scored = [
        ir_measures.ScoredDoc(query_id, doc_id, score)
        for query_id in qrels
        for doc_id, score in decreasing(run.get(query_id, ()))
    ]
    for metric in ir_measures.iter_calc(list(named.values()), judged, scored):
        values[names[metric.measure]][metric.query_id] = float(metric.value)
    return values


def group_ranks(
    query: Query, ranking: Sequence[Found], text_of: TextOf
) -> tuple[tuple[int | None, ...], tuple[int, ...]]:
    """For each group, the rank of the first passage that contains one of its spans, or None; and
    the ranks of all passages that contain any span. Ranks start at 1."""
    spans = [[(span.doc_id, without_space(span.quote)) for span in g] for g in query.evidence]
    wanted = {doc_id for group in spans for doc_id, _ in group}
    first: list[int | None] = [None] * len(spans)
    holding = []
    for rank, found in enumerate(ranking, 1):
        if found.doc_id not in wanted:
            continue
        text = passage_text(found, text_of)
        held = [
            i
            for i, group in enumerate(spans)
            if any(doc_id == found.doc_id and quote in text for doc_id, quote in group)
        ]
        for i in held:
            first[i] = first[i] or rank
        if held:
            holding.append(rank)
    return tuple(first), tuple(holding)


def passage_text(found: Found, text_of: TextOf) -> str:
    """The text of a passage without white space."""
    return without_space((text_of(found.doc_id) or "")[found.start : found.end])


def _evidence(
    queries: Iterable[Query], rankings: Mapping[str, Ranking], text_of: TextOf
) -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {f"evidence.recall@{k}": {} for k in CUTS}
    values |= {f"evidence.success@{k}": {} for k in _SUCCESS_CUTS}
    values["evidence.MRR@10"] = {}
    qrels: dict[str, dict[str, int]] = {}
    run = {}
    for query in queries:
        ranking = rankings[query.query_id]
        first, holding = group_ranks(query, ranking, text_of)
        for k in CUTS:
            held = sum(rank is not None and rank <= k for rank in first)
            values[f"evidence.recall@{k}"][query.query_id] = held / len(first)
            if k in _SUCCESS_CUTS:
                values[f"evidence.success@{k}"][query.query_id] = float(held > 0)
        at = holding[0] if holding and holding[0] <= 10 else None
        values["evidence.MRR@10"][query.query_id] = 1 / at if at else 0.0
        run[query.query_id] = tuple((found.passage_id, found.score) for found in ranking)
        relevant = {ranking[rank - 1].passage_id: 1 for rank in holding}
        missed = {f"missed#{i}": 1 for i, rank in enumerate(first) if rank is None}
        qrels[query.query_id] = relevant | missed
    passages = trec_measures(qrels, run)
    return values | {f"passage.{name}": passages[name] for name in ("nDCG@10", "MAP", "recall@10")}


def paper_measures(
    queries: Iterable[Query], rankings: Mapping[str, Ranking], text_of: TextOf
) -> dict[str, dict[str, float]]:
    """Hits@10, Hits@4 and MRR@10 as the evaluation script of MultiHop-RAG defines them.

    Y. Tang, Y. Yang, MultiHop-RAG (2024), `calculate_metrics` of retrieval_evaluate.py: over the
    questions other than null queries, a retrieved chunk is relevant if it contains any of the
    question's evidence texts after " " and "\\n" were removed from both, whichever article the
    chunk is from. Hits@k is 1 if any of the first k chunks is relevant; MRR@10 is one over the
    rank of the first relevant chunk up to 10, else 0. Their MAP@10 is left out: an earlier formula
    produced the published figure. As in the script, only those two characters are removed; the
    `evidence.*` measures remove all white space and only accept the right article.
    """
    values: dict[str, dict[str, float]] = {"paper.Hits@10": {}, "paper.Hits@4": {}}
    values["paper.MRR@10"] = {}
    for query in queries:
        gold = [_as_paper(span.quote) for span in _spans(query)]
        first = None
        for rank, found in enumerate(rankings[query.query_id][:10], 1):
            chunk = _as_paper((text_of(found.doc_id) or "")[found.start : found.end])
            if any(text in chunk for text in gold):
                first = rank
                break
        values["paper.Hits@10"][query.query_id] = float(first is not None)
        values["paper.Hits@4"][query.query_id] = float(first is not None and first <= 4)
        values["paper.MRR@10"][query.query_id] = 1 / first if first else 0.0
    return values


def _as_paper(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def _spans(query: Query) -> list[Span]:
    return [span for group in query.evidence for span in group]
