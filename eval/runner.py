"""Asking an index every question, and what comes of it.

`run_index` asks the product itself, as its users do; `evaluate` measures any rankings.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import InputError
from eval.datasets import Collection
from eval.gold import Query, TextOf, check_evidence
from eval.measures import Found, Ranking, Values, documents, measure, names_passages
from eval.significance import intervals
from eval.trec import Run, check_run

if TYPE_CHECKING:
    from qa import Index

Progress = Callable[[str, int, int], None]
Settings = tuple[tuple[str, str | float | bool], ...]

# Passages of a ranking that are kept and measured; the deepest measure looks at 100.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class SystemRun:
    """What one system returned: a ranking and the seconds it took, by query id.

    `seconds` is empty for a system that is not timed.
    """

    system: str
    settings: Settings
    rankings: Mapping[str, Ranking]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    queries: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run with its measures: of each the mean, and the value of every judged query."""

    run: SystemRun
    values: Values
    estimates: Mapping[str, Estimate]

    def means(self) -> dict[str, float]:
        """The mean of each measure."""
        return {name: estimate.value for name, estimate in self.estimates.items()}


def run_index(
    index: "Index", queries: Sequence[Query], progress: Progress | None = None
) -> SystemRun:
    """Every query asked of an open index, one after the other, with the default settings.

    Its ranking is what users see: passages that copy a better one are left out.
    """
    rankings: dict[str, Ranking] = {}
    seconds: dict[str, float] = {}
    if queries:
        index.search(queries[0].text)  # The first search of a process loads more than it searches.
    for done, query in enumerate(queries):
        begun = time.perf_counter()
        hits = index.search(query.text, k=DEPTH)
        seconds[query.query_id] = time.perf_counter() - begun
        rankings[query.query_id] = tuple(found_at(hit.passage_id, hit.scores.fused) for hit in hits)
        if progress:
            progress("asking", done + 1, len(queries))
    return SystemRun("fused", default_settings(), rankings, seconds)


def run_of_file(run: Run, where: Path, collection: Collection) -> SystemRun:
    """A TREC run of passages (`doc_id#start-end`) or of documents, as if a system returned it.

    Raises `InputError` when it is for other questions.
    """
    check_run(run, collection.qrels, str(where))
    rankings = {
        query_id: tuple(found_at(name, score) for name, score in found)
        for query_id, found in run.items()
    }
    return SystemRun(where.stem, (), rankings, {})


def coverage(run: SystemRun, collection: Collection, text_of: TextOf) -> str:
    """What of a run of another system can be measured, in words."""
    judged = {query.query_id for query in collection.answerable()}
    found = {one.doc_id for ranking in run.rankings.values() for one in ranking}
    unknown = sum(text_of(doc_id) is None for doc_id in found)
    by = "passage" if names_passages(run.rankings) else "document, so evidence is not measured"
    return (
        f"{run.system} is a run by {by}. Judged questions it leaves out (they count 0): "
        f"{len(judged - set(run.rankings))} of {len(judged)}. Documents it names that the index "
        f"does not have: {unknown} of {len(found)}."
    )


def found_at(passage_id: str, score: float) -> Found:
    """The passage that an id names; the id of a document alone is an empty passage of it."""
    doc_id, _, place = passage_id.rpartition("#")
    start, _, end = place.partition("-")
    if doc_id and start.isdecimal() and end.isdecimal():
        return Found(doc_id, int(start), int(end), score)
    return Found(passage_id, 0, 0, score)


def passages_run(run: SystemRun) -> Run:
    """The run with passage ids, for a TREC file."""
    return {
        query_id: tuple((found.passage_id, found.score) for found in ranking)
        for query_id, ranking in run.rankings.items()
    }


def documents_run(run: SystemRun) -> Run:
    """The run by document, for a TREC file."""
    return {query_id: documents(ranking) for query_id, ranking in run.rankings.items()}


def evaluate(collection: Collection, run: SystemRun, text_of: TextOf) -> Evaluation:
    """Every measure of a run with its interval. Raises `MissingExtra` without ir_measures."""
    values = measure(collection, run.rankings, text_of)
    return Evaluation(run, values, _estimates(values))


def _estimates(values: Values) -> dict[str, Estimate]:
    """Measures over the same queries are resampled together."""
    estimates: dict[str, Estimate] = {}
    for size in sorted({len(each) for each in values.values()}):
        names = [name for name, each in values.items() if len(each) == size]
        rows = [list(values[name].values()) for name in names]
        for name, row, (low, high) in zip(names, rows, intervals(rows), strict=True):
            estimates[name] = Estimate(sum(row) / len(row), low, high, len(row))
    return {name: estimates[name] for name in values}


def texts_of(index: "Index") -> TextOf:
    """The texts of an index's articles, each read once."""
    known: dict[str, str | None] = {}

    def text_of(doc_id: str) -> str | None:
        if doc_id not in known:
            try:
                known[doc_id] = index.article(doc_id).text
            except InputError:
                known[doc_id] = None
        return known[doc_id]

    return text_of


def checked_texts(index: "Index", collection: Collection) -> TextOf:
    """As `texts_of`, once every quote of the collection was found in its article.

    Raises `InputError` that lists the quotes that are not.
    """
    text_of = texts_of(index)
    check_evidence(collection.queries, text_of, collection.name)
    return text_of


def default_settings() -> Settings:
    """The settings of retrieval that a user gets, for the record."""
    from qa.indexing import splitting
    from qa.retrieval import clauses, dates, evidence, fusion, publishers, reranking
    from qa.retrieval import search as retrieval
    from qa.store.opening import local_format
    from qa.text import quantities

    return (
        ("dense_weight", fusion.DENSE_WEIGHT),
        ("lexical_exponent", fusion.LEXICAL_EXPONENT),
        ("lexical_floor", fusion.LEXICAL_FLOOR),
        ("sentence_share", evidence.SENTENCE_SHARE),
        ("article_share", evidence.ARTICLE_SHARE),
        ("named_source", publishers.NAMED),
        ("unknown_source", publishers.UNKNOWN),
        ("named_day", dates.NAMED_DAY),
        ("maybe_named_day", dates.MAYBE_NAMED_DAY),
        ("newest", dates.NEWEST),
        ("fading_days", dates.FADING_DAYS),
        ("without_quantity", quantities.WITHOUT_QUANTITY),
        ("clause_gain", clauses.CLAUSE_GAIN),
        ("clause_question", clauses.LONG),
        ("looked", reranking.LOOKED),
        ("sentence_gain", reranking.SENTENCE_GAIN),
        ("lead_gain", reranking.LEAD_GAIN),
        ("new_words_gain", reranking.NEW_WORDS_GAIN),
        ("depth", retrieval.DEPTH),
        ("capacity", splitting.CAPACITY),
        ("splitting", splitting.SPLITTING),
        ("analyzer", local_format()[1]),
    )
