"""Comparing a short answer with the gold answers of a question, as SQuAD does.

P. Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of Text (2016). The gold
answers of a question are alternatives: the one that matches best counts.
"""

import re
import string
from collections import Counter
from collections.abc import Iterable

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
# The F1 with a gold answer from which on a short answer counts as right.
RIGHT = 0.5


def normal(text: str) -> str:
    """Lower case without punctuation, articles and extra spaces, as SQuAD compares answers."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def f1(found: str, gold: str) -> float:
    """Harmonic mean of the precision and recall of the words."""
    mine, theirs = normal(found).split(), normal(gold).split()
    if not mine or not theirs:
        return float(mine == theirs)
    same = sum((Counter(mine) & Counter(theirs)).values())
    return 2 * same / (len(mine) + len(theirs))


def best_exact(found: str, golds: Iterable[str]) -> float:
    """1 if the normalised answer is that of a gold answer, else 0; 0 without gold answers."""
    return max((float(normal(found) == normal(gold)) for gold in golds), default=0.0)


def best_f1(found: str, golds: Iterable[str]) -> float:
    """The largest F1 with a gold answer; 0 without gold answers."""
    return max((f1(found, gold) for gold in golds), default=0.0)


def holds(text: str, golds: Iterable[str]) -> bool:
    """Whether the normalised words of a gold answer stand in the text, in their order and without
    others between them."""
    words = f" {normal(text)} "
    return any(f" {wanted} " in words for gold in golds if (wanted := normal(gold)))


def is_yes_or_no(golds: Iterable[str]) -> bool:
    """Whether every gold answer is yes or no, which no span of an article says. False without gold
    answers."""
    normalised = {normal(gold) for gold in golds}
    return bool(normalised) and normalised <= {"yes", "no"}
