"""The doors: an encoder by the name of its model, or the very one that an index was made with."""

import logging

from embeddings.compiled import CompiledEncoder, cached_encoder, compile_model
from embeddings.encoder import Encoder, ModelIdentity
from embeddings.errors import EncoderError
from embeddings.models import DEFAULT_MODEL, STATIC, find_model

_log = logging.getLogger(__name__)


def load_encoder(name: str = DEFAULT_MODEL) -> Encoder:
    """The model of that name or folder, compiled; the first use of a model compiles it.

    A model that cannot be compiled truly is run by sentence-transformers itself: slower, never
    wrong. "static" is the default model reduced to a table (see `static`). Raises `EncoderError`
    when there is no such model or it may not be loaded.
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
    """The very model that `identity` describes, from the cache where it was compiled before.

    Raises `EncoderError` when the model is gone or its files are no longer the same.
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
