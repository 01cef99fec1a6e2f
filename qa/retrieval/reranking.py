"""A second look at the best candidates: what single sentences say, how the article opens, and
what one passage adds to another.

BM25 counts words wherever in the passage they stand, and the best cosine is of a sentence that may
hold none of them. A sentence that is near in meaning *and* has the question's telling words answers
more often than both of them apart. A news article says first what it is about (the inverted
pyramid): where its lead is near to the question, its passages are the likelier answer. And a long
question is seldom answered by one passage: of two that are alike good the one comes first that has
words which no better one has (after xQuAD: R. Santos, C. Macdonald, I. Ounis, Exploiting Query
Reformulations for Web Search Result Diversification, 2010).
Gains: docs/studies/second-look.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Term = TypeVar("Term")

# Candidates looked at: their texts are read and cut into words, about a millisecond each ten. 10
# lose a little, 50 gain nothing.
LOOKED = 20
# What the best sentence and the best lead add to the fused score, which is 1 at most without.
SENTENCE_GAIN = 0.2
LEAD_GAIN = 0.15
# What words that no better passage has add, where the question has so many different ones.
NEW_WORDS_GAIN = 0.5
LONG_QUESTION = 12
# Sentences of a lead.
LEAD_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen of a candidate.

    `cosines`, `(sentences,)`, as they count; `has`, `(sentences, terms)`, how much of what the
    question tells each sentence has by each of the question's terms; `lead`, the best cosine of
    the first sentences of its article.
    """

    cosines: Scores
    has: Scores
    lead: float


def term_shares(sentences: Sequence[Collection[Term]], weights: Mapping[Term, float]) -> Scores:
    """`(sentences, terms)`: the share of all `weights` that each sentence has by each term."""
    columns = {term: column for column, term in enumerate(weights)}
    has = np.zeros((len(sentences), len(weights)), dtype=np.float32)
    places = [
        (row, columns[term])
        for row, sentence in enumerate(sentences)
        for term in sentence
        if term in columns
    ]
    has[tuple(np.array(places, dtype=np.int64).reshape(-1, 2).T)] = 1
    told = np.array(list(weights.values()), dtype=np.float32)
    return has * (told / (told.sum() or 1.0))


@dataclass(frozen=True, slots=True)
class Gains:
    """How much each kind of evidence adds at most."""

    sentence: float = SENTENCE_GAIN
    lead: float = LEAD_GAIN
    new_words: float = NEW_WORDS_GAIN


def rerank(scores: Scores, looks: Sequence[Look], most: Gains = Gains()) -> Scores:
    """`(n,)` the scores with what each candidate gains; none is lower than before.

    Cosines count relative to the best among `looks`, those below 0 as 0.
    """
    gained: Scores = scores + most.sentence * _of_sentences(looks) + most.lead * _of_leads(looks)
    if looks and looks[0].has.shape[1] >= LONG_QUESTION:
        gained += most.new_words * _of_new_words(gained, looks, most.new_words)
    return gained


def _of_sentences(looks: Sequence[Look]) -> Scores:
    """Of each candidate the best sentence's cosine times its share of the question's words."""
    best = max((float(look.cosines.max(initial=0.0)) for look in looks), default=0.0)
    found = [
        (np.maximum(look.cosines, 0) * look.has.sum(axis=1)).max(initial=0.0) for look in looks
    ]
    return np.array(found, dtype=np.float32) / (best or 1.0)


def _of_leads(looks: Sequence[Look]) -> Scores:
    leads = np.array([max(look.lead, 0.0) for look in looks], dtype=np.float32)
    return leads / (leads.max(initial=0.0) or 1.0)


def _of_new_words(scores: Scores, looks: Sequence[Look], gain: float) -> Scores:
    """Of each candidate the share of the question's words that no better one has.

    The best has 1, so that what follows never stands above what it was compared with.
    """
    passages = np.stack([look.has.max(axis=0, initial=0.0) for look in looks])
    added = np.zeros(len(looks), dtype=np.float32)
    waiting = np.ones(len(looks), dtype=bool)
    place = int(np.argmax(scores))
    added[place] = 1
    for _ in range(len(looks) - 1):
        waiting[place] = False
        passages[:, passages[place] > 0] = 0
        new = passages.sum(axis=1)
        place = int(np.argmax(np.where(waiting, scores + gain * new, -np.inf)))
        added[place] = new[place]
    return added
