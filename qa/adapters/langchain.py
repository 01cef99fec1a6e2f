"""nkqa as a LangChain retriever: `pip install '.[langchain]'`."""

import asyncio
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from embeddings.errors import MissingExtra
from qa import Citation, Index
from qa.adapters.citations import Asking, Metadata, asking

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError as error:
    raise MissingExtra.of("langchain", "This retriever", "langchain-core", error) from None


class NkqaRetriever(BaseRetriever):
    """Retrieves cited passages as LangChain documents, best first.

    `index` is a path or an open `Index`, `k` the maximum number of documents, which `invoke` also
    accepts. `since`, `until` and `source` are those of `Index.ask`. The constructor raises as
    `open_index`, a retrieval as `Index.ask`.
    """

    index: Index | Path | str
    k: int = 5
    since: str | None = None
    until: str | None = None
    source: str | list[str] | None = None
    _asking: Asking = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        super().model_post_init(context)
        self._asking = asking(self.index, self.k, self.since, self.until, self.source)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
        k: int | None = None,
    ) -> list[Document]:
        return [_document(*found) for found in self._asking.citations(query, k)]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
        k: int | None = None,
    ) -> list[Document]:
        found = await asyncio.to_thread(self._asking.citations, query, k)
        return [_document(*one) for one in found]


def _document(citation: Citation, fields: Metadata) -> Document:
    return Document(id=citation.passage_id, page_content=citation.quote, metadata=fields)
