"""Any sentence-transformers model, run as its authors meant it: the one that defines the vectors.

Importing it takes seconds, so it is loaded to compile a model (`compiled`) and to check the
compiled one, or where a model cannot be compiled.
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

    Raises `EncoderError` when sentence-transformers cannot load it.
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
        # No texts give an array of no shape at all.
        return unit_rows(np.reshape(vectors, (-1, self.identity.dimension)))

    def count(self, texts: Sequence[str]) -> list[int]:
        pieces = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False)
        return [len(ids) for ids in pieces["input_ids"]]


def load(folder: ModelFolder) -> "SentenceTransformer":
    """The model from its folder alone: no download, no remote code, safetensors only."""
    # Read when the libraries are imported; they would otherwise look for newer files on the hub.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    # Their remarks on their own deprecated attributes would reach the user of `nkqa index`.
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


# The names sentence-transformers' encode_query and encode_document look for, in their order.
_PROMPT_NAMES = {"query": ("query",), "document": ("document", "passage", "corpus")}


def prompt_for(model: "SentenceTransformer", kind: str) -> str:
    """What the model wants in front of a "query" or a "document"; often nothing."""
    prompts: dict[str, str] = model.prompts
    for name in _PROMPT_NAMES[kind]:
        if prompts.get(name):
            return prompts[name]
    return prompts.get(model.default_prompt_name or "", "")
