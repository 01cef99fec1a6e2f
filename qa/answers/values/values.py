"""The values of an answer, put together from the statements that were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answers.grouping import Found
from qa.answers.judging import Judged
from qa.answers.reading.judge import Judge
from qa.answers.values.relations import in_groups, relation_of, timeline_of
from qa.answers.values.statements import Given, statements
from qa.retrieval.search import Ranking
from qa.store.values import Question
from qa.text.quantities.cues import CUES
from qa.types import Highlight, Relation, Statement, Value

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
    texts: Sequence[Found],
    judged: Judged,
    by: Judge,
    ranks: Mapping[int, int],
) -> Values:
    """What the texts give for the figure that is asked for, the value of the best answer first, or
    the latest where the question asks for now. `ranks` are those of the citations, by candidate.

    There are none where the articles are silent or the best answers are no quantities.
    """
    if judged.verdict == "silent":
        return Values()
    groups = in_groups(statements(question, ranking, texts, judged, by))
    relation, timeline = relation_of(groups), timeline_of(groups)
    if question.asks_now and relation == "over_time":
        groups.sort(key=lambda group: max(_date(one) for one in group), reverse=True)
    return Values(
        tuple(_value(group, ranks) for group in groups),
        relation,
        tuple(_statement(given, ranks) for given in timeline) if relation == "over_time" else (),
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
    document, (first, last) = given.found.document, given.sentence
    end = given.quantity.end
    before = document.text[first : given.quantity.start]
    cues = CUES.search(before[-_CUES_WITHIN:])
    start = given.quantity.start - (len(cues[0]) if cues else 0)
    return Statement(
        text=document.text[start:end],
        start=start,
        end=end,
        sentence=Highlight(first, last, document.text[first:last]),
        rank=ranks.get(given.found.place),
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
