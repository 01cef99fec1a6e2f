"""Asks an index everything, and compares what it shows with what the sound index shows."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from embeddings.errors import Error
from embeddings.hashed import HashedEncoder
from qa import index_status, open_index
from tests.campaign.corpus import QUESTIONS, differences, sentences_in

_K = 8
_FILTER = {"since": "2015", "source": "coast daily"}
_OF_ARTICLE = (
    "title", "source", "author", "published", "published_from", "url", "path", "line", "file",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sound:
    """The articles of the sound index by id, and what each step of `ask` returned there.

    `quoted` is a citation; `ask` looks at its article and checks quotations from it.
    """

    articles: dict[str, dict[str, Any]]
    quoted: dict[str, Any]
    steps: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A step that raised an `Error` of nkqa, with its exit status."""

    kind: str
    status: int
    message: str


def sound(index: Path, encoder: HashedEncoder, doc_ids: Iterable[str]) -> Sound:
    """Asks an index that is known to be sound."""
    with open_index(index, encoder=encoder) as opened:
        articles = {one: dataclasses.asdict(opened.article(one)) for one in doc_ids}
        quoted = dataclasses.asdict(opened.ask(QUESTIONS[0], read=False).citations[0])
    return Sound(articles, quoted, ask(index, encoder, quoted))


def ask(index: Path, encoder: HashedEncoder, quoted: dict[str, Any]) -> dict[str, Any]:
    """What each step returned, or that it was refused. Other exceptions escape."""
    found: dict[str, Any] = {"status": _tried(lambda: index_status(index))}
    try:
        opened = open_index(index, encoder=encoder, recheck=False)
    except Error as error:
        return {**found, "open": _refused(error)}
    passage, doc_id = quoted["passage_id"], quoted["doc_id"]
    sentence = quoted["highlights"][0]["text"]
    with opened:
        for question in QUESTIONS:
            found[question] = _tried(partial(opened.ask, question, _K, read=False))
        found["filtered"] = _tried(lambda: opened.ask(QUESTIONS[0], _K, read=False, **_FILTER))
        found["article"] = _tried(lambda: opened.article(doc_id))
        found["passage"] = _tried(lambda: opened.article(passage))
        found["quotation"] = _tried(lambda: opened.check_quote(passage, sentence))
        wrong = sentence.replace("Some ", "Over ")
        found["misquotation"] = _tried(lambda: opened.check_quote(doc_id, wrong))
        found["citation"] = _tried(lambda: opened.check_quote(passage))
        found["sources"] = _tried(lambda: opened.sources())
        found["listed"] = _tried(lambda: opened.articles(_K, **_FILTER))
        found["counted"] = _tried(lambda: opened.publishers(since=_FILTER["since"]))
    return found


def _tried(step: Callable[[], Any]) -> Any:
    try:
        value = step()
    except Error as error:
        return _refused(error)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = dataclasses.asdict(value)
    # Seconds, the other generations, and the path of the index, which is a copy here.
    passing = (
        {"timings", "generations"} if "doc_id" in fields else {"timings", "generations", "path"}
    )
    return {name: field for name, field in fields.items() if name not in passing}


def _refused(error: Error) -> Refused:
    return Refused(type(error).__name__, error.exit_status, str(error))


def false(found: dict[str, Any], sound: Sound, *, exact: bool) -> Iterator[str]:
    """Each difference to the sound index. Order and scores count only with `exact`."""
    for step, value in found.items():
        if isinstance(value, Refused):
            if value.status != 4:
                yield f"{step}: {value.kind}: {value.message}"
        elif "citations" not in value or exact:
            yield from differences(value, sound.steps[step], step)
        else:
            yield from _false_answer(step, value, sound)


def _false_answer(step: str, answer: dict[str, Any], sound: Sound) -> Iterator[str]:
    expected = sound.steps[step]
    if len(answer["citations"]) != len(expected["citations"]):
        yield f"{step}: {len(answer['citations'])} citations, not {len(expected['citations'])}"
    if answer["undated"] != expected["undated"]:
        yield f"{step}: {answer['undated']} articles without a date, not {expected['undated']}"
    if answer["sourceless"] != expected["sourceless"]:
        yield f"{step}: {answer['sourceless']} without a publisher, not {expected['sourceless']}"
    for citation in answer["citations"]:
        for place in (citation, *citation["also_in"]):
            yield from (f"{step}: {one}" for one in _false_place(place, sound))
        article = sound.articles.get(citation["doc_id"], {"text": ""})
        yield from (f"{step}: {one}" for one in _false_quote(citation, article["text"]))
        if step == "filtered" and not _passes(article):
            yield f"{step}: {citation['doc_id']!r}, which the filters exclude"


def _passes(article: dict[str, Any]) -> bool:
    published, source = article.get("published") or "", article.get("source") or ""
    return published >= _FILTER["since"] and source.lower() == _FILTER["source"]


def _false_place(place: dict[str, Any], sound: Sound) -> Iterator[str]:
    """Each wrong field by which a citation names its article and passage."""
    article = sound.articles.get(place["doc_id"])
    if article is None:
        yield f"there is no article {place['doc_id']!r}"
        return
    for name in _OF_ARTICLE:
        if name in place and place[name] != article[name]:
            yield f"{name} is {place[name]!r}, not {article[name]!r}"
    if place["passage_id"] != f"{place['doc_id']}#{place['start']}-{place['end']}":
        yield f"passage {place['passage_id']!r} is from {place['start']} to {place['end']}"


def _false_quote(citation: dict[str, Any], text: str) -> Iterator[str]:
    quote, sentences = citation["quote"], sentences_in(text)
    if quote != text[citation["start"] : citation["end"]]:
        yield f"the quote {quote[:60]!r} is not the text at its place"
    elif not sentences_in(quote) <= sentences:
        yield f"the quote {quote[:60]!r} begins or ends inside a sentence"
    if citation["sha256"] != hashlib.sha256(quote.encode()).hexdigest():
        yield f"the hash {citation['sha256']} is not that of the quote"
    for one in citation["highlights"]:
        if one["text"] not in sentences or one["text"] != text[one["start"] : one["end"]]:
            yield f"the highlight {one['text'][:60]!r} is no sentence of the text at its place"
