"""A deterministic encoder that needs no model: for tests and for trying nkqa without weights.

Each word has a fixed pseudo-random vector and the vector of a text is the normalised sum over its
words (random indexing: M. Sahlgren, An Introduction to Random Indexing, 2005). Texts that share
words are similar; meaning plays no part.
"""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from embeddings.encoder import ModelIdentity, Vectors, unit_rows

_WORD = re.compile(r"\w+|[^\w\s]")


class HashedEncoder:
    """Vectors computed from the words alone, identical on every machine."""

    def __init__(self, dimension: int = 64, limit: int = 256) -> None:
        fingerprint = hashlib.sha256(f"hashed/1/{dimension}/{limit}".encode()).hexdigest()
        self.identity = ModelIdentity("hashed", fingerprint, dimension, limit)
        self.capacity = limit - 2

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.casefold())[: self.capacity]:
                row += _word_vector(word, self.identity.dimension)
        return unit_rows(rows)

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]


def _word_vector(word: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
    signs = np.random.default_rng(seed).integers(0, 2, dimension, dtype=np.int8)
    return (signs * 2 - 1).astype(np.float32)
