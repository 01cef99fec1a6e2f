"""The sentences of passages that say the like of a claim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.text.sentences import sentence_spans
from qa.text.stems import content_words
from qa.types import Citation, Evidence

# A sentence says the rest of a claim from this share of its words on, and something near to it from
# a share of that of the best sentence on.
SAYS_THE_REST = 0.5
_NEAR, _NEAR_TO_BEST, _AS_NEAR = 0.25, 0.6, 0.85


@dataclass(frozen=True, slots=True)
class Text:
    """A passage, or an article whose `start` is 0, and what is known of its article."""

    passage_id: str
    doc_id: str
    start: int
    text: str
    title: str
    source: str | None
    published: str | None

    @classmethod
    def of(cls, citation: Citation) -> "Text":
        """The passage of a citation."""
        return cls(
            citation.passage_id,
            citation.doc_id,
            citation.start,
            citation.quote,
            citation.title,
            citation.source,
            citation.published,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a passage: its place in it, and the share of a claim's words that it has."""

    of: Text
    start: int
    end: int
    share: float

    @property
    def text(self) -> str:
        return self.of.text[self.start : self.end]

    def evidence(self) -> Evidence:
        """The sentence at its place in the article."""
        start = self.of.start + self.start
        return Evidence(
            self.of.passage_id, self.of.doc_id, start, start + self.end - self.start, self.text
        )


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of all passages for one claim, the nearest first; `near` are those that may
    speak of the same, `texts` the passages."""

    all: tuple[Said, ...]
    near: tuple[Said, ...]
    texts: tuple[Text, ...]

    @property
    def as_near(self) -> tuple[Said, ...]:
        """The best sentence and those that say nearly as much of the claim."""
        return tuple(one for one in self.all if one.share >= _AS_NEAR * self.best.share)

    @property
    def best(self) -> Said:
        return self.all[0]


def sentences_for(claim: str, texts: Sequence[Text], is_cited: bool = True) -> Sentences | None:
    """The passages' sentences by how much of the claim they say; None where there are none.

    Of passages that the claim does not cite, only those count that have a sentence near to it: the
    others were found for it and speak of something else.
    """
    wanted = content_words(claim)
    said = sorted(_said(wanted, texts), key=lambda one: -one.share)
    if not said:
        return None
    least = max(_NEAR, _NEAR_TO_BEST * said[0].share)
    near = tuple(one for one in said if one.share >= least) or (said[0],)
    if not is_cited:
        texts = list(dict.fromkeys(one.of for one in near))
        said = [one for one in said if one.of in texts]
    return Sentences(tuple(said), near, tuple(texts))


def _said(wanted: frozenset[str], texts: Iterable[Text]) -> Iterable[Said]:
    for text in texts:
        for start, end in sentence_spans(text.text):
            shared = wanted & content_words(text.text[start:end])
            yield Said(text, start, end, len(shared) / (len(wanted) or 1))
