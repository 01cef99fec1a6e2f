"""The values that flow between the stages: all frozen, all named as in the JSON output.

Offsets count Unicode code points of `Document.text`, half open: `text[start:end]`.
Dates are ISO 8601 calendar dates with the precision that is known: `2019-04-26`, `2019-04`, `2019`.
"""

from qa.types.answers import (
    Answer,
    AsOfFrom,
    Citation,
    CitedStory,
    Highlight,
    Hit,
    Place,
    Relation,
    Scores,
    ShortAnswer,
    Statement,
    Timings,
    Value,
    Verdict,
)
from qa.types.articles import (
    Document,
    FileState,
    Filters,
    IndexedDocument,
    Passage,
    Problem,
    ProblemKind,
    Span,
)
from qa.types.claims import Claim, ClaimVerdict, DraftCheck, Evidence
from qa.types.indexes import (
    Coverage,
    IndexReport,
    IndexStatus,
    Listed,
    Listing,
    Publisher,
    Publishers,
    VerifyReport,
)
from qa.types.quotes import Difference, QuoteCheck, QuoteVerdict
from qa.types.stories import Stories, Story, StoryArticle, StoryOrder, StorySummary

__all__ = [
    "Answer",
    "AsOfFrom",
    "Citation",
    "CitedStory",
    "Claim",
    "ClaimVerdict",
    "Coverage",
    "Difference",
    "Document",
    "DraftCheck",
    "Evidence",
    "FileState",
    "Filters",
    "Highlight",
    "Hit",
    "IndexReport",
    "IndexStatus",
    "IndexedDocument",
    "Listed",
    "Listing",
    "Passage",
    "Place",
    "Problem",
    "ProblemKind",
    "Publisher",
    "Publishers",
    "QuoteCheck",
    "QuoteVerdict",
    "Relation",
    "Scores",
    "ShortAnswer",
    "Span",
    "Statement",
    "Stories",
    "Story",
    "StoryArticle",
    "StoryOrder",
    "StorySummary",
    "Timings",
    "Value",
    "Verdict",
    "VerifyReport",
]
