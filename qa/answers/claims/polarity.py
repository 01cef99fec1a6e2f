"""Whether a claim denies what a passage says, or says what it denies."""

from qa.answers.claims.detail import Detail
from qa.answers.claims.evidence import SAYS_THE_REST, Said, Sentences
from qa.text.negation import Negation, negations, opposite
from qa.text.stems import content_words
from qa.types import Difference

# Other sentences that say nearly as much of the claim as the best one are asked as well.
_AS_NEAR = 0.85


def check_polarity(claim: str, said: Sentences) -> list[Detail]:
    """What became of the claim's negations, and whether the passages deny what it says."""
    denied = negations(claim)
    best = said.best
    if best.share < SAYS_THE_REST:
        return [Detail("unsure", Difference(_words(claim, one), "")) for one in denied]
    found = [_compare(claim, denied, one) for one in said.all if one.share >= _AS_NEAR * best.share]
    contradictions = [one for one in found if one.outcome == "another"]
    if len(contradictions) == len(found):
        return contradictions[:1]
    return [one for one in found if one.outcome == "found"][:1] if denied else []


def _compare(claim: str, ours: tuple[Negation, ...], said: Said) -> Detail:
    theirs = negations(said.text)
    if ours and not theirs:
        words = content_words(said.text)
        if any(one.denied and one.denied[0] in words for one in ours):
            return Detail("another", Difference(_words(claim, ours[0]), ""), said)
        return Detail("unsure", Difference(_words(claim, ours[0]), ""))
    if theirs and not ours:
        words = content_words(claim)
        for one in theirs:
            if one.denied and one.denied[0] in words:
                return Detail("another", Difference("", _words(said.text, one)), said)
    if bool(ours) == bool(theirs) and (pair := opposite(claim, said.text)):
        (start, end), (first, last) = pair
        return Detail("another", Difference(claim[start:end], said.text[first:last]), said)
    return Detail("found", Difference("", ""), said)


def _words(text: str, negation: Negation) -> str:
    return text[negation.start : negation.end]
