"""A question as text to a `Question`: everything that later stages need of it, computed once."""

from embeddings import Encoder
from embeddings.languages import languages_of
from qa.retrieval.clauses import clauses_of
from qa.retrieval.publishers import named_sources
from qa.store.seam import PassageStore
from qa.store.values import Clause, Question
from qa.text.days import asks_now, named_days
from qa.text.quantities import asks_quantity
from qa.types import Filters


def analyse(text: str, encoder: Encoder, filters: Filters, store: PassageStore) -> Question:
    """The question of this text as it is asked of `store`.

    `encoder` is called once, for the question and its clauses together.
    """
    words = store.analyse(text)
    clauses = clauses_of(words, text, store)
    vector, *vectors = encoder.encode_questions([text, *clauses])
    return Question(
        text=text,
        vector=vector,
        words=words,
        asks_quantity=asks_quantity(text),
        publishers=named_sources(text, store.publishers),
        filters=filters,
        clauses=tuple(
            Clause(clause, of_clause, terms)
            for (clause, terms), of_clause in zip(clauses.items(), vectors, strict=True)
        ),
        days=named_days(text),
        asks_now=asks_now(text),
        known_languages=languages_of(store.model.name),
    )
