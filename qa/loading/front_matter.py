"""The YAML between two `---` lines at the top of a Markdown file."""

import re

import yaml

# Longer front matter is text that happens to begin with a rule.
_LONGEST = 64 * 1024
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_LOST = "title, date and source are unknown"


def split(text: str) -> tuple[dict[str, object], str, str | None]:
    """The keys in small letters, the text below them, and what was lost when they are not YAML."""
    end = _END.search(text, 4, 4 + _LONGEST) if text.startswith("---\n") else None
    if end is None:
        return {}, text, None
    body = text[end.end() :]
    try:
        keys = _values(text[4 : end.start()]) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return {}, body, f"its front matter is not YAML (line {line}: {error.problem}); {_LOST}"
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return {}, body, f"its front matter is not YAML ({type(error).__name__}); {_LOST}"
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
