"""nkqa as a Haystack component: `pip install '.[haystack]'`."""

import asyncio
from pathlib import Path
from typing import Any

from embeddings.errors import MissingExtra, UsageError
from qa import Citation, Filters, Index
from qa.adapters.citations import Asking, Metadata, asking

try:
    from haystack import Document, component, default_from_dict, default_to_dict
except ImportError as error:
    raise MissingExtra.of("haystack", "This retriever", "haystack-ai", error) from None

# Haystack comparisons (field and operator) and the equivalent filters of nkqa.
_FILTERS = {
    ("meta.published", ">="): "since",
    ("meta.published", "<="): "until",
    ("meta.source", "=="): "source",
    ("meta.source", "in"): "source",
}


@component
class NkqaRetriever:
    """Retrieves cited passages as Haystack documents, best first, with the fused score.

    `index` is a path or an open `Index`. A path is opened when the component warms up; a saved
    component refers to its index by path. `filters` use Haystack's syntax: `meta.published` with
    `>=` and `<=`, `meta.source` with `==` (a part of the publisher's name) or `in` (several),
    joined by `AND`.
    """

    def __init__(
        self,
        index: Index | Path | str,
        top_k: int = 5,
        filters: dict[str, Any] | None = None,
    ) -> None:
        """Raises `UsageError` for unsupported filters."""
        self.index = index
        self.top_k = top_k
        self.filters = filters
        self._usual = _filters_of(filters)
        self._asking: Asking | None = None

    def warm_up(self) -> None:
        """Open the index. Raises as `open_index`."""
        self._ready()

    def _ready(self) -> Asking:
        if self._asking is None:
            self._asking = asking(self.index, self.top_k)
        return self._asking

    def to_dict(self) -> dict[str, Any]:
        """Serialize the component for Haystack."""
        path = self.index.path if isinstance(self.index, Index) else self.index
        return default_to_dict(self, index=str(path), top_k=self.top_k, filters=self.filters)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "NkqaRetriever":
        """Restore a serialized component."""
        return default_from_dict(cls, data)

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """At most `top_k` documents; `filters` replace those of the component.

        Raises as `open_index` and `Index.ask`, and `UsageError` for unsupported filters.
        """
        limits = self._usual if filters is None else _filters_of(filters)
        found = self._ready().citations(query, top_k, limits)
        return {"documents": [_document(*one) for one in found]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """As `run`, in a separate thread."""
        return await asyncio.to_thread(self.run, query, filters, top_k)


def _filters_of(filters: dict[str, Any] | None) -> Filters:
    """Convert Haystack filters to those of an index."""
    chosen: dict[str, Any] = {}
    for one in _comparisons(filters) if filters else []:
        name = _FILTERS.get((str(one.get("field")), str(one.get("operator"))))
        values = one.get("value") if one.get("operator") == "in" else [one.get("value")]
        texts = isinstance(values, list) and all(isinstance(each, str) for each in values)
        if name is None or name in chosen or not texts:
            known = ", ".join(f"{field} {operator}" for field, operator in _FILTERS)
            raise UsageError(
                f"An index has no filter {one}; expected each of these at most once, with a text "
                f"(for in, a list of texts) as its value, joined by AND: {known}."
            )
        chosen[name] = one["value"]
    return Filters(**chosen)


def _comparisons(filters: dict[str, Any]) -> list[dict[str, Any]]:
    if filters.get("operator") != "AND":
        return [filters]
    return [one for each in filters.get("conditions", []) for one in _comparisons(each)]


def _document(citation: Citation, fields: Metadata) -> Document:
    return Document(
        id=citation.passage_id,
        content=citation.quote,
        meta=fields,
        score=citation.scores.fused,
    )
