"""Test collections: BEIR folders, gold files, and the index of each.

A BEIR folder (N. Thakur et al., BEIR: A Heterogeneous Benchmark, 2021) has `corpus.jsonl`,
`queries.jsonl` and `qrels/<split>.tsv`. If a line of `queries.jsonl` has
`evidence: [{doc_id, quote}]`, each span is a group of its own: all of them are needed. A line with
`"unanswerable": true`, or without evidence and of the `question_type` "null_query", is a question
that the corpus does not answer; it belongs to every split. Other queries that a split does not
judge are unlabelled and not asked.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings.cache import cache_folder
from embeddings.errors import InputError
from eval.gold import Query, lines_of, load_gold, qrels_of, sound_id, span_of
from eval.trec import Qrels, read_qrels
from qa.text.sentences import sentence_spans

Progress = Callable[[str, int, int], None]
_SAMPLE = 'U.S. workers, 1,000 of them, aren\'t there.\n\nThe café is "closed". Who knew?'
SHIPPED = Path(__file__).parent / "gold" / "seeds.jsonl"


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions, the documents that are judged for them (`qrels`), and which of them the articles
    are known not to answer. A query is answerable, unanswerable, or judged without success."""

    name: str
    split: str
    queries: tuple[Query, ...]
    qrels: Qrels

    def answerable(self) -> tuple[Query, ...]:
        """The queries with a relevant document; retrieval is measured on these alone."""
        return tuple(
            query
            for query in self.queries
            if any(value > 0 for value in self.qrels.get(query.query_id, {}).values())
        )

    def unanswerable(self) -> tuple[Query, ...]:
        """The queries that the articles are known not to answer."""
        return tuple(query for query in self.queries if query.unanswerable)


def load_gold_collection(path: Path = SHIPPED) -> Collection:
    """A gold file as a collection.

    Raises as `load_gold` does, and `InputError` if no question has evidence.
    """
    queries = load_gold(path)
    qrels = qrels_of(queries)
    if not qrels:
        raise InputError(f"No question of {path} has evidence, so there is nothing to measure.")
    return Collection(path.stem, "gold", queries, qrels)


def load_beir(folder: Path, split: str = "test") -> Collection:
    """One split of a BEIR folder: the queries that it judges, and the unanswerable ones.

    Raises `InputError` for a missing or broken file (with the line), qrels that name an unknown
    query or document or contradict `unanswerable`, and evidence in an unknown document.
    """
    require(folder, "corpus.jsonl", "queries.jsonl", f"qrels/{split}.tsv")
    documents = _ids(folder / "corpus.jsonl")
    every = queries_of(folder / "queries.jsonl")
    qrels = read_qrels(folder / "qrels" / f"{split}.tsv")
    for query_id, judged in qrels.items():
        if query_id not in every:
            raise InputError(f"qrels/{split}.tsv judges {query_id!r}, which no query has as id.")
        if every[query_id].unanswerable and any(value > 0 for value in judged.values()):
            raise InputError(
                f"qrels/{split}.tsv has a relevant document for {query_id!r}, which is "
                "unanswerable in queries.jsonl."
            )
        for doc_id in judged:
            if doc_id not in documents:
                raise InputError(
                    f"qrels/{split}.tsv judges the document {doc_id!r} for {query_id!r}; "
                    "corpus.jsonl has none of that id."
                )
    unanswerable = (query.query_id for query in every.values() if query.unanswerable)
    queries = tuple(every[query_id] for query_id in dict.fromkeys((*qrels, *unanswerable)))
    for query in queries:
        for span in (span for group in query.evidence for span in group):
            if span.doc_id not in documents:
                raise InputError(f"{query.query_id}: there is no document {span.doc_id!r}.")
    return Collection(folder.resolve().name, split, queries, qrels)


def index_beir(folder: Path, model: str | None = None, progress: Progress | None = None) -> Path:
    """The path of an index over the folder's corpus, built by the first call and then reused.

    It is stored in the cache under a digest of the corpus, the model and the indexing rules.
    Raises as `build_index` does, and `InputError` if a document cannot be indexed.
    """
    from qa import build_index

    path = cache_folder() / "eval" / f"{folder.resolve().name}-{_digest(folder, model)}"
    if not (path / "CURRENT").exists():
        report = build_index([folder / "corpus.jsonl"], path, model=model, progress=progress)
        unread = [problem for problem in report.problems if problem.kind == "unread"]
        if unread:
            (path / "CURRENT").unlink()
            raise InputError(
                f"{len(unread)} documents of {folder} cannot be indexed, the first on line "
                f"{unread[0].line}: {unread[0].reason}."
            )
    return path


def _digest(folder: Path, model: str | None) -> str:
    digest = hashlib.sha256(repr((model or "", _rules())).encode())
    with (folder / "corpus.jsonl").open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:16]


def _rules() -> tuple[object, ...]:
    """The versions of the indexing rules, and their results on a sample. The sample detects a rule
    changed without its version, which must not be measured on an index built by the old rule."""
    from qa.indexing import splitting
    from qa.indexing.build import LOADING
    from qa.store.local.engines.analyzer import Analyzer
    from qa.store.local.engines.terms import Worded
    from qa.store.opening import local_format

    passages = [Worded(0, _SAMPLE, first, "Title", "The Source", "2024-01-02")
                for first in (True, False)]  # fmt: skip
    return (
        LOADING,
        splitting.SPLITTING,
        splitting.CAPACITY,
        *local_format(),
        list(sentence_spans(_SAMPLE)),
        [Analyzer().terms(passage.words()) for passage in passages],
    )


def require(folder: Path, *names: str) -> None:
    """Raises `InputError` unless the BEIR folder has these files."""
    for name in names:
        if not (folder / name).is_file():
            splits = sorted(path.stem for path in (folder / "qrels").glob("*.tsv"))
            told = f" Its splits are: {', '.join(splits)}." if splits else ""
            raise InputError(f"{folder} is no BEIR folder: it lacks {name}.{told}")


def _ids(path: Path) -> set[str]:
    return {
        sound_id(value.get("_id"), f"{path} line {number}", "_id")
        for number, value in lines_of(path)
    }


def queries_of(path: Path) -> dict[str, Query]:
    """The questions of a BEIR folder's `queries.jsonl`, by id, those without evidence included.

    Raises `InputError` with the line that is broken.
    """
    queries: dict[str, Query] = {}
    for number, value in lines_of(path):
        where = f"{path} line {number}"
        query_id = sound_id(value.get("_id"), where, "_id")
        text, evidence = value.get("text"), value.get("evidence") or []
        if not isinstance(text, str) or not text.strip() or not isinstance(evidence, list):
            raise InputError(f"{where}: expected `text`, a question, and `evidence`, a list.")
        if query_id in queries:
            raise InputError(f"{where}: the id {query_id!r} is already that of another line.")
        groups = tuple((span_of(span, where),) for span in evidence)
        kind = value.get("kind") or value.get("question_type")
        unanswerable = value.get("unanswerable") is True
        if unanswerable and groups:
            raise InputError(f"{where}: {query_id!r} is unanswerable and has evidence.")
        answers = value.get("answers")
        queries[query_id] = Query(
            query_id,
            text,
            kind if isinstance(kind, str) else "",
            tuple(map(str, answers)) if isinstance(answers, list) else (),
            groups,
            unanswerable=unanswerable
            or (not groups and value.get("question_type") == "null_query"),
        )
    return queries
