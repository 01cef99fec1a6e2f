"""Read the facts of an article from a JSON record or front matter.

A name may be written in any case, with any signs (`labels`). A value may be a string, a number,
a list, or one of the objects that programs write: `{"id": null, "name": "The Post"}`,
`{"main": ...}`, `{"$date": ...}`.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from qa.loading import labels
from qa.loading.dates import parse_date, parse_timestamp
from qa.loading.scraped.names import without_label

_NOTHING = frozenset({"", "null", "~", "none", "n/a", "nan", "unknown", "undefined", "nil"})
# Whether an article is published, under a key that elsewhere says when.
_FLAGS = frozenset({"0", "1", "true", "false", "yes", "no", "published", "draft"})
# A web address, the address of a mailbox, or a host with a path; a bare host may be a name.
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}:)?//\S*|(?:www\.|mailto:|@)\S*|[^\s@]{1,200}@[^\s@]{1,200}|"
    r"[\w.-]{1,200}\.[a-z]{2,24}/\S*",
    re.IGNORECASE,
)
_WEB = re.compile(r"[(<\[]?\b[a-z]{3,6}://[^\s)>\]]*[)>\]]?", re.IGNORECASE)
# `jv@post.example (Jonas Vale)`, `Jonas Vale <jv@post.example>`
_MAILBOX = re.compile(r"\S+@\S+ \((?P<a>[^()]+)\)|(?P<b>[^<>]+?)\s*[(<]\S+@\S+[)>]")
# Where an object holds its text, most reliable first.
_NAME_KEYS = (
    "name", "main", "original", "rendered", "full_name", "fullName", "display_name", "displayName",
    "title", "text", "value", "#text", "$t", "_text", "@value", "$oid",
)  # fmt: skip
_DATE_KEYS = ("$date", "$numberLong", "$numberDouble", "_seconds", "seconds", "date", "value",
              "#text", "$t", "@value", "iso")  # fmt: skip
_FIRST, _LAST = ("first", "firstname", "first_name"), ("last", "lastname", "last_name")
# Words in names of keys that a date of publication may have, and of keys that date something else.
_DATE_LIKE = re.compile(r"dat(?:e|um|a\b)|time|publi|posted|issued|pub|day\b|when|fecha", re.I)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DATES_ELSE = re.compile(
    r"(?:date|time)?(?:creat|updat|modif|crawl|scrap|fetch|retriev|access|index|collect|download|"
    r"seen|visit|expir|birth|event|start|ends?$|due$|dead|valid|last|load|import|insert|capture|"
    r"archiv|process|ingest|add|saved|revis|sync|copyright|embargo)"
)
_YEAR = re.compile(r"\d{4}")
_LONGEST_DATE = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record states. `dated_by` is the key that states the date; `doubt` is a key that does
    not, with its value, and `unread` a key that may state one and is not known."""

    title: str | None
    source: str | None
    author: str | None
    url: str | None
    published: str | None
    dated_by: str | None
    doubt: str | None
    unread: str | None


class Fields:
    """The values of a record by what they state ("title", "date", ...), most reliable first."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self._values: dict[str, list[tuple[int, str, object]]] = {}
        for key, value in record.items():
            if (named := labels.fact_of(key)) is not None:
                self._values.setdefault(named[0], []).append((named[1], key, value))

    def items(self, fact: str) -> Iterator[tuple[str, object]]:
        """Key and value of the names that state the fact."""
        found = self._values.get(fact, ())
        ranked = sorted(found, key=itemgetter(0)) if len(found) > 1 else found
        return ((key, value) for _, key, value in ranked)

    def each(self, fact: str) -> Iterator[str]:
        """The values that are not empty, as text."""
        return (text for _, value in self.items(fact) if (text := _text(value)))

    def text(self, fact: str) -> str | None:
        """The first value that is not empty, as text."""
        return next(self.each(fact), None)


def facts_of(record: Mapping[str, object], fields: Fields) -> Facts:
    """The facts of a record, whose `fields` are known."""
    published, dated_by, doubt = _date(fields)
    source, url = None, fields.text("url")
    for name in fields.each("source"):
        if (source := without_address(name)) is not None and not _is_number(source):
            break
        source = None
        url = url or (name if is_address(name) and "@" not in name else None)
    authors = (author for _, value in fields.items("author") if (author := author_of(value)))
    return Facts(
        title=fields.text("title"),
        source=source,
        author=next(authors, None),
        url=url,
        published=published,
        dated_by=dated_by,
        doubt=doubt,
        unread=_unread(record) if published is None and doubt is None else None,
    )


def text_field(record: Mapping[str, object], *keys: str) -> str | None:
    """The first non-empty value among `keys`, as text; lists of names are joined by commas."""
    return next((text for key in keys if (text := _text(record.get(key)))), None)


def author_of(value: object) -> str | None:
    """The authors in a value, without the "By" of a byline and without their addresses."""
    people = value[:20] if isinstance(value, list) else [value]
    names = (without_address(without_label(_person(each))) for each in people)
    return ", ".join(filter(None, names)) or None


def is_address(text: str) -> bool:
    """Whether the text is an address, of a page or of a mailbox, which is nobody's name."""
    return ("/" in text or "@" in text or "." in text) and bool(_ADDRESS.fullmatch(text.strip()))


