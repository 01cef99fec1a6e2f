"""A reader without a model: deterministic and instant, for tests and for what needs no answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answers.reading.reader import Reading, Readings

_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
_STEP = 4.0


@dataclass(frozen=True, slots=True)
class ScriptedReader:
    """Answers each question with the words that `answers` names for it, or that match the pattern
    named, where a window has them.

    A window that holds the answer has a margin of 4 for it; any other window has a margin of -4
    for its first word.
    """

    answers: Mapping[str, str | re.Pattern[str]]
    version: str = "scripted"

    def read(self, question: str, windows: Sequence[str]) -> Readings:
        return tuple(self._reading(self.answers.get(question, ""), window) for window in windows)

    def _reading(self, answer: str | re.Pattern[str], window: str) -> Reading:
        pattern = re.escape(answer) if isinstance(answer, str) else answer
        if answer and (found := re.search(pattern, window)):
            return Reading(*found.span(), _STEP, _STEP, 0.0, _STEP)
        word = _WORD.search(window)
        begin, end = word.span() if word else (0, 0)
        return Reading(begin, end, -_STEP, -_STEP, 0.0, -_STEP)
