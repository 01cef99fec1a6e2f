"""Question to hits: candidates by meaning and by words, every one of them scored by both.

Candidates are the passages whose vectors are most like the question's, and those with the highest
BM25. Then all candidates get all scores: BM25 from the term index, and from the record the cosine
of the passage, of its best sentence and of its article. A sentence says one thing and a passage
many, so "some 10,000 North Korean laborers" is found for "workers" by its sentence, while the
passage around it speaks of something else. The best of them are looked at once more (`reranking`).
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from embeddings import Vectors
from qa.retrieval.fusion import fuse
from qa.retrieval.publishers import named_sources, preference
from qa.retrieval.reranking import LEAD_SENTENCES, LOOKED, Look, rerank, term_shares
from qa.store.local import quantised as codes
from qa.store.local.filters import Articles, Bounds
from qa.store.local.passages import (
    StoredArticle,
    StoredPassage,
    passage_id,
    sentences_of,
)
from qa.store.local.record import Record
from qa.store.local.terms import TermIndex
from qa.store.local.vectors import VectorIndex
from qa.text.quantities import WITHOUT_QUANTITY, asks_quantity
from qa.types import Document, Filters, Hit, Scores

Scores32 = npt.NDArray[np.float32]

# Candidates taken from each side. 50 loses up to half a point on the collections, 200 gains none.
DEPTH = 100
# Share of the best sentence in the dense score, the rest being the whole passage's.
SENTENCE_SHARE = 0.7
# What the article adds to it: a passage about the question in an article about something else
# answers less often.
ARTICLE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits for a question, best first, and their vectors, `(hits, dimension)`."""

    hits: tuple[Hit, ...]
    vectors: Vectors


