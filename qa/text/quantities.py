"""What kind of answer a question expects: so far, whether it asks for a quantity.

"How many workers are in Russia?" is not answered by a sentence about workers in Russia that has
no figure, however alike in meaning. Such sentences count less for such a question; none is shut
out, for an answer may be put in words we do not know. (Answer types: X. Li, D. Roth, Learning
Question Classifiers, 2002. Gains: docs/studies/settings.md.)
"""

import re

# What the cosine of a sentence without a quantity is multiplied by when one is asked for. Anything
# from 0.5 to 0.9 is better than 1 on the collections; where few articles make every word rare, the
# lower end keeps passages that only share words below those that answer.
WITHOUT_QUANTITY = 0.5

_ASKS = re.compile(
    r"\bhow (?:many|much|large|big|tall|high|far|old|long|often|heavy|deep|wide|fast)\b"
    r"|\b(?:what|which) (?:number|percentage|percent|share|proportion|fraction|amount)\b"
    r"|\bnumber of\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
# Years and days are figures, but they say when, not how many; "the two sides" says who.
_NO_QUANTITY = re.compile(
    rf"\b(?:1[5-9]|20)\d\d(?:s|-\d\d)?\b|\b{_MONTH} \d{{1,2}}\b|\b\d{{1,2}} {_MONTH}"
    r"|\b(?:the|these|those|between|their|all) (?:two|three|four)\b"
)
_QUANTITY = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|twice|once|a third"
    r"|a quarter|none|zero)\b"
)


def asks_quantity(question: str) -> bool:
    """Whether the question asks how many, how much, how far ..."""
    return _ASKS.search(question) is not None


def has_quantity(text: str) -> bool:
    """Whether the text has a figure or a number word that tells how many, as dates do not."""
    # Most sentences have nothing like one, which is seen faster than it is taken out; a pattern
    # that ignores case takes three times as long.
    if not _QUANTITY.search(text.lower()):
        return False
    return _QUANTITY.search(_NO_QUANTITY.sub(" ", text).lower()) is not None
