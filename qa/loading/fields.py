"""Read a field of a JSON record or front matter: a string, integer, list or object."""

from collections.abc import Mapping

from qa.loading.scraped.names import without_label

# The keys of a record or of front matter, most reliable first. `created_at` and `updated_at` are
# left out: they date the record, not the publication of the article.
TITLE_KEYS = ("title", "headline")
DATE_KEYS = (
    "published_at", "published", "datePublished", "pubDate", "pub_date", "published_date", "date",
)  # fmt: skip
SOURCE_KEYS = ("source", "publisher")
AUTHOR_KEYS = ("author", "authors", "byline")
URL_KEYS = ("url", "link")

_NOTHING = frozenset({"", "null", "~", "none", "n/a"})


def text_field(record: Mapping[str, object], *keys: str) -> str | None:
    """The first non-empty value among `keys`, as text; lists of names are joined by commas."""
    for key in keys:
        text = _text(record.get(key))
        if text.lower() not in _NOTHING:
            return text
    return None


def author_field(record: Mapping[str, object]) -> str | None:
    """The authors of the article, without the "By" of a byline."""
    names = text_field(record, *AUTHOR_KEYS)
    return ", ".join(without_label(name) for name in names.split(", ")) or None if names else None


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        # One level only: with aliases, ten lines of YAML can expand to 10**9 lists.
        return ", ".join(filter(None, map(_name, value[:20])))
    return _name(value)


def _name(value: object) -> str:
    """The name of a person or publisher: a string, or the `name` of an object."""
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""
