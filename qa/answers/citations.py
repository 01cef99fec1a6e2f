"""Hits to an answer: quotes checked against the record, answering sentences, copies grouped."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings import Vectors
from embeddings.errors import IndexDamaged
from qa.retrieval.fusion import fuse
from qa.retrieval.search import Ranking
from qa.store.local import quantised as codes
from qa.store.local.passages import StoredPassage, quote_hash, sentence_codes
from qa.store.local.record import Record
from qa.store.local.terms import TermIndex
from qa.store.source_files import file_state
from qa.text.days import in_words
from qa.text.quantities import WITHOUT_QUANTITY, asks_quantity
from qa.types import Citation, Document, FileState, Highlight, Hit, Place, Span

# Two passages are one text in two places when they share this much of their four-word runs
# (resemblance: A. Broder, On the Resemblance and Containment of Documents, 1997) ...
_RESEMBLANCE = 0.8
_RUN = 4
# ... which is looked at only where their vectors are this alike.
_ALIKE = 0.9
# A further sentence is highlighted when it answers nearly as well as the best one.
_NEARLY = 0.92
_MOST_HIGHLIGHTS = 3
# A citation is close to its question from this cosine of its best sentence on. Answers seldom have
# none: 2 of 5,928 on SQuAD, 7 of 125 over the shipped articles, against 20 of 20 to questions about
# something else (docs/evaluation.md).
_CLOSE = 0.3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Found:
    hit: Hit
    stored: StoredPassage
    document: Document
    quote: str


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question as citations need it: its vector, what each of its terms tells, what finds them
    in a text, and whether it asks for a quantity."""

    vector: Vectors
    weights: dict[str, float]
    finder: Callable[[str], dict[str, str]]
    quantity: bool


def cite(
    question: str, vector: Vectors, ranking: Ranking, k: int, record: Record, terms: TermIndex
) -> tuple[Citation, ...]:
    """The best `k` citations out of a ranking, near-identical passages shown once.

    Raises `IndexDamaged` when a passage is not, to the byte, the text that was indexed.
    """
    groups = _group(ranking, k, record)
    asked = terms.weights(terms.analyzer.question_terms(question))
    asking = _Asking(vector, asked, terms.analyzer.finder(asked), asks_quantity(question))
    return tuple(
        _citation(rank, group, asking, file_of(group[0].document, record))
        for rank, group in enumerate(groups, 1)
    )


def _group(ranking: Ranking, k: int, record: Record) -> list[list[_Found]]:
    """The first `k` different texts in the order of the hits, each with its later copies."""
    found = _load(ranking.hits[:k], record)
    groups: list[list[_Found]] = []
    alike: list[list[bool]] = []
    for at, hit in enumerate(ranking.hits):
        near = [group for group, with_it in zip(groups, alike, strict=True) if with_it[at]]
        if not near and len(groups) == k:
            continue
        one = found.get(hit.row) or _load([hit], record)[hit.row]
        for group in near:
            if _same_text(group[0].quote, one.quote):
                group.append(one)
                break
        else:
            if len(groups) < k:
                groups.append([one])
                alike.append((ranking.vectors @ ranking.vectors[at] >= _ALIKE).tolist())
    return groups


def _load(hits: Sequence[Hit], record: Record) -> dict[int, _Found]:
    """The hits with their texts, checked, by row."""
    stored = {one.row: one for one in record.passages_at([hit.row for hit in hits])}
    documents = record.documents_at({passage.document for passage in stored.values()})
    found = {}
    for hit in hits:
        passage, document = stored[hit.row], documents[stored[hit.row].document]
        quote = document.text[passage.start : passage.end]
        if quote_hash(quote) != passage.sha256:
            raise IndexDamaged(
                f"The index is damaged: passage {hit.passage_id} is not the text that was "
                "indexed. `nkqa verify` tells which files differ; `nkqa rollback` returns to the "
                "generation before, `nkqa index --rebuild PATH` makes the index anew."
            )
        found[hit.row] = _Found(hit, passage, document, quote)
    return found


def _same_text(one: str, other: str) -> bool:
    """Whether two quotes differ in wording only; two that differ in a figure never do."""
    words, others = _WORD.findall(one.casefold()), _WORD.findall(other.casefold())
    if [w for w in words if w[0].isdigit()] != [w for w in others if w[0].isdigit()]:
        return False
    runs, other_runs = _runs(words), _runs(others)
    return len(runs & other_runs) >= _RESEMBLANCE * len(runs | other_runs)


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + _RUN]) for i in range(max(len(words) - _RUN + 1, 1))}


