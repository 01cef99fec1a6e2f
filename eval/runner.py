"""Ask an index every question, and measure the rankings.

`run_index` asks through the public API, as users do; `evaluate` measures rankings of any system.
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

# Passages per question to keep and measure; the deepest measure needs 100.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class SystemRun:
    """The results of one system: rankings and seconds, both by query id.

    `seconds` is empty for a system without times.
    """

    system: str
    settings: Settings
    rankings: Mapping[str, Ranking]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure of `queries` queries with its 95 % interval, None if it has none. Of a mean over
    queries it is the bootstrap interval."""

    value: float
    low: float | None
    high: float | None
    queries: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run with its measures: `values` by query, and `estimates` with the means."""

    run: SystemRun
    values: Values
    estimates: Mapping[str, Estimate]

    def means(self) -> dict[str, float]:
        """The mean of each measure."""
        return {name: estimate.value for name, estimate in self.estimates.items()}


def run_index(
    index: "Index", queries: Sequence[Query], progress: Progress | None = None
) -> SystemRun:
    """Asks an open index every query, one after the other, with the default settings.

    The ranking is the list that users see: passages that copy a better one are left out.
    """
    rankings: dict[str, Ranking] = {}
    seconds: dict[str, float] = {}
    if queries:
        index.search(queries[0].text)  # A process loads its model and index in the first search.
    for done, query in enumerate(queries):
        begun = time.perf_counter()
        hits = index.search(query.text, k=DEPTH)
        seconds[query.query_id] = time.perf_counter() - begun
        rankings[query.query_id] = tuple(found_at(hit.passage_id, hit.scores.fused) for hit in hits)
        if progress:
            progress("asking", done + 1, len(queries))
    return SystemRun("fused", default_settings(), rankings, seconds)


def run_of_file(run: Run, where: Path, collection: Collection) -> SystemRun:
    """The results in a TREC run of passages (`doc_id#start-end`) or of documents.

    `where` is the file, for messages and the name of the system. Raises `InputError` if the run is
    for other questions.
    """
    check_run(run, collection.qrels, str(where))
    rankings = {
        query_id: tuple(found_at(name, score) for name, score in found)
        for query_id, found in run.items()
    }
    return SystemRun(where.stem, (), rankings, {})


def coverage(run: SystemRun, collection: Collection, text_of: TextOf) -> str:
    """A sentence for the user on which parts of another system's run can be measured."""
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
    """The passage with this id; for a bare document id, an empty passage of the document."""
    doc_id, _, place = passage_id.rpartition("#")
    start, _, end = place.partition("-")
    if doc_id and start.isdecimal() and end.isdecimal():
        return Found(doc_id, int(start), int(end), score)
    return Found(passage_id, 0, 0, score)


def passages_run(run: SystemRun) -> Run:
    """The run by passage id, for a TREC file."""
    return {
        query_id: tuple((found.passage_id, found.score) for found in ranking)
        for query_id, ranking in run.rankings.items()
    }


def documents_run(run: SystemRun) -> Run:
    """The run by document id, for a TREC file."""
    return {query_id: documents(ranking) for query_id, ranking in run.rankings.items()}


def evaluate(collection: Collection, run: SystemRun, text_of: TextOf) -> Evaluation:
    """Every measure of a run with its interval.

    Raises `MissingExtra` without ir_measures.
    """
    values = measure(collection, run.rankings, text_of)
    return Evaluation(run, values, estimates_of(values))


def estimates_of(values: Values) -> dict[str, Estimate]:
    """The mean and interval of each measure. Measures over the same queries are resampled
    together."""
    estimates: dict[str, Estimate] = {}
    for size in sorted({len(each) for each in values.values()}):
        names = [name for name, each in values.items() if len(each) == size]
        rows = [list(values[name].values()) for name in names]
        for name, row, (low, high) in zip(names, rows, intervals(rows), strict=True):
            estimates[name] = Estimate(sum(row) / len(row), low, high, len(row))
    return {name: estimates[name] for name in values}


def texts_of(index: "Index") -> TextOf:
    """A function from an article id to its text in the index; each article is read once."""
    known: dict[str, str | None] = {}

    def text_of(doc_id: str) -> str | None:
        if doc_id not in known:
            try:
                article = index.article(doc_id)
            except InputError:
                known[doc_id] = None
            else:  # The end of an id finds an article too, whose own id is another.
                known[doc_id] = article.text if article.doc_id == doc_id else None
        return known[doc_id]

    return text_of


def checked_texts(index: "Index", collection: Collection) -> TextOf:
    """As `texts_of`, after checking that every quote of the collection is in its article.

    Raises `InputError` that lists the missing quotes.
    """
    text_of = texts_of(index)
    check_evidence(collection.queries, text_of, collection.name)
    return text_of


def default_settings() -> Settings:
    """The default settings of retrieval, to store with a result."""
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
