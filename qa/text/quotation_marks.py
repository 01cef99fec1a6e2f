"""What a text puts between quotation marks as said by somebody."""

import re

from qa.types import Span

_QUOTED = re.compile(r"“([^“”]+)”|(?<!\w)\"([^\"]+)\"(?!\w)|«([^«»]+)»|„([^„“”]+)[“”]")
# Anything shorter between quotation marks is a name or a turn of phrase, not a quotation.
FEWEST_WORDS = 3


def quotations_in(text: str) -> list[tuple[Span, str]]:
    """The quotations of the text in its order: the span with the marks, and the words within."""
    return [
        (match.span(), quoted)
        for match in _QUOTED.finditer(text)
        if _is_quotation(quoted := next(filter(None, match.groups())))
    ]


def _is_quotation(text: str) -> bool:
    """Whether it has three words, or six letters of a script without case, often unspaced."""
    words = [word for word in text.split() if re.search(r"\w", word)]
    uncased = [c for c in text if c.isalpha() and c.lower() == c.upper()]
    return len(words) >= FEWEST_WORDS or len(uncased) >= 2 * FEWEST_WORDS
