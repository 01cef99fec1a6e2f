"""Whether two passages are one text in two places, so that only one of them need be shown.

A passage is a copy when the article that is shown says all of it, sentence by sentence and word for
word, and most of it in the passage that is shown: then nothing is hidden with it. What may differ
cannot change a claim: typography, British or American spelling, a dateline, credits, and a very few
words that may be missing. One other word, figure, sign or name, or the same ones in another order,
makes two texts: versions of a report that contradict each other differ in no more.

A version is a passage that is no copy and has most runs of words in common with another. Reports
that only follow one form (the day's prices) differ every few words, and have few in common.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence

from qa.text.quotations import Folded
from qa.text.sentences import sentence_spans
from qa.types import Span

# How much of a copy stands in the passage that is shown. Copies are not always cut into passages at
# the same sentences: the rest may stand around it, within so many characters.
_SHARED = 0.8
_AROUND = 1500

# Versions have so much of their runs of so many words in common, and so many runs at least: fewer
# are a formula.
_VERSION, _RUN, _FEWEST = 0.7, 4, 12

# Who sent a report, who wrote it, and what sites add: it may be missing, but not be different.
_AGENCY = (
    r"\((?:[A-Z]{2,6}|Reuters|Xinhua|Bloomberg|Kyodo|Yonhap|Interfax|(?:The )?Associated Press)\)"
)
_PLACE = r"[A-Z][A-Z.'’-]+(?:,? [A-Z][\w.'’-]*){0,5}(?:,? \d{1,2})?"
_FRAME = re.compile(
    rf"^(?:{_AGENCY}|{_PLACE} \([A-Z][\w./ ]{{1,30}}\)) ?[-–—:]+ ?"  # MOSCOW, April 26 (AP) --
    r"|\((?:Additional )?(?:Reporting|Writing|Editing)\b[^()\n]{0,300}\)"
    r"|^By(?: (?:[A-Z][\w.'’-]*,?|and|of|for|the))+$"
    r"|^(?:(?:(?:Additional )?(?:Reporting|Writing|Editing|Compiled|Edited) by|Contributing:|©"
    r"|Copyright \d|From .{0,60}wire reports|Follow .{1,60} on (?:Twitter|X|Facebook|Instagram)"
    r"|Sign up (?:for|here|to)|Subscribe (?:to|here|now)|Read more at)(?!\w).{0,200}"
    r"|(?:All rights reserved|Read more)\.?)$"
)
# What a correction calls itself. A text that has one says that another is wrong.
_CORRECTIONS = frozenset(
    "correction corrections corrected corrects clarification clarifies erratum retraction "
    "retracted retracts".split()
)

_PIECE = re.compile(
    r"(?<![\w.,)])-(?=[^\w\s]?\d)"  # A minus.
    r"|(?<![\w.])\.\d+|\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*|[^\w\s-]"
)
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
# "U.S." is "US", "co-operate" is "cooperate" and "per cent" is "percent".
_JOINED = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b[Cc]o-(?=o)|\bper (?=cent\b)")
# Punctuation that says something, as symbols do.
_SAYING = frozenset("?？؟%‰&@#/§-")
# Stands behind each sentence, and in front of what frames a report.
_END = "\n"
_FRAMING = "\0"
# Words that may be missing, and parts of a day, which may be missing behind its name.
_OPTIONAL = frozenset(["the", "that", _END])
_PARTS_OF_DAY = frozenset(["morning", "afternoon", "evening", "night"])
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow".split()
)

# British endings of words, and the American ones.
_ENDINGS = [
    (re.compile(british), american)
    for british, american in (
        (r"(\w{3,})our(s|ed|ing|ers?|abl[ey]|ites?|ful|less|hoods?|al|)", r"\1or\2"),
        (r"(\w{3,}[iy])s(e|ed|es|ing|ers?|ations?)", r"\1z\2"),
        (r"(\w*(?:cent|theat|met|lit|lust|spect|fib|calib|sab|somb))re(s?)", r"\1er\2"),
        (r"(\w{3,}og)ue(s?)", r"\1\2"),
        (r"(def|off|lic|pret)ence(s|d|less|)", r"\1ense\2"),
        (r"(?!\w*fill)(\w*[aeiou]\w*[^\Waeiou][aeiou])ll(ed|ing|ers?)", r"\1l\2"),
    )
]
# Other words; not with a capital, for Mr Grey is not Mr Gray.
_SPELLINGS = dict(
    pair.split()
    for pair in "% percent,grey gray,cheque check,cheques checks,tyre tire,tyres tires,"
    "programme program,programmes programs,sceptic skeptic,sceptics skeptics,whilst while,"
    "amongst among,towards toward,judgement judgment,ageing aging,aluminium aluminum,"
    "plough plow,storey story,storeys stories,mum mom".split(",")
)


def is_copy(passage: str, shown: str, span: Span) -> bool:
    """Whether all of the passage is said in the article `shown`, most of it in its passage at
    `span`."""
    words, within = _said(passage), _said(shown[slice(*span)])
    least = max(_SHARED * len(words), 1)
    seen = frozenset(within)
    if sum(word in seen for word in words) < least:  # Most that are no copies, at little cost.
        return False
    before = _said(shown[max(span[0] - _AROUND, 0) : span[0]])
    said = (*before, *within, *_said(shown[span[1] : span[1] + _AROUND]))
    first, last = len(before), len(before) + len(within)
    words = _unframed(words)
    for start in range(len(said)):
        if start == 0 or said[start - 1] == _END:
            end = _end_of(words, said, start)
            if min(end, last) - max(start, first) >= least:
                return _CORRECTIONS.isdisjoint(said[first:start] + said[end:last])
    return False


def is_version(one: str, other: str) -> bool:
    """Whether two passages are versions of one text: most of the shorter one stands in the other
    word for word, but neither is a copy of the other."""
    here, there = _runs(one), _runs(other)
    least = min(len(here), len(there))
    if least < _FEWEST or len(here & there) < _VERSION * least:
        return False
    pairs = ((one, other), (other, one))
    return not any(is_copy(passage, shown, (0, len(shown))) for passage, shown in pairs)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of words of a text, across its sentences, without what frames a report."""
    words = [word for word in _said(text) if word != _END and not word.startswith(_FRAMING)]
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _end_of(words: Sequence[str], said: Sequence[str], at: int) -> int:
    """Where the words end that begin at `at` of what is said; 0 when they are not said there."""
    place = 0
    while place < len(words):
        if words[place : place + 1] == said[at : at + 1]:
            place, at = place + 1, at + 1
        # A word may be missing on one side. Missing on both, it is another one in its place.
        elif theirs := _missing(said, at, words[place]):
            at += theirs
        elif at < len(said) and (ours := _missing(words, place, said[at])):
            place += ours
        else:
            return 0
    return at


