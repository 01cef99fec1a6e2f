"""Question to hits: candidates by meaning and by words, every one of them scored by both.

Candidates are the passages whose vectors are most like the question's, and those with the highest
BM25. Then all candidates get all scores: BM25 from the term index, and from the record the cosine
of the passage and of its best sentence. A sentence says one thing and a passage many, so
"some 10,000 North Korean laborers" is found for "workers" by its sentence, while the passage
around it speaks of something else.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings import Vectors
from qa.fusion import fuse
from qa.lexical import TermIndex
from qa.record import Record, passage_vector
from qa.types import Filters, Hit, Scores
from qa.vectors import Rows, VectorIndex

# Candidates taken from each side. 50 loses up to half a point on the collections, 200 gains none.
DEPTH = 100
# Share of the best sentence in the dense score, the rest being the whole passage's.
SENTENCE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Retriever:
    """The three parts of an open index that searching needs."""

    record: Record
    vectors: VectorIndex
    terms: TermIndex

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
        passage, sentence = self._cosines(vector, rows)
        dense = (1 - SENTENCE_SHARE) * passage + SENTENCE_SHARE * sentence
        fused = fuse(dense, bm25)
        names = self.record.passage_ids(rows.tolist())
        hits = [
            Hit(
                int(row),
                names[int(row)],
                Scores(float(fused[i]), float(bm25[i]), float(passage[i]), float(sentence[i])),
            )
            for i, row in enumerate(rows)
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.scores.fused, hit.passage_id)))

    def _cosines(
        self, question: Vectors, rows: Rows
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """The cosine of each passage and of its best sentence, in the order of `rows`."""
        listed = rows.tolist()
        sentences = self.record.vectors_at(listed, len(question))
        stored = self.record.passages_at(listed)
        passages = np.stack(
            [passage_vector(sentences[row], stored[row].passage.sentences) for row in listed]
        )
        best = np.array([float((sentences[row] @ question).max()) for row in listed], np.float32)
        return passages @ question, best
