"""The places where the articles found give the figure that is asked for.

The reader says what the figure is: the quantity in its best answer. Other sentences state the same
thing where they are near to the question, count the same or have the same unit, and the reader
answers from them, too. Rules look at every sentence in a few milliseconds; the reader only sees
those that are left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.answers.grouping import Found
from qa.answers.judging import Judged
from qa.answers.reading.judge import answers
from qa.answers.reading.reader import Reader
from qa.answers.values.given import (
    Given,
    Sentence,
    confirmed,
    given_in,
    sentences_with_figures,
)
from qa.answers.values.same_thing import (
    Days,
    days_asked,
    is_earlier,
    is_of_another,
    is_within,
    names_found,
    same_measure,
)
from qa.store.values import Candidates, Question
from qa.text.quantities.asked import Asked, asked, fits

# A sentence is near to the question from this share of the score of the one with the answer on.
_NEAR = 0.75
# The best answer is the figure from this share of the nearest sentence's score on.
_NEAR_ENOUGH = 0.75
# Sentences that are read beyond the texts that were read, and the margin from which on the reader
# answers from one: the sentence alone is less than it was trained to read.
_READ_MORE = 8
_LEAST_MARGIN = -1.5


def statements(
    question: Question,
    candidates: Candidates,
    texts: Sequence[Found],
    judged: Judged,
    reader: Reader,
) -> tuple[Given, ...]:
    """The statements in the texts, at most one of each sentence, the one of the best answer first.

    None where the articles answer with no quantity of the kind that is asked for.
    """
    wanted, days = asked(question.text), days_asked(question.text)
    sentences = [
        sentence
        for found in texts
        for sentence in sentences_with_figures(question, candidates, found)
    ]
    read = [one for one in _read(sentences, judged, wanted) if is_within(one, days)]
    read = read or _found_by_kind(question.text, sentences, wanted, days, reader)
    if not read:
        return ()
    target = _target(read, judged)
    if not any(one.sentence.found.place == judged.best for one in read):
        # The best answer is of another kind, or is a figure that the rules cannot read.
        target = replace(target, read=False)
    read_sentences = {id(one.sentence) for one in read}
    near = [
        one
        for sentence in sentences
        if sentence.score >= _NEAR * target.score and id(sentence) not in read_sentences
        for one in given_in(sentence)
        if same_measure(one.quantity, target.quantity, wanted)
        and is_within(one, days)
        and not is_earlier(one)
        and not is_of_another(one, target, question)
        and names_found(question, one) >= names_found(question, target) - 1
    ]
    near.sort(key=lambda one: -one.score)
    others = [
        one
        for one in read
        if same_measure(one.quantity, target.quantity, wanted)
        and not is_of_another(one, target, question)
    ]
    return _one_of_each([target, *others, *_confirmed(question.text, near, reader)])


def _read(sentences: Iterable[Sentence], judged: Judged, wanted: Asked) -> list[Given]:
    """The quantities that the reader answers, of the kind that is asked for."""
    found = []
    for sentence in sentences:
        finding = judged.findings.get(sentence.found.place)
        if finding is None or not (finding.answers or sentence.found.place == judged.best):
            continue
        start, end = finding.span.start, finding.span.end
        if start < sentence.place[1] and sentence.place[0] < end:
            found += [
                confirmed(one, read=True)
                for one in given_in(sentence)
                if one.place()[0] < end and start < one.place()[1] and fits(one.quantity, wanted)
            ]
    return found


def _found_by_kind(
    question: str, sentences: Sequence[Sentence], wanted: Asked, days: Days | None, reader: Reader
) -> list[Given]:
    """The quantities of the kind that is asked for in the nearest sentences, where the reader is
    sure of them; for questions whose best answer is of another kind."""
    if wanted.kind == "any":
        return []
    near = [
        one
        for sentence in sorted(sentences, key=lambda one: -one.score)[:_READ_MORE]
        for one in given_in(sentence)
        if fits(one.quantity, wanted) and is_within(one, days) and not is_earlier(one)
    ]
    return [one for one in _confirmed(question, near, reader) if one.sure]


def _target(read: Sequence[Given], judged: Judged) -> Given:
    """The quantity of the best answer, or one that was read whose sentence says much more of what
    the question says."""
    nearest = max(read, key=lambda one: one.score)
    best = max(read, key=lambda one: (one.sentence.found.place == judged.best, one.score))
    return best if best.score >= _NEAR_ENOUGH * nearest.score else nearest


def _confirmed(question: str, near: Sequence[Given], reader: Reader) -> list[Given]:
    """Those that the reader answers from their sentence alone."""
    sentences = list({id(one.sentence): one.sentence for one in near}.values())[:_READ_MORE]
    if not sentences:
        return []
    readings = reader.read(question, [sentence.text for sentence in sentences])
    by_sentence = {
        id(sentence): reading for sentence, reading in zip(sentences, readings, strict=True)
    }
    return [
        confirmed(one, read=False, sure=answers(reading))
        for one in near
        if (reading := by_sentence.get(id(one.sentence)))
        and reading.margin > _LEAST_MARGIN
        and one.quantity.start < reading.end
        and reading.start < one.quantity.end
    ]


def _one_of_each(given: Iterable[Given]) -> tuple[Given, ...]:
    """The first of each sentence. Passages of one article may share a sentence."""
    found: dict[object, Given] = {}
    for one in given:
        found.setdefault((one.doc_id, one.sentence.place), one)
    return tuple(found.values())
