"""Whether a claim denies what a passage says, or says what it denies."""

from collections.abc import Iterator, Sequence

from qa.answers.claims.detail import Detail
from qa.answers.claims.evidence import SAYS_THE_REST, Said, Sentences
from qa.text.negation import Negation, negations, opposite
from qa.text.stems import content_words
from qa.types import Difference


def check_polarity(claim: str, said: Sentences) -> list[Detail]:
    """What became of the claim's negations, and whether the passages deny what it says."""
    ours = negations(claim)
    best = said.best
    if ours and (sentence := _denying(claim, ours, said)):
        return [Detail("found", Difference("", ""), sentence)]
    if best.share >= SAYS_THE_REST:
        found = [(one, _contradiction(claim, ours, one)) for one in said.as_near]
        contradicts = [(one, detail) for one, detail in found if detail]
        rest = [one for one, detail in found if not detail]
        if contradicts and not any(_says(contradicts[0][1], one) for one in rest):
            return [contradicts[0][1]]
    return [Detail("unsure", Difference(_words(claim, one), "")) for one in ours]


def _denying(claim: str, ours: Sequence[Negation], said: Sentences) -> Said | None:
    """A near sentence that denies something of the claim, or any that denies the same."""
    words, denied = content_words(claim), {word for one in ours for word in one.denied[:1]}
    for wanted, sentences in ((words, said.near), (denied, said.all)):
        for sentence in sentences:
            if any(one.denied[:1] and one.denied[0] in wanted for one in negations(sentence.text)):
                return sentence
    return None


def _contradiction(claim: str, ours: Sequence[Negation], said: Said) -> Detail | None:
    """What the sentence denies and the claim does not, or the other way round; else words of the
    two that are opposites."""
    theirs = negations(said.text)
    if ours and not theirs:
        words = content_words(said.text)
        if any(one.denied and one.denied[0] in words for one in ours):
            return Detail("another", Difference(_words(claim, ours[0]), ""), said)
    elif theirs and not ours:
        for one in _denied_in(content_words(claim), theirs):
            return Detail("another", Difference("", _words(said.text, one)), said)
    if bool(ours) == bool(theirs) and (pair := opposite(claim, said.text)):
        (start, end), (first, last) = pair
        return Detail("another", Difference(claim[start:end], said.text[first:last]), said)
    return None


def _denied_in(words: frozenset[str], denials: Sequence[Negation]) -> Iterator[Negation]:
    """The negations whose nearest word is one of these."""
    return (one for one in denials if one.denied and one.denied[0] in words)


def _says(contradiction: Detail, sentence: Said) -> bool:
    """Whether the sentence has the word of the claim that another sentence denies, so that nothing
    is sure."""
    denials = negations(contradiction.said.text) if contradiction.said else ()
    denied = {one.denied[0] for one in denials if one.denied}
    words = denied or content_words(contradiction.difference.quoted)
    return bool(words & content_words(sentence.text))


def _words(text: str, negation: Negation) -> str:
    return text[negation.start : negation.end]
