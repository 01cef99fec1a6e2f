"""How well each sentence of a passage answers, as far as retrieval can tell."""

import numpy as np

from qa.answers.grouping import Found
from qa.retrieval.fusion import dense_weights, fuse
from qa.store.values import Candidates, Question, Scores
from qa.text.quantities import WITHOUT_QUANTITY


def sentence_scores(found: Found, question: Question, candidates: Candidates) -> Scores:
    """`(sentences,)`: meaning and shared words of each sentence, summed as passages are ranked."""
    text, words = found.document.text, question.words
    language = candidates.languages[found.place]
    sentences = candidates.sentences(found.place)
    shared = [
        sum(words.weights[term] for term in words.finder(text[start:end], language))
        for start, end in candidates.spans_of_sentences(found.place)
    ]
    # A sum of term weights is no BM25, so the floor of that does not hold.
    cosines = candidates.sentence_cosines[sentences]
    scores = fuse(
        cosines,
        np.array(shared, dtype=np.float32),
        dense_weights([language] * len(cosines), question.known_languages),
        floor=0.0,
    )
    if question.asks_quantity:
        scores *= np.where(candidates.has_quantity[sentences], 1, np.float32(WITHOUT_QUANTITY))
    return scores
