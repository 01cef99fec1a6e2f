"""The values that flow between the stages: all frozen, all named as in the JSON output.

Offsets count Unicode code points of `Document.text`, half open: `text[start:end]`.
Dates are ISO 8601 calendar dates with the precision that is known: `2019-04-26`, `2019-04`, `2019`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its extracted text and everything that is known about it.

    `doc_id` is unique within an index. `published_from` says in words where `published` came
    from ("front matter", "JSON-LD datePublished", "byline ..."); both are None when the article
    does not tell its date. `line` is the 1-based line of a .jsonl file, None for other files.
    """

    doc_id: str
    title: str
    text: str
    source: str | None
    author: str | None
    published: str | None
    published_from: str | None
    url: str | None
    path: str
    line: int | None
    encoding: str | None
    file_sha256: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or one line of it, that could not be indexed, and why (one sentence)."""

    path: str
    line: int | None
    reason: str
