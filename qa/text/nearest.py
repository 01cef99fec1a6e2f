"""The names most like one that is not known, for "did you mean"."""

import heapq
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from qa.text.folding import folded

# The least similarity of a name that is suggested, 0 to 1, and how many are.
_SIMILAR = 0.7
_SUGGESTED = 3
# Names that are compared letter by letter: those that share most pairs of letters with what was
# typed. A wrong name then takes a tenth of a second among a hundred thousand.
_COMPARED = 200
# Characters of what was typed that count; no name is longer.
_READ = 200


def nearest(typed: str, names: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the names, those most like `typed` first; none where nothing is like it.

    Similarity is that of `difflib`, of the whole name or of as many of its words in a row. The
    parts of a path are words.
    """
    wanted = _plain(typed)
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}

    def shared(name: str) -> int:
        text = _plain(name)
        return sum(pair in text for pair in pairs)

    if not wanted:
        return ()
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    likeness = {
        name: _likeness(matcher, name, len(wanted.split()))
        for name in heapq.nlargest(_COMPARED, names, shared)
    }
    near = [name for name, likely in likeness.items() if likely >= _SIMILAR]
    return tuple(sorted(near, key=lambda name: (-likeness[name], name))[:_SUGGESTED])


def did_you_mean(names: Sequence[str]) -> str:
    """A question that suggests the names, after a space; empty where there are none."""
    if not names:
        return ""
    *others, last = map(repr, names)
    return f" Did you mean {', '.join(others)} or {last}?" if others else f" Did you mean {last}?"


def _likeness(matcher: "SequenceMatcher[str]", name: str, count: int) -> float:
    """The similarity of the name, or of `count` of its words, to what the matcher has."""
    words = _plain(name).split()
    best = 0.0
    for text in {" ".join(words), *(" ".join(words[i : i + count]) for i in range(len(words)))}:
        matcher.set_seq1(text)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            best = max(best, matcher.ratio())
    return best


def _plain(name: str) -> str:
    return " ".join(folded(name[:_READ]).replace("/", " ").split())
