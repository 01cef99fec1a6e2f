"""The type of answer a question expects: currently, whether it asks for a quantity.

A sentence about workers in Russia without a figure does not answer "How many workers are in
Russia?", however similar its meaning. Such a question gives such sentences a lower weight. None is
excluded, because an answer may use words missing from these patterns. (Answer types: X. Li,
D. Roth, Learning Question Classifiers, 2002. Gains: docs/studies/settings.md.)
"""

import re

from qa.text.days import MONTH

# Factor on the cosine of a sentence without a quantity if the question asks for a quantity. Any
# value from 0.5 to 0.9 is better than 1 on the collections. In small collections every word is
# rare; there, the lower end ranks passages that only share words below passages that answer.
WITHOUT_QUANTITY = 0.5

_ASKS = re.compile(
    r"\bhow (?:many|much|large|big|tall|high|far|old|long|often|heavy|deep|wide|fast)\b"
    r"|\b(?:what|which) (?:number|percentage|percent|share|proportion|fraction|amount)\b"
    r"|\bnumber of\b",
    re.IGNORECASE,
)
# Years and days are figures, but answer "when", not "how many"; "the two sides" answers "who".
_NO_QUANTITY = re.compile(
    rf"\b(?:1[5-9]|20)\d\d(?:s|-\d\d)?\b|\b{MONTH} \d{{1,2}}\b|\b\d{{1,2}} {MONTH}"
    r"|\b(?:the|these|those|between|their|all) (?:two|three|four)\b"
)
_QUANTITY = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|twice|once|a third"
    r"|a quarter|none|zero)\b"
)


def asks_quantity(question: str) -> bool:
    """Whether the question asks how many, how much, how far, ..."""
    return _ASKS.search(question) is not None


def has_quantity(text: str) -> bool:
    """Whether the text has a figure or a number word that states a quantity; dates do not."""
    # Most sentences have no figure, and this check is faster than the substitution below. A
    # case-insensitive pattern takes three times as long.
    if not _QUANTITY.search(text.lower()):
        return False
    return _QUANTITY.search(_NO_QUANTITY.sub(" ", text).lower()) is not None
