"""Read one generation: the `PassageStore` of an index folder.

FAISS and tantivy return candidates as row numbers; all their data is read from the record. Filters
become a row mask for FAISS and a query for tantivy.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np

from embeddings import ModelIdentity, Vectors
from embeddings.errors import IndexDamaged, IndexMismatch
from qa.store.local import quantised
from qa.store.local.engines.analyzer import ANALYZER
from qa.store.local.engines.filters import Articles, Bounds
from qa.store.local.engines.terms import Rows, TermIndex
from qa.store.local.engines.vectors import VectorIndex
from qa.store.local.generations import folder
from qa.store.local.generations.generation import RECORD, TERMS, VECTORS
from qa.store.local.maintenance import describe
from qa.store.local.passages import StoredPassage, sentences_of
from qa.store.local.record import Record
from qa.store.values import (
    Analysis,
    Article,
    Canary,
    Candidates,
    ClauseScores,
    Question,
    Scores,
    StoredDocument,
    StoredStory,
)
from qa.text.passage_ids import passage_id
from qa.types import Coverage, Document, Filters, IndexStatus, Span


class LocalStore:
    """The current generation of the index folder at `root`; no writer removes it while it is open.

    Without `recheck`, a record of 64 MiB or more is not hashed again if it was checked within a day
    and looks unchanged. The constructor and `load` raise `IndexMissing`, `IndexDamaged` and
    `IndexMismatch`.
    """

    publishers: tuple[str, ...]

    def __init__(self, root: Path, *, recheck: bool = True) -> None:
        self._root = root
        self._recheck = recheck
        self._open = contextlib.ExitStack()
        self._generation = self._open.enter_context(folder.reading(root))
        analyzer = self._generation.manifest.recipe.analyzer
        if analyzer != ANALYZER:
            self.close()
            raise IndexMismatch(
                f"The words of this index were cut by {analyzer!r}, this version of nkqa has "
                f"{ANALYZER!r}. Run `nkqa repair` to make them again."
            )

    @property
    def state(self) -> str:
        return self._generation.name

    @property
    def model(self) -> ModelIdentity:
        return self._generation.manifest.recipe.model

    @property
    def canary(self) -> Canary:
        return self._generation.manifest.canary

    def load(self) -> None:
        generation = self._generation
        others = [name for name in generation.manifest.files if name != VECTORS]
        generation.check(others, recheck=self._recheck)
        try:
            self._vectors = VectorIndex(generation.read(VECTORS))
            self._terms = TermIndex(generation.path / TERMS)
            self._record = Record.readable(generation.path / RECORD)
        except (OSError, ValueError, RuntimeError, sqlite3.Error) as error:
            raise IndexDamaged(
                f"The index at {self._root} cannot be opened: {error}. Run `nkqa verify`."
            ) from error
        self._open.callback(self._record.close)
        expected = generation.manifest.counts["passages"]
        counted = {"vectors": len(self._vectors), "terms": len(self._terms)}
        if set(counted.values()) != {expected}:
            raise IndexDamaged(
                f"The parts of the index at {self._root} do not belong together: {expected} "
                f"passages, {counted}. Run `nkqa repair`."
            )
        self.publishers = tuple(self._record.sources())

    def analyse(self, question: str) -> Analysis:
        analyzer = self._terms.analyzer
        terms = analyzer.question_terms(question)
        weights = self._terms.weights(terms)
        return Analysis(tuple(terms), weights, analyzer.finder(weights, analyzer.names(question)))

    def candidates(self, question: Question, depth: int) -> Candidates:
        bounds = self._bounds(question.filters)
        mask = None if bounds is None else self._articles.mask(bounds)
        terms = question.words.terms
        # Term search runs in parallel with vector search, and BM25 scoring with reading passages:
        # the engines release the GIL. Starting a thread costs less than 0.1 ms, and none is left
        # running after the question.
        with ThreadPoolExecutor(1) as beside:
            by_words = beside.submit(self._terms.search, terms, depth, bounds)
            by_meaning = self._vectors.search(question.vector, depth, mask)
            rows = np.union1d(by_meaning, by_words.result())
            scoring = beside.submit(self._bm25, question, rows)
            stored = self._record.passages_at(rows.tolist()) if len(rows) else []
            return self._columns(stored, question, scoring.result)

    def _bm25(self, question: Question, rows: Rows) -> list[Scores]:
        """BM25 of these passages for the question, then for each of its clauses."""
        asked = (question.words, *(clause.words for clause in question.clauses))
        if not len(rows):
            return [np.zeros(0, np.float32) for _ in asked]
        return [self._terms.scores(words.terms, rows) for words in asked]

    def _columns(
        self, stored: list[StoredPassage], question: Question, bm25: Callable[[], list[Scores]]
    ) -> Candidates:
        """The columns of these passages; `bm25` waits until its scores are ready."""
        dimension = len(question.vector)
        articles = self._record.articles_at({one.document for one in stored})
        of_articles = quantised.unpacked(
            quantised.joined([one.code for one in articles.values()], dimension), dimension
        )
        places = {number: place for place, number in enumerate(articles)}
        article = np.array([places[one.document] for one in stored], np.int64)
        sentences = sentences_of(stored, dimension)
        vectors = sentences.passage_vectors()
        # Vectors are unpacked once for the question and all of its clauses.
        asked = (question.vector, *(clause.vector for clause in question.clauses))
        whole, *parts = (
            ClauseScores(
                cosines=quantised.products(vectors, vector),
                article_cosines=of_articles.cosines(vector)[article],
                bm25=scores,
                sentence_cosines=sentences.unpacked.cosines(vector),
            )
            for vector, scores in zip(asked, bm25(), strict=True)
        )
        doc_ids = tuple(articles[one.document].doc_id for one in stored)
        return Candidates(
            passage_ids=tuple(
                passage_id(doc_id, one.start, one.end)
                for doc_id, one in zip(doc_ids, stored, strict=True)
            ),
            doc_ids=doc_ids,
            languages=self._terms.languages(np.array([one.row for one in stored], np.int64)),
            publishers=tuple(articles[one.document].source for one in stored),
            sha256=tuple(one.sha256 for one in stored),
            spans=np.array([(one.start, one.end) for one in stored], np.int64).reshape(-1, 2),
            vectors=vectors,
            cosines=whole.cosines,
            article_cosines=whole.article_cosines,
            bm25=whole.bm25,
            first_sentence=sentences.starts,
            sentence_spans=sentences.spans,
            sentence_cosines=whole.sentence_cosines,
            has_quantity=sentences.has_quantity,
            of_clauses=tuple(parts),
        )

    def articles(self, doc_ids: Collection[str], vector: Vectors) -> dict[str, Article]:
        known = self._record.first_rows(doc_ids)
        documents = self._record.documents_at(number for number, _ in known.values())
        stored = self._record.passages_at({row for _, row in known.values()})
        sentences = sentences_of(stored, len(vector))
        cosines = np.split(sentences.unpacked.cosines(vector), sentences.starts[1:])
        opening = dict(zip((one.row for one in stored), cosines, strict=True))
        return {
            doc_id: Article(documents[number], opening[row])
            for doc_id, (number, row) in known.items()
        }

    def days(self, doc_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        rows = {doc_id: row for doc_id, (_, row) in self._record.first_rows(doc_ids).items()}
        days = self._articles.days(rows.values())
        return {doc_id: days[row] for doc_id, row in rows.items() if row in days}

    def newest_day(self, filters: Filters) -> int | None:
        return self._articles.newest(self._bounds(filters))

    def document(self, doc_id: str) -> Document | None:
        return self._record.document(doc_id)

    def passages_of(self, doc_id: str) -> tuple[Span, ...]:
        return tuple((one.start, one.end) for one in self._record.passages_of(doc_id))

    def story_of(self, doc_ids: Collection[str]) -> dict[str, StoredStory]:
        story_ids = self._record.story_of(doc_ids)
        found = self._record.stories(set(story_ids.values()))
        stories = {story_id: _story(story_id, articles) for story_id, articles in found}
        return {doc_id: stories[story_id] for doc_id, story_id in story_ids.items()}

    def stories(self, filters: Filters) -> tuple[StoredStory, ...]:
        bounds = self._bounds(filters)
        found = [_story(story_id, articles) for story_id, articles in self._record.stories()]
        return tuple(
            story
            for story in found
            if bounds is None
            or any(bounds.passes(source, day) for _, source, day in story.articles)
        )

    def stamp(self, path: str) -> tuple[int, int]:
        return self._record.stamp(path)

    def undated(self, filters: Filters) -> int:
        bounds = self._bounds(filters)
        return 0 if bounds is None else self._articles.undated(bounds)

    def sourceless(self, filters: Filters) -> int:
        bounds = self._bounds(filters)
        return 0 if bounds is None else self._articles.sourceless(bounds)

    def doc_ids(self, filters: Filters) -> Sequence[str]:
        ids = self._record.known_ids
        days = self._articles.first_days(self._bounds(filters))
        newest_first = sorted((-day, ids[place]) for place, day in days)
        return [doc_id for _, doc_id in newest_first]

    def counts(self, filters: Filters) -> dict[str | None, int]:
        return self._articles.counts(self._bounds(filters))

    def coverage(self) -> Coverage:
        _, oldest, newest = self._record.dates()
        documents = self._generation.manifest.counts["documents"]
        return Coverage(documents, self.publishers, oldest, newest)

    def status(self) -> IndexStatus:
        return describe(self._root, self._generation, self._record)

    def scan(self) -> Iterator[StoredDocument]:
        return self._record.scan(self.model.dimension)

    def close(self) -> None:
        self._open.close()

    def _bounds(self, filters: Filters) -> Bounds | None:
        """The filters as bounds; None if nothing is filtered."""
        return None if filters == Filters() else self._articles.bounds(filters)

    @cached_property
    def _articles(self) -> Articles:
        """The filter columns, read when a filter or a named day is first used."""
        return self._record.articles()


def _story(story_id: str, articles: Sequence[tuple[str, str, int]]) -> StoredStory:
    return StoredStory(story_id, tuple((*one,) for one in articles))
