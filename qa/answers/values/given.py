"""A figure that a sentence gives, and what the sentence says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.answers.grouping import Found
from qa.store.values import Candidates, Question
from qa.text.as_of import AsOf, as_of
from qa.text.attribution import said_by
from qa.text.quantities import Quantity, quantities
from qa.types import Span

# What a cosine counts beside the share of the question's words, in a sentence's score.
_MEANING = 0.6
# A clause that says that something may be or will be.
_EXPECTED = re.compile(
    r"\b(?:(?-i:may)|could|would|might|should|expect(?:s|ed|ing)?|forecasts?|projected|predict(?:s|ed)?"
    r"|plans?|planned|planning|target(?:s|ed)?|aims?|hopes?|likely|if)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:—–()]|\s-+\s|\b(?:when|while|but|although|after|before|which|who)\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text that was found, its place in the document, and how near it is to the
    question: by meaning and by the share of the question's words, 0 to about 1."""

    found: Found
    place: Span
    score: float

    @property
    def text(self) -> str:
        return self.found.document.text[slice(*self.place)]


@dataclass(frozen=True, slots=True)
class Given:
    """A quantity that a sentence gives; its offsets are in the sentence.

    `as_of` is the time of which the sentence speaks, `said_by` whom it names as saying so, and
    `expected` whether it says that it may be or will be so. `sure`: the reader holds that it
    answers; `read`: it does so beside the rest of the passage.
    """

    sentence: Sentence
    quantity: Quantity
    as_of: AsOf | None
    said_by: str | None
    expected: bool
    sure: bool = False
    read: bool = False

    @property
    def doc_id(self) -> str:
        return self.sentence.found.document.doc_id

    @property
    def score(self) -> float:
        return self.sentence.score

    def place(self) -> Span:
        """The place of the quantity in the document."""
        offset = self.sentence.place[0]
        return offset + self.quantity.start, offset + self.quantity.end


def sentences_with_figures(
    question: Question, candidates: Candidates, found: Found
) -> Iterator[Sentence]:
    """The sentences of a text that state a quantity."""
    columns, language = candidates.sentences(found.place), candidates.languages[found.place]
    weights = question.words.weights
    total = sum(weights.values()) or 1.0
    for place, cosine, has in zip(
        candidates.spans_of_sentences(found.place),
        candidates.sentence_cosines[columns].tolist(),
        candidates.has_quantity[columns].tolist(),
        strict=True,
    ):
        if has:
            words = question.words.finder(found.document.text[slice(*place)], language)
            shared = sum(weights[term] for term in words) / total
            yield Sentence(found, place, _MEANING * cosine + (1 - _MEANING) * shared)


def given_in(sentence: Sentence) -> Iterator[Given]:
    """Every quantity of a sentence, with what the sentence says of it."""
    text, published = sentence.text, sentence.found.document.published
    for quantity in quantities(text):
        at = quantity.start
        yield Given(
            sentence, quantity, as_of(text, at, published), said_by(text, at), _expected(text, at)
        )


def _expected(text: str, at: int) -> bool:
    clause = f"{_CLAUSE.split(text[:at])[-1]} {_CLAUSE.split(text[at:])[0]}"
    return _EXPECTED.search(clause) is not None


def confirmed(given: Given, *, read: bool, sure: bool = True) -> Given:
    """The same as a statement that the reader answers."""
    return replace(given, read=read, sure=sure)
