"""For every regular expression that reads articles: text on which a careless one takes for ever.

A careless expression lets one run of characters be matched in several ways. So each repetition in
an expression is pumped: what it repeats is written thousands of times, and the text ends before
the expression can.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import partial
from random import Random
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from qa import loading, text
from tests.campaign.inputs.texts import File, MakeFiles, in_places

_MODULES = (
    *(module.name for module in pkgutil.walk_packages(loading.__path__, "qa.loading.")),
    *(module.name for module in pkgutil.walk_packages(text.__path__, "qa.text.")),
    "qa.answers.copies",
)
# Less is bounded by the expression itself.
_MANY = 8
_LENGTHS = (3_000, 60_000, 300_000)
_ENDS = ("", "\n", "\x01", "!", " x", "Ω", "]", '"', "}", ">")
_CATEGORIES = {
    op.CATEGORY_DIGIT: "0123456789",
    op.CATEGORY_SPACE: " \t\u2003",
    op.CATEGORY_WORD: "aZ0_é한",
    op.CATEGORY_NOT_DIGIT: "a. ",
    op.CATEGORY_NOT_SPACE: "aA.0",
    op.CATEGORY_NOT_WORD: " .-,",
}


def _patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in _MODULES:
        for name, value in vars(importlib.import_module(module)).items():
            for number, pattern in enumerate(_inside(value)):
                yield f"{module}.{name}" + (f"[{number}]" if number else ""), pattern


def _inside(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _inside(each)


class _Writer:
    """Writes text that the tree of an expression matches, the repetition `pumped` many times."""

    def __init__(self, rng: Random, pumped: Any, length: int) -> None:
        self._rng = rng
        self._pumped = pumped
        self._length = length

    def write(self, tree: Iterable[Any]) -> str:
        """A text for a sequence of nodes."""
        return "".join(self._node(code, value) for code, value in tree)

    def _node(self, code: object, value: Any) -> str:
        rng = self._rng
        if code is op.LITERAL:
            return chr(value)
        if code is op.NOT_LITERAL or code is op.ANY:
            return rng.choice("aA. ")
        if code is op.IN:
            return self._one_of(value)
        if code is op.BRANCH:
            leading = [branch for branch in value[1] if self._leads(branch)]
            return self.write(rng.choice(leading or value[1]))
        if code is op.SUBPATTERN:
            return self.write(value[3])
        if code is op.ATOMIC_GROUP:
            return self.write(value)
        if _is_repeat(code):
            return self._repeated(*value)
        # Positions, looks ahead and behind, and what an earlier group matched add no character.
        return ""

    def _repeated(self, least: int, most: int, tree: Any) -> str:
        if tree is not self._pumped:
            some = self._rng.randint(least, min(most, least + 2))
            times = max(least, 1) if self._leads(tree) else some
            return "".join(self.write(tree) for _ in range(times))
        unit = "".join(self.write(tree) for _ in range(self._rng.randint(1, 3))) or " "
        return unit * (self._length // len(unit))

    def _leads(self, tree: Any) -> bool:
        """Whether the repetition to pump stands somewhere in the tree."""
        return any(each is self._pumped for each in _repetitions(tree))

    def _one_of(self, choices: list[tuple[Any, Any]]) -> str:
        if choices[0][0] is op.NEGATE:
            refused = re.compile(_class(choices[1:]))
            return self._rng.choice(
                [each for each in "aA0. -\"'()[" if not refused.match(each)] or ["Ω"]
            )
        code, value = self._rng.choice(choices)
        if code is op.RANGE:
            return chr(self._rng.randint(*value))
        return self._rng.choice(_CATEGORIES[value]) if code is op.CATEGORY else chr(value)


def _class(choices: list[tuple[Any, Any]]) -> str:
    """The choices as the expression for one of them."""
    names = {op.CATEGORY_DIGIT: r"\d", op.CATEGORY_SPACE: r"\s", op.CATEGORY_WORD: r"\w",
             op.CATEGORY_NOT_WORD: r"\W", op.CATEGORY_NOT_SPACE: r"\S"}  # fmt: skip
    parts = []
    for code, value in choices:
        low, high = value if code is op.RANGE else (value, value)
        known = code is op.CATEGORY
        parts.append(names[value] if known else f"{re.escape(chr(low))}-{re.escape(chr(high))}")
    return f"[{''.join(parts)}]"


def _is_repeat(code: object) -> bool:
    # The codes are integers; a mere number in the tree may equal one.
    return any(code is each for each in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT))


def _repetitions(tree: Any) -> Iterator[Any]:
    """What each repetition in the tree repeats, where it may do so many times."""
    for each in tree if isinstance(tree, list | tuple | parser.SubPattern) else ():
        if isinstance(each, tuple) and _is_repeat(each[0]) and each[1][1] >= _MANY:
            yield each[1][2]
        yield from _repetitions(each)


def _attack(pattern: re.Pattern[Any], rng: Random) -> list[File]:
    source = pattern.pattern
    text = source if isinstance(source, str) else source.decode("latin-1")
    tree = parser.parse(text, pattern.flags)
    length = rng.choice(_LENGTHS)
    repetitions = list(_repetitions(tree))
    if repetitions and rng.random() < 0.8:
        written = _Writer(rng, rng.choice(repetitions), length).write(tree)
    else:  # The expression is begun again and again, and never ended.
        once = _Writer(rng, None, 0).write(tree)[:-1] or " "
        written = once * (length // len(once))
    return in_places(rng, written[: 2 * length] + rng.choice(_ENDS))


ATTACKS: dict[str, MakeFiles] = {
    f"the expression {name}": partial(_attack, pattern) for name, pattern in _patterns()
}
