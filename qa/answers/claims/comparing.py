"""A sentence and the passages for it to a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers.claims.detail import Detail
from qa.answers.claims.evidence import Sentences, Text, sentences_for
from qa.answers.claims.figures import check_figures, quantities_of
from qa.answers.claims.names import check_names
from qa.answers.claims.polarity import check_polarity
from qa.answers.claims.proper_names import names_in
from qa.answers.claims.sentences import Sentence
from qa.answers.claims.times import check_times, times_in
from qa.text.negation import negations
from qa.types import Claim, ClaimVerdict, Difference, Evidence

# Shares of the claim's words in the nearest sentence: from here on it supports the claim; with a
# figure, time or negation of the claim in it, from here on; and below the last one the passages say
# nothing of the kind. Names alone support nothing: all articles on a subject have them.
_SAME_WORDS, _WITH_DETAIL, _OTHER_WORDS = 0.5, 0.3, 0.2


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a sentence; see `Claim`."""

    verdict: ClaimVerdict
    evidence: Evidence | None
    differences: tuple[Difference, ...]


def has_details(text: str) -> bool:
    """Whether the sentence has a figure, a time, a name or a negation."""
    return bool(times_in(text) or quantities_of(text) or names_in(text) or negations(text))


def claim_of(sentence: Sentence, raw: str, texts: Sequence[Text], cited: Sequence[str]) -> Claim:
    """The claim of a sentence of the text `raw`, compared with passages: those it cites, or those
    found for it."""
    finding = compare(sentence.text, texts, is_cited=bool(cited))
    return Claim(
        start=sentence.start,
        end=sentence.end,
        text=raw[sentence.start : sentence.end],
        cited=tuple(cited),
        verdict=finding.verdict,
        evidence=finding.evidence,
        differences=finding.differences,
    )


def compare(claim: str, texts: Sequence[Text], is_cited: bool = True) -> Finding:
    """What the passages say of the claim."""
    detailed = has_details(claim)
    if not detailed and not is_cited:
        return Finding("nothing to check", None, ())
    said = sentences_for(claim, texts, is_cited)
    if said is None:
        return Finding("not found", None, ())
    details = [
        detail
        for check in (check_figures, check_times, check_names, check_polarity)
        for detail in check(claim, said)
    ]
    return _finding(details, said)


def _finding(details: Sequence[Detail], said: Sentences) -> Finding:
    best = said.best
    another = [one for one in details if one.outcome == "another"]
    if another:
        of = another[0].said or best
        return Finding("contradicted", of.evidence(), tuple(one.difference for one in another))
    missing = tuple(one.difference for one in details if one.outcome == "missing")
    if missing:
        return Finding("not found", _near(said), missing)
    if best.share < _OTHER_WORDS:
        return Finding("not found", None, ())
    found = [one.said for one in details if one.said and one.outcome == "found"]
    of = max([best, *found], key=lambda one: one.share)
    unsure = any(one.outcome == "unsure" for one in details)
    if not unsure and of.share >= (_WITH_DETAIL if found else _SAME_WORDS):
        return Finding("supported", of.evidence(), ())
    return Finding("nothing to check", _near(said), ())


def _near(said: Sentences) -> Evidence | None:
    return said.best.evidence() if said.best.share >= _OTHER_WORDS else None
