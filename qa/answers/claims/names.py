"""The names of a claim in the passages."""

import re
from collections.abc import Sequence

from qa.answers.claims.detail import Detail
from qa.answers.claims.evidence import SAYS_THE_REST, Said, Sentences
from qa.answers.claims.proper_names import TITLES, WORD, Name, names_in
from qa.text.folding import folded
from qa.text.stems import content_words, stem
from qa.types import Difference, Span

# Names that are written in two ways.
_SAME = {
    word: country
    for country, words in {
        "united states": "us usa america american americans washington",
        "united kingdom": "uk britain british", "united nations": "un", "european union": "eu",
        "france": "french", "netherlands": "dutch", "switzerland": "swiss", "spain": "spanish",
        "wales": "welsh", "denmark": "danish", "poland": "polish", "turkey": "turkish",
        "greece": "greek", "finland": "finnish", "sweden": "swedish", "russia": "moscow",
    }.items()
    for word in words.split()
}  # fmt: skip
_COUNTRY_ENDING = re.compile(r"(?:ian|ians|ese|an|ans|i|ish|n|a|y|ia)$")
# Letters by which "Russian" is "Russia".
_COMMON = 4
_ACRONYM = 4
# Words on each side of a name that make its place in a sentence.
_AROUND = 3


def check_names(claim: str, said: Sentences) -> list[Detail]:
    """What became of each name of the claim."""
    known = " ".join(f"{one.text} {one.title} {one.source or ''}" for one in said.texts)
    words = frozenset(folded(word) for word in WORD.findall(known))
    ours = names_in(claim)
    return [_check(name, ours, claim, said, known, words) for name in ours]


def _check(
    name: Name,
    ours: Sequence[Name],
    claim: str,
    said: Sentences,
    known: str,
    words: frozenset[str],
) -> Detail:
    if _stands(name.text, known, words):
        return Detail("found", Difference(name.text, name.text))
    texts = [one.text for one in ours]
    for sentence in said.near[:2]:
        others = [
            other
            for other in names_in(sentence.text)
            if not any(_alike(other.text, one) for one in texts)
        ]
        if sentence.share >= SAYS_THE_REST and (
            other := _in_its_place(name, claim, others, sentence)
        ):
            return Detail("another", Difference(name.text, other.text), sentence)
    # "MPs" are members of a parliament.
    short = len(name.text) <= _ACRONYM and name.text[:2].isupper()
    return Detail("unsure" if name.first or short else "missing", Difference(name.text, ""))


def _stands(name: str, known: str, words: frozenset[str]) -> bool:
    """Whether the passages have the name: all of its words, the last one with no other in front of
    it than the first, its initials, or the country that it is of."""
    parts = [folded(part) for part in WORD.findall(name)]
    missing = [part for part in parts if not _has(part, words)]
    if not missing or folded(name) in folded(known):
        return True
    if len(parts) == 1:
        return len(name) > 1 and name.isupper() and _is_initials(name, known)
    initials = "".join(word[0] for word in name.split() if word[0].isupper())
    if len(initials) > 1 and re.search(rf"\b{re.escape(initials)}\b", known):
        return True
    first, last = re.escape(WORD.findall(name)[0]), re.escape(WORD.findall(name)[-1])
    if parts[-1] not in missing:  # "Elena Brandt" for "Brandt", not for "Erik Brandt".
        before = {folded(word) for word in re.findall(rf"\b([A-Z][\w’'-]*)\.?\s+{last}\b", known)}
        return bool(before <= TITLES)
    # "Kim Jong Un" for "Kim", not for "Kim Yong" or, of "Farmer Kim", for a farmer.
    return re.search(rf"\b{first}\b(?!\s+[A-Z])", known) is not None and not re.search(
        rf"\b{first}\s+[A-Z]", known
    )


def _has(word: str, words: frozenset[str]) -> bool:
    """Whether the passages have the word, or another word for the same country."""
    if word in words or word.removesuffix("s") in words or f"{word}s" in words:
        return True
    country = _SAME.get(word)
    if country and (
        words.issuperset(country.split()) or any(_SAME.get(one) == country for one in words)
    ):
        return True
    return any(_of_country(word, one) for one in words)


def _of_country(one: str, other: str) -> bool:
    """Whether one is the country's name and the other its adjective: "China", "Chinese"."""
    shared = _COUNTRY_ENDING.sub("", one), _COUNTRY_ENDING.sub("", other)
    return len(shared[0]) >= _COMMON and shared[0] == shared[1]


def _is_initials(name: str, known: str) -> bool:
    letters = r"\w*\s+(?:(?:of|the|and|for)\s+){0,2}".join(map(re.escape, name))
    return re.search(rf"\b{letters}\w*", known) is not None


def _alike(one: str, other: str) -> bool:
    """Whether two names may be of one: "Brandt" and "Elena Brandt", not "Erik Brandt"."""
    parts = {folded(part) for part in WORD.findall(one)}
    theirs = {folded(part) for part in WORD.findall(other)}
    return parts <= theirs or theirs <= parts


def _in_its_place(name: Name, claim: str, others: Sequence[Name], said: Said) -> Name | None:
    """The name of the sentence that stands where the claim has its own: beside the same words. One
    that only begins the claim is a name for sure where another name begins the sentence."""
    around = _around(claim, (name.start, name.end))
    scored = [
        (len(around & _around(said.text, (other.start, other.end))), -other.start, other)
        for other in others
        if not other.first or name.first or name.start < _AROUND
    ]
    if not scored:
        return None
    shared, _, best = max(scored, key=lambda one: one[:2])
    if name.first:
        return best if shared and best.start < _AROUND else None
    return best if shared or len(others) == 1 else None


def _around(text: str, place: Span) -> frozenset[str]:
    before = WORD.findall(text[: place[0]])[-_AROUND:]
    after = WORD.findall(text[place[1] :])[:_AROUND]
    return content_words(" ".join(before + after)) | {stem(word) for word in before[-1:]}
