"""nkqa as a LlamaIndex retriever: `pip install '.[llama-index]'`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from embeddings.errors import MissingExtra
from qa import Citation, Index
from qa.adapters.citations import Metadata, asking

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import (
        NodeRelationship,
        NodeWithScore,
        QueryBundle,
        RelatedNodeInfo,
        TextNode,
    )
except ImportError as error:
    raise MissingExtra.of("llama-index", "This retriever", "llama-index-core", error) from None

# The metadata that a language model sees in front of a passage's text.
_SHOWN = ("title", "source", "published", "url")


class NkqaRetriever(BaseRetriever):
    """Retrieves cited passages as LlamaIndex nodes, best first, with the fused score.

    `index` is a path or an open `Index`, `k` the maximum number of nodes. `since`, `until` and
    `source` are those of `Index.ask`; `options` go to LlamaIndex's `BaseRetriever`. The constructor
    raises as `open_index`, a retrieval as `Index.ask`.
    """

    def __init__(
        self,
        index: Index | Path | str,
        k: int = 5,
        *,
        since: str | None = None,
        until: str | None = None,
        source: str | Sequence[str] | None = None,
        **options: Any,
    ) -> None:
        self._asking = asking(index, k, since, until, source)
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(*found) for found in self._asking.citations(query_bundle.query_str)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = await asyncio.to_thread(self._asking.citations, query_bundle.query_str)
        return [_node(*one) for one in found]


def _node(citation: Citation, fields: Metadata) -> NodeWithScore:
    hidden = [name for name in fields if name not in _SHOWN]
    node = TextNode(
        id_=citation.passage_id,
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata=fields,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=citation.doc_id)},
    )
    return NodeWithScore(node=node, score=citation.scores.fused)