def _missing(words: Sequence[str], at: int, following: str) -> int:
    """How many words may be missing from `at` on, so that `following` is next; 0 for none."""
    for end in range(at, len(words) - 1):
        if not _optional(words, end):
            break
        if words[end + 1] == following:
            return end + 1 - at
    return 0


def _optional(words: Sequence[str], at: int) -> bool:
    word = words[at]
    of_day = word in _PARTS_OF_DAY and at > 0 and words[at - 1] in _DAYS
    return of_day or word in _OPTIONAL or word.startswith(_FRAMING)


def _unframed(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without the sentences at both ends that may be missing."""
    telling = [place for place in range(len(words)) if not _optional(words, place)]
    if not telling:
        return ()
    ends = [place + 1 for place in range(telling[0]) if words[place] == _END]
    return words[max(ends, default=0) : words.index(_END, telling[-1]) + 1]


@functools.lru_cache(512)
def _said(text: str) -> tuple[str, ...]:
    """The words, figures and telling signs of a text, in one spelling, with its sentences' ends."""
    words: list[str] = []
    for start, end in sentence_spans(text):
        sentence, at = text[start:end], 0
        for frame in _FRAME.finditer(sentence):
            words += _words(sentence[at : frame.start()])
            words.append(_FRAMING + " ".join(_words(frame[0])))
            at = frame.end()
        words += [*_words(sentence[at:]), _END]
    return tuple(words)


def _words(text: str) -> list[str]:
    even = _JOINED.sub(lambda part: part[0].strip(". -").replace(".", ""), Folded(text).text)
    return [word for piece in _PIECE.findall(even) if (word := _plain(piece))]


@functools.lru_cache(1 << 14)
def _plain(piece: str) -> str:
    """The word, figure or sign as it is compared; empty for punctuation that says nothing."""
    if piece in _SPELLINGS:
        return _SPELLINGS[piece]
    if len(piece) == 1 and not piece.isalnum():
        says = piece in _SAYING or unicodedata.category(piece)[0] in "SM"
        return piece if says else ""
    if piece[-1].isdecimal():
        return _THOUSANDS.sub("", piece).casefold()
    word = piece.casefold()
    for ending, american in _ENDINGS:
        if match := ending.fullmatch(word):
            return match.expand(american)
    return word
