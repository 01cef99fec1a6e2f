"""What is said of an answer before its citations, in the words of every surface."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.types import Answer, Citation, Statement, Value

# A short answer of which the reader is less sure than this is not shown as an answer.
_UNLIKELY = 0.05
# Names and figures that are listed as not found.
_MOST_MISSING = 4


def lead(answer: Answer) -> str:
    """One or two sentences: whether the articles answer, and what. Empty where there is nothing to
    say, because passages were found and not read."""
    if not answer.citations:
        return "No passage passes these filters."
    if answer.verdict == "silent":
        return f"These articles do not seem to answer this.{_missing(answer)}"
    if answer.answer is None:
        return "Nothing here is close to the question in meaning." if is_far(answer) else ""
    found = answer.answer
    said = f"{found.text} ({found.source or 'publisher unknown'}, "
    said += f"{found.published or 'date unknown'}) [{found.rank}]"
    if answer.verdict == "answered":
        return said
    sure = answer.probability or 0
    if is_unlikely(answer):
        return f"No short answer is likely (best guess, {sure:.0%} sure: {said}).{_missing(answer)}"
    return f"Perhaps ({sure:.0%} sure): {said}{_missing(answer)}"


def is_unlikely(answer: Answer) -> bool:
    """Whether the short answer is a guess that is hardly right."""
    return answer.verdict == "perhaps" and (answer.probability or 0) < _UNLIKELY


def _missing(answer: Answer) -> str:
    if not answer.missing:
        return ""
    named = ", ".join(f"“{name}”" for name in answer.missing[:_MOST_MISSING])
    return f" Not found in the nearest passages: {named}."


def introduces(answer: Answer) -> str:
    """What the citations are, where they are no answer."""
    if answer.verdict == "silent" or (answer.verdict is None and is_far(answer)):
        return "The nearest passages:" if answer.citations else ""
    return ""


def is_far(answer: Answer) -> bool:
    """Whether nothing in the answer is close to its question in meaning."""
    return not any(citation.close for citation in answer.citations)


def is_marked(answer: Answer, citation: Citation) -> bool:
    """Whether the citation's highlights are shown as an answer: where the reader holds that the
    passage answers; where it did not read, wherever the passage is close to the question."""
    if answer.verdict is None or (answer.verdict != "silent" and citation.answers is None):
        return citation.close
    return answer.verdict != "silent" and bool(citation.answers)


def remark(answer: Answer, citation: Citation) -> str:
    """What is said of a citation that stands among answers and is none; empty for the others."""
    if introduces(answer):
        return ""
    if citation.answers is False:
        return "on the subject, without an answer"
    if citation.answers is None and not citation.close:
        return "not close to the question in meaning"
    return ""


def outdated(citation: Citation) -> str:
    """That a newer version of the citation's text is cited, and where; empty where none is."""
    newer = citation.newer_version
    return f"a newer version of this text is citation {newer}" if newer else ""


def by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations of each article together, articles in the order of their first ones."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.doc_id, []).append(citation)
    return list(found.values())


# Values that are listed, and places that are named of each.
_MOST_VALUES, _MOST_PLACES = 8, 2
_HEADINGS = {"differ": "Sources differ:", "over_time": "Over time:"}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A line of the list of values: the value, and who gives it."""

    value: str
    places: tuple[Statement, ...]
    more: int
    """Further statements that are not listed."""


def values_heading(answer: Answer) -> str:
    """What the values that are listed are; empty where there is nothing to list."""
    if len(answer.values) > 1:
        return _HEADINGS.get(answer.relation or "", "Figures given:")
    if answer.values and len({one.doc_id for one in answer.values[0].statements}) > 1:
        return "The same figure:" if answer.relation == "same" else "The same figure, rounded:"
    return ""


def value_rows(answer: Answer) -> list[ValueRow]:
    """The values with the statements of each, in order of time where they are of several times; of
    many the latest."""
    return (
        _all_rows(answer)[-_MOST_VALUES:]
        if answer.relation == "over_time"
        else (_all_rows(answer)[:_MOST_VALUES])
    )


def values_left_out(answer: Answer) -> str:
    """How many values are not listed, in words; empty where all are."""
    count = len(_all_rows(answer)) - _MOST_VALUES
    earlier = "earlier" if answer.relation == "over_time" else "more"
    return f"and {count} {earlier}" if count > 0 else ""


def _all_rows(answer: Answer) -> list[ValueRow]:
    if not values_heading(answer):
        return []
    if answer.relation == "over_time":
        rows = answer.timeline or sorted(
            (_first(value) for value in answer.values), key=lambda one: one.as_of or ""
        )
        return [ValueRow(one.text, (one,), 0) for one in rows]
    return [_row(value) for value in answer.values]


def _first(value: Value) -> Statement:
    return value.statements[0]


def _row(value: Value) -> ValueRow:
    by_article = {one.doc_id: one for one in reversed(value.statements)}
    places = sorted(by_article.values(), key=lambda one: (one.rank is None, one.rank or 0))
    shown = tuple(places[:_MOST_PLACES])
    text = shown[0].text if len(places) == 1 else value.text
    return ValueRow(text, shown, len(places) - len(shown))


def who_say(row: ValueRow) -> str:
    """Everyone who is listed as giving the value, and how many others do."""
    said = "; ".join(who_says(place) for place in row.places)
    return f"{said}; {row.more} more" if row.more else said


def who_says(statement: Statement) -> str:
    """Publisher, date, and whom the article cites, as "CNN, 2022-10-01, citing officials [2]"."""
    said = f"{statement.source or 'publisher unknown'}, {statement.published or 'date unknown'}"
    if statement.as_of_from == "sentence" and statement.as_of != statement.published:
        said += f", as of {statement.as_of}"
    if statement.said_by and statement.said_by != statement.source:
        said += f", citing {statement.said_by}"
    if statement.expected:
        said += ", as expected"
    return said + (f" [{statement.rank}]" if statement.rank else "")
