"""Values to JSON, and text that is safe to print.

Every JSON object names its schema in `schema`, `nkqa.<name>/<number>`; within a number a field is
never renamed or removed. Text from articles is data: control characters that a terminal obeys are
shown as U+FFFD.
"""

import dataclasses
import json
import re

# C0 but tab and newline, DEL, C1, the controls that reorder what is displayed, half characters.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


# Numbers of schemas that are not at their first.
_NUMBERS = {"answer": 2}


def schema(name: str) -> str:
    """The schema of this name, with its number."""
    return f"nkqa.{name}/{_NUMBERS.get(name, 1)}"


def to_json(name: str, value: object) -> str:
    """A value of `qa.types` or a dict, as one JSON object of the schema of this name."""
    told = value if isinstance(value, dict) else dataclasses.asdict(value)  # type: ignore[call-overload]
    text = json.dumps({"schema": schema(name), **told}, ensure_ascii=False, indent=2)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def visible(text: str) -> str:
    """The text with every control character replaced by U+FFFD."""
    return _CONTROLS.sub("�", text)
