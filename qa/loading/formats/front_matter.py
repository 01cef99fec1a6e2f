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
from qa.loading.heads.fences import END, LEAST, LONGEST, is_head, pairs
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
    keys, why = _parsed(source, begin[1])
    if keys is not None:
        return keys, body, None
    known, lost = pairs(source)
    # Text between two horizontal rules, unless it is lines of `key: value` or `key = value`.
    if ("\n\n" in source and not is_head(source)) or (why is None and len(known) < LEAST):
        return {}, text, None
    problem = f"its front matter is not {why or 'YAML'}; not read: {', '.join(lost)}"
    return known, body, problem if lost else None


def _parsed(source: str, fence: str) -> tuple[dict[str, object] | None, str | None]:
    """The keys, or None and the error; there is none if the source is no list of keys."""
    try:
        keys = tomllib.loads(source) if fence == "+++" else _values(source) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return None, f"YAML (line {line}: {error.problem})"
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return None, f"{'TOML' if fence == '+++' else 'YAML'} ({type(error).__name__})"
    # A key as long as a sentence is one: text with a colon.
    if not isinstance(keys, dict) or any(len(str(key)) > labels.LONGEST for key in keys):
        return None, None
    return {str(key): _plain(value) for key, value in keys.items()}, None


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
