"""What speaks for each candidate, as numbers: the first scores, and what a second look sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.retrieval.fusion import dense_weights, fuse
from qa.retrieval.publishers import preference
from qa.retrieval.reranking import LEAD_SENTENCES, Look, term_shares
from qa.store.values import Article, Candidates, Question, Scores
from qa.text.quantities import WITHOUT_QUANTITY

# Share of the best sentence in the dense score, the rest being the whole passage's.
SENTENCE_SHARE = 0.7
# What the article adds to it: a passage about the question in an article about something else
# answers less often.
ARTICLE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """Scores of `n` candidates, `(n,)` each.

    `sentence` is the cosine of the sentence that counts most, `dense` the one score of meaning,
    `preference` what the article's publisher adds, `clause` the best fused score for one clause
    of the question, 0 without clauses. `dense_weight` is the share of `dense` in the fused score,
    less in languages that the model does not know. `counted`, `(sentences,)`, has the cosines of
    all sentences as they count for this question.
    """

    sentence: Scores
    dense: Scores
    preference: Scores
    clause: Scores
    dense_weight: Scores
    counted: Scores


def weigh(question: Question, candidates: Candidates) -> Evidence:
    """The evidence for at least one candidate, without reading any text."""
    cosines, starts = candidates.sentence_cosines, candidates.first_sentence
    counted = cosines
    if question.asks_quantity:
        counted = cosines * np.where(candidates.has_quantity, 1, np.float32(WITHOUT_QUANTITY))
    best = np.maximum.reduceat(counted, starts)
    # Of sentences that count alike the first is meant.
    at_best = np.flatnonzero(counted == np.repeat(best, np.diff(starts, append=len(counted))))
    chosen = at_best[np.searchsorted(at_best, starts)]
    named = question.publishers
    weight = dense_weights(candidates.languages, question.known_languages)
    return Evidence(
        sentence=cosines[chosen],
        dense=_dense(candidates.cosines, best, candidates.article_cosines),
        preference=np.array([preference(one, named) for one in candidates.publishers], np.float32),
        clause=_best_of_clauses(candidates, weight),
        dense_weight=weight,
        counted=counted,
    )


def _dense(of_passage: Scores, of_sentence: Scores, of_article: Scores) -> Scores:
    """The one score of meaning, from the cosines of a passage, its best sentence, its article."""
    within: Scores = (1 - SENTENCE_SHARE) * of_passage + SENTENCE_SHARE * of_sentence
    return within + ARTICLE_SHARE * of_article


def _best_of_clauses(candidates: Candidates, weight: Scores) -> Scores:
    """`(n,)`: the best fused score of each candidate for one clause."""
    best = np.zeros(len(candidates), np.float32)
    for one in candidates.of_clauses:
        sentence = np.maximum.reduceat(one.sentence_cosines, candidates.first_sentence)
        dense = _dense(one.cosines, sentence, one.article_cosines)
        best = np.maximum(best, fuse(dense, one.bm25, weight))
    return best


def looks(
    question: Question,
    candidates: Candidates,
    evidence: Evidence,
    places: Sequence[int],
    articles: Mapping[str, Article],
) -> list[Look]:
    """What a second look sees of the candidates at `places`, whose articles are given by id."""
    weights = {term: weight for term, weight in question.words.weights.items() if weight}
    found: list[Look] = []
    for place in places:
        language = candidates.languages[place]
        article = articles[candidates.doc_ids[place]]
        text = article.document.text
        in_sentences = [
            question.words.finder(text[start:end], language).keys()
            for start, end in candidates.spans_of_sentences(place)
        ]
        found.append(
            Look(
                cosines=evidence.counted[candidates.sentences(place)],
                has=term_shares(in_sentences, weights),
                lead=float(article.opening[:LEAD_SENTENCES].max()),
            )
        )
    return found
