"""The places where the articles found give the figure that is asked for.

The reader says what the figure is: the quantity in its best answer. Other sentences state the same
thing where they are as near to the question, name as much of what it names, and count the same noun
or have the same unit. That looks at many more sentences than a reader could, in a millisecond.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answers.grouping import Found
from qa.answers.judging import Finding, Judged
from qa.answers.reading.confidence import Window
from qa.answers.reading.judge import Judge, answers
from qa.retrieval.search import Ranking
from qa.store.values import Question
from qa.text.attribution import said_by
from qa.text.as_of import AsOf, as_of
from qa.text.days import day_range
from qa.text.mentions import mentions, unmentioned
from qa.text.quantities import Quantity, quantities
from qa.text.quantities.asked import Asked, alike, asked, fits
from qa.types import Span

# A sentence is as near to the question as the one with the answer from this share of its score on.
_AS_NEAR = 0.65
# What a cosine counts beside the share of the question's words, in a sentence's score.
_MEANING = 0.6
# Sentences that are read beyond the texts that were read, and the margin from which on they answer.
READ_MORE = 8
_SURE = -1.5
# The most that one value of a thing is larger than another: of counts, and of what has a unit.
_GROWTH, _GROWTH_OF_MEASURES = 100.0, 10.0
# Days after a time that a question names within which articles report on it.
_REPORTED = 3
# A clause that says that something may be or will be.
_EXPECTED = re.compile(
    r"\b(?:could|would|may|might|should|expect(?:s|ed|ing)?|forecasts?|projected|predict(?:s|ed)?"
    r"|plans?|planned|planning|target(?:s|ed)?|aims?|hopes?|likely|if)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:—–()]|\s-+\s|\b(?:when|while|but|although|after|before|which|who)\b")
# What a sentence names as its place or subject: "In South Carolina, ...", "Lyft, meanwhile, said".
_NAME = r"[A-Z][\w.&'’-]*\w(?:\s+[A-Z][\w.&'’-]*\w)*"
_SCOPE = re.compile(
    rf"\b[Ii]n\s+((?!(?:January|February|March|April|May|June|July|August|September|October|November"
    rf"|December)\b){_NAME})|^\W*({_NAME})(?:,\s+meanwhile,)?\s+(?:said|says|will|is|are|was|has)\b"
)
# "Up from $3.73", "compared with 12 a year ago": the value of another time.
_EARLIER = re.compile(
    r"\b(?:up|down|rose|risen|fell|fallen|climbed|increase[sd]?|decrease[sd]?|dropped|jumped|revised"
    r"|adjusted)\b[^.;]{0,60}\bfrom\s+(?:\w+\s+){0,2}$"
    r"|\b(?:compared\s+(?:with|to)|versus)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A quantity that a sentence of a text gives; its offsets, and the sentence's, are those of the
    document.

    `score` says how near the sentence is to the question, `as_of` of what time it speaks, `said_by`
    whom it names as saying so, `expected` whether it says that it may be or will be so, `sure` whether
    the reader holds that it answers, and `read` whether it read the passage around it, too.
    """

    found: Found
    sentence: Span
    quantity: Quantity
    score: float
    as_of: AsOf | None
    said_by: str | None
    expected: bool
    sure: bool = False
    read: bool = False


def statements(
    question: Question, ranking: Ranking, texts: Sequence[Found], judged: Judged, by: Judge
) -> tuple[Given, ...]:
    """The statements in the texts, at most one of each sentence, the one of the best answer first.

    None where no answer that was read is a quantity.
    """
    given = [one for found in texts for one in _of_text(question, ranking, found)]
    wanted = asked(question.text)
    window = _window(question.text)
    given = [one for one in given if window is None or _within(one, window)]
    read = [one for one in given if _is_read(one, judged) and fits(one.quantity, wanted)]
    if not read:
        return ()
    target = min(read, key=lambda one: (one.found.place != judged.best, -one.score))
    named = _named(question, target)
    same = [one for one in given if _same_measure(one.quantity, target.quantity, wanted)]
    same = [one for one in same if _like_in_size(one.quantity, target.quantity)]
    near = [
        one
        for one in same
        if one not in read
        and not _is_of_another(one, target, question)
        and one.score >= _AS_NEAR * target.score
        and _named(question, one) >= named - 1
        and not _EARLIER.search(_before(one))
    ]
    near.sort(key=lambda one: -one.score)
    chosen = [replace(one, sure=True, read=True) for one in same if one in read]
    chosen += _confirmed(question, near, by)
    best: dict[tuple[str, Span], Given] = {}
    for one in sorted(chosen, key=lambda one: one.quantity is not target.quantity):
        best.setdefault((one.found.document.doc_id, one.sentence), one)
    return tuple(best.values())


