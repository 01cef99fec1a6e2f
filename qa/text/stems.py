"""Words as they are compared: without case, accents, endings and the words that every text has."""

import functools
import re

from qa.text.folding import folded

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP = frozenset(
    """
    a an and are as at be been being but by did do does for from had has have he her hers him
    his how i if in into is it its itself may might more most must no nor not of on one or our
    over own per said say says she should so some such than that the their them then there
    these they this those through to told too under until up upon us very was we were what
    when where which while who whom whose why will with would you your according also about
    after before again all any both can could during each just other out same since still yet
    """.split()
)
_ENDINGS = ("ingly", "ing", "edly", "ed", "ies", "ied", "es", "ly", "s", "e", "y")
_SHORTEST, _LONGEST = 3, 6
# Forms of frequent verbs and nouns that endings do not lead to.
_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    became:become began:begin begun:begin bought:buy broke:break broken:break brought:bring
    built:build came:come caught:catch chose:choose chosen:choose drew:draw drawn:draw
    drove:drive driven:drive fell:fall fallen:fall felt:feel fled:flee fought:fight found:find
    gave:give given:give went:go gone:go grew:grow grown:grow held:hold hid:hide hidden:hide
    kept:keep killed:kill knew:know known:know laid:lay led:lead left:leave lost:lose
    made:make meant:mean met:meet paid:pay ran:run rose:rise risen:rise sank:sink sunk:sink
    saw:see seen:see sent:send shook:shake shot:shoot shown:show sold:sell sought:seek
    spent:spend spoke:speak spoken:speak stole:steal stolen:steal stood:stand struck:strike
    swore:swear sworn:swear taught:teach took:take taken:take thought:think threw:throw
    thrown:throw understood:understand withdrew:withdraw withdrawn:withdraw won:win wore:wear
    wrote:write written:write men:man women:woman children:child people:person
    """.split()
)


@functools.lru_cache(1 << 14)
def stem(word: str) -> str:
    """The word without its ending and cut at six letters, so that "closed" and "closes" are one.

    (Truncation is a stemmer of its own: R. Krovetz, Viewing Morphology as an Inference Process,
    1993, compares them.)
    """
    plain = folded(word)
    plain = plain.removesuffix("'s")
    plain = _IRREGULAR.get(plain, plain)
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _SHORTEST:
            plain = plain.removesuffix(ending)
            break
    if len(plain) > _SHORTEST and plain[-1] == plain[-2] and plain[-1] not in "ls":
        plain = plain[:-1]  # "stopped", "stop"
    return plain[:_LONGEST]


def words_of(text: str) -> list[str]:
    """The words that say what a text is about, folded, in its order; figures are none."""
    words = (folded(word) for word in _WORD.findall(text) if not word[0].isdigit())
    return [word for word in words if word not in _STOP]


def content_words(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    return frozenset(map(stem, words_of(text)))
