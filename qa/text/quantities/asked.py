"""What kind of quantity a question asks for: a count of what, money, a share, a time, a length.

(Answer types: X. Li, D. Roth, Learning Question Classifiers, 2002.)
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa.text.quantities.currencies import CODES
from qa.text.quantities.nouns import singular
from qa.text.quantities.value import Quantity

Kind = Literal["count", "money", "share", "time", "length", "any"]

_HOW_MANY = re.compile(
    r"\bhow many\s+((?:[\w'’-]+\s*){1,5})|\b(?:what|which) number of\s+((?:[\w'’-]+\s*){1,4})"
    r"|\bnumber of\s+((?:[\w'’-]+\s*){1,4})",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:what|which|how (?:large|big|small|high)) (?:a |an |the )?"
    r"(?:percentage|percent|share|proportion|fraction)\b|\bby what percentage\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\bhow much\b.*\b(?:cost|costs|pay|pays|paid|earn|earned|earns|spend|spends|spent|worth|price"
    r"|raise|raised|owe|owed|owes|money|cash|charge|charged|offer|offered|sold|sell|fined?|donated?"
    r"|invest|invested|lose|lost|make|made|debt|revenue|profit|salary|gross|grossed|funding)\b"
    r"|\b(?:what|how much) (?:is|was|were|are|did|does|do)\b.*\b(?:cost|price|worth|salary|revenue"
    r"|profit|market value|valuation)\b|\bhow (?:large|big|high)\b.*\b(?:jackpot|fine|debt|price"
    r"|prices|budget|deficit|salary|reward)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\bhow (?:long (?:did|does|do|has|have|had|will|was|were|is|ago)|old)\b", re.IGNORECASE
)
_LENGTH = re.compile(r"\bhow (?:tall|far|wide|deep)\b", re.IGNORECASE)
_TIMES = frozenset(
    "second minute hour day night week month year decade century millisecond".split()
)
_LENGTHS = frozenset((*"mm cm m km inch foot yard mile".split(), "nautical mile", "light year"))
# Nouns that news uses for one another when it counts.
_ALIKE = tuple(
    frozenset(line.split())
    for line in """\
person death dead fatality victim life civilian casualty body
worker laborer labourer employee staffer job person
soldier troop serviceman personnel
case infection
refugee migrant person
customer home household person resident
article document record file
user person customer
""".splitlines()
)


_FORMS: dict[Kind, re.Pattern[str]] = {
    "share": _SHARE,
    "money": _MONEY,
    "time": _TIME,
    "length": _LENGTH,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The kind of quantity, and for a count what is counted, in the singular, if that is plain."""

    kind: Kind
    noun: str | None = None


_ANY = Asked("any")


def asked(question: str) -> Asked:
    """What kind of quantity the question asks for; "any" where its words do not say."""
    if match := _HOW_MANY.search(question):
        words = next(filter(None, match.groups()), "").lower().split()
        plural = next((word for word in words if singular(word) != word), None)
        return _counted(singular(plural)) if plural else Asked("count")
    return next((Asked(kind) for kind, form in _FORMS.items() if form.search(question)), _ANY)


def _counted(noun: str) -> Asked:
    if noun in ("dollar", "euro", "pound", "yen", "won", "yuan"):
        return Asked("money")
    if noun in _TIMES:
        return Asked("time", noun)
    if noun in _LENGTHS:
        return Asked("length", noun)
    return Asked("count", noun)


def fits(quantity: Quantity, wanted: Asked) -> bool:
    """Whether the quantity is of that kind and counts that noun, as far as its words say."""
    unit = quantity.unit
    match wanted.kind:
        case "any":
            return True
        case "money":
            return unit in CODES
        case "share":
            return unit == "percent"
        case "time":
            return unit in _TIMES
        case "length":
            return unit in _LENGTHS
        case "count":
            return unit is None and alike(quantity.noun, wanted.noun)


def alike(one: str | None, other: str | None) -> bool:
    """Whether two nouns may name the same things; unknown ones may."""
    if one is None or other is None or one == other:
        return True
    return any(one in group and other in group for group in _ALIKE)
