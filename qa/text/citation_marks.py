"""The marks by which a text cites passages: numbers in brackets, and ids of passages."""

import re

from qa.types import Span

# Numbers and ranges in brackets, also in the 【1†...】 form that some models write.
_CITED = re.compile(r"[\[【](\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)(?:†[^\]】\n]*)?[\]】](?!\()")
# The id of a passage, in brackets of any kind or bare. Ids may have spaces inside brackets only.
_ID = re.compile(
    r"\[([^\[\]\n]{1,400}#\d{1,12}-\d{1,12})\]|\(([^()\n]{1,400}#\d{1,12}-\d{1,12})\)"
    r"|(?<![^\s`“\"])([^\s`“\"\[\](){}<>]{1,400}#\d{1,12}-\d{1,12})"
)


def cited_numbers(text: str) -> list[int]:
    """The numbers that the text cites, in its order: 1 and 3 to 5 in "[1, 3-5]"."""
    return [number for match in _CITED.finditer(text) for number in _numbers(match[1])]


def cited_ids(text: str) -> list[str]:
    """The ids of passages that the text has, in its order."""
    return [next(filter(None, match.groups())) for match in _ID.finditer(text)]


def marks(text: str) -> list[Span]:
    """The places of all marks."""
    return sorted(match.span() for form in (_CITED, _ID) for match in form.finditer(text))


def _numbers(text: str) -> list[int]:
    """The numbers in "1, 3-5"; a range ends at most 100 after its start."""
    numbers: list[int] = []
    for part in re.split(r"\s*[,;]\s*", text):
        first, *last = (int(digits) for digits in re.split(r"\s*[–-]\s*", part))
        numbers += range(first, min(last[-1] if last else first, first + 100) + 1)
    return numbers
