"""JSON Lines (.jsonl): one article per line, parsed line by line.

The keys are in `labels`, their values in `fields`. An invalid line becomes a Problem; all other
lines load. Citations are offsets into `text`, so the text is kept verbatim.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.fields import Facts, Fields, facts_of
from qa.loading.formats.plain import first_headline, opening
from qa.loading.limits import Limits, in_words

# Every passage repeats the metadata of its article, so metadata is truncated; an id cannot be.
_LONGEST_FACT = 2000
_LONGEST_ID = 1000


def read(stream: BinaryIO, limits: Limits) -> Iterator[Part]:
    """The articles of an open file, one by one; memory grows only with the number of ids."""
    seen: dict[str, tuple[int, bytes]] = {}
    warned: set[str] = set()
    for number, raw in _lines(stream, limits.line_bytes):
        try:
            if len(raw) > limits.line_bytes and not raw.endswith(b"\n"):
                raise NotLoaded(f"longer than {in_words(limits.line_bytes)}, the limit for a line")
            values = raw.count(b",") + raw.count(b"[") + raw.count(b"{")
            if values > limits.line_values:
                raise NotLoaded(
                    f"it has {values:,} commas and brackets; the limit for a line is "
                    f"{limits.line_values:,}"
                )
            record = _record(raw, number)
            name = _id(record)
            fields = Fields(record)
            facts = facts_of(record, fields)
            article = _article(fields, facts, limits)
            if facts.unread is not None and facts.unread not in warned:
                warned.add(facts.unread)
                article = _with_warning(article, facts.unread)
            if name is not None:
                _refuse_twice(seen, name, number, article)
            yield number, name, article
        except NotLoaded as error:
            yield number, None, error


def _lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each non-blank line; a line over `limit` is cut to `limit + 1` bytes."""
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.strip():
            yield number, raw
        while len(raw) > limit and not raw.endswith(b"\n"):
            if not (raw := stream.readline(limit + 1)):
                return


def _record(raw: bytes, number: int) -> dict[str, object]:
    try:
        record = json.loads(raw.decode("utf-8").rstrip())
    except UnicodeDecodeError as error:
        wide = number == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        told = "UTF-16; convert the file" if wide else f"byte {error.start + 1} is wrong"
        raise NotLoaded(f"not UTF-8: {told}") from error
    except RecursionError as error:
        raise NotLoaded("not usable JSON: nested too deeply") from error
    except json.JSONDecodeError as error:
        # A record is one line, so a line number from the json module would point to another record.
        raise NotLoaded(f"not JSON: {error.msg} at column {error.pos + 1}") from error
    except ValueError as error:
        raise NotLoaded(f"not JSON: {str(error)[:100]}") from error
    if not isinstance(record, dict):
        raise NotLoaded(f"not a JSON object but {_kind(record)}")
    return record


def _id(record: dict[str, object]) -> str | None:
    """The id verbatim; None if the line has no id."""
    for key in ("_id", "id"):
        value = record.get(key)
        # The id that MongoDB writes.
        value = value.get("$oid", value) if isinstance(value, dict) else value
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise NotLoaded(f"`{key}` is {_kind(value)}, expected a string or an integer")
        name = _sound(str(value), key)
        if len(name) > _LONGEST_ID:
            raise NotLoaded(f"`{key}` is longer than {_LONGEST_ID} characters")
        return name
    return None


def _article(fields: Fields, facts: Facts, limits: Limits) -> Article:
    found = (item for item in fields.items("text") if item[1] is not None)
    key, text = next(found, ("", None))
    if not key:
        raise NotLoaded("no `text` (nor `body`, nor `content`)")
    if not isinstance(text, str):
        raise NotLoaded(f"`{key}` is {_kind(text)}, expected a string")
    if not text.strip():
        raise NotLoaded(f"`{key}` is empty")
    if len(text) > limits.text_characters:
        raise NotLoaded(f"`{key}` is longer than {limits.text_characters} characters")
    return Article(
        text=_sound(text, key),
        title=_fact(facts.title, "title") or first_headline(text) or opening(text),
        source=_fact(facts.source, "source"),
        author=_fact(facts.author, "author"),
        published=facts.published,
        published_from=_fact(facts.dated_by and f"`{facts.dated_by}` of the record", "date"),
        url=_fact(facts.url, "url"),
        encoding="utf-8",
        warnings=(_sound(facts.doubt, "date"),) if facts.doubt else (),
    )


def _with_warning(article: Article, key: str) -> Article:
    told = (
        f"its date is unknown: `{key}` looks like one, but is not a key that nkqa reads; rename it "
        "to `published_at` if it is the date of publication (said once for the file)"
    )
    return replace(article, warnings=(*article.warnings, _sound(told, key)))


def _fact(text: str | None, key: str) -> str | None:
    return _sound(text[:_LONGEST_FACT].rstrip(), key) if text else None


def _sound(text: str, key: str) -> str:
    """The text unchanged, verified to be encodable as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotLoaded(f"`{key}` holds half of a surrogate pair at {error.start}") from error
    return text


def _refuse_twice(
    seen: dict[str, tuple[int, bytes]], name: str, number: int, article: Article
) -> None:
    digest = hashlib.blake2b(article.text.encode(), digest_size=16)
    digest.update(repr(replace(article, text="")).encode())
    content = digest.digest()
    if name not in seen:
        seen[name] = (number, content)
        return
    first, before = seen[name]
    if content == before:
        raise NotLoaded(f"a copy of line {first}: the same id {name!r} and the same content")
    raise NotLoaded(f"the id {name!r} is already that of line {first}, with other content")


def _kind(value: object) -> str:
    names = {str: "a string", bool: "true or false", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), "a number")
