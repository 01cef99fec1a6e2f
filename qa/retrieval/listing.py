"""The articles and publishers within filters, as lists."""

from embeddings.errors import UsageError
from qa.store.seam import PassageStore
from qa.types import Filters, Listed, Listing, Publisher, Publishers


def listing(filters: Filters, n: int | None, skip: int, store: PassageStore) -> Listing:
    """The `n` newest articles after the first `skip`, or all where `n` is None; see `Listing`.

    Raises `UsageError` for a negative number.
    """
    if skip < 0 or (n is not None and n < 0):
        raise UsageError(f"n is {n} and skip {skip}; expected neither to be negative.")
    ids = store.doc_ids(filters)
    # One by one, because a document is read with its text.
    found = map(store.document, ids[skip : None if n is None else skip + n])
    return Listing(
        articles=tuple(
            Listed(one.doc_id, one.title, one.source, one.published) for one in found if one
        ),
        skip=skip,
        total=len(ids),
        undated=store.undated(filters),
        sourceless=store.sourceless(filters),
        generation=store.state,
    )


def publishers(filters: Filters, store: PassageStore) -> Publishers:
    """The publishers within the filters with their numbers of articles; see `Publishers`."""
    counts = store.counts(filters)
    most_first = sorted(
        (-count, source is None, source or "", source) for source, count in counts.items()
    )
    return Publishers(
        publishers=tuple(Publisher(source, -count) for count, _, _, source in most_first),
        total=sum(counts.values()),
        undated=store.undated(filters),
        sourceless=store.sourceless(filters),
        generation=store.state,
    )
