"""What the head of one article states, whatever kind of head it is."""

import re
from collections.abc import Sequence

from qa.loading import labels
from qa.loading.dates import find_date, parse_date
from qa.loading.fields import author_of, is_address
from qa.loading.heads import mail
from qa.loading.heads.exports import coded, counted, masthead, without_marks
from qa.loading.heads.labelled import BODY, Labels, is_notice, label_of, read_labels
from qa.loading.heads.tail import without_tail
from qa.loading.heads.values import Head, Piece
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.lines import byline, headline_like, prose

__all__ = ["Head", "Piece", "read_head"]

# Lines above the labels that may be a masthead and a headline.
_MOST_ABOVE = 12
_SHOWN = 80
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{0,500}\)")


def read_head(piece: Piece) -> Head:
    """The facts of a head, and the text without it; the text alone if it has no head.

    Raises: NotLoaded if it is a message without text.
    """
    text = mail.plain_message(piece.text)
    if text is not piece.text:
        text = normalise(text)
    lines = without_marks(text) if piece.export else text.split("\n")
    if (head := coded(lines) or counted(lines)) is not None:
        return head
    found = read_labels(lines, piece.export)
    if found is None and piece.export:
        found = _unlabelled(lines)
    if found is None:
        return Head(text.strip("\n"), verbatim=is_notice(lines))
    return _labelled(lines, found, piece.export)


def _unlabelled(lines: Sequence[str]) -> Labels:
    """The lines above the first paragraph of an export's article, or above a line "Body"."""
    for at, line in enumerate(lines):
        begins = labels.folded(line) in BODY
        if begins or prose(line):
            return Labels([line for line in lines[:at] if line.strip()], body=at + begins)
    return Labels([])


def _labelled(lines: list[str], found: Labels, export: bool) -> Head:
    body, tail = without_tail(lines[found.body :], export)
    for name, told in tail.items():
        found.values.setdefault(name, told)
    title = _first(found, labels.SUBJECT if found.message else labels.TITLE)
    above, source, published, dated = found.above, _source(found), None, None
    if found.message:
        above = [line for line in above if not label_of(line) and not line[0].isspace()]
    standing = masthead(lines[: _above(lines, found)]) if len(above) <= _MOST_ABOVE else None
    if standing is not None:
        named, paper, published, day, above = standing
        if title and named and named != title:
            above = [named, *above]
        title, source = title or named, source or paper
        dated = f'date line "{day}"'
    elif title is None and len(above) == 1 and headline_like(above[0]):
        title, above = one_line(above[0]), []
    elif title is not None and [one_line(line) for line in above] == [title]:
        above = []
    stated, line, doubt = _date(found)
    if stated:
        published, dated = stated, line
    author, paper = _author(found)
    if author is None and title and not found.begun and (signed := _signed(body)):
        author, body = signed
    kept = [doubt[1]] if doubt else []
    text = "\n".join([found.begun, *body]).strip("\n")
    return Head(
        text="\n\n".join(filter(None, (*above, *kept, *found.kept, text))),
        title=title,
        source=source or paper,
        author=author,
        published=published,
        published_from=dated if published else None,
        url=_first(found, labels.URL) or _address(found),
        warnings=(doubt[0],) if doubt else (),
        verbatim=is_notice(body),
    )


def _signed(body: list[str]) -> tuple[str, list[str]] | None:
    """The author in a byline that opens the text, and the text without it."""
    first = next((at for at, line in enumerate(body) if line.strip()), None)
    if first is None or len(body[first]) > _SHOWN or not (told := byline(body[first])):
        return None
    alone = told.author and not told.source and not told.published
    return (told.author, body[first + 1 :]) if told.author and alone else None


def _above(lines: Sequence[str], found: Labels) -> int:
    """How many lines stand above the first label."""
    left = len(found.above)
    for at, line in enumerate(lines):
        if line.strip():
            if not left:
                return at
            left -= 1
    return len(lines)


def _first(found: Labels, names: Sequence[str]) -> str | None:
    told = found.value(names)
    return _words(told[0]) if told else None


def _words(value: str) -> str | None:
    """A value on one line, without the address of a link."""
    return one_line(_LINK.sub(r"\1", value) if "](" in value else value)


def _source(found: Labels) -> str | None:
    stated = (found.values[name][0] for name in labels.SOURCE if name in found.values)
    return _words(next((name for name in stated if name and not is_address(name)), ""))


def _address(found: Labels) -> str | None:
    """The address that a label for the publisher holds."""
    stated = (found.values[name][0] for name in labels.SOURCE if name in found.values)
    return one_line(next((name for name in stated if "//" in name and is_address(name)), None))


def _author(found: Labels) -> tuple[str | None, str | None]:
    signed = labels.AUTHOR if found.message else (*labels.AUTHOR, *labels.BY)
    if (told := found.value(signed)) is not None:
        return author_of(_words(told[0])), None
    if found.message and (told := found.value(labels.SENDER)) is not None:
        return mail.sender(told[0])
    return None, None


def _date(found: Labels) -> tuple[str | None, str | None, tuple[str, str] | None]:
    """The date, the line that states it, and warning and line of a date that cannot be read."""
    names = (*labels.DATE, *labels.SENT) if found.message else labels.DATE
    told = found.value(names)
    if told is None:
        return None, None, None
    value, line = told
    line = " ".join(line.split())
    iso = parse_date(value)
    if iso is None and (day := find_date(value)):
        iso = day[0]
    if iso is None:
        return None, None, (f"the line {line[:_SHOWN]!r} has no date that can be read", line)
    shown = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    return iso, f'the line "{shown}"', None
