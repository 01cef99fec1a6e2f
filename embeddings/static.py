"""A model reduced to one vector per word piece: hundreds of times faster, and less accurate.

The model encodes every word piece alone, once. The vector of a text is the weighted mean over its
pieces, so word order and context are lost. Rare pieces weigh more. This needs only the model, no
training text. docs/performance.md has the loss of accuracy.

Source: S. Tulkens, T. van Dongen, Model2Vec: Fast State-of-the-Art Static Embeddings (2024), with
the weights of S. Arora, Y. Liang, T. Ma, A Simple but Tough-to-Beat Baseline for Sentence
Embeddings (2017), the frequency of a piece estimated from its rank (G. Zipf, 1935), and the top
principal directions removed (J. Mu, P. Viswanath, All-but-the-Top, 2018).
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.cache import cache_folder
from embeddings.compiled import CompiledEncoder, tell_preparing
from embeddings.encoder import ModelIdentity, Vectors, unit_rows
from embeddings.errors import EncoderError
from embeddings.models import STATIC
from embeddings.pieces import WordPieces

_FORMAT = "static/1"
# The a of a / (a + frequency), the number of directions removed (both chosen on SciFact), and the
# maximum word pieces per text.
_RARITY = 1e-4
_SHARED = 8
_LIMIT = 512
_TEXTS_AT_ONCE = 4096


class StaticEncoder:
    """An encoder over the vectors that `distil` wrote to `path`."""

    def __init__(self, path: Path) -> None:
        from safetensors import safe_open
        from tokenizers import Tokenizer

        with safe_open(path, "numpy") as file:
            self._pieces: Vectors = file.get_tensor("pieces").astype(np.float32)
            metadata = file.metadata()
        self.identity = ModelIdentity(**json.loads(metadata["identity"]))
        self.capacity = self.identity.limit
        self._numbers = WordPieces(Tokenizer.from_str(metadata["tokenizer"]))

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        parts = [
            self._encode(texts[start : start + _TEXTS_AT_ONCE])
            for start in range(0, len(texts), _TEXTS_AT_ONCE)
        ]
        return np.concatenate([np.zeros((0, self.identity.dimension), np.float32), *parts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        pieces = [some[: self.identity.limit] for some in self._numbers(texts)]
        sums = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        for row, some in enumerate(pieces):
            if some:  # A text without pieces stays at zero.
                self._pieces[some].sum(axis=0, out=sums[row])
        return unit_rows(sums)

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(some) for some in self._numbers(texts)]


def load_static(base: CompiledEncoder) -> StaticEncoder:
    """The static form of a compiled model; its first use creates it."""
    path = static_path(base.identity)
    if not path.exists():
        tell_preparing(STATIC)
        distil(base, path)
    return StaticEncoder(path)


def static_path(base: ModelIdentity) -> Path:
    """The cache file of a model's static form; it may not exist."""
    return cache_folder() / "models" / f"{_fingerprint(base)[:32]}.safetensors"


def distil(base: CompiledEncoder, path: Path) -> None:
    """Writes the static form of `base` to `path`.

    Raises `EncoderError` for a model without a vocabulary of word pieces.
    """
    from safetensors.numpy import save
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(base.tokenizer_json())
    tokenizer.no_truncation()
    pieces = sorted(tokenizer.get_vocab(with_added_tokens=False).items(), key=lambda one: one[1])
    if not pieces:
        raise EncoderError(f"The model {base.identity.name!r} has no word pieces to distil.")
    vectors = base.encode_pieces(number for _, number in pieces)
    frequency = _frequencies([text for text, _ in pieces])
    weights = _RARITY / (_RARITY + frequency)
    vectors -= vectors.mean(axis=0)
    # The top principal directions are common to most pieces, so they distinguish few texts.
    _, axes = np.linalg.eigh(np.cov(vectors, rowvar=False))
    shared = axes[:, -_SHARED:].astype(np.float32)
    vectors -= vectors @ shared @ shared.T
    vectors *= weights.astype(np.float32)[:, None]
    identity = ModelIdentity(STATIC, _fingerprint(base.identity), vectors.shape[1], _LIMIT)
    facts = {name: getattr(identity, name) for name in identity.__slots__}
    data = save(
        {"pieces": vectors.astype(np.float16)},
        {"identity": json.dumps(facts), "tokenizer": tokenizer.to_str()},
    )
    handle, new = tempfile.mkstemp(prefix="tmp-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(new).replace(path)


def _frequencies(pieces: Sequence[str]) -> npt.NDArray[np.float64]:
    """The estimated relative frequency of each piece, `(n,)`, from its rank in the vocabulary.

    A vocabulary lists pieces from frequent to rare, except for the special tokens and single
    characters in front. Of these, punctuation ranks first; letters, digits and then special tokens
    rank last.
    """
    order = np.array([_rarer(piece) for piece in pieces])
    ranks = np.empty(len(pieces))
    ranks[np.argsort(order, kind="stable")] = np.arange(1, len(pieces) + 1)
    frequencies: npt.NDArray[np.float64] = (1 / ranks) / (1 / ranks).sum()
    return frequencies


def _rarer(piece: str) -> int:
    if len(piece) == 1:
        return 2 if piece.isalnum() else 0
    return 3 if piece.startswith("[") else 1


def _fingerprint(base: ModelIdentity) -> str:
    return hashlib.sha256(f"{_FORMAT} {base.fingerprint}".encode()).hexdigest()
