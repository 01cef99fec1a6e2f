"""What stands beside a number and says how exact it is: about, at least, up to, or more."""

import re
from typing import NamedTuple

from qa.text.quantities.tokens import Tokens
from qa.text.quantities.units import TIMES
from qa.text.quantities.value import Bound

# How exact a cue makes its number: whether approximate, and its bound.
Cue = tuple[bool, Bound | None]


def _phrases(table: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in table.split("|")]


_ABOUT = """
    about | around | roughly | approximately | approx | circa | some | nearly | almost | near
    | nearing | virtually | approaching | close to | closer to | an estimated | estimated |
    estimated at | estimated to be | perhaps | maybe | ~ | ≈ | in the region of | in the
    neighborhood of | on the order of | of the order of | somewhere between | somewhere around
    | something like | practically | not quite | reportedly about | plus or minus
"""
_LEAST = """
    at least | more than | over | above | greater than | higher than | larger than | longer
    than | bigger than | upwards of | upward of | in excess of | north of | no fewer than | no
    less than | not less than | not fewer than | minimum of | minimum | exceed | exceeds |
    exceeded | exceeding | surpass | surpasses | surpassed | surpassing | topped | topping |
    tops | as few as | as little as | as low as | at the very least | > | ≥
"""
_MOST = """
    at most | at the most | up to | as many as | as much as | as high as | as long as | no
    more than | not more than | less than | fewer than | lower than | smaller than | shorter
    than | under | below | maximum of | maximum | south of | shy of | no greater than | no
    higher than | no longer than | < | ≤
"""
_CUES: dict[str, Cue] = {
    **dict.fromkeys(_phrases(_ABOUT), (True, None)),
    **dict.fromkeys(_phrases(_LEAST), (False, "least")),
    **dict.fromkeys(_phrases(_MOST), (False, "most")),
}
# The cues that end a text, with the words between them and its number.
CUES = re.compile(
    rf"(?<!\w)(?:(?:{'|'.join(re.escape(cue) for cue in sorted(_CUES, key=len, reverse=True))})"
    r"\s+(?:(?:an|another|additional|further)\s+)?)+$",
    re.IGNORECASE,
)
_LONGEST = max(len(phrase.split()) for phrase in _CUES)
# Between a cue and its number: "at least another 20", "as many as an additional 5".
_BETWEEN = frozenset("a an another additional further".split())
# "Just over", "slightly more than" are near to the number.
_CLOSE = frozenset("just slightly little barely marginally fractionally tad".split())
# "A film about two brothers".
_TOPIC = frozenset(
    """think thinking talk talks talked talking story stories book books film films movie
    documentary report reports question questions concern concerns concerned worried know knew
    learn learned worry information complain complained complaints details asked ask write wrote
    writing speak speaking spoke series tale tales news""".split()
)
# "Not more than" is at most; "not at least" is rare, and says nothing of the kind.
_DENIED = frozenset("more less fewer greater higher lower longer larger exceed".split())
_DENIALS = frozenset("not never cannot neither nor".split())
# "Over two days they met" is during them; "for over two days" is longer.
_LASTING = frozenset(
    """for well just of by after took take takes spent lasting lasted aged old is was be been to
    and""".split()
)
_AFTER: dict[str, Cue] = {
    "or so": (True, None), "or thereabouts": (True, None), "- odd": (True, None),
    "or more": (False, "least"), "or older": (False, "least"), "or higher": (False, "least"),
    "or greater": (False, "least"), "or longer": (False, "least"), "or above": (False, "least"),
    "and older": (False, "least"), "- plus": (False, "least"), "+": (False, "least"),
    "or less": (False, "most"), "or fewer": (False, "most"), "or under": (False, "most"),
    "or younger": (False, "most"), "or lower": (False, "most"), "or below": (False, "most"),
}  # fmt: skip


class Exactness(NamedTuple):
    approximate: bool = False
    bound: Bound | None = None


def before(tokens: Tokens, at: int, unit: str | None) -> Exactness:
    """What the words before the index say of the number there."""
    approximate, bound = False, None
    for _ in range(4):
        count, cue = _phrase(tokens, at)
        if cue is None:
            if tokens[at - 1].lower not in _BETWEEN:
                break
            at -= 1
            continue
        word, earlier = tokens[at - 1].lower, tokens[at - count - 1].lower
        if word == "about" and earlier in _TOPIC:
            break
        if word == "over" and unit in TIMES and earlier not in _LASTING:
            break
        limit = cue[1]
        if limit and tokens[at - count].lower in _DENIED and _is_denied(tokens, at - count):
            limit = "most" if limit == "least" else "least"
        at -= count
        approximate |= cue[0] or (cue[1] is not None and earlier in _CLOSE)
        bound = limit or bound
    return Exactness(approximate, bound)


def _is_denied(tokens: Tokens, at: int) -> bool:
    """ "Cannot earn more than", "does not exceed"."""
    words = [tokens[place].lower for place in range(at - 2, at)]
    return any(word in _DENIALS or word.endswith(("n't", "n’t")) for word in words)


def _phrase(tokens: Tokens, at: int) -> tuple[int, Cue | None]:
    """The longest cue that ends before the index, and its length in tokens."""
    words = [tokens[place].lower or tokens[place].text for place in range(at - _LONGEST, at)]
    for count in range(_LONGEST, 0, -1):
        cue = _CUES.get(" ".join(words[-count:]))
        if cue is not None:
            return count, cue
    return 0, None


def after(tokens: Tokens, *places: int) -> Exactness:
    """What the words at one of the indices say: after the number, its unit or its noun."""
    for at in places:
        first = tokens[at].text
        cue = _AFTER.get(f"{first.lower()} {tokens[at + 1].lower}") or _AFTER.get(first)
        if cue is not None and (first not in "-+" or tokens[at].joined):
            return Exactness(*cue)
    return Exactness()
