"""Words, numbers and signs of a text, without the numbers that name something."""

import re
from typing import NamedTuple

from qa.text.quantities.names import naming_spans

# Groups of digits are thousands only if none follows: "1,234" in "1,234,56" would be wrong.
_TOKEN = re.compile(
    r"(?P<number>[0-9]++(?:,[0-9]{3}(?![0-9]))*+(?:\.[0-9]++)?+|(?<![\w.])\.[0-9]++)"
    r"|(?P<word>U\.[SKN]\.|[^\W\d_]++(?:['’][^\W\d_]++)*+)"
    r"|[^\w\s]|_"
)


class Token(NamedTuple):
    text: str
    lower: str
    start: int
    end: int
    is_number: bool
    is_word: bool
    # The token before, or the one after, touches this one.
    joined: bool
    joins: bool
    # Nothing but an opening mark stands before it in its sentence.
    opens: bool


_NOTHING = Token("", "", -9, -9, False, False, False, False, True)
_ENDS_SENTENCE = frozenset(".!?:;•…|")
_HYPHENS = frozenset("-‐‑")
_OPENING = frozenset("\"'“‘([")


class Tokens:
    """The tokens by index; an index outside of the text gives an empty token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._all: list[Token] = []
        names = naming_spans(text)
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            while names and names[-1][1] <= start:
                names.pop()
            # A number that names something stays as a sign, so that its neighbours do not touch.
            named = bool(names) and names[-1][0] <= start
            is_number = match["number"] is not None and not named
            is_word = match["word"] is not None and not named
            self._all.append(
                Token(
                    match[0], "" if named else match[0].lower(), start, end, is_number, is_word,
                    start > 0 and not text[start - 1].isspace(),
                    end < len(text) and not text[end].isspace(),
                    self._opens(text, start),
                )
            )  # fmt: skip

    def _opens(self, text: str, start: int) -> bool:
        if not self._all:
            return True
        before = self._all[-1]
        if before.text in _OPENING:
            return before.opens or not before.is_word
        return before.text in _ENDS_SENTENCE or "\n" in text[before.end : start]

    def __len__(self) -> int:
        return len(self._all)

    def is_hyphen(self, index: int) -> bool:
        """Whether the token joins the two beside it to one word."""
        token = self[index]
        return token.text in _HYPHENS and token.joined and token.joins

    def __getitem__(self, index: int) -> Token:
        return self._all[index] if 0 <= index < len(self._all) else _NOTHING
