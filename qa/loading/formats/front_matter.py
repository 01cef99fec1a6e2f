"""The YAML between two `---` lines at the top of a Markdown file.

Much front matter is nearly YAML: `title: Kim: the summit` needs quotation marks that nobody writes.
Then its lines are read one by one as `key: value`, and lists as `- item` below their key; what
cannot be read so is told, when it is a key that tells something of the article.
"""

import re

import yaml

from qa.loading.fields import AUTHOR_KEYS, DATE_KEYS, SOURCE_KEYS, TITLE_KEYS, URL_KEYS

# Longer front matter is text that happens to begin with a rule.
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
# A value that begins so is more than one line of text.
_STRUCTURE = re.compile(r"[\[{&*!|>@`%]|- |[\"'](?!.*[\"']$)")


def split(text: str) -> tuple[dict[str, object], str, str | None]:
    """The keys in small letters, the text below them, and what was lost when they are not YAML."""
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
        # Text between two rules, and no front matter.
        return {}, text, None
    return {str(key).lower(): value for key, value in keys.items()}, body, None


def _values(source: str) -> object:
    # The base loader leaves every value the text it is: no dates, no numbers, no objects.
    loader = yaml.BaseLoader(source)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _line_by_line(source: str, body: str, why: str) -> tuple[dict[str, object], str, str | None]:
    """What `split` gives for front matter that is not YAML, `why` being where it is not."""
    keys, lost = _pairs(source)
    told = f"its front matter is not YAML ({why}); not read: {', '.join(lost)}" if lost else None
    return keys, body, told


def _pairs(source: str) -> tuple[dict[str, object], list[str]]:
    """The keys we know with their values, and the names of those that cannot be read."""
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