@dataclass(frozen=True)
class Retriever:
    """What searching needs of an open index; `sources` are the publishers that occur in it."""

    record: Record
    vectors: VectorIndex
    terms: TermIndex
    sources: tuple[str, ...]

    def search(
        self, question: str, vector: Vectors, filters: Filters, depth: int = DEPTH
    ) -> Ranking:
        """The candidates for a question, best first, ties by passage id.

        `vector` is the question's, `(dimension,)`. There are at most `2 * depth` hits, and none
        only when no passage passes the filters.
        """
        bounds = self.bounds(filters)
        mask = None if bounds is None else self._articles.mask(bounds)
        terms = self.terms.analyzer.question_terms(question)
        # Words are looked up while vectors are, and scored while passages are read: none of the
        # engines holds the interpreter. A thread of its own costs less than 0.1 ms and is gone
        # when the question is answered.
        with ThreadPoolExecutor(1) as beside:
            by_words = beside.submit(self.terms.search, terms, depth, bounds)
            by_meaning = self.vectors.search(vector, depth, mask)
            rows = np.union1d(by_meaning, by_words.result())
            if not len(rows):
                return Ranking((), np.zeros((0, len(vector)), np.float32))
            scoring = beside.submit(self.terms.scores, terms, rows)
            stored = self.record.passages_at(rows.tolist())
            articles = self.record.articles_at({one.document for one in stored})
            evidence = self._evidence(question, vector, stored, articles)
            bm25 = scoring.result()
        names = [passage_id(articles[one.document].doc_id, one.start, one.end) for one in stored]
        fused = fuse(evidence.dense(), bm25) + evidence.preference
        best = sorted(range(len(stored)), key=lambda place: (-fused[place], names[place]))[:LOOKED]
        looked = {place: stored[place] for place in best}
        looks = self._looks(terms, vector, evidence, looked, articles)
        fused[best] = rerank(fused[best], looks)
        columns = zip(
            stored,
            names,
            fused.tolist(),
            bm25.tolist(),
            evidence.passage.tolist(),
            evidence.sentence.tolist(),
            evidence.article.tolist(),
            strict=True,
        )
        hits = [Hit(one.row, name, Scores(*scores)) for one, name, *scores in columns]
        order = sorted(
            range(len(hits)), key=lambda at: (-hits[at].scores.fused, hits[at].passage_id)
        )
        return Ranking(tuple(hits[at] for at in order), evidence.vectors[order])

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
        articles: dict[int, StoredArticle],
    ) -> "_Evidence":
        sentences = sentences_of(stored, len(vector))
        starts = sentences.starts
        cosines = sentences.unpacked.cosines(vector)
        counted = cosines
        if asks_quantity(question):
            told = np.frombuffer(b"".join(one.quantities for one in stored), np.uint8)
            counted = cosines * np.where(told, 1, np.float32(WITHOUT_QUANTITY))
        best = np.maximum.reduceat(counted, starts)
        # Of sentences that count alike the first is meant.
        at_best = np.flatnonzero(counted == np.repeat(best, np.diff(starts, append=len(counted))))
        chosen = at_best[np.searchsorted(at_best, starts)]
        of_article = codes.cosines(
            codes.joined([one.code for one in articles.values()], len(vector)), vector
        )
        by_number = dict(zip(articles, of_article, strict=True))
        named = named_sources(question, self.sources)
        preferred = {number: preference(one.source, named) for number, one in articles.items()}
        vectors = sentences.passage_vectors()
        return _Evidence(
            vectors=vectors,
            passage=codes.products(vectors, vector),
            sentence=cosines[chosen],
            weighted=best,
            article=np.array([by_number[one.document] for one in stored], np.float32),
            preference=np.array([preferred[one.document] for one in stored], np.float32),
            counted=counted,
            starts=starts,
        )

    def _looks(
        self,
        terms: list[str],
        vector: Vectors,
        evidence: "_Evidence",
        looked: dict[int, StoredPassage],
        articles: dict[int, StoredArticle],
    ) -> list[Look]:
        """What is seen of the passages that are looked at once more, by their places."""
        documents = self._documents(looked.values())
        leads = self._leads(vector, {number: articles[number].first_row for number in documents})
        weights = {term: told for term, told in self.terms.weights(terms).items() if told}
        in_text = self.terms.analyzer.finder(weights)
        texts = [_sentences(one, documents) for one in looked.values()]
        shares = term_shares([in_text(text) for some in texts for text in some], weights)
        ends = np.cumsum([len(some) for some in texts])
        return [
            Look(evidence.of_sentences(place), has, leads[one.document])
            for (place, one), has in zip(looked.items(), np.split(shares, ends[:-1]), strict=True)
        ]

    def _leads(self, vector: Vectors, first: dict[int, int]) -> dict[int, float]:
        """The best cosine of the first sentences of each document, by its first passage's row."""
        stored = self.record.passages_at(first.values())
        width = LEAD_SENTENCES * codes.width(len(vector))
        leads = [one.codes[:width] for one in stored]
        cosines = codes.cosines(codes.joined(leads, len(vector)), vector)
        starts = np.cumsum([0, *map(len, leads[:-1])]) // codes.width(len(vector))
        best = dict(
            zip(
                [one.row for one in stored],
                np.maximum.reduceat(cosines, starts).tolist(),
                strict=True,
            )
        )
        return {number: best[row] for number, row in first.items()}

    def _documents(self, stored: Iterable[StoredPassage]) -> dict[int, Document]:
        return self.record.documents_at({one.document for one in stored})


def _sentences(stored: StoredPassage, documents: dict[int, Document]) -> list[str]:
    text = documents[stored.document].text
    return [text[start:end] for start, end in stored.sentences]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Of each candidate, `(n,)` each: the cosine of the passage; that of its best sentence, as it
    is and as it counts; that of the article; and what its publisher adds. `vectors` are the
    passages' own, `(n, dimension)`; `counted` are the cosines of all sentences as they count,
    those of each candidate from `starts` on."""

    vectors: Vectors
    passage: Scores32
    sentence: Scores32
    weighted: Scores32
    article: Scores32
    preference: Scores32
    counted: Scores32
    starts: codes.Rows

    def of_sentences(self, place: int) -> Scores32:
        """The cosines of the sentences of one candidate as they count."""
        end = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.counted)
        return self.counted[self.starts[place] : end]

    def dense(self) -> Scores32:
        """The one score of meaning."""
        of_passage = (1 - SENTENCE_SHARE) * self.passage + SENTENCE_SHARE * self.weighted
        dense: Scores32 = of_passage + ARTICLE_SHARE * self.article
        return dense
