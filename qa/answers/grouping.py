"""The first different texts of a ranking: quotes checked against the record, copies grouped."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.errors import IndexDamaged
from qa.retrieval.search import Ranking
from qa.store.seam import PassageStore
from qa.store.values import Question
from qa.text.passage_ids import quote_hash
from qa.types import Document, Span

# Two passages may be copies or versions of one text where their vectors are this alike.
ALIKE = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with its article's document and its text there."""

    place: int
    document: Document
    span: Span
    quote: str


def grouped(question: Question, ranking: Ranking, k: int, store: PassageStore) -> list[list[Found]]:
    """The first `k` different texts in the order of the ranking, each with its later copies."""
    documents = _Documents(question, ranking, store)
    documents.read(ranking.order[:k])
    vectors = ranking.candidates.vectors
    groups: list[list[Found]] = []
    alike: list[list[bool]] = []
    for place in ranking.order:
        near = [group for group, with_it in zip(groups, alike, strict=True) if with_it[place]]
        if not near and len(groups) == k:
            continue
        found = documents.found(place)
        for group in near:
            if _is_copy(found, group[0]):
                group.append(found)
                break
        else:
            if len(groups) < k:
                groups.append([found])
                alike.append((vectors @ vectors[place] >= ALIKE).tolist())
    return groups


class _Documents:
    """The documents of a ranking's candidates, each read at most once."""

    def __init__(self, question: Question, ranking: Ranking, store: PassageStore) -> None:
        self._vector = question.vector
        self._candidates = ranking.candidates
        self._articles = dict(ranking.articles)
        self._store = store

    def read(self, places: Sequence[int]) -> None:
        """Reads the documents of these candidates together."""
        doc_ids = {self._candidates.doc_ids[place] for place in places} - self._articles.keys()
        if doc_ids:
            self._articles.update(self._store.articles(doc_ids, self._vector))

    def found(self, place: int) -> Found:
        """A candidate with its text, which is compared with its hash."""
        self.read([place])
        document = self._articles[self._candidates.doc_ids[place]].document
        start, end = self._candidates.span(place)
        quote = document.text[start:end]
        if quote_hash(quote) != self._candidates.sha256[place]:
            raise IndexDamaged(
                f"The index is damaged: passage {self._candidates.passage_ids[place]} is not the "
                "text that was indexed. `nkqa verify` tells which files differ; `nkqa rollback` "
                "returns to the generation before, `nkqa index --rebuild PATH` makes the index "
                "anew."
            )
        return Found(place, document, (start, end), quote)


def _is_copy(one: Found, shown: Found) -> bool:
    if one.quote == shown.quote:
        return True
    # Comparing takes a while to import, and most questions find nothing to compare.
    from qa.answers.copies import is_copy

    return is_copy(one.quote, shown.document.text, shown.span)
