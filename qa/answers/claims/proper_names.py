"""The names that a sentence has: people, places, organizations."""

import re
from dataclasses import dataclass

from qa.answers.claims.figures import quantities_of
from qa.text.as_of import times_named

_NAME = re.compile(
    r"(?<![\w’'])[A-Z][\w&’'-]*\w"
    r"(?:(?:\.?\s+(?:(?:of|the|de|von|van|al|bin)\s+){0,2})[A-Z][\w&’'-]*\w)*"
)
WORD = re.compile(r"\w[\w’'-]*")
# Words in front of a name that are no part of it, and words with a capital that name nothing.
TITLES = frozenset(
    """
    mr mrs ms dr prof professor president minister mayor governor senator sen rep gov gen
    general colonel captain sir lord lady king queen prince princess pope judge justice
    chancellor secretary prime chief director chairman chairwoman ambassador former deputy
    vice police spokesman spokeswoman sergeant lieutenant officer council saint st the a an
    """.split()
)
_NO_NAMES = frozenset(
    """
    i monday tuesday wednesday thursday friday saturday sunday january february march april
    may june july august september october november december
    """.split()
)
# Words that begin a sentence and are no names: those in small letters elsewhere are found by that.
_OPENER = re.compile(
    r"(?:[\w’'-]*(?:ly|ing|ed|ers|ors|ists|men|women|ies|tion|ment)|[\w’'-]{2,}s|people|police|work"
    r"|traffic|both|about|around|some|none|no|not|one|two|three|four|five|six|seven|eight|nine|ten|after|before"
    r"|with|without|while|when|where|since|until|in|on|at|by|for|from|as|if|it|he|she|they|we|you|his|her"
    r"|their|its|our|this|that|these|those|there|here|then|now|and|but|or|nor|so|yet|however|also|even"
    r"|only|more|most|many|much|few|several|all|each|every|another|other|what|who|why|how|an?|the|to|of"
    r"|over|under|up|down|out|during|between|among|despite|although|though|because|instead|later"
    r"|earlier|today|nobody|nothing|everyone|almost|nearly|just|still|such|same|rain|snow|construction)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at its place in a sentence; `first`: a single word that begins the sentence."""

    start: int
    end: int
    text: str
    first: bool


def names_in(sentence: str) -> tuple[Name, ...]:
    """The names in the sentence's order, without titles in front of them."""
    taken = [(one.start, one.end) for one in times_named(sentence)]
    taken += [(one.start, one.end) for one in quantities_of(sentence)]
    found = []
    for match in _NAME.finditer(sentence):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        start, end = match.span()
        opens = not re.search(r"\w", sentence[:start])
        while word := WORD.match(sentence, start, end):
            plain = word[0].lower()
            if not (plain in TITLES or (opens and _OPENER.fullmatch(plain) and word.end() < end)):
                break
            space = re.compile(r"\W*").match(sentence, word.end(), end)
            start = space.end() if space else word.end()
            opens = False
        text = re.sub(r"['’]s?$", "", sentence[start:end])
        if not text or text.lower() in _NO_NAMES or (opens and _OPENER.fullmatch(text)):
            continue
        if text[0].isupper():
            found.append(Name(start, start + len(text), text, opens and len(text.split()) == 1))
    return tuple(found)
