"""One value of a record or of front matter, whatever shape its author gave it."""

from collections.abc import Mapping

_NOTHING = frozenset({"", "null", "~", "none", "n/a"})


def text_field(record: Mapping[str, object], *keys: str) -> str | None:
    """The first of `keys` that says something, as text; lists of names are joined by commas."""
    for key in keys:
        text = _text(record.get(key))
        if text.lower() not in _NOTHING:
            return text
    return None


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        # One level alone: aliases let ten lines of YAML nest a thousand million lists.
        return ", ".join(filter(None, map(_name, value[:20])))
    return _name(value)


def _name(value: object) -> str:
    """A person or publisher: a string, or an object that has a `name`."""
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""
