"""The YAML between two `---` lines at the top of a Markdown file.

Much front matter is almost YAML: `title: Kim: the summit` lacks the required quotation marks. In
that case, lines are parsed individually as `key: value`, and lists as `- item` below their key. A
warning names each known key whose value cannot be parsed this way.
"""

import re

import yaml

from qa.loading.fields import AUTHOR_KEYS, DATE_KEYS, SOURCE_KEYS, TITLE_KEYS, URL_KEYS

# Anything longer is text that begins with a horizontal rule.
_LONGEST = 64 * 1024
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KNOWN = frozenset(
    key.lower()
    for key in (
        *TITLE_KEYS, *DATE_KEYS, *SOURCE_KEYS, *AUTHOR_KEYS, *URL_KEYS, "published_from",
    )
)  # fmt: skip
_PAIR = re.compile(r"([A-Za-z_][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(\S.*)")
# A value that begins this way is not a single line of text.
_STRUCTURE = re.compile(r"[\[{&*!|>@`%]|- |[\"'](?!.*[\"']$)")


def split(text: str) -> tuple[dict[str, object], str, str | None]:
    """The keys in lower case, the text below them, and a warning about values that were lost."""
    end = _END.search(text, 4, 4 + _LONGEST) if text.startswith("---\n") else None
    if end is None:
        return {}, text, None
    source, body = text[4 : end.start()], text[end.end() :]
    try:
        keys = _values(source) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return _line_by_line(source, body, f"line {line}: {error.problem}")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return _line_by_line(source, body, type(error).__name__)
    if not isinstance(keys, dict):
        # Text between two horizontal rules, not front matter.
        return {}, text, None
    return {str(key).lower(): value for key, value in keys.items()}, body, None


def _values(source: str) -> object:
    # The base loader keeps every scalar as a string: no dates, no numbers, no objects.
    loader = yaml.BaseLoader(source)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _line_by_line(source: str, body: str, why: str) -> tuple[dict[str, object], str, str | None]:
    """The result of `split` for front matter that is not YAML; `why` is the YAML error."""
    keys, lost = _pairs(source)
    told = f"its front matter is not YAML ({why}); not read: {', '.join(lost)}" if lost else None
    return keys, body, told


def _pairs(source: str) -> tuple[dict[str, object], list[str]]:
    """The known keys with their values, and the names of the keys that cannot be parsed."""
    keys: dict[str, object] = {}
    lost: dict[str, None] = {}
    key = ""
    for line in source.split("\n"):
        pair = _PAIR.fullmatch(line.rstrip())
        item = _ITEM.fullmatch(line.rstrip())
        if pair:
            key = pair[1].lower()
            value = (pair[2] or "").strip()
            if key not in _KNOWN:
                continue
            if _STRUCTURE.match(value):
                lost[f"`{key}`"] = None
            else:
                keys.setdefault(key, _unquoted(value) if value else [])
        elif item and isinstance(items := keys.get(key), list):
            items.append(_unquoted(item[1]))
        elif key in _KNOWN and line.strip():
            lost[f"`{key}`"] = None
    return keys, list(lost)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
