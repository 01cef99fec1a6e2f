"""What the tests of all adapters ask: an open index that needs no model."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

# Read when Haystack is imported; LangChain's and LlamaIndex's tracing is off unless asked for.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

import pytest

from embeddings.hashed import HashedEncoder
from qa import Index, IndexReport, open_index


@pytest.fixture
def opened(
    articles: Path, index: Path, sync: Callable[..., IndexReport], encoder: HashedEncoder
) -> Iterator[Index]:
    """An open index of six articles in seven passages at most."""
    sync(articles)
    with open_index(index, encoder=encoder) as one:
        yield one
