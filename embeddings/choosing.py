"""Load an encoder by model name, or the one that an index was built with."""

import logging

from embeddings.compiled import CompiledEncoder, cached_encoder, compile_model
from embeddings.encoder import Encoder, ModelIdentity
from embeddings.errors import EncoderError
from embeddings.models import DEFAULT_MODEL, STATIC, find_model

_log = logging.getLogger(__name__)


def load_encoder(name: str = DEFAULT_MODEL) -> Encoder:
    """The compiled model of that name or folder; its first use compiles it.

    If compiling fails or changes the vectors, sentence-transformers runs the model, which is
    slower. "static" is the default model reduced to a table (see `static`). "hashed" needs no model
    (see `hashed`). Raises `EncoderError` if the model does not exist or may not be loaded.
    """
    if name == "hashed":
        from embeddings.hashed import HashedEncoder

        return HashedEncoder()
    if name == STATIC:
        return _static()
    folder = find_model(name)
    if encoder := cached_encoder(folder.fingerprint):
        return encoder
    try:
        return CompiledEncoder(compile_model(folder))
    except EncoderError as error:
        from embeddings.reference import ReferenceEncoder

        _log.warning("%s It runs uncompiled, which is slower.", error)
        return ReferenceEncoder(folder)


def _static() -> Encoder:
    from embeddings.static import load_static

    base = load_encoder(DEFAULT_MODEL)
    if not isinstance(base, CompiledEncoder):
        raise EncoderError(f"{DEFAULT_MODEL!r} cannot be compiled here, so nor can 'static'.")
    return load_static(base)


def encoder_of(identity: ModelIdentity) -> Encoder:
    """The model that `identity` describes, from the cache if it is already compiled.

    Raises `EncoderError` if the model is missing or its files have changed.
    """
    encoder = cached_encoder(identity.fingerprint) or load_encoder(identity.name)
    if encoder.identity.fingerprint != identity.fingerprint:
        raise EncoderError(
            f"The model {identity.name!r} is not the one this index was made with: its files have "
            f"fingerprint {encoder.identity.fingerprint[:16]}, the index was made with "
            f"{identity.fingerprint[:16]}. Bring the old model back, or index again with "
            "`nkqa index --rebuild`."
        )
    return encoder
