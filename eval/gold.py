"""Gold questions, and the spans of articles that answer them.

One JSON object per line: `query_id`, `text`, `kind`, `answers`, `evidence` and an optional `note`.
Evidence is a list of groups. Every group is needed, and any span of a group is enough:
`[[a, b], [c]]` is "(a or b) and c". A span is a document and a verbatim quote, never a passage, so
that results do not depend on how articles are split. No evidence means that the articles do not
answer the question.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import InputError

_WHITE = re.compile(r"\s+")
_MOST_FAULTS = 20

TextOf = Callable[[str], str | None]
"""Returns the text of the document with this id, or None if there is none."""


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim quote from a document."""

    doc_id: str
    quote: str


Group = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question to evaluate. `unanswerable` means that the articles are known not to answer it; a
    question without evidence may also be one that nobody has labelled."""

    query_id: str
    text: str
    kind: str = ""
    answers: tuple[str, ...] = ()
    evidence: tuple[Group, ...] = ()
    note: str = ""
    unanswerable: bool = False


def without_space(text: str) -> str:
    """The text without (Unicode) white space, for comparing quotes.

    Case, accents and the style of quotation marks are kept.
    """
    return _WHITE.sub("", text)


def lines_of(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """The number and object of every line of a JSON Lines file, except blank lines.

    Raises `InputError` with the number of a line that is not a JSON object.
    """
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield number, _object(path, number, raw)
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from error


def _object(path: Path, number: int, raw: bytes) -> dict[str, object]:
    try:
        value = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} line {number} is not JSON: {str(error)[:100]}") from error
    if not isinstance(value, dict):
        raise InputError(f"{path} line {number} is not a JSON object.")
    return value


def load_gold(path: Path) -> tuple[Query, ...]:
    """The questions of a gold file in file order.

    Raises `InputError` with the line number for a violation of the format, and for a file without
    questions.
    """
    queries: list[Query] = []
    lines: dict[str, int] = {}
    for number, value in lines_of(path):
        query = _query(value, f"{path} line {number}")
        if query.query_id in lines:
            raise InputError(
                f"{path} line {number}: the id {query.query_id!r} is already that of line "
                f"{lines[query.query_id]}."
            )
        lines[query.query_id] = number
        queries.append(query)
    if not queries:
        raise InputError(f"{path} holds no question. `nkqa eval init FOLDER` starts a gold file.")
    return tuple(queries)


def sound_id(value: object, where: str, name: str) -> str:
    """The id as a string. Raises `InputError` if the TREC formats cannot store it: if it is empty
    or has white space. `where` and `name` are for the message."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value or _WHITE.search(value):
        raise InputError(f"{where}: `{name}` is {value!r}; expected an id without spaces.")
    return value


def _query(value: dict[str, object], where: str) -> Query:
    query_id = sound_id(value.get("query_id"), where, "query_id")
    text, kind, note = value.get("text"), value.get("kind", ""), value.get("note", "")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{where}: `text` is {text!r}; expected a question.")
    if text.startswith("REPLACE"):
        raise InputError(f"{where} is still the template's: {text!r}. Write a question there.")
    if not isinstance(kind, str) or not isinstance(note, str):
        raise InputError(f"{where}: `kind` and `note` are strings where they are given.")
    answers, evidence = value.get("answers", []), value.get("evidence", [])
    if not isinstance(answers, list) or not all(isinstance(one, str) for one in answers):
        raise InputError(f"{where}: `answers` is {answers!r}; expected a list of strings.")
    if not isinstance(evidence, list):
        raise InputError(f"{where}: `evidence` is not a list of groups.")
    groups = tuple(_group(group, where) for group in evidence)
    return Query(query_id, text, kind, tuple(answers), groups, note, unanswerable=not groups)


def _group(group: object, where: str) -> Group:
    if not isinstance(group, list) or not group:
        raise InputError(
            f"{where}: a group of evidence is {group!r:.80}; expected a list of one or more "
            'objects {"doc_id": ..., "quote": ...}.'
        )
    return tuple(span_of(span, where) for span in group)


def span_of(value: object, where: str) -> Span:
    """A span from its JSON object. Raises `InputError`."""
    if not isinstance(value, dict):
        raise InputError(f'{where}: a span is {value!r:.80}; expected {{"doc_id", "quote"}}.')
    doc_id, quote = value.get("doc_id"), value.get("quote")
    if not isinstance(doc_id, str) or not doc_id:
        raise InputError(f"{where}: a span lacks its `doc_id`.")
    if not isinstance(quote, str) or not quote.strip():
        raise InputError(f"{where}: the span in {doc_id!r} lacks its `quote`.")
    return Span(doc_id, quote)


def check_evidence(queries: Iterable[Query], text_of: TextOf, where: str) -> int:
    """The number of spans, after finding each in its document.

    Quotes are compared without white space. Raises `InputError` that lists the missing spans.
    """
    texts: dict[str, str | None] = {}
    count, faults = 0, []
    for query in queries:
        for span in (span for group in query.evidence for span in group):
            count += 1
            if span.doc_id not in texts:
                text = text_of(span.doc_id)
                texts[span.doc_id] = None if text is None else without_space(text)
            text = texts[span.doc_id]
            if text is None:
                faults.append(f"{query.query_id}: there is no article {span.doc_id!r}")
            elif without_space(span.quote) not in text:
                faults.append(f"{query.query_id}: not in {span.doc_id!r}: {span.quote!r:.100}")
    if faults:
        more = f"\n  and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
        listed = "".join(f"\n  {fault}" for fault in faults[:_MOST_FAULTS])
        raise InputError(f"The evidence of {where} does not fit the articles:{listed}{more}")
    return count


def qrels_of(queries: Iterable[Query]) -> dict[str, dict[str, int]]:
    """The documents with evidence, each with relevance 1, by id of the queries with evidence."""
    return {
        query.query_id: {span.doc_id: 1 for group in query.evidence for span in group}
        for query in queries
        if query.evidence
    }
