"""The texts that retrieval found, read: whether they answer the question, and in which words.

Of each text a window is read, the sentence that answers best as far as retrieval can tell with its
neighbours: docs/reader.md has what that costs and loses against reading whole passages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.answers.grouping import Found
from qa.answers.reading.confidence import Window
from qa.answers.reading.judge import Judge, answers
from qa.answers.reading.reader import Reading
from qa.answers.reading.windows import window_around
from qa.answers.sentences import sentence_scores
from qa.retrieval.search import Ranking
from qa.store.values import Question
from qa.text.mentions import mentions, unmentioned
from qa.types import Highlight, ShortAnswer, Span, Verdict

# Texts that are read, however many citations are asked for. Eight find no more answers than five,
# and three lose a few.
READ = 5
# The languages that the shipped reader was trained for.
_READABLE = frozenset({"en"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What the reader made of one text: the span that answers best, the sentence or sentences that
    it stands in, and whether it answers. Places are in the document."""

    span: Highlight
    sentence: Highlight
    answers: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What reading says of a question. `findings` are by candidate; `best` is the candidate whose
    span is the best answer, None where nothing was read."""

    findings: Mapping[int, Finding]
    best: int | None
    verdict: Verdict
    probability: float
    missing: tuple[str, ...]


def is_readable(ranking: Ranking, texts: Sequence[Found]) -> bool:
    """Whether the best of the texts is in a language of the reader; true without texts.

    In another language, what it says of an answer would be a guess, and so would be its silence.
    """
    return not texts or ranking.candidates.languages[texts[0].place] in _READABLE


def judge(question: Question, ranking: Ranking, texts: Sequence[Found], by: Judge) -> Judged:
    """The judgement on the texts, best first; with none the articles are silent."""
    named = mentions(question.text)
    if not texts:
        return Judged({}, None, "silent", 0.0, named)
    spans = [_window(found, question, ranking) for found in texts]
    wholes = [_whole(found) for found in texts]
    windows = [
        _described(found, span, whole, question, ranking, named)
        for found, span, whole in zip(texts, spans, wholes, strict=True)
    ]
    judgement = by.judge(question.text, windows, len(ranking.candidates))
    findings = {
        found.place: _finding(found, span[0], reading, ranking)
        for found, span, reading in zip(texts, spans, judgement.readings, strict=True)
    }
    best = texts[judgement.best].place
    if judgement.verdict != "silent":
        # The passage of the answer that is shown is one that answers, however unsure that is.
        findings[best] = replace(findings[best], answers=True)
    missing = unmentioned(named, wholes)
    return Judged(findings, best, judgement.verdict, judgement.probability, missing)


def _window(found: Found, question: Question, ranking: Ranking) -> Span:
    """The characters of the document that are read."""
    scores = sentence_scores(found, question, ranking.candidates)
    return window_around(int(scores.argmax()), ranking.candidates.spans_of_sentences(found.place))


def _described(
    found: Found,
    span: Span,
    whole: str,
    question: Question,
    ranking: Ranking,
    named: Sequence[str],
) -> Window:
    weights = question.words.weights
    total = sum(weights.values()) or 1.0
    place = found.place
    language = ranking.candidates.languages[place]
    absent = unmentioned(named, [whole])
    return Window(
        article=found.document.doc_id,
        text=found.document.text[slice(*span)],
        fused=float(ranking.fused[place]),
        cosine=float(ranking.sentence[place]),
        terms=sum(weights[term] for term in question.words.finder(whole, language)) / total,
        names=1 - len(absent) / len(named) if named else 1.0,
    )


def _whole(found: Found) -> str:
    """The passage under its headline, as a person reads it."""
    document = found.document
    return f"{document.title}\n{document.source or ''}\n{found.quote}"


def _finding(found: Found, offset: int, reading: Reading, ranking: Ranking) -> Finding:
    text = found.document.text
    start, end = offset + reading.start, offset + reading.end
    around = [
        (first, last)
        for first, last in ranking.candidates.spans_of_sentences(found.place)
        if first <= start < last or start < last <= end
    ]
    first, last = (around[0][0], around[-1][1]) if around else (start, end)
    return Finding(
        span=Highlight(start, end, text[start:end]),
        sentence=Highlight(first, last, text[first:last]),
        answers=answers(reading),
    )


def best_first(groups: Sequence[list[Found]], judged: Judged) -> list[list[Found]]:
    """The groups with that of the best answer in front, where the articles may answer."""
    if judged.verdict == "silent":
        return list(groups)
    return sorted(groups, key=lambda group: group[0].place != judged.best)


def short_answer(judged: Judged, groups: Sequence[Sequence[Found]]) -> ShortAnswer | None:
    """The best answer, which is cited among `groups`; None where the articles are silent."""
    if judged.verdict == "silent":
        return None
    for rank, (found, *_) in enumerate(groups, 1):
        if found.place == judged.best:
            finding, document = judged.findings[found.place], found.document
            return ShortAnswer(
                text=finding.span.text,
                start=finding.span.start,
                end=finding.span.end,
                sentence=finding.sentence,
                rank=rank,
                doc_id=document.doc_id,
                source=document.source,
                published=document.published,
            )
    return None
