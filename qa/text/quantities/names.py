"""Numbers that name something: days, times, telephone numbers, laws, addresses.

Bare years and results ("2019", "3-2") look like counts and ranges; `counting` tells them apart
by what stands around them.
"""

import re

from qa.text.days import MONTH

_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![\w%]|[.,][0-9])"
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)"
)
# What is numbered. "Day" and "game" are counted as well: "each day 300 people".
_LABEL = (
    r"(?i:section|article|title|chapter|paragraph|clause|rule|amendment|proposition|prop|resolution"
    r"|appendix|figure|fig|table|page|pages|pp|volume|vol|verse|line|number|numbers|nos?\.?|№|#"
    r"|route|highway|interstate|flight|gate|platform|room|suite|apt|channel|phase|stage|tier|level"
    r"|category|type|version|episode|season|step|formula|catch|apollo|top|ranked|seeded|world war"
    r"|covid|super bowl|district|precinct|ward|zip|box|model|mark|act|scene|grade|class|unit)s?"
)
_MAYBE_LABEL = (
    r"(?:Days?|Weeks?|Month|Year|Round|Game|Match|Area|Group|Pool|Lap|Quarter|Part|Book|Size"
    r"|day|week|round|lap|part|book|size)"
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Lane|Square|Place|Court|Parkway|Plaza"
    r"|Highway|Terrace|Crescent)\b"
)
_NAMES = re.compile(
    "|".join(
        (
            r"https?://\S++|www\.\S++",
            r"(?<![\w-])[0-9]++(?:[-‐–][0-9]++){2,}+",  # 2023-10-07, 555-123-4567
            r"(?<![\w-])[0-9]{4}-[0-9]{2}(?![\w-])|(?<![\w-])[0-9]{3}-[0-9]{4}(?![\w-])",
            r"\b(?:[Cc]all|[Dd]ial)(?:s|ed|ing)?\s[0-9]{3}\b|\b911(?=\s(?:call|operator|dispatch))",
            r"\([0-9]{3}\) ?[0-9]{3}[-‐ ][0-9]{4}\b",
            r"(?<![\w.])[0-9]++(?:\.[0-9]++){2,}+",  # versions
            r"(?<![\w./])(?<![0-9]\s)[0-9]++(?:/[0-9]++)++",  # 10/7/2023, 9/11, 24/7
            rf"\b{MONTH}\s+{_DAY}(?:(?:\s*(?:[-–—,&]|to|and|or)\s*){_DAY}(?!\s+[a-z]))*+(?:,?\s+[12][0-9]{{3}}\b)?+",
            rf"(?<![\w.,$€£])(?:{_DAY}\s*(?:[-–—,&]|to|and|or)\s*)?{_DAY}\s+(?:of\s+)?{MONTH}(?!\w|\s+[0-3]?[0-9]\b(?!:))(?:,?\s+[12][0-9]{{3}}\b)?+",
            rf"\b{MONTH},?\s+[12][0-9]{{3}}\b",
            r"(?<![\w.,$€£])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])",
            rf"(?<![\w.,$€£:])(?:[0-2]?[0-9](?:[.:][0-5][0-9])?|{_WORD})"
            rf"\s?(?:[AaPp]\.?[Mm]\b\.?|[oO]['’]clock)",
            r"(?<![\w.,$€£])[0-2]?[0-9][.:]?[0-5][0-9]\s?(?:GMT|UTC|BST|CET|EDT|EST|ET|PT|PST|PDT|CT)\b",
            r"['’]?(?<!\w)[0-9]{2,4}['’]?s\b",  # 1990s
            r"(?<![\w.,$€£])[0-9][0-9,]*+\s?(?:BCE?|BP|CE|AD|B\.C\.|A\.D\.)(?!\w)|\bAD\s[0-9]++",
            rf"(?<![\w.,$€£-])[0-9]{{1,5}}\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9]\w*+\s+){{1,3}}{_STREET}",
            rf"(?<![\w-]){_LABEL}[\s-]*(?:[0-9][0-9.,]*+(?![%\w])|{_WORD}\b)(?!\s+(?:percent|million|billion|trillion))",
            r"\b[Yy]ear\s[0-9]{4}\b",
            rf"(?<![\w-]){_MAYBE_LABEL}\s+(?:[0-9]{{1,3}}(?![\w%]|[,.]\d)|{_WORD}\b)"
            r"(?:(?:,|\s(?:and|to|or)|[-–])\s?[0-9]{1,3}(?![\w%]|[,.]\d))*+(?!\s+(?:[a-z]+s|people|percent)\b)",
        )
    )
)  # fmt: skip


def naming_spans(text: str) -> list[tuple[int, int]]:
    """The spans of numbers that name something, the last one first."""
    return [match.span() for match in _NAMES.finditer(text)][::-1]
