"""What a question names: proper names, figures and days. A text that has none of them is about
something else, however alike its words are."""

import re
from collections.abc import Collection, Iterable

from qa.text.folding import folded

# "Kim Jong Un", "Bank of England", "AT&T", "Covid-19".
_NAME = re.compile(
    r"(?<!\w['’])\b[A-Z][\w&'’.-]*\w(?:\s+(?:(?:of|the|de|von|van|al|bin)\s+)?[A-Z][\w&'’.-]*\w|\s+\d+\b)*"
)
_FIGURE = re.compile(r"(?<![\w.,])\d(?:[\d.,]*\d)?(?!\w|[.,]\d)")
# Words that begin a question with a capital and name nothing.
_OPENERS = frozenset(
    """a according after an and are as at before between both but by can could did do does during
    during for from give had has have how i if in is it list many may might must name of on one or
    please report say shall should since some tell that the their there these they this those to
    under until was we were what when where which while who whom whose why will with
    would""".split()
)
_EDGE = re.compile(r"['’]s?$")
_POSSESSIVE = re.compile(r"['’]s\b|(?<=[^\W\d])['’](?=[^\W\d])")
_THOUSANDS = re.compile(r"\b\d{1,3}(?:,\d{3})+\b")
_WORD = re.compile(r"\w+")


def mentions(question: str) -> tuple[str, ...]:
    """The names and figures of a question in its own words and order, each once."""
    found = [(match.start(), name) for match in _NAME.finditer(question) if (name := _name(match))]
    taken = " ".join(name for _, name in found)
    found += [
        (match.start(), match[0])
        for match in _FIGURE.finditer(question)
        if not re.search(rf"(?<!\w){re.escape(match[0])}(?!\w)", taken)
    ]
    return tuple(dict.fromkeys(text for _, text in sorted(found)))


def _name(match: re.Match[str]) -> str:
    words = match[0].split()
    while words and words[0].lower().rstrip(",.'’") in _OPENERS:
        words.pop(0)
    return _EDGE.sub("", " ".join(words))


def unmentioned(named: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Those of `named` that stand in none of the texts, neither whole nor by a part that articles
    go on with: "Kim" of Kim Jong Un, "Merkel" of Angela Merkel."""
    text = " ".join(" ".join(texts).split())
    everything, written = f" {_plain(text)} ", set(_WORD.findall(text))
    return tuple(name for name in named if not _stands(name, text, everything, written))


def _stands(name: str, text: str, everything: str, written: Collection[str]) -> bool:
    plain = _plain(name)
    if not plain or f" {plain} " in everything:
        return True
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        return True
    words = _WORD.findall(_POSSESSIVE.sub("", name))
    # Written alike: "New" of New York is not the "new" of a new building.
    return any(len(word) > 2 and not word.isdecimal() and word in written
               for word in (words[0], words[-1]))  # fmt: skip


def _plain(text: str) -> str:
    # Figures are compared without the commas of thousands.
    text = _THOUSANDS.sub(lambda figure: figure[0].replace(",", ""), folded(text))
    return " ".join(_WORD.findall(_POSSESSIVE.sub("", text)))
