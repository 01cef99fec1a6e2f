"""The metadata at the top of a text: YAML between two `---` lines, or TOML between two `+++` lines.

Much front matter is almost YAML: `title: Kim: the summit` lacks the required quotation marks. In
that case, lines are parsed individually as `key: value` or `key = value`, and lists as `- item`
below their key. A warning names each known key whose value cannot be parsed this way.
"""

import re
import tomllib

import yaml

from qa.loading import labels
from qa.loading.fields import Fields, facts_of, text_field, without_address
from qa.loading.heads import Head
from qa.loading.heads.fences import END, LEAST, LONGEST, pairs
from qa.loading.normalise import one_line

_BEGIN = re.compile(r"\s{0,64}(---|\+\+\+)[ \t]*\n")


def read(text: str) -> Head | None:
    """What the front matter of a text states, and the text below it; None without front matter."""
    record, body, problem = split(text)
    if not record and problem is None:
        return None
    fields = Fields(record)
    facts = facts_of(record, fields)
    stated = one_line(fields.text("origin"), 1000)
    unread = f"`{facts.unread}` looks like its date, but is not a key that nkqa reads"
    warnings = (problem, facts.doubt, unread if facts.unread else None)
    return Head(
        text=body,
        title=one_line(facts.title),
        source=one_line(_publisher(record) or facts.source),
        author=one_line(facts.author),
        published=facts.published,
        published_from=(stated or "front matter") if facts.published else None,
        url=one_line(facts.url, 2000),
        warnings=tuple(filter(None, warnings)),
    )


def _publisher(record: dict[str, object]) -> str | None:
    """`publisher` before `source`, which in front matter is more often where a text was found."""
    stated = {labels.folded(key): value for key, value in record.items()}
    return without_address(text_field(stated, "publisher") or "")


def split(text: str) -> tuple[dict[str, object], str, str | None]:
    """The keys, the text below them, and a warning about values that were lost."""
    begin = _BEGIN.match(text)
    start = begin.end() if begin else 0
    end = END[begin[1]].search(text, start, start + LONGEST) if begin else None
    if begin is None or end is None:
        return {}, text, None
    source, body = text[start : end.start()], text[end.end() :]
    try:
        keys = tomllib.loads(source) if begin[1] == "+++" else _values(source) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return _line_by_line(source, body, f"not YAML (line {line}: {error.problem})")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        kind = "TOML" if begin[1] == "+++" else "YAML"
        return _line_by_line(source, body, f"not {kind} ({type(error).__name__})")
    if not isinstance(keys, dict):
        # Text between two horizontal rules, unless it is lines of `key = value`.
        known, lost = pairs(source)
        return (known, body, _told(lost, "not YAML")) if len(known) >= LEAST else ({}, text, None)
    return {str(key): _plain(value) for key, value in keys.items()}, body, None


def _values(source: str) -> object:
    # The base loader keeps every scalar as a string: no dates, no numbers, no objects.
    loader = yaml.BaseLoader(source)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _plain(value: object) -> object:
    """The value as JSON has it; TOML has days and times of its own."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _line_by_line(source: str, body: str, why: str) -> tuple[dict[str, object], str, str | None]:
    """The result of `split` for front matter that cannot be parsed; `why` is the error."""
    keys, lost = pairs(source)
    return keys, body, _told(lost, why)


def _told(lost: list[str], why: str) -> str | None:
    return f"its front matter is {why}; not read: {', '.join(lost)}" if lost else None
