"""Text to vectors: the lowest package, which imports nothing of nkqa's.

`load_encoder` is the door for writing, `encoder_of` for reading an index with the very model that
wrote it. The modules: `encoder` (the seam), `models` (which files a name means), `reference`
(sentence-transformers), `compiled` (the same, fast), `bert` (the same for a question, without a
runtime), `hashed` (no model), `choosing` (which of them), `cache`, `errors`.

Importing the package imports nothing else, not even numpy, until a name is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embeddings.choosing import encoder_of, load_encoder
    from embeddings.encoder import Encoder, ModelIdentity, Vectors, unit_rows
    from embeddings.models import DEFAULT_MODEL

__all__ = [
    "DEFAULT_MODEL",
    "Encoder",
    "ModelIdentity",
    "Vectors",
    "encoder_of",
    "load_encoder",
    "unit_rows",
]

_HOMES = {
    "DEFAULT_MODEL": "models",
    "Encoder": "encoder",
    "ModelIdentity": "encoder",
    "Vectors": "encoder",
    "encoder_of": "choosing",
    "load_encoder": "choosing",
    "unit_rows": "encoder",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'embeddings' has no attribute {name!r}")
    value = getattr(import_module(f"embeddings.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
