"""Recognise articles about many events: round-ups, newsletters, live pages, lists of offers.

They share words with an article of each event that they list, and would join all of these into one
story.
"""

import re

_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_TITLE = re.compile(
    rf"""\b(?:
      {_NUMBER}\s(?:more\s|big\s|key\s|other\s)?(?:things|takeaways|stories|headlines)
    | (?:things|what)\s(?:you\sneed\s)?to\sknow\s(?:today|this\s(?:morning|week|weekend))
    | briefings? | newsletters? | round-?ups? | round\sups? | digest | quiz | podcast | horoscopes?
    | (?:morning|evening|daily|weekly|weekend|nightly)\s(?:brief|edition|report|update|wrap|mail)
    | (?:day|week|weekend|month|year)\s(?:in\s(?:review|photos|pictures|news|brief)|ahead)
    | (?:photos?|pictures?|news|stories|best)\s(?:of\s)?(?:the|this)\s(?:day|week|month|year)
    | (?:top|today['’]s|this\sweek['’]s)\s(?:stories|headlines|news)
    | news\sfrom\saround | this\sdate\sin | in\sbrief | as\sit\shappened
    | live\s(?:[\w-]+\s)?(?:updates?|blog|coverage|scores?|stream|tracker|results)
    | (?:latest|news|covid|coronavirus)\supdates
    )\b
    | ^live\s*[:|–—-] | ^live\supdates\b | [-–—|:,]\s*live\s*(?:[|:]|$) | \bupdates\s*(?:[|:]|$)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OFFERS = re.compile(r"\bdeals\b", re.IGNORECASE)
_BEST = re.compile(r"\b(?:best|top|\d+)\b", re.IGNORECASE)
# "Storm Ian, Joe Manchin, European Union, Medicare": topics, no sentence.
_TOPICS = 4
_LONGEST_TOPIC = 4
# How a newsletter greets.
_GREETING = re.compile(
    r"\b(?:hello|hey|hi|happy\s\w+day|good\s(?:morning|afternoon|evening)|welcome)\b"
    r"[^.!?\n]{0,40}\breaders\b|👋|\bhere['’]s\sthe\snews\b|\b(?:today|this\sweek)['’]s\snewsletter\b",
    re.IGNORECASE,
)


def is_round_up(title: str, lead: str) -> bool:
    """Whether an article is about many events, or a list of offers, by its title and its lead."""
    return bool(
        _TITLE.search(title)
        or (_OFFERS.search(title) and _BEST.search(title))
        or _lists_topics(title)
        or _GREETING.search(lead)
    )


def _lists_topics(title: str) -> bool:
    topics = title.split(",")
    return len(topics) >= _TOPICS and all(len(topic.split()) <= _LONGEST_TOPIC for topic in topics)