def file_of(document: Document, record: Record) -> FileState:
    """Whether the document's file is still the one that was indexed."""
    return file_state(document.path, record.stamp(document.path), document.file_sha256)


def _citation(
    rank: int,
    group: list[_Found],
    asking: _Asking,
    file: FileState,
) -> Citation:
    best, *copies = group
    document, stored = best.document, best.stored
    highlights = _highlights(best, asking)
    return Citation(
        rank=rank,
        doc_id=document.doc_id,
        passage_id=best.hit.passage_id,
        title=document.title,
        source=document.source,
        author=document.author,
        published=document.published,
        published_from=document.published_from,
        url=document.url,
        path=document.path,
        line=document.line,
        file=file,
        start=stored.start,
        end=stored.end,
        quote=best.quote,
        highlights=highlights,
        close=bool(best.hit.scores.cosine_sentence >= _CLOSE),
        scores=best.hit.scores,
        sha256=stored.sha256.hex(),
        also_in=tuple(_place(copy) for copy in copies),
        because=_because(best, asking),
    )


def _highlights(found: _Found, asking: _Asking) -> tuple[Highlight, ...]:
    """The sentences that answer best, by meaning and by the question's words, in reading order."""
    text, spans = found.document.text, found.stored.sentences
    weights = asking.weights
    shared = [sum(weights[term] for term in asking.finder(text[slice(*span)])) for span in spans]
    cosines = codes.cosines(sentence_codes([found.stored], len(asking.vector)), asking.vector)
    # What shared words tell is no BM25, so the floor of that does not hold.
    scores = fuse(cosines, np.array(shared, dtype=np.float32), floor=0.0)
    if asking.quantity:
        scores *= [1 if told else WITHOUT_QUANTITY for told in found.stored.quantities]
    order = np.argsort(-scores, kind="stable")[:_MOST_HIGHLIGHTS]
    chosen = [i for i in order.tolist() if scores[i] >= _NEARLY * scores[order[0]]]
    return tuple(_highlight(text, spans[i]) for i in sorted(chosen))


def _highlight(text: str, span: Span) -> Highlight:
    return Highlight(*span, text[slice(*span)])


def _place(found: _Found) -> Place:
    document, stored = found.document, found.stored
    return Place(
        doc_id=document.doc_id,
        passage_id=found.hit.passage_id,
        title=document.title,
        source=document.source,
        published=document.published,
        url=document.url,
        path=document.path,
        start=stored.start,
        end=stored.end,
    )


def _because(found: _Found, asking: _Asking) -> str:
    """Why the passage was found, in plain words."""
    scores = found.hit.scores
    in_text = _shared_words(found.quote, asking)
    in_front = _shared_words(_front(found), asking)
    parts = []
    if in_text:
        parts.append(f"The passage has the question's {_listed(in_text)}")
    if extra := [word for word in in_front if word.lower() not in map(str.lower, in_text)]:
        parts.append(f"its article is marked with {_listed(extra)}")
    if not parts:
        parts.append("It shares no telling word with the question")
    by_meaning = max(scores.cosine_sentence, scores.cosine_passage)
    nearness = (
        "very close"
        if by_meaning >= 0.6
        else "close"
        if by_meaning >= 0.4
        else "only loosely related"
    )
    what = "its best sentence" if scores.cosine_sentence >= scores.cosine_passage else "the passage"
    return (
        f"{'; '.join(parts)} (BM25 {scores.bm25:.2f}). In meaning, {what} is {nearness} to the "
        f"question (cosine {by_meaning:.2f})."
    )


def _front(found: _Found) -> str:
    """What of the article is indexed with the passage; see `lexical.Worded`."""
    document, start = found.document, found.stored.start
    first = not document.text[:start].strip()
    date = in_words(document.published) if document.published else ""
    return "\n".join([document.title if first else "", document.source or "", date])


def _shared_words(text: str, asking: _Asking) -> list[str]:
    """Words of `text` that the question has too, in any form, the most telling first."""
    words = asking.finder(text)
    return [words[term] for term in sorted(words, key=lambda one: (-asking.weights[one], one))][:5]


def _listed(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
