"""The document that a typed id means: the whole id, or the end of only one."""

from collections.abc import Callable, Sequence

from embeddings.errors import ArticleMissing
from qa.store.seam import PassageStore
from qa.text.folding import folded
from qa.text.passage_ids import place_of
from qa.types import Document, Filters, Span

# Ids that are listed where several end alike, and characters of a typed id that a message repeats.
_LISTED = 5
_SHOWN = 200


def lookup(typed: str, store: PassageStore) -> tuple[Document, Span | None]:
    """The document of that id, or the one whose id ends so; and the place that a passage's id names
    in it.

    "0411.md" and "strike/0411.md" mean "news/strike/0411.md" if no other id ends so; "411.md" does
    not, because it begins inside a word. An id is also found where only case or accents differ.

    Raises `ArticleMissing` with the ids that may be meant in `near`: several, or none that ends so.
    """
    named = place_of(typed)
    for doc_id, place in ((typed, None), *((named,) if named else ())):
        if (document := store.document(doc_id)) is not None:
            return document, place
    ids = store.doc_ids(Filters())
    for doc_id, place in ((typed, None), *((named,) if named else ())):
        found = _ending(doc_id, ids)
        if len(found) == 1 and (document := store.document(found[0])) is not None:
            return document, place
        if found:
            raise _missing(typed, f"{len(found):,} ids end so.", found[:_LISTED])
    from qa.text.nearest import nearest

    raise _missing(typed, "", nearest(named[0] if named else typed, ids))


def _ending(typed: str, ids: Sequence[str]) -> list[str]:
    """The ids that end in `typed`, at the beginning of a word; else those that do but for case."""
    end = typed.removeprefix("./")  # Which shells complete.
    for spelt in (str, folded):
        if found := _alike(end, ids, spelt):
            return found
    return []


def _alike(typed: str, ids: Sequence[str], spelt: Callable[[str], str]) -> list[str]:
    end = spelt(typed)
    if not end:
        return []
    found = []
    for doc_id in ids:
        text = spelt(doc_id)
        inside = end[0].isalnum() and text[: -len(end)][-1:].isalnum()
        if text.endswith(end) and not inside:
            found.append(doc_id)
    return found


def _missing(typed: str, why: str, near: Sequence[str]) -> ArticleMissing:
    from qa.text.nearest import did_you_mean

    shown = typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}..."
    told = [f"This index has no article {shown!r}.", why, did_you_mean(near).strip()]
    if not near:
        told.append("Ids are as its own citations give them; another index may have it.")
    error = ArticleMissing(" ".join(part for part in told if part))
    error.near = tuple(near)
    return error
