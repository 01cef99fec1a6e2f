"""nkqa: ask a folder of news articles a question and get cited passages.

    from qa import build_index, open_index

    build_index(["articles/"], "articles.nkqa")
    with open_index("articles.nkqa") as index:
        answer = index.ask("How many workers are in Russia?", k=5)
    print(answer.citations[0].quote)

Importing this loads no model and no search engine; the first call does.
"""

# As in `typing`, which is not imported here: `qa.__main__` answers Ctrl-C from its first line on.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from embeddings.errors import (
        ArticleMissing,
        EncoderError,
        Error,
        IndexBusy,
        IndexDamaged,
        IndexMismatch,
        IndexMissing,
        InputError,
        StoreError,
        UsageError,
    )
    from qa.api import index_status, open_index, rollback_index, verify_index
    from qa.index import Index
    from qa.indexing.build import build_index, repair_index
    from qa.live import LiveIndex
    from qa.types import (
        Answer,
        Citation,
        CitedStory,
        Claim,
        Difference,
        Document,
        DraftCheck,
        Evidence,
        Filters,
        Highlight,
        Hit,
        IndexedDocument,
        IndexReport,
        IndexStatus,
        Listed,
        Listing,
        Place,
        Problem,
        Publisher,
        Publishers,
        QuoteCheck,
        Scores,
        ShortAnswer,
        Statement,
        Stories,
        Story,
        StoryArticle,
        StorySummary,
        Timings,
        Value,
        VerifyReport,
    )

_HOMES = {
    "embeddings.errors": (
        "ArticleMissing", "EncoderError", "Error", "IndexBusy", "IndexDamaged", "IndexMismatch",
        "IndexMissing", "InputError", "StoreError", "UsageError",
    ),
    "qa.api": ("index_status", "open_index", "rollback_index", "verify_index"),
    "qa.index": ("Index",),
    "qa.indexing.build": ("build_index", "repair_index"),
    "qa.live": ("LiveIndex",),
    "qa.types": (
        "Answer", "Citation", "CitedStory", "Claim", "Difference", "Document", "DraftCheck",
        "Evidence", "Filters", "Highlight", "Hit",
        "IndexReport", "IndexStatus", "IndexedDocument", "Listed", "Listing", "Place", "Problem",
        "Publisher", "Publishers", "QuoteCheck", "Scores", "ShortAnswer", "Statement", "Stories",
        "Story", "StoryArticle", "StorySummary", "Timings", "Value", "VerifyReport",
    ),
}  # fmt: skip

__all__ = [
    "Answer",
    "ArticleMissing",
    "Citation",
    "CitedStory",
    "Claim",
    "Difference",
    "Document",
    "DraftCheck",
    "EncoderError",
    "Error",
    "Evidence",
    "Filters",
    "Highlight",
    "Hit",
    "Index",
    "IndexBusy",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "IndexReport",
    "IndexStatus",
    "IndexedDocument",
    "InputError",
    "Listed",
    "Listing",
    "LiveIndex",
    "Place",
    "Problem",
    "Publisher",
    "Publishers",
    "QuoteCheck",
    "Scores",
    "ShortAnswer",
    "Statement",
    "StoreError",
    "Stories",
    "Story",
    "StoryArticle",
    "StorySummary",
    "Timings",
    "UsageError",
    "Value",
    "VerifyReport",
    "build_index",
    "index_status",
    "open_index",
    "repair_index",
    "rollback_index",
    "verify_index",
]


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(home), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'qa' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
