"""Question to hits: candidates by meaning and by words, every one of them scored by both.

Candidates are the passages whose vectors are most like the question's, and those with the highest
BM25. Then all candidates get all scores: BM25 from the term index, and from the record the cosine
of the passage, of its best sentence and of its article. A sentence says one thing and a passage
many, so "some 10,000 North Korean laborers" is found for "workers" by its sentence, while the
passage around it speaks of something else.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from embeddings import Vectors
from qa import codes
from qa.expectation import WITHOUT_QUANTITY, asks_quantity, has_quantity
from qa.fusion import fuse
from qa.lexical import TermIndex
from qa.narrowing import Articles, Bounds
from qa.passages import StoredPassage, passage_id, passage_vectors, sentence_codes
from qa.record import Record
from qa.sources import named_sources, preference
from qa.types import Filters, Hit, Scores
from qa.vectors import VectorIndex

Scores32 = npt.NDArray[np.float32]

# Candidates taken from each side. 50 loses up to half a point on the collections, 200 gains none.
DEPTH = 100
# Share of the best sentence in the dense score, the rest being the whole passage's.
SENTENCE_SHARE = 0.7
# What the article adds to it: a passage about the question in an article about something else
# answers less often.
ARTICLE_SHARE = 0.25


@dataclass(frozen=True)
class Retriever:
    """What searching needs of an open index; `sources` are the publishers that occur in it."""

    record: Record
    vectors: VectorIndex
    terms: TermIndex
    sources: tuple[str, ...]

    def search(
        self, question: str, vector: Vectors, filters: Filters, depth: int = DEPTH
    ) -> tuple[Hit, ...]:
        """The candidates for a question, best first, ties by passage id.

        `vector` is the question's, `(dimension,)`. There are at most `2 * depth` hits, and none
        only when no passage passes the filters.
        """
        bounds = self.bounds(filters)
        mask = None if bounds is None else self._articles.mask(bounds)
        terms = self.terms.analyzer.question_terms(question)
        rows = np.union1d(
            self.vectors.search(vector, depth, mask), self.terms.search(terms, depth, bounds)
        )
        if not len(rows):
            return ()
        bm25 = self.terms.scores(terms, rows)
        stored = list(self.record.passages_at(rows.tolist()).values())
        articles = self.record.articles_at({one.document for one in stored})
        evidence = self._evidence(question, vector, stored, articles)
        # Rounded, so that equal texts have equal scores wherever they stand in a matrix.
        fused = np.round(fuse(evidence.dense(), bm25) + evidence.preference, 6)
        columns = zip(
            stored,
            fused.tolist(),
            bm25.tolist(),
            evidence.passage.tolist(),
            evidence.sentence.tolist(),
            evidence.article.tolist(),
            strict=True,
        )
        hits = []
        for one, *scores in columns:
            doc_id, passage = articles[one.document][0], one.passage
            name = passage_id(doc_id, passage.start, passage.end)
            hits.append(Hit(one.row, name, Scores(*scores)))
        return tuple(sorted(hits, key=lambda hit: (-hit.scores.fused, hit.passage_id)))

    def bounds(self, filters: Filters) -> Bounds | None:
        """The filters as the engines need them; None when they leave everything open."""
        return None if filters == Filters() else self._articles.bounds(filters)

    def undated(self, filters: Filters) -> int:
        """How many articles a date filter leaves out for having no date."""
        bounds = self.bounds(filters)
        return 0 if bounds is None else self._articles.undated(bounds)

    @cached_property
    def _articles(self) -> Articles:
        """Read when a filter is first used."""
        return self.record.articles()

    def _evidence(
        self,
        question: str,
        vector: Vectors,
        stored: list[StoredPassage],
        articles: dict[int, tuple[str, str | None, bytes]],
    ) -> "_Evidence":
        """`articles` are id, source and code of the passages' documents, by number."""
        spans = [one.passage.sentences for one in stored]
        starts = np.cumsum([0, *map(len, spans[:-1])])
        packed = sentence_codes(stored, len(vector))
        cosines = codes.cosines(packed, vector)
        weighted = cosines
        if asks_quantity(question):
            weighted = cosines * self._sentence_weights(stored)
        best = np.maximum.reduceat(weighted, starts)
        # Of sentences that count alike the first is meant.
        counts = np.diff(np.append(starts, len(weighted)))
        at_best = np.flatnonzero(weighted == np.repeat(best, counts))
        chosen = at_best[np.searchsorted(at_best, starts)]
        whole = passage_vectors(stored, len(vector)) @ vector
        numbers = list(articles)
        of_article = codes.cosines(
            np.frombuffer(b"".join(articles[n][2] for n in numbers), np.uint8).reshape(
                len(numbers), -1
            ),
            vector,
        )
        place = {number: place for place, number in enumerate(numbers)}
        named = named_sources(question, self.sources)
        preferred = {number: preference(articles[number][1], named) for number in numbers}
        return _Evidence(
            passage=whole,
            sentence=cosines[chosen],
            weighted=best,
            article=of_article[[place[one.document] for one in stored]],
            preference=np.array([preferred[one.document] for one in stored], np.float32),
        )

    def _sentence_weights(self, stored: list[StoredPassage]) -> Scores32:
        """How much each sentence of the passages counts for a question that asks a quantity."""
        texts = {
            number: document.text
            for number, document in self.record.documents_at(
                {passage.document for passage in stored}
            ).items()
        }
        return np.array(
            [
                1.0 if has_quantity(texts[one.document][start:end]) else WITHOUT_QUANTITY
                for one in stored
                for start, end in one.passage.sentences
            ],
            dtype=np.float32,
        )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Of each candidate, `(n,)` each: the cosine of the passage; that of its best sentence, as it
    is and as it counts; that of the article; and what its publisher adds."""

    passage: Scores32
    sentence: Scores32
    weighted: Scores32
    article: Scores32
    preference: Scores32

    def dense(self) -> Scores32:
        """The one score of meaning."""
        of_passage = (1 - SENTENCE_SHARE) * self.passage + SENTENCE_SHARE * self.weighted
        dense: Scores32 = of_passage + ARTICLE_SHARE * self.article
        return dense