def without_address(name: str) -> str | None:
    """The name without the address of a page in it; None if it is nothing but an address."""
    if "://" in name:
        name = _WEB.sub("", name)
        name = name.strip(" ,;|-–")
    if name.startswith("[[") and name.endswith("]]"):
        name = name[2:-2].rpartition("|")[2]
    return name if name and not is_address(name) else None


def _is_number(name: str) -> bool:
    """Whether what stands as a name is the number of a record, or a date."""
    return name.isdecimal() or (name[:1].isdecimal() and parse_date(name) is not None)


def _person(value: object) -> str:
    if isinstance(value, dict) and not _name(value):
        parts = (text_field(value, *keys) for keys in (_FIRST, _LAST))
        return " ".join(filter(None, parts))
    name = _text(value)
    found = _MAILBOX.fullmatch(name) if len(name) <= 400 and "@" in name else None
    return (found["a"] or found["b"]).strip(' "') if found else name


def _text(value: object) -> str:
    """A string, an integer, the name of an object, or a list of these; empty if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        # One level only: with aliases, ten lines of YAML can expand to 10**9 lists.
        return ", ".join(filter(None, map(_name, value[:20])))
    return _name(value)


def _name(value: object) -> str:
    """The text of a string, or of an object that holds one."""
    if isinstance(value, dict):
        texts = (value.get(key) for key in _NAME_KEYS)
        value = next((text for text in texts if isinstance(text, str) and text.strip()), None)
    text = value.strip() if isinstance(value, str) else ""
    return "" if text.casefold() in _NOTHING else text


def _date(fields: Fields) -> tuple[str | None, str | None, str | None]:
    """The date, the key that states it, and a key whose date cannot be read."""
    for key, value in fields.items("date"):
        written = _written(value)
        if not written or written.casefold() in _FLAGS:
            continue
        if iso := _day(written):
            return iso, key, None
        # "data" is "date" in Italian and Portuguese, and what it is in English.
        if labels.folded(key) != "data":
            return None, None, f"`{key}` is not a date that can be read: {written[:60]!r}"
    return None, None, None


def _day(written: str) -> str | None:
    return parse_date(written) or parse_timestamp(written)


def _written(value: object) -> str:
    """The date as it is written; empty if the value is empty."""
    for _ in range(3):
        if isinstance(value, dict):
            inner = next((value[key] for key in _DATE_KEYS if value.get(key) is not None), None)
            if inner is None:
                return repr(value)[:80] if value else ""
            value = inner
    if isinstance(value, list):
        numbers = [each for each in value[:3] if type(each) is int]
        if len(numbers) == 3:
            return "{:04d}-{:02d}-{:02d}".format(*numbers)
        value = value[0] if value else None
    if isinstance(value, float):
        value = "" if not math.isfinite(value) else int(value) if value == int(value) else value
    return str(value) if type(value) is float else _text(value)


def _unread(record: Mapping[str, object]) -> str | None:
    """A key that looks as if it stated the date of publication, and whose value is a day."""
    for key, value in record.items():
        if not _may_date(key) or isinstance(value, bool) or not value:
            continue
        written = _written(value)
        if len(written) > _LONGEST_DATE or not _YEAR.search(written):
            continue
        iso = parse_date(written)
        full = iso is not None and len(iso) == 10
        if (full and not written.isdigit()) or (_DATE_LIKE.search(key) and (full or _day(written))):
            return key
    return None


@lru_cache(1 << 10)
def _may_date(key: str) -> bool:
    """Whether the key is unknown, and dates nothing else than the publication."""
    if labels.fact_of(key) or key in ("_id", "id") or len(key) > labels.LONGEST:
        return False
    return not any(_DATES_ELSE.match(word.lower()) for word in _WORD.findall(key))
