"""Whether a quotation stands where it is cited from."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a quotation departs from the text: what it has, and what is said there.

    Either may be empty: something added to the text, or left out of it.
    """

    quoted: str
    said: str


QuoteVerdict = Literal["verbatim", "typography", "elsewhere", "different", "unknown"]


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Whether a quotation stands in the passage or article that is cited for it.

    `verdict`: "verbatim", to the character; "typography", the same words and figures but for
    quotation marks, dashes, spaces, the case of the first letter, or an ellipsis that joins
    verbatim parts; "elsewhere", in the article but not in that passage; "different", in neither;
    "unknown", the index has no such article or passage. `text` is the article's text at
    `[start, end)`: where the quotation stands, else what is most like it, with `differences` in
    their order; None when nothing is. `sha256` is that of the cited passage's or article's UTF-8
    bytes, and `indexed` whether the index holds it as it is cited: an article that has changed may
    have its passages cut elsewhere.

    Without a quotation the verdict is "verbatim" for what the index holds, else "unknown". Then
    `near` has the ids that may be meant.
    """

    cited: str
    quotation: str | None
    verdict: QuoteVerdict
    doc_id: str | None
    start: int | None
    end: int | None
    text: str | None
    differences: tuple[Difference, ...]
    indexed: bool
    sha256: str | None
    near: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the quotation is what the cited passage or article says."""
        return self.verdict in ("verbatim", "typography")
