"""A head of labelled lines: `Title: ...`, `BYLINE: ...`, `Published Time: ...`.

A label counts only in a head: a run of labelled lines above the text, of which one names title,
author, publisher or address. So an article that begins "Date: 5 March, Place: the town hall" keeps
these lines as text, and no date is read from them. A label further down is text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.loading import labels
from qa.loading.fields import is_address
from qa.loading.scraped.lines import LONGEST, prose
from qa.loading.scraped.names import person

_LABEL = re.compile(
    r"[ \t]{0,3}(?:[-*•>] )?(?:[*_]{2})?(?P<name>[^\W\d_][\w /&.'’()-]{0,40}?)(?:[*_]{2})?"
    r"[ \t\xa0]?(?::(?:[*_]{2})?(?=[ \t\xa0]|$)|：)[ \t\xa0]*(?P<value>.*)"
)
# A head begins within so many lines that hold something, and no value is longer.
_LINES = 25
_VALUE = 300
_UNKNOWN = 120
# A value of so many words with a full stop is a sentence of the text.
_SENTENCE = 8
# Further labels that may stand in a head between known ones.
_AHEAD = 2
# A line without a label that is as long is no part of a head.
_LONG = 160
_NOTICE_LINES = 10
_LEAST = 2

KIND = {
    name: kind
    for kind, names in (
        ("other", labels.OTHER), ("kept", labels.KEPT), ("text", labels.TEXT),
        ("url", labels.URL), ("author", labels.AUTHOR), ("source", labels.SOURCE),
        ("date", labels.DATE), ("title", labels.TITLE), ("author", labels.BY),
    )
    for name in names
}  # fmt: skip
_MESSAGE = frozenset((*labels.SENDER, *labels.SUBJECT, *labels.SENT, *labels.RECIPIENT))
_NAMES = frozenset(("title", "author", "source", "url"))
_FACTS = _NAMES | {"date"}
_NO_HEADLINE = _MESSAGE.union(
    labels.TITLE, labels.DATE, labels.SOURCE, labels.AUTHOR, labels.URL, labels.TEXT, labels.EVENT,
    labels.WORK,
)  # fmt: skip
# A line of this alone stands above the text in an export.
BODY = frozenset(labels.BODY)
# No writer of articles uses these labels: each of them alone shows an export.
EXPORT = frozenset(labels.EXPORT)


@dataclass(slots=True)
class Labels:
    """The lines of a head. `above` are those over the first label, `kept` those of its lines that
    are text; the article's text begins with line `body`, whose first words may be `begun`."""

    above: list[str]
    message: bool = False
    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    begun: str = ""
    body: int = 0

    def value(self, names: Sequence[str]) -> tuple[str, str] | None:
        """The value and the line of the first of the names that has one."""
        stated = (self.values[name] for name in names if name in self.values)
        return next((told for told in stated if told[0]), None)

    def kinds(self) -> set[str]:
        """What is stated, whatever the label."""
        return {KIND[name] for name in self.values if name in KIND}


def label_of(line: str) -> tuple[str, str] | None:
    """The folded label of a line and what follows it; None if the line has none."""
    found = _LABEL.fullmatch(line) if len(line) <= LONGEST * 4 else None
    return (labels.folded(found["name"]), found["value"].strip()) if found else None


def is_labelled(line: str) -> bool:
    """Whether the line has a label that no headline begins with."""
    name, value = label_of(line) or ("", "")
    return name in _NO_HEADLINE or (name in labels.CREDIT and person(value) is not None)


def read_labels(lines: Sequence[str], export: bool) -> Labels | None:
    """The labelled head of a text; None if it has none."""
    first = _first(lines)
    if first is None:
        return None
    head = Labels([line for line in lines[:first] if line.strip()], _is_message(lines, first))
    if not head.message and not export and is_notice(lines):
        return None
    _collect(head, lines, first, export)
    return head if _is_head(head, export) else None


def opens_head(lines: Sequence[str]) -> str | None:
    """The first label of a head that begins with the first line and states more than one thing."""
    named = label_of(lines[0]) if lines else None
    if named is None or not _known(named[0], True):
        return None
    head = read_labels(lines, False)
    known = head is not None and not head.above and len(head.values) >= _LEAST
    whole = head is not None and (head.message or "title" in head.kinds())
    return named[0] if known and whole else None


def is_notice(lines: Sequence[str]) -> bool:
    """Whether the labels at the head are of something that the article is about: an event, with
    date, place and time; a book, with author and price. They state nothing of the article."""
    first = _first(lines)
    if first is None:
        return False
    head = _block(lines[: first + _NOTICE_LINES], first)
    named = {found[0] for line in head if (found := label_of(line))}
    if not named.isdisjoint(labels.WORK):
        return True
    when_and_where = named.intersection(labels.EVENT)
    kinds = {KIND.get(name) for name in named}
    titled = "title" in kinds
    signed = not kinds.isdisjoint(("author", "source", "url"))
    return "date" in kinds and not signed and len(when_and_where) > titled


