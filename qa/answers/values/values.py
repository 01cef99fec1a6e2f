"""The values of an answer, put together from the statements that were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answers.grouping import Found, grouped
from qa.answers.judging import Judged
from qa.answers.reading.reader import Reader
from qa.answers.values.given import Given
from qa.answers.values.relations import in_groups, relation_of, timeline_of
from qa.answers.values.statements import statements
from qa.retrieval.search import Ranking
from qa.store.seam import PassageStore
from qa.store.values import Question
from qa.text.quantities import quantities
from qa.text.quantities.cues import CUES
from qa.types import Highlight, Relation, Statement, Value

# Texts whose sentences are looked at. The ranking has their articles in memory.
_LOOKED = 20
# Characters in front of a figure in which its words of exactness stand.
_CUES_WITHIN = 40
# Where a statement that is not cited, or of unknown time, is sorted.
_LAST = 1_000
_UNKNOWN = "9999"


@dataclass(frozen=True, slots=True)
class Values:
    """What an answer says of values: its `values`, `relation` and `timeline`."""

    values: tuple[Value, ...] = ()
    relation: Relation | None = None
    timeline: tuple[Statement, ...] = ()


def values_of(
    question: Question,
    ranking: Ranking,
    groups: Sequence[Sequence[Found]],
    judged: Judged,
    reader: Reader,
    store: PassageStore,
) -> Values:
    """What the articles give for the figure that is asked for, the value of the best answer first,
    or the latest where the question asks for now. `groups` are the texts that are cited, in order.

    There are none where the articles are silent or the best answers are no quantities.
    """
    if judged.verdict == "silent" or not (question.asks_quantity or _answers_figure(judged)):
        return Values()
    texts = [group[0] for group in grouped(question, ranking, _LOOKED, store)]
    given = statements(question, ranking.candidates, texts, judged, reader)
    ranks = {found.place: rank for rank, group in enumerate(groups, 1) for found in group}
    by_value = in_groups(given)
    relation, timeline = relation_of(by_value), timeline_of(by_value)
    if question.asks_now and relation == "over_time":
        by_value.sort(key=lambda group: max(_date(one) for one in group), reverse=True)
    return Values(
        tuple(_value(group, ranks) for group in by_value),
        relation,
        tuple(_statement(given, ranks) for given in timeline) if relation == "over_time" else (),
    )


def _answers_figure(judged: Judged) -> bool:
    return any(
        quantities(finding.span.text)
        for place, finding in judged.findings.items()
        if finding.answers or place == judged.best
    )


def _value(group: Sequence[Given], ranks: Mapping[int, int]) -> Value:
    exact = min(group, key=lambda one: (one.quantity.bound is not None, one.quantity.precision))
    made = sorted(
        (_statement(given, ranks) for given in group),
        key=lambda one: (one.as_of or _UNKNOWN, one.rank or _LAST),
    )
    quantity = exact.quantity
    return Value(
        _statement(exact, ranks).text, quantity.low, quantity.high, quantity.unit, tuple(made)
    )


def _statement(given: Given, ranks: Mapping[int, int]) -> Statement:
    found, (first, last) = given.sentence.found, given.sentence.place
    document, (start, end) = found.document, given.place()
    if cues := CUES.search(document.text[max(start - _CUES_WITHIN, first) : start]):
        start -= len(cues[0])
    return Statement(
        text=document.text[start:end],
        start=start,
        end=end,
        sentence=Highlight(first, last, given.sentence.text),
        rank=ranks.get(found.place),
        doc_id=document.doc_id,
        title=document.title,
        source=document.source,
        published=document.published,
        said_by=given.said_by,
        as_of=given.as_of.date if given.as_of else None,
        as_of_from=given.as_of.come_from if given.as_of else None,
        expected=given.expected,
    )


def _date(given: Given) -> str:
    return given.as_of.date if given.as_of else ""
