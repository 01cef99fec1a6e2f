"""Any sentence-transformers model run by that library, whose vectors are the reference.

Importing the library takes seconds, so it is only used to compile a model (`compiled`), to check
the compiled one, and to run a model that cannot be compiled.
"""

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from embeddings.encoder import ModelIdentity, Vectors, unit_rows
from embeddings.errors import EncoderError
from embeddings.models import ModelFolder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class ReferenceEncoder:
    """The model as sentence-transformers runs it, in float32 on the CPU.

    Raises `EncoderError` if sentence-transformers cannot load it.
    """

    def __init__(self, folder: ModelFolder) -> None:
        self.model = load(folder)
        limit, dimension = self.model.max_seq_length, self.model.get_embedding_dimension()
        if not limit or not dimension:
            raise EncoderError(
                f"{folder.path} does not say how much it reads or how long its vectors are."
            )
        self.identity = ModelIdentity(folder.name, folder.fingerprint, dimension, limit)
        tokenizer = self.model.tokenizer
        prompt = self.count([prompt_for(self.model, "document")])[0]
        self.capacity = limit - prompt - tokenizer.num_special_tokens_to_add()

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self.model.encode_query(list(texts), show_progress_bar=False))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self.model.encode_document(list(texts), show_progress_bar=False))

    def _rows(self, vectors: npt.ArrayLike) -> Vectors:
        # For an empty list, sentence-transformers returns an array without a second axis.
        return unit_rows(np.reshape(vectors, (-1, self.identity.dimension)))

    def count(self, texts: Sequence[str]) -> list[int]:
        pieces = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False)
        return [len(ids) for ids in pieces["input_ids"]]


def load(folder: ModelFolder) -> "SentenceTransformer":
    """Load the model from its folder alone: no download, no remote code, safetensors only.

    Raises `EncoderError` if sentence-transformers cannot load it.
    """
    # Set before the imports that read them; otherwise the libraries look for newer files on the
    # hub.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    # Hide the libraries' deprecation warnings about themselves from the user of `nkqa index`.
    transformers_logging.set_verbosity_error()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        return SentenceTransformer(
            str(folder.path),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EncoderError(
            f"sentence-transformers cannot load the model in {folder.path}: {error}"
        ) from error


# The names that sentence-transformers' encode_query and encode_document look up, in their order.
_PROMPT_NAMES = {"query": ("query",), "document": ("document", "passage", "corpus")}


def prompt_for(model: "SentenceTransformer", kind: str) -> str:
    """The model's prompt for a "query" or a "document"; often empty."""
    prompts: dict[str, str] = model.prompts
    for name in _PROMPT_NAMES[kind]:
        if prompts.get(name):
            return prompts[name]
    return prompts.get(model.default_prompt_name or "", "")