def _first(lines: Sequence[str]) -> int | None:
    filled = ((at, line) for at, line in enumerate(lines) if line.strip())
    for _, (at, line) in zip(range(_LINES), filled, strict=False):
        named = label_of(line)
        if named and _known(named[0], True) and len(named[1]) <= _VALUE:
            return at
        if len(line) > _LONG or prose(line):
            break
    return None


def _known(name: str, message: bool) -> bool:
    return name in KIND or (message and name in _MESSAGE)


def _is_message(lines: Sequence[str], first: int) -> bool:
    """Whether the lines are the head of a message: who sent it, and of what, when or to whom."""
    names = set()
    for _, line in zip(range(_LINES), _block(lines, first), strict=False):
        if named := label_of(line):
            names.add(named[0])
    sender, subject, sent, recipient = (
        not names.isdisjoint(each)
        for each in (labels.SENDER, labels.SUBJECT, labels.SENT, labels.RECIPIENT)
    )
    return (sender and (subject or (sent and recipient))) or (subject and sent and recipient)


def _block(lines: Sequence[str], first: int) -> Iterator[str]:
    """The lines from `first` on, up to the first that has no label."""
    for line in lines[first:]:
        if line.strip() and not line[0].isspace() and not label_of(line):
            return
        yield line


def _collect(head: Labels, lines: Sequence[str], first: int, export: bool) -> None:
    """Reads the lines from `first` on into `head`, up to the article's text."""
    last, adjacent = "", True
    for at, line in enumerate(lines[first:], first):
        if not line.strip():
            adjacent = False
            continue
        named = label_of(line)
        kind = _kind(head, named, adjacent, export)
        if kind == "text" or (export and labels.folded(line) in BODY):
            head.begun, head.body = (named[1] if named and kind else ""), at + 1
            return
        if named and kind not in (None, "end"):
            last = named[0]
            head.values.setdefault(last, (named[1], line))
            if kind == "kept":
                head.kept.append(named[1])
        elif adjacent and line[0].isspace() and head.message and not last:
            continue
        elif adjacent and last and (line[0].isspace() or export or not head.values[last][0]):
            _continue(head, last, line)
        elif is_address(line) and _labels_ahead(lines, at + 1):
            head.values.setdefault("url", (line.strip(), line))
        elif named and kind is None and _is_unknown(lines, at, adjacent):
            last = ""
            if not head.message:
                head.kept.append(line.strip())
        else:
            head.body = at
            return
        adjacent = True
    head.body = len(lines)


def _kind(head: Labels, named: tuple[str, str] | None, adjacent: bool, export: bool) -> str | None:
    """What a label states; "end" if its line is no longer of this head, None if it is unknown."""
    if named is None:
        return None
    name, value = named
    if name in _MESSAGE and head.message:
        return "message" if adjacent or name not in head.values else "end"
    kind = KIND.get(name)
    if not adjacent and (head.message or (kind in _FACTS and name in head.values)):
        # The text of a message, or the head of the next article.
        return "end"
    if kind in (None, "kept", "text"):
        return kind
    if (kind != "other" and len(value) > _VALUE) or (not export and _is_sentence(value)):
        return "end"
    return kind


def _is_sentence(value: str) -> bool:
    return len(value.split()) >= _SENTENCE and value[-1] in '.!?…”"。'


def _is_unknown(lines: Sequence[str], at: int, adjacent: bool) -> bool:
    """Whether a line with an unknown label is one of a head: known labels stand around it."""
    return len(lines[at]) <= _UNKNOWN and (adjacent or _labels_ahead(lines, at + 1))


def _continue(head: Labels, name: str, line: str) -> None:
    """Appends a line to the value of the label above it."""
    value, shown = head.values[name]
    if len(value) <= LONGEST:
        head.values[name] = (f"{value} {line.strip()}".strip(), f"{shown} {line.strip()}")
    if KIND.get(name) == "kept":
        head.kept[-1:] = [f"{head.kept[-1]} {line.strip()}".strip()] if head.kept else []


def _labels_ahead(lines: Sequence[str], at: int) -> bool:
    ahead = [line for line in lines[at : at + 3 * _AHEAD] if line.strip()][:_AHEAD]
    return any(named and named[0] in KIND for named in map(label_of, ahead))


def _is_head(head: Labels, export: bool) -> bool:
    kinds = head.kinds()
    known = len(head.values)
    if head.message or export:
        return known > 0 or bool(head.begun)
    if head.begun or (known >= _LEAST and kinds & _NAMES):
        return bool(kinds & _NAMES)
    if known == 1 and kinds == {"title"}:
        return not head.above
    # `SECTION: ...` and `LENGTH: ...` below a headline.
    capitals = [line for _, line in head.values.values() if line.partition(":")[0].isupper()]
    return bool(EXPORT.intersection(head.values)) or len(capitals) >= _LEAST
