"""Who a sentence quotes as saying what it states: "according to the UN", "prosecutors said".

Patterns over the forms of reporting clauses in English news. (A survey of the forms: S. Pareti,
A Database of Attribution Relations, 2012.)
"""

import re

from qa.text.days import MONTH

_VERB = (
    r"(?:said|says?|reports?|reported|estimates?|estimated|announced|announces|confirmed|confirms"
    r"|told|claims?|claimed|found|finds|shows?|indicates?)"
)
# Words without a capital that name a speaker or belong to its name.
_ROLE = (
    r"(?:officials?|authorities|police|prosecutors?|investigators?|ministry|minister|spokes(?:man"
    r"|woman|person|people)|government|analysts?|experts?|researchers?|scientists?|sources?"
    r"|reports?|filing|affidavit|figures|data|documents|statement|company|agency|department"
    r"|organizers?|president|mayor|governor|media|bank|union|court|army|military)"
)
_CAPITAL = r"(?:[A-Z][\w.&'’-]*\w|[A-Z]{2,})"
_WORD = rf"(?:{_CAPITAL}|{_ROLE})"
_NAMED = (
    rf"(?:[Tt]he\s+|[Aa]n?\s+)?(?:(?:(?!(?:which|that|who|as|and|but)\s)[a-z]+\s+)?{_ROLE}|{_CAPITAL})"
    rf"(?:\s+(?:(?:of|for|the|and)\s+){{0,2}}{_WORD}){{0,7}}"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# What may stand between a speaker and the verb.
_BETWEEN = (
    r"(?:(?<=['’]s)(?:\s+[a-z]+){1,3})?"
    rf"(?:\s+(?:\w+ly|also|has|have|had|now|on\s+{_DAY}|{_DAY}))?"
)
_BEFORE = re.compile(
    rf"\b[Aa]ccording\s+to\s+(?P<of>{_NAMED}|(?:[\w.&'’-]+\s+){{0,4}}[\w.&'’-]*\w)"
    rf"|(?P<one>{_NAMED}){_BETWEEN}\s+{_VERB}\b"
)
_AFTER = re.compile(
    rf"\bper\s+(?P<per>(?:the\s+)?{_CAPITAL}(?:\s+(?:of\s+)?{_WORD}){{0,7}})"
    rf"|\baccording\s+to\s+(?P<of>{_NAMED}|(?:[\w.&'’-]+\s+){{0,4}}?[\w.&'’-]*\w(?=[,;:)—]|\.?$|\.\s))"
    rf"|(?P<one>{_NAMED}){_BETWEEN}\s+{_VERB}\b"
    rf"|(?<=[,”\"’])\s+(?:said|says)\s+(?P<later>{_NAMED})"
)
# What the patterns take for a speaker and is none.
_NO_SPEAKER = re.compile(
    rf"(?:(?:[Tt]he|[Aa]n?)\s+)?(?:data|figures|reports?|documents|company|As|By|On|In|At|But|And|It"
    r"|He|She|They|We|I|You|That|This|These|Those|There|Who|What|Which|While|When|US)"
    rf"(?:\s+{MONTH})?|{_DAY}|{MONTH}"
)
_LONGEST = 1_000


def said_by(sentence: str, at: int) -> str | None:
    """Whom the sentence names as saying what stands at the character `at`, in its own words.

    A speaker in front of it ("Officials said ...") or behind it ("..., according to the UN"), the
    nearer one; None where the sentence names none.
    """
    if len(sentence) > _LONGEST:
        return None
    before = [found for match in _BEFORE.finditer(sentence[:at]) if (found := _speaker(match))]
    after = [found for match in _AFTER.finditer(sentence, at) if (found := _speaker(match))]
    if not before or not after:
        return (before[-1:] + after[:1] + [(0, None)])[0][1]
    (front, one), (behind, other) = before[-1], after[0]
    return one if at - front < behind - at else other


def _speaker(match: re.Match[str]) -> tuple[int, str | None] | None:
    speaker = " ".join((next(filter(None, match.groups()), "")).split())
    speaker = speaker.removesuffix("'s").removesuffix("’s")
    return None if _NO_SPEAKER.fullmatch(speaker) else (match.start(), speaker)
