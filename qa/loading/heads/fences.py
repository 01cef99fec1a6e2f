"""Front matter line by line: `key: value` between two `---` lines, or `key = value`."""

import re
from collections.abc import Iterator

from qa.loading import labels

# Anything longer is text that begins with a horizontal rule.
LONGEST = 64 * 1024
# Text between two horizontal rules may look like one key.
LEAST = 2
END = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
# The line below tells a head from a horizontal rule.
_BEGIN = re.compile(r"""\n(---|\+\+\+)[ \t]*\n(?=["']?[^\W\d_][\w -]{0,40}["']?[ \t]?[:=])""")
_FACTS = (labels.TITLE, labels.DATE, labels.SOURCE, labels.AUTHOR, labels.URL)
_KNOWN = frozenset(name for names in _FACTS for name in names) | {"publishedfrom"}
_PAIR = re.compile(r"""["']?([^\W\d_][\w .:-]{0,40}?)["']?[ \t]*(?:=|:(?=[ \t]|$))[ \t]*(.*)""")
_ITEM = re.compile(r"[ \t]*-[ \t]+(\S.*)")
# A value that begins this way is not a single line of text.
_STRUCTURE = re.compile(r"[\[{&*!|>@`%]|- |[\"'](?!.*[\"']$)")


def fenced_heads(padded: str) -> Iterator[int]:
    """Where front matter begins in a text that is a run of articles with front matter.

    `padded` is the text with a newline in front, because that is what a head is looked for by.
    """
    at = 0
    while (found := _BEGIN.search(padded, at)) is not None:
        at = found.end()
        end = END[found[1]].search(padded, at, at + LONGEST)
        if end is not None and is_head(padded[at : end.start()]):
            yield found.start()
            at = end.end() - 1


def is_head(source: str) -> bool:
    """Whether the lines between two fences are keys with values, and not a text between rules."""
    lines = [line for line in source.split("\n") if line.strip()]
    ours = all(line[0].isspace() or line[0] in "#-]}" or _PAIR.fullmatch(line) for line in lines)
    return ours and len(pairs(source)[0]) >= LEAST


def pairs(source: str) -> tuple[dict[str, object], list[str]]:
    """The known keys with their values, and the names of the keys that cannot be parsed."""
    keys: dict[str, object] = {}
    lost: dict[str, None] = {}
    key, known = "", False
    for line in source.split("\n"):
        pair = _PAIR.fullmatch(line.rstrip())
        item = _ITEM.fullmatch(line.rstrip())
        if pair:
            key = pair[1]
            known = labels.folded(key) in _KNOWN
            value = pair[2].strip()
            if not known:
                continue
            if _STRUCTURE.match(value):
                lost[f"`{key}`"] = None
            else:
                keys.setdefault(key, _unquoted(value) if value else [])
        elif item and isinstance(items := keys.get(key), list):
            items.append(_unquoted(item[1]))
        elif known and line.strip():
            lost[f"`{key}`"] = None
    return keys, list(lost)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
