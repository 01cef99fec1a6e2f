"""Passage ids, and the hash of a quote."""

import hashlib
import re

from qa.types import Span

_PASSAGE_ID = re.compile(r"(.+)#(\d{1,12})-(\d{1,12})", re.DOTALL | re.ASCII)


def passage_id(doc_id: str, start: int, end: int) -> str:
    """The id of a passage: its document and its span there, `doc_id#start-end`."""
    return f"{doc_id}#{start}-{end}"


def place_of(cited: str) -> tuple[str, Span] | None:
    """The document id and span in a passage id; None if `cited` is not a passage id."""
    match = _PASSAGE_ID.fullmatch(cited)
    return (match[1], (int(match[2]), int(match[3]))) if match else None


def quote_hash(quote: str) -> bytes:
    """The SHA-256 of the quote's UTF-8 bytes, 32 bytes."""
    return hashlib.sha256(quote.encode()).digest()
