"""Questions made unanswerable: a name, number or date swapped, a word turned into its opposite,
or the answering sentence taken out of the passage.

The kinds follow those that people wrote for SQuAD 2.0 (Rajpurkar, Jia, Liang, Know What You Don't
Know: Unanswerable Questions for SQuAD, 2018, table 2).
"""

import random
import re

from eval.training.sources import Row
from qa.text.sentences import sentence_spans

_NAME = re.compile(r"(?:[A-Z][\w'’-]+)(?: (?:of |the |de |von |and )?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_PAIRS = """first last|before after|most least|largest smallest|biggest smallest|highest lowest
 higher lower|more fewer|more less|increase decrease|increased decreased|rise fall|rose fell
 north south|northern southern|east west|eastern western|begin end|began ended|start end
 started ended|win lose|won lost|buy sell|bought sold|new old|newest oldest|young old
 youngest oldest|early late|earlier later|earliest latest|best worst|better worse|major minor
 majority minority|male female|men women|father mother|son daughter|brother sister|husband wife
 king queen|allow forbid|allowed banned|support oppose|supported opposed|agree disagree
 agreed refused|open close|opened closed|maximum minimum|above below|inside outside
 public private|positive negative|high low|strong weak|good bad|hot cold|fast slow|always never
 can cannot|did didn't|does doesn't|is isn't|was wasn't|are aren't|were weren't|enter leave
 entered left|founded dissolved|created destroyed|built demolished|introduced abolished
 accepted rejected|gain lose|gained lost|remember forget|love hate|liked disliked|like dislike
 teacher student|rich poor|import export|imports exports|attack defend|attacked defended
 internal external|upper lower|domestic foreign|common rare|easy difficult|day night"""
_NEGATIONS = frozenset("cannot didn't doesn't isn't wasn't aren't weren't".split())
# Nearly every question could be negated, and few people ask that way.
_NEGATED = 0.06
_OPPOSITE: dict[str, list[str]] = {}
for _pair in _PAIRS.replace("\n", "|").split("|"):
    _one, _other = _pair.split()
    _OPPOSITE.setdefault(_one, []).append(_other)
    if _other not in _NEGATIONS:
        _OPPOSITE.setdefault(_other, []).append(_one)
_TURNED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _OPPOSITE))})(?!\w)")
# A passage keeps at least so many sentences when the answering ones are taken out.
_LEFT = 2


def swapped(row: Row, other: str, chance: random.Random) -> str | None:
    """The row's question asking for something else: one name, number or word exchanged.

    Names come from the row's passage or from `other`, a passage like it. None where nothing in
    the question can be exchanged.
    """
    changes = [_opposite(row, chance), _number(row, chance), _name(row, other, chance)]
    possible = [change for change in changes if change and change != row.question]
    return chance.choice(possible) if possible else None


def _opposite(row: Row, chance: random.Random) -> str | None:
    negate = chance.random() < _NEGATED
    found = [
        (match, word)
        for match in _TURNED.finditer(row.question)
        if match[0].islower()  # "New York" has no opposite.
        for word in _OPPOSITE[match[0]]
        if negate or word not in _NEGATIONS
    ]
    if not found:
        return None
    match, word = chance.choice(found)
    return row.question[: match.start()] + word + row.question[match.end() :]


def _number(row: Row, chance: random.Random) -> str | None:
    found = list(_NUMBER.finditer(row.question))
    if not found:
        return None
    match = chance.choice(found)
    others = {
        number[0]
        for number in _NUMBER.finditer(row.passage)
        if number[0] not in row.question
        and len(number[0]) == len(match[0])
        and not any(number[0] in text for text in row.texts)
    }
    digits = match[0].replace(",", "").replace(".", "")
    if len(digits) == 4 and digits == match[0]:
        others.add(str(int(digits) + chance.choice((-30, -10, -5, -2, -1, 1, 2, 5, 10, 30))))
    elif not others and digits == match[0]:
        others.add(str(int(digits) + chance.randint(1, 9)))
    if not others:
        return None
    number = chance.choice(sorted(others))
    return row.question[: match.start()] + number + row.question[match.end() :]


def _name(row: Row, other: str, chance: random.Random) -> str | None:
    found = [match for match in _NAME.finditer(row.question) if match.start() > 0]
    if not found:
        return None
    match = chance.choice(found)
    asked, answers = row.question.lower(), [text.lower() for text in row.texts]
    text = row.passage if chance.random() < 0.5 else other
    names = {
        name[0]
        for name in _NAME.finditer(text)
        # Not the first word of a sentence, which may be no name.
        if text[max(0, name.start() - 2) : name.start()].strip(" ").isalnum()
        and name[0].lower() not in asked
        and not any(name[0].lower() in answer or answer in name[0].lower() for answer in answers)
    }
    if not names:
        return None
    name = chance.choice(sorted(names))
    return row.question[: match.start()] + name + row.question[match.end() :]


def without_answer(row: Row) -> str | None:
    """The row's passage without the sentences that hold an answer; None where too little is left
    or the answer stands in what is."""
    spans = list(sentence_spans(row.passage))
    kept = [
        row.passage[begin:stop]
        for begin, stop in spans
        if not any(start < stop and end > begin for start, end in row.answers)
    ]
    text = " ".join(kept)
    if len(kept) < _LEFT or any(answer.lower() in text.lower() for answer in row.texts):
        return None
    return text
