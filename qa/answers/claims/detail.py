"""What became of one detail of a claim: a figure, a time, a name or a negation."""

from dataclasses import dataclass
from typing import Literal

from qa.answers.claims.evidence import Said
from qa.types import Difference

# found     a passage has it
# another   the sentence that says the rest of the claim has another one in its place
# missing   no passage has it
# unsure    nothing can be said: it does not count
Outcome = Literal["found", "another", "missing", "unsure"]


@dataclass(frozen=True, slots=True)
class Detail:
    """`said` is the sentence that has the detail, or another one in its place."""

    outcome: Outcome
    difference: Difference
    said: Said | None = None
