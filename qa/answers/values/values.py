"""The values of an answer: statements found, dated, attributed and grouped."""

import re
from collections.abc import Mapping, Sequence

from qa.answers.grouping import Found
from qa.answers.judging import Judged
from qa.answers.reading.judge import Judge
from qa.answers.values.relations import in_groups
from qa.answers.values.statements import Given, statements
from qa.retrieval.search import Ranking
from qa.store.values import Question
from qa.text.attribution import said_by
from qa.text.quantities.cues import CUES
from qa.types import Highlight, Statement, Value

# Characters in front of a figure in which its words of exactness stand.
_CUES_WITHIN = 40
# A sentence that says that something may be or will be, in the words before or around the figure.
_EXPECTED = re.compile(
    r"\b(?:could|would|may|might|should|expect(?:s|ed|ing)?|forecasts?|projected|predict(?:s|ed)?"
    r"|plans?|planned|planning|target(?:s|ed)?|aims?|hopes?|likely|if)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:—–()]|\s-+\s|\b(?:when|while|but|although|after|before|which|who)\b")


def values_of(
    question: Question,
    ranking: Ranking,
    texts: Sequence[Found],
    judged: Judged,
    by: Judge,
    ranks: Mapping[int, int],
) -> tuple[Value, ...]:
    """What the texts give for the figure that is asked for, the value of the best answer first, or
    the latest where the question asks for now. `ranks` are those of the citations, by candidate.

    None where the articles are silent or the best answers are no quantities.
    """
    if judged.verdict == "silent":
        return ()
    groups = in_groups(statements(question, ranking, texts, judged, by))
    values = [_value(group, ranks) for group in groups]
    if question.asks_now:
        values.sort(key=lambda value: max(one.as_of or "" for one in value.statements), reverse=True)
    return tuple(values)


def _value(group: Sequence[Given], ranks: Mapping[int, int]) -> Value:
    exact = min(group, key=lambda one: (one.quantity.bound is not None, one.quantity.precision))
    made = [_statement(given, ranks.get(given.found.place)) for given in group]
    text = made[group.index(exact)].text
    made.sort(key=lambda one: (one.as_of or "9999", one.rank or 1000))
    quantity = exact.quantity
    return Value(text, quantity.low, quantity.high, quantity.unit, tuple(made))


def _statement(given: Given, rank: int | None) -> Statement:
    document, (first, last) = given.found.document, given.sentence
    sentence = document.text[first:last]
    at = given.quantity.start - first
    date = given.as_of
    start = given.quantity.start - _cues_before(sentence[:at])
    return Statement(
        text=document.text[start : given.quantity.end],
        start=start,
        end=given.quantity.end,
        sentence=Highlight(first, last, sentence),
        rank=rank,
        doc_id=document.doc_id,
        title=document.title,
        source=document.source,
        published=document.published,
        said_by=said_by(sentence, at),
        as_of=date.date if date else None,
        as_of_from=date.come_from if date else None,
        expected=_is_expected(sentence, at),
    )


def _cues_before(text: str) -> int:
    """Characters of the words of exactness that end the text: "as many as "."""
    match = CUES.search(text[-_CUES_WITHIN:])
    return len(match[0]) if match else 0


def _is_expected(sentence: str, at: int) -> bool:
    """Whether the clause of the figure says that it may be or will be so."""
    before = _CLAUSE.split(sentence[:at])[-1]
    after = _CLAUSE.split(sentence[at:])[0]
    return _EXPECTED.search(f"{before} {after}") is not None
