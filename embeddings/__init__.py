"""Text to vectors: the lowest package, which imports no other package of nkqa.

Call `load_encoder` to build an index, and `encoder_of` to load the same model that an existing
index was built with. The modules: `encoder` (the interface), `models` (the files of a model name),
`reference` (sentence-transformers), `compiled` (the same model compiled by OpenVINO), `bert` (the
same model in numpy, for single questions), `static` (the model reduced to a table), `hashed` (no
model), `pieces` (tokenizing), `choosing` (which encoder to load), `cache`, `errors`.

Importing the package imports no other module, not even numpy, until a name is used.
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
