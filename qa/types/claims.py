"""The values of a text that was compared with articles: frozen, named as in the JSON."""

from dataclasses import dataclass
from typing import Literal

from qa.types.quotes import Difference, QuoteCheck

ClaimVerdict = Literal["supported", "contradicted", "not found", "nothing to check"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence of a passage with which a claim was compared: `text` is the article's text at
    `[start, end)`."""

    passage_id: str
    doc_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a reply or a draft, at `[start, end)` of it, compared with passages.

    `verdict`: "supported", its figures, dates, names and negations are those of the passages;
    "contradicted", the passages' sentence that says the rest of the claim has another one; "not
    found", one of them is missing from the passages, or no sentence is like the claim; "nothing to
    check", it has none and cites nothing, or only its wording could be compared. `cited` are the
    numbers or passage ids that it cites, as text. `evidence` is the nearest sentence, None where
    none is near. Of `differences`, `quoted` is the claim's and `said` the passage's, empty where
    the passages have nothing in its place.
    """

    start: int
    end: int
    text: str
    cited: tuple[str, ...]
    verdict: ClaimVerdict
    evidence: Evidence | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """The sentences and the quotations of a text, compared with an index.

    A claim that cites no passage is compared with the passages found for it. `unknown` are the
    citations of which the index holds nothing. `generation` is the state of the index.
    """

    claims: tuple[Claim, ...]
    quotations: tuple[QuoteCheck, ...]
    unknown: tuple[str, ...]
    generation: str

    @property
    def stands(self) -> bool:
        """Whether nothing is contradicted, every quotation stands and every citation is known."""
        return (
            all(claim.verdict != "contradicted" for claim in self.claims)
            and all(check.stands for check in self.quotations)
            and not self.unknown
        )
