"""A quotation against what the index holds at the place that is cited for it."""

from qa.store.seam import PassageStore
from qa.text.passage_ids import place_of, quote_hash
from qa.text.quotations import closest, find
from qa.types import Difference, Document, QuoteCheck, QuoteVerdict, Span


def check(store: PassageStore, cited: str, quotation: str | None) -> QuoteCheck:
    """What became of the quotation; see `QuoteCheck`. Raises `InputError` as `find`."""
    document, span, indexed = resolved(store, cited)
    if document is None or (quotation is None and not indexed):
        nothing = None if document is None else document.doc_id
        return QuoteCheck(cited, quotation, "unknown", nothing, None, None, None, (), False, None)
    text = document.text
    sha256 = quote_hash(text[slice(*span)]).hex() if indexed else None
    if quotation is None:
        return QuoteCheck(
            cited, None, "verbatim", document.doc_id, *span, text[slice(*span)], (), True, sha256
        )
    place: Span | None = None
    differences: tuple[Difference, ...] = ()
    verdict: QuoteVerdict = "different"
    if found := find(text, quotation, span):
        place = found.span
        verdict = "verbatim" if found.exact else "typography"
        if not (indexed and span[0] <= place[0] and place[1] <= span[1]):
            verdict = "elsewhere"
    elif near := closest(text, quotation, span):
        place, differences = near.span, near.differences
    return QuoteCheck(
        cited=cited,
        quotation=quotation,
        verdict=verdict,
        doc_id=document.doc_id,
        start=place[0] if place else None,
        end=place[1] if place else None,
        text=text[slice(*place)] if place else None,
        differences=differences,
        indexed=indexed,
        sha256=sha256,
    )


def resolved(store: PassageStore, cited: str) -> tuple[Document | None, Span, bool]:
    """The article, the place in it that is cited, and whether the index holds exactly that."""
    if (document := store.document(cited)) is not None:
        return document, (0, len(document.text)), True
    named = place_of(cited)
    if named is None or (document := store.document(named[0])) is None:
        return None, (0, 0), False
    return document, named[1], named[1] in store.passages_of(document.doc_id)
