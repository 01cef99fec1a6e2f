"""Hits to an answer: quotes checked against the record, answering sentences, copies grouped."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.errors import IndexDamaged
from qa.retrieval.fusion import fuse
from qa.retrieval.search import Ranking
from qa.store.seam import PassageStore
from qa.store.source_files import file_state
from qa.store.values import Analysis, Candidates, Question
from qa.text.days import in_words
from qa.text.passage_ids import quote_hash
from qa.text.quantities import WITHOUT_QUANTITY
from qa.types import Citation, Document, FileState, Highlight, Place, Scores, Span

# Two passages may be one text in two places where their vectors are this alike.
_ALIKE = 0.9
# A further sentence is highlighted when it answers nearly as well as the best one.
_NEARLY = 0.92
_MOST_HIGHLIGHTS = 3
# A citation is close to its question from this cosine of its best sentence on. Answers seldom have
# none: 2 of 5,928 on SQuAD, 7 of 125 over the shipped articles, against 20 of 20 to questions about
# something else (docs/evaluation.md).
_CLOSE = 0.3
# From here on the words of `because` say so more strongly.
_VERY_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate with its article's document and its text there."""

    place: int
    document: Document
    span: Span
    quote: str


def cite(question: Question, ranking: Ranking, k: int, store: PassageStore) -> tuple[Citation, ...]:
    """The best `k` citations out of a ranking, copies of a passage listed under it.

    Raises `IndexDamaged` when a passage is not, to the byte, the text that was indexed.
    """
    return tuple(
        _citation(rank, group, question, ranking, file_of(group[0].document, store))
        for rank, group in enumerate(_group(question, ranking, k, store), 1)
    )


def different(question: Question, ranking: Ranking, k: int, store: PassageStore) -> tuple[int, ...]:
    """The places of the first `k` different texts of a ranking, which are those that `cite` cites.

    Raises as `cite`.
    """
    return tuple(group[0].place for group in _group(question, ranking, k, store))


def _group(question: Question, ranking: Ranking, k: int, store: PassageStore) -> list[list[_Found]]:
    """The first `k` different texts in the order of the ranking, each with its later copies."""
    documents = _Documents(question, ranking, store)
    documents.read(ranking.order[:k])
    vectors = ranking.candidates.vectors
    groups: list[list[_Found]] = []
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
                alike.append((vectors @ vectors[place] >= _ALIKE).tolist())
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

    def found(self, place: int) -> _Found:
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
        return _Found(place, document, (start, end), quote)


def _is_copy(one: _Found, shown: _Found) -> bool:
    if one.quote == shown.quote:
        return True
    # Comparing takes a while to import, and most questions find nothing to compare.
    from qa.answers.copies import is_copy

    return is_copy(one.quote, shown.document.text, shown.span)


def file_of(document: Document, store: PassageStore) -> FileState:
    """Whether the document's file is still the one that was indexed."""
    return file_state(document.path, store.stamp(document.path), document.file_sha256)


def _citation(
    rank: int, group: Sequence[_Found], question: Question, ranking: Ranking, file: FileState
) -> Citation:
    best, *copies = group
    document, of = best.document, ranking.candidates
    start, end = best.span
    scores = ranking.hit(best.place).scores
    return Citation(
        rank=rank,
        doc_id=document.doc_id,
        passage_id=of.passage_ids[best.place],
        title=document.title,
        source=document.source,
        author=document.author,
        published=document.published,
        published_from=document.published_from,
        url=document.url,
        path=document.path,
        line=document.line,
        file=file,
        start=start,
        end=end,
        quote=best.quote,
        sentences=of.spans_of_sentences(best.place),
        highlights=_highlights(best, question, of),
        close=scores.cosine_sentence >= _CLOSE,
        scores=scores,
        sha256=of.sha256[best.place].hex(),
        also_in=tuple(_place(copy, of) for copy in copies),
        because=_because(best, scores, start, question),
    )


def _highlights(found: _Found, question: Question, of: Candidates) -> tuple[Highlight, ...]:
    """The sentences that answer best, by meaning and by the question's words, in reading order."""
    text, spans = found.document.text, of.spans_of_sentences(found.place)
    words, sentences = question.words, of.sentences(found.place)
    shared = [
        sum(words.weights[term] for term in words.finder(text[slice(*span)])) for span in spans
    ]
    # What shared words tell is no BM25, so the floor of that does not hold.
    scores = fuse(of.sentence_cosines[sentences], np.array(shared, dtype=np.float32), floor=0.0)
    if question.asks_quantity:
        scores *= np.where(of.has_quantity[sentences], 1, np.float32(WITHOUT_QUANTITY))
    order = np.argsort(-scores, kind="stable")[:_MOST_HIGHLIGHTS]
    chosen = [i for i in order.tolist() if scores[i] >= _NEARLY * scores[order[0]]]
    return tuple(
        Highlight(start, end, text[start:end]) for start, end in (spans[i] for i in sorted(chosen))
    )


def _place(found: _Found, of: Candidates) -> Place:
    document = found.document
    start, end = found.span
    return Place(
        doc_id=document.doc_id,
        passage_id=of.passage_ids[found.place],
        title=document.title,
        source=document.source,
        published=document.published,
        url=document.url,
        path=document.path,
        start=start,
        end=end,
    )


def _because(found: _Found, scores: Scores, start: int, question: Question) -> str:
    """Why the passage was found, in plain words."""
    in_text = _shared_words(found.quote, question.words)
    in_front = _shared_words(_front(found.document, start), question.words)
    parts = []
    if in_text:
        parts.append(f"The passage has the question's {_listed(in_text)}")
    if extra := [word for word in in_front if word.lower() not in map(str.lower, in_text)]:
        parts.append(f"its article is marked with {_listed(extra)}")
    if not parts:
        parts.append("It shares no telling word with the question")
    return (
        f"{'; '.join(parts)} (BM25 {scores.bm25:.2f}). In meaning, its best sentence is "
        f"{_nearness(scores.cosine_sentence)} to the question (cosine "
        f"{scores.cosine_sentence:.2f})."
    )


def _nearness(cosine: float) -> str:
    if cosine >= _CLOSE:
        return "very close" if cosine >= _VERY_CLOSE else "close"
    return "only loosely related"


def _front(document: Document, start: int) -> str:
    """What of the article is indexed with the passage that begins at `start`: its publisher and
    date, and the title with the first passage."""
    first = not document.text[:start].strip()
    date = in_words(document.published) if document.published else ""
    return "\n".join([document.title if first else "", document.source or "", date])


def _shared_words(text: str, words: Analysis) -> list[str]:
    """Words of `text` that the question has too, in any form, the most telling first."""
    found = words.finder(text)
    return [found[term] for term in sorted(found, key=lambda one: (-words.weights[one], one))][:5]


def _listed(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
