"""A question as text to a `Question`: everything that later stages need of it, computed once."""

from embeddings import Vectors
from qa.retrieval.publishers import named_sources
from qa.store.seam import PassageStore
from qa.store.values import Question
from qa.text.quantities import asks_quantity
from qa.types import Filters


def analyse(text: str, vector: Vectors, filters: Filters, store: PassageStore) -> Question:
    """The question of this text and vector, `(dimension,)`, as it is asked of `store`."""
    return Question(
        text=text,
        vector=vector,
        words=store.analyse(text),
        asks_quantity=asks_quantity(text),
        publishers=named_sources(text, store.publishers),
        filters=filters,
    )