def _window(question: str) -> tuple[int, int] | None:
    """The days of which the question asks, as ordinals; None where it names no time."""
    date = as_of(question, 0, None)
    if date is None:
        return None
    first, last = day_range(date.date)
    return first, last + _REPORTED


def _within(given: Given, window: tuple[int, int]) -> bool:
    """Whether the statement may speak of these days."""
    if given.as_of is None:
        return True
    first, last = day_range(given.as_of.date)
    return first <= window[1] and window[0] <= last


def _confirmed(question: Question, near: Sequence[Given], by: Judge) -> list[Given]:
    """Those that the reader answers from their sentence alone."""
    sentences = list(dict.fromkeys((one.found, one.sentence) for one in near))[:READ_MORE]
    if not sentences:
        return []
    windows = [
        Window(found.document.doc_id, found.document.text[slice(*span)], 1.0, 0.0, 0.0, 1.0)
        for found, span in sentences
    ]
    readings = by.judge(question.text, windows).readings
    spans = {
        key: (key[1][0] + reading.start, key[1][0] + reading.end, answers(reading))
        for key, reading in zip(sentences, readings, strict=True)
        if reading.margin > _SURE
    }
    return [
        replace(one, sure=span[2])
        for one in near
        if (span := spans.get((one.found, one.sentence)))
        and one.quantity.start < span[1]
        and span[0] < one.quantity.end
    ]


def _of_text(question: Question, ranking: Ranking, found: Found) -> Iterator[Given]:
    """Every quantity in the sentences of a text."""
    text, of = found.document.text, ranking.candidates
    columns = of.sentences(found.place)
    weights = question.words.weights
    total = sum(weights.values()) or 1.0
    for (start, end), cosine, has in zip(
        of.spans_of_sentences(found.place),
        of.sentence_cosines[columns].tolist(),
        of.has_quantity[columns].tolist(),
        strict=True,
    ):
        if not has:
            continue
        sentence = text[start:end]
        shared = sum(weights[term] for term in question.words.finder(sentence)) / total
        score = _MEANING * cosine + (1 - _MEANING) * shared
        for quantity in quantities(sentence):
            place = replace(quantity, start=start + quantity.start, end=start + quantity.end)
            at = quantity.start
            yield Given(
                found,
                (start, end),
                place,
                score,
                as_of(sentence, at, found.document.published),
                said_by(sentence, at),
                _is_expected(sentence, at),
            )


def _is_expected(sentence: str, at: int) -> bool:
    """Whether the clause of the figure says that it may be or will be so."""
    before = _CLAUSE.split(sentence[:at])[-1]
    after = _CLAUSE.split(sentence[at:])[0]
    return _EXPECTED.search(f"{before} {after}") is not None


def _is_read(given: Given, judged: Judged) -> bool:
    """Whether the quantity is what the reader answers of this text."""
    finding: Finding | None = judged.findings.get(given.found.place)
    if finding is None or not (finding.answers or given.found.place == judged.best):
        return False
    span, quantity = finding.span, given.quantity
    return quantity.start < span.end and span.start < quantity.end


def _same_measure(one: Quantity, target: Quantity, wanted: Asked) -> bool:
    """Whether both have one unit and count the same, as far as their nouns say."""
    return (
        one.unit == target.unit
        and fits(one, wanted)
        and (wanted.noun is not None or alike(one.noun, target.noun))
    )


def _like_in_size(one: Quantity, target: Quantity) -> bool:
    """Whether both may be values of one thing: a toll grows a hundredfold, a price does not."""
    most = _GROWTH if target.unit is None else _GROWTH_OF_MEASURES
    low, high = sorted((abs(one.high), abs(target.high)))
    return high <= most * low


def _is_of_another(one: Given, target: Given, question: Question) -> bool:
    """Whether the sentence speaks of something else than the question: it names another place,
    person or body in place of what the question names, or has the target's value as well."""
    text = _sentence(one)
    own = quantities(text)
    if any(is_equal(quantity, target.quantity) for quantity in own) and not is_equal(
        one.quantity, target.quantity
    ):
        return True
    if not unmentioned(mentions(question.text), (text,)):
        return False
    known = (question.text, _sentence(target), target.found.document.title, one.said_by or "")
    scopes = [" ".join((match[1] or match[2]).split()) for match in _SCOPE.finditer(text)]
    return bool(unmentioned(scopes, known))


def is_equal(one: Quantity, other: Quantity) -> bool:
    return (one.low, one.high, one.unit) == (other.low, other.high, other.unit)


def _sentence(given: Given) -> str:
    return given.found.document.text[slice(*given.sentence)]


def _named(question: Question, given: Given) -> int:
    """How many of the question's names the sentence, the text or the headline has."""
    names = mentions(question.text)
    document = given.found.document
    return len(names) - len(unmentioned(names, (document.title, given.found.quote)))


def _before(given: Given) -> str:
    return given.found.document.text[given.sentence[0] : given.quantity.start]
