"""Numbers that name something: days, times, telephone numbers, laws, addresses.

Bare years and results ("2019", "3-2") look like counts and ranges; `counting` tells them apart
by what stands around them.
"""

import re
from functools import cache

from qa.text.days import MONTH
from qa.types import Span

_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)"
)
# A number that is not a longer one, an amount or the end of a word, starts after this.
_ALONE = r"(?<![\w.,$€£])"

_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![\w%]|[.,][0-9])"
_AND = r"\s*(?:[-–—,&]|to|and|or)\s*"
_YEAR = r"(?:,?\s+[12][0-9]{3}\b)?+"
_DAYS = (
    rf"\b{MONTH}\s+{_DAY}(?:{_AND}{_DAY}(?!\s+[a-z]))*+{_YEAR}",
    # The 0 in "Rays 0 Oct. 3" is not a day.
    rf"{_ALONE}(?:{_DAY}{_AND})?{_DAY}\s+(?:of\s+)?{MONTH}(?!\w|\s+[0-3]?[0-9]\b(?!:)){_YEAR}",
    rf"\b{MONTH},?\s+[12][0-9]{{3}}\b",
    r"(?<![\w-])[0-9]{4}-[0-9]{2}(?![\w-])",
    r"(?<![\w./])(?<![0-9]\s)[0-9]++(?:/[0-9]++)++",  # 10/7/2023, 9/11, 24/7
    r"['’]?(?<!\w)[0-9]{2,4}['’]?s\b",  # 1990s
    rf"{_ALONE}[0-9][0-9,]*+\s?(?:BCE?|BP|CE|AD|B\.C\.|A\.D\.)(?!\w)|\bAD\s[0-9]++",
    r"\b[Yy]ear\s[0-9]{4}\b",
)
_ZONE = r"(?:GMT|UTC|BST|CET|EDT|EST|ET|PT|PST|PDT|CT)"
_TIMES = (
    rf"{_ALONE}[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])",
    rf"{_ALONE}(?<!:)(?:[0-2]?[0-9](?:[.:][0-5][0-9])?|{_WORD})"
    r"\s?(?:[AaPp]\.?[Mm]\b\.?|[oO]['’]clock)",
    rf"{_ALONE}[0-2]?[0-9][.:]?[0-5][0-9]\s?{_ZONE}\b",
)
_CODES = (
    r"https?://\S++|www\.\S++",
    r"(?<![\w-])[0-9]++(?:[-‐–][0-9]++){2,}+",  # 2023-10-07, 555-123-4567
    r"(?<![\w-])[0-9]{3}-[0-9]{4}(?![\w-])",
    r"\([0-9]{3}\) ?[0-9]{3}[-‐ ][0-9]{4}\b",
    r"\b(?:[Cc]all|[Dd]ial)(?:s|ed|ing)?\s[0-9]{3}\b|\b911(?=\s(?:call|operator|dispatch))",
    r"(?<![\w.])[0-9]++(?:\.[0-9]++){2,}+",  # versions
    r"\b[0-9]{1,2}h\s?[0-9]{1,2}m\b",
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Lane|Square|Place|Court|Parkway|Plaza"
    r"|Highway|Terrace|Crescent|Way)\b"
)
_ADDRESS = rf"(?<![\w.,$€£-])[0-9]{{1,5}}\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9]\w*+\s+){{1,3}}{_STREET}"

# What is numbered and not counted: "Section 230", "the top five".
_LABEL = (
    r"(?i:section|article|chapter|paragraph|clause|amendment|proposition|prop|resolution|appendix"
    r"|volume|vol|pp|nos?\.?|№|#|route|highway|interstate|flight|version|apollo|covid|super bowl"
    r"|world war|formula|catch|the top|ranked|seeded|title|rule|apt|channel|phase|stage|tier|level"
    r"|category|type|episode|district|precinct|ward|grade)s?"
)
_NUMBERED = (
    rf"(?<![\w-]){_LABEL}[\s-]*(?:[0-9][0-9.,]*+(?![%\w])|{_WORD}\b)"
    r"(?!\s+(?:percent|million|billion|trillion))"
)
# These words also stand before counts: "they mark 30 years", "each day 300 people".
_PERHAPS_LABEL = (
    r"(?i:figure|fig|table|page|verse|line|number|gate|platform|room|suite|season|step|top|zip|box"
    r"|model|mark|act|scene|class|unit|day|week|round|lap|part|book|size)s?"
    r"|Month|Year|Game|Match|Area|Group|Pool|Quarter"
)
_PERHAPS_NUMBERED = (
    rf"(?<![\w-])(?:{_PERHAPS_LABEL})[\s-](?:[0-9]{{1,4}}(?![\w%]|[,.]\d)|{_WORD}\b)"
    r"(?:(?:,|\s(?:and|to|or)|[-–])\s?[0-9]{1,3}(?![\w%]|[,.]\d))*+"
    r"(?!\s+(?:[\w-]+\s+)?(?:[a-z]+s|people|percent|million|billion)\b)"
)


@cache
def _names() -> re.Pattern[str]:
    # Compiled when first used, because this takes milliseconds of the start of `nkqa ask`.
    return re.compile("|".join((*_CODES, *_DAYS, *_TIMES, _ADDRESS, _NUMBERED, _PERHAPS_NUMBERED)))


def naming_spans(text: str) -> list[Span]:
    """The spans of numbers that name something, the last one first."""
    return [match.span() for match in _names().finditer(text)][::-1]
