"""What all adapters share: an index with how it is asked, and a citation as flat metadata."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from weakref import finalize

from qa import Citation, Filters, Index, open_index

Metadata = dict[str, Any]
"""Texts, numbers, None, and lists of them: what JSON knows, without an object in an object."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Asking:
    """An index and how it is asked unless a question says otherwise."""

    index: Index
    k: int
    filters: Filters

    def citations(
        self, question: str, k: int | None = None, filters: Filters | None = None
    ) -> tuple[Citation, ...]:
        """At most `k` citations, best first. Raises as `Index.ask`."""
        chosen = asdict(self.filters if filters is None else filters)
        return self.index.ask(question, self.k if k is None else k, **chosen).citations


def asking(
    index: Index | Path | str,
    k: int,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
) -> Asking:
    """The index, opened if it is a path, and how it is asked. Raises as `open_index`.

    An index that is opened here is closed when nothing asks it any more; one that was given open
    is its owner's to close.
    """
    opened = index if isinstance(index, Index) else open_index(index)
    made = Asking(opened, k, Filters(since, until, source))
    if opened is not index:
        finalize(made, opened.close)
    return made


def metadata(citation: Citation) -> Metadata:
    """All of a citation but its quote, named as in docs/json.md, without objects in it.

    The scores stand beside the rest. `sentences` has the start and end of each sentence in the
    article, `highlights` the answering sentences, `highlight_spans` their places, `also_in` the ids
    of near-identical passages.
    """
    told = asdict(citation)
    del told["quote"]
    told |= told.pop("scores")
    told["sentences"] = [list(span) for span in citation.sentences]
    told["highlights"] = [one.text for one in citation.highlights]
    told["highlight_spans"] = [[one.start, one.end] for one in citation.highlights]
    told["also_in"] = [place.passage_id for place in citation.also_in]
    return told
