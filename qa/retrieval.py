"""Question to hits: candidates by meaning and by words, every one of them scored by both.

Candidates are the passages whose vectors are most like the question's, and those with the highest
BM25. Then all candidates get all scores: BM25 from the term index, and from the record the cosine
of the passage, of its best sentence and of its article. A sentence says one thing and a passage
many, so "some 10,000 North Korean laborers" is found for "workers" by its sentence, while the
passage around it speaks of something else.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings import Vectors
from qa.expectation import WITHOUT_QUANTITY, asks_quantity, has_quantity
from qa.fusion import fuse
from qa.lexical import TermIndex
from qa.passages import StoredPassage, passage_vector
from qa.record import Record
from qa.sources import named_sources, preference
from qa.types import Filters, Hit, Scores
from qa.vectors import Rows, VectorIndex

Scores32 = npt.NDArray[np.float32]

# Candidates taken from each side. 50 loses up to half a point on the collections, 200 gains none.
DEPTH = 100
# Share of the best sentence in the dense score, the rest being the whole passage's.
SENTENCE_SHARE = 0.7
# What the article adds to it: a passage about the question in an article about something else
# answers less often.
ARTICLE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
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
        among = self.record.rows(filters)
        terms = self.terms.analyzer.question_terms(question)
        rows = np.union1d(
            self.vectors.search(vector, depth, among), self.terms.search(terms, depth, among)
        )
        if not len(rows):
            return ()
        bm25 = self.terms.scores(terms, rows)
        evidence = self._evidence(question, vector, rows)
        fused = fuse(evidence.dense(), bm25) + evidence.preference
        names = self.record.passage_ids(rows.tolist())
        columns = zip(
            rows, fused, bm25, evidence.passage, evidence.sentence, evidence.article, strict=True
        )
        hits = [
            Hit(int(row), names[int(row)], Scores(*map(float, scores))) for row, *scores in columns
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.scores.fused, hit.passage_id)))

    def _evidence(self, question: str, vector: Vectors, rows: Rows) -> "_Evidence":
        listed = rows.tolist()
        vectors = self.record.vectors_at(listed, len(vector))
        stored = self.record.passages_at(listed)
        articles = self.record.articles_of(listed, len(vector))
        weights = self._sentence_weights(stored) if asks_quantity(question) else {}
        named = named_sources(question, self.sources)
        evidence = _Evidence(*(np.zeros(len(rows), np.float32) for _ in range(5)))
        for place, row in enumerate(listed):
            cosines = vectors[row] @ vector
            whole = passage_vector(vectors[row], stored[row].passage.sentences)
            weight = weights.get(row, np.ones(len(cosines), np.float32))
            best = int(np.argmax(cosines * weight))
            evidence.passage[place] = whole @ vector
            evidence.sentence[place] = cosines[best]
            evidence.weighted[place] = cosines[best] * weight[best]
            source, article = articles[row]
            evidence.article[place] = article @ vector
            evidence.preference[place] = preference(source, named)
        return evidence

    def _sentence_weights(self, stored: dict[int, StoredPassage]) -> dict[int, Scores32]:
        """How much each sentence of each passage counts for a question that asks a quantity."""
        texts = {
            number: document.text
            for number, document in self.record.documents_at(
                {passage.document for passage in stored.values()}
            ).items()
        }
        return {
            row: np.array(
                [
                    1.0 if has_quantity(texts[one.document][start:end]) else WITHOUT_QUANTITY
                    for start, end in one.passage.sentences
                ],
                dtype=np.float32,
            )
            for row, one in stored.items()
        }


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
