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
from qa.answers.reading.judge import Judge
from qa.retrieval.search import Ranking
from qa.store.values import Question
from qa.text.mentions import mentions, unmentioned
from qa.text.quantities import Quantity, quantities
from qa.text.quantities.nouns import singular
from qa.types import Span

# A sentence is as near to the question as the one with the answer from this share of its score on.
_AS_NEAR = 0.75
# What a cosine counts beside the share of the question's words, in a sentence's score.
_MEANING = 0.6
# Nouns that news uses for one another when it counts.
_ALIKE = tuple(
    frozenset(line.split())
    for line in """\
person death dead fatality victim life civilian casualty body
worker laborer labourer employee staffer job
soldier troop serviceman personnel
case infection
refugee migrant person
customer home household person resident
article document record file
user person customer
""".splitlines()
)
# Sentences that are read beyond the texts that were read, and the margin from which on they answer.
READ_MORE = 8
_SURE = 0.0
_HOW_MANY = re.compile(r"\bhow many\s+((?:[\w'’-]+\s+){1,5})", re.IGNORECASE)
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
    document. `score` says how near the sentence is to the question."""

    found: Found
    sentence: Span
    quantity: Quantity
    score: float


def statements(
    question: Question, ranking: Ranking, texts: Sequence[Found], judged: Judged, by: Judge
) -> tuple[Given, ...]:
    """The statements in the texts, at most one of each sentence, the one of the best answer first.

    None where no answer that was read is a quantity.
    """
    given = [one for found in texts for one in _of_text(question, ranking, found)]
    read = [one for one in given if _is_read(one, judged)]
    if not read:
        return ()
    target = min(read, key=lambda one: (one.found.place != judged.best, -one.score))
    named = _named(question, target)
    asked = asked_noun(question.text)
    same = [one for one in given if one is target or _same_measure(one, target, asked)]
    near = [
        one
        for one in same
        if one not in read
        and one.score >= _AS_NEAR * target.score
        and _named(question, one) >= named
        and not _EARLIER.search(_before(one))
    ]
    near.sort(key=lambda one: -one.score)
    chosen = [one for one in same if one in read] + _confirmed(question, near, by)
    best: dict[tuple[str, Span], Given] = {}
    for one in sorted(chosen, key=lambda one: one is not target):
        best.setdefault((one.found.document.doc_id, one.sentence), one)
    return tuple(best.values())


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
        key: (key[1][0] + reading.start, key[1][0] + reading.end)
        for key, reading in zip(sentences, readings, strict=True)
        if reading.margin > _SURE or reading.answered > _SURE
    }
    return [
        one
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
            yield Given(found, (start, end), place, score)


def _is_read(given: Given, judged: Judged) -> bool:
    """Whether the quantity is what the reader answers of this text."""
    finding: Finding | None = judged.findings.get(given.found.place)
    if finding is None or not (finding.answers or given.found.place == judged.best):
        return False
    span, quantity = finding.span, given.quantity
    return quantity.start < span.end and span.start < quantity.end


def _same_measure(one: Given, target: Given, asked: str | None) -> bool:
    """Whether both have one unit and count the same, as far as their nouns say."""
    if one.quantity.unit != target.quantity.unit:
        return False
    noun, expected = one.quantity.noun, target.quantity.noun or asked
    if noun is None or expected is None or noun in (expected, asked):
        return True
    return any({noun, expected} <= alike or {noun, asked} <= alike for alike in _ALIKE)


def asked_noun(question: str) -> str | None:
    """What a question asks the number of, in the singular: "how many North Korean workers"."""
    match = _HOW_MANY.search(question)
    if not match:
        return None
    return next((singular(word) for word in match[1].lower().split() if singular(word) != word), None)


def _named(question: Question, given: Given) -> int:
    """How many of the question's names the sentence, the text or the headline has."""
    names = mentions(question.text)
    document = given.found.document
    return len(names) - len(unmentioned(names, (document.title, given.found.quote)))


def _before(given: Given) -> str:
    return given.found.document.text[given.sentence[0] : given.quantity.start]
