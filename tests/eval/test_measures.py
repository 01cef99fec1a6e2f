"""The measures are those of trec_eval and of the papers, and flatter nobody."""

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets import Collection
from eval.gold import Query, Span
from eval.measures import CUTS, Found, documents, group_ranks, measure, trec_measures

_DOCS = [f"d{i}" for i in range(12)]
_QRELS = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3"]),
    st.dictionaries(st.sampled_from(_DOCS), st.integers(0, 2), min_size=1),
    min_size=1,
).filter(lambda qrels: all(any(judged.values()) for judged in qrels.values()))
_RUNS = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3"]), st.lists(st.sampled_from(_DOCS), unique=True, min_size=1)
)


def scored(order: list[str]) -> list[tuple[str, float]]:
    return [(doc_id, 1.0) for doc_id in order]  # Ties: the order must count all the same.


@given(_QRELS, _RUNS)
def test_they_equal_trec_eval(qrels: dict[str, dict[str, int]], run: dict[str, list[str]]) -> None:
    ours = trec_measures(qrels, {query_id: scored(order) for query_id, order in run.items()})
    names = {"ndcg_cut_10": "nDCG@10", "map": "MAP"}
    names |= {f"recall_{k}": f"recall@{k}" for k in CUTS}
    names |= {f"success_{k}": f"success@{k}" for k in (1, 3, 5, 10)}
    wanted = {"ndcg_cut.10", "map", "recall." + ",".join(map(str, CUTS)), "success.1,3,5,10"}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, wanted).evaluate(
        {
            query_id: {doc_id: float(-rank) for rank, doc_id in enumerate(order)}
            for query_id, order in run.items()
        }
    )
    for query_id in qrels:
        for name, ours_name in names.items():
            expected = theirs.get(query_id, {}).get(name, 0.0)
            assert ours[ours_name][query_id] == pytest.approx(expected, abs=1e-9)


@given(_QRELS, _RUNS)
def test_reciprocal_rank_stops_at_ten(
    qrels: dict[str, dict[str, int]], run: dict[str, list[str]]
) -> None:
    ours = trec_measures(qrels, {query_id: scored(order) for query_id, order in run.items()})
    for query_id, judged in qrels.items():
        ranks = [i for i, d in enumerate(run.get(query_id, [])[:10], 1) if judged.get(d, 0) > 0]
        assert ours["MRR@10"][query_id] == pytest.approx(1 / ranks[0] if ranks else 0, abs=1e-9)


# Three articles of two passages each; white space differs from the quotes.
_TEXTS = {
    "x": "Kim met  Putin.\nThey talked. Some 10,000 workers stay.",
    "y": "Trade fell by half. Nobody signed anything.",
    "z": "Trade fell by half.",
}


def passage(doc_id: str, part: str, score: float = 1.0) -> Found:
    start = _TEXTS[doc_id].index(part)
    return Found(doc_id, start, start + len(part), score)


TALKS = passage("x", "Kim met  Putin.\nThey talked.")
WORKERS = passage("x", "Some 10,000 workers stay.")
TRADE = passage("y", "Trade fell by half.")
COPY = passage("z", "Trade fell by half.")

TWO_GROUPS = Query(
    "q",
    "What happened?",
    evidence=(
        (Span("x", "Putin. They talked"), Span("y", "Nobody signed")),
        (Span("y", "Trade fell"),),
    ),
)


def measured(*ranking: Found, query: Query = TWO_GROUPS) -> dict[str, float]:
    qrels = {query.query_id: {span.doc_id: 1 for group in query.evidence for span in group}}
    collection = Collection("c", "test", (query,), qrels)
    values = measure(collection, {query.query_id: ranking} if ranking else {}, _TEXTS.get)
    return {name: each[query.query_id] for name, each in values.items()}


def test_any_span_of_a_group_serves_and_white_space_does_not_count() -> None:
    first, holding = group_ranks(TWO_GROUPS, (WORKERS, TALKS, TRADE), _TEXTS.get)
    assert first == (2, 3)
    assert holding == (2, 3)


def test_evidence_recall_is_the_share_of_groups() -> None:
    values = measured(WORKERS, TALKS, TRADE)
    assert [values[f"evidence.recall@{k}"] for k in (1, 2, 3)] == [0, 0.5, 1]
    assert values["evidence.MRR@10"] == 0.5
    assert values["evidence.success@3"] == 1


def test_a_span_cut_by_the_end_of_a_passage_does_not_count() -> None:
    assert measured(passage("x", "Kim met  Putin.\nThey"))["evidence.recall@1"] == 0


def test_evidence_counts_only_in_its_own_document_but_the_paper_takes_any() -> None:
    values = measured(COPY)
    assert values["evidence.recall@1"] == 0
    assert values["paper.Hits@4"] == 1
    assert values["paper.MRR@10"] == 1


def test_the_paper_removes_spaces_and_newlines_only() -> None:
    query = Query("q", "?", evidence=((Span("x", "They\ttalked."),),))
    values = measured(TALKS, query=query)
    assert values["evidence.recall@1"] == 1
    assert values["paper.Hits@10"] == 0


def test_the_paper_counts_hits_to_four_and_ten() -> None:
    fifth = measured(WORKERS, WORKERS, WORKERS, WORKERS, TALKS)
    assert (fifth["paper.Hits@4"], fifth["paper.Hits@10"]) == (0, 1)
    assert fifth["paper.MRR@10"] == pytest.approx(1 / 5)
    eleventh = measured(*[WORKERS] * 10, TALKS)
    assert (eleventh["paper.Hits@10"], eleventh["paper.MRR@10"]) == (0, 0)


def test_a_query_that_the_run_leaves_out_counts_zero_everywhere() -> None:
    assert set(measured().values()) == {0.0}


def test_returning_less_never_helps() -> None:
    whole, less = measured(TALKS, WORKERS, TRADE), measured(TALKS)
    assert all(less[name] <= whole[name] + 1e-9 for name in whole)


def test_a_document_ranks_where_its_best_passage_does() -> None:
    ranking = (passage("y", "Trade", 0.9), passage("x", "Kim", 0.8), passage("y", "fell", 0.7))
    assert documents(ranking) == (("y", 0.9), ("x", 0.8))
