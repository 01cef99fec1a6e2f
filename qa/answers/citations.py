"""Texts that were found to citations: sentences highlighted, copies listed, the reason in words."""

from collections.abc import Mapping, Sequence

import numpy as np

from qa.answers.grouping import ALIKE, Found
from qa.answers.judging import Finding
from qa.answers.sentences import sentence_scores
from qa.answers.stories import cited_stories
from qa.retrieval.search import Ranking
from qa.store.seam import PassageStore
from qa.store.source_files import file_state
from qa.store.values import Analysis, Candidates, Question
from qa.text.days import in_words
from qa.types import Citation, CitedStory, Document, FileState, Highlight, Place, Scores

# A further sentence is highlighted when it answers nearly as well as the best one.
_NEARLY = 0.92
_MOST_HIGHLIGHTS = 3
# A citation is close to its question from this cosine of its best sentence on. Answers seldom have
# none: 2 of 5,928 on SQuAD, 7 of 125 over the shipped articles, against 20 of 20 to questions about
# something else (docs/evaluation.md).
_CLOSE = 0.3
# From here on the words of `because` say so more strongly.
_VERY_CLOSE = 0.6


def cite(
    question: Question,
    ranking: Ranking,
    groups: Sequence[Sequence[Found]],
    findings: Mapping[int, Finding],
    store: PassageStore,
) -> tuple[Citation, ...]:
    """A citation for each group of copies, in their order, with the copies listed under it.

    `findings` are what the reader made of the candidates that it read, by their place.
    """
    newer = _newer_versions([group[0] for group in groups], ranking.candidates)
    stories = cited_stories({group[0].document.doc_id for group in groups}, store)
    return tuple(
        _citation(
            rank,
            group,
            question,
            ranking,
            file_of(group[0].document, store),
            findings.get(group[0].place),
            newer.get(rank),
            stories.get(group[0].document.doc_id),
        )
        for rank, group in enumerate(groups, 1)
    )


def _newer_versions(cited: Sequence[Found], of: Candidates) -> dict[int, int]:
    """The rank of the newest version that is cited of a passage, by the rank of the passage."""
    vectors = of.vectors[[one.place for one in cited]]
    alike = vectors @ vectors.T >= ALIKE
    newest: dict[int, int] = {}
    for older, newer in np.argwhere(np.triu(alike, 1)).tolist():
        if _is_newer(cited[older].document, cited[newer].document):
            pair = older, newer
        elif _is_newer(cited[newer].document, cited[older].document):
            pair = newer, older
        else:
            continue
        # Comparing takes a while to import, and most questions find nothing to compare.
        from qa.answers.copies import is_version

        if is_version(cited[older].quote, cited[newer].quote):
            known = newest.setdefault(*pair)
            if _is_newer(cited[known].document, cited[pair[1]].document):
                newest[pair[0]] = pair[1]
    return {older + 1: newer + 1 for older, newer in newest.items()}


def _is_newer(older: Document, newer: Document) -> bool:
    """Whether the second article is certainly of a later day: "2024-02-09" is not, of "2024-02"."""
    before, after = older.published or "", newer.published or ""
    return bool(before) and before < after and not after.startswith(before)


def file_of(document: Document, store: PassageStore) -> FileState:
    """Whether the document's file is still the one that was indexed."""
    return file_state(document.path, store.stamp(document.path), document.file_sha256)


def _citation(
    rank: int,
    group: Sequence[Found],
    question: Question,
    ranking: Ranking,
    file: FileState,
    finding: Finding | None,
    newer_version: int | None,
    story: CitedStory | None,
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
        highlights=_highlights(best, question, of, finding),
        span=finding.span if finding else None,
        answers=finding.answers if finding else None,
        close=scores.cosine_sentence >= _CLOSE,
        scores=scores,
        sha256=of.sha256[best.place].hex(),
        also_in=tuple(_place(copy, of) for copy in copies),
        story=story,
        newer_version=newer_version,
        because=_because(best, scores, start, of.languages[best.place], question),
    )


def _highlights(
    found: Found, question: Question, of: Candidates, finding: Finding | None
) -> tuple[Highlight, ...]:
    """The answering sentences in reading order: the reader's where it holds that the passage
    answers, else those that are best by meaning and by the question's words."""
    if finding is not None and finding.answers:
        return (finding.sentence,)
    text, spans = found.document.text, of.spans_of_sentences(found.place)
    scores = sentence_scores(found, question, of)
    order = np.argsort(-scores, kind="stable")[:_MOST_HIGHLIGHTS]
    chosen = [i for i in order.tolist() if scores[i] >= _NEARLY * scores[order[0]]]
    return tuple(
        Highlight(start, end, text[start:end]) for start, end in (spans[i] for i in sorted(chosen))
    )


def _place(found: Found, of: Candidates) -> Place:
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


def _because(found: Found, scores: Scores, start: int, language: str, question: Question) -> str:
    """Why the passage was found, in plain words."""
    in_text = _shared_words(found.quote, language, question.words)
    in_front = _shared_words(_front(found.document, start), language, question.words)
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


def _shared_words(text: str, language: str, words: Analysis) -> list[str]:
    """Words of `text` that the question has too, in any form, the most telling first."""
    found = words.finder(text, language)
    best_first = sorted(found, key=lambda term: (-words.weights[term], term))
    return list(dict.fromkeys(found[term] for term in best_first))[:5]


def _listed(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
