"""A sentence-transformers model compiled once for this CPU by OpenVINO; running it needs no torch.

The whole pipeline (transformer, pooling, normalisation) is traced into one graph; the model's own
tokenizer still does the tokenizing. The graph is stored in the cache folder under the model's
fingerprint once its vectors match the reference's. If the processor supports bfloat16, matrices are
multiplied in it (worst cosine against float32 above 0.999, see `_AGREEMENT`). This makes it several
times faster than the reference.
"""

import contextlib
import fcntl
import json
import logging
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.bert import MAX_PIECES, BertQuestions, export
from embeddings.cache import cache_folder
from embeddings.encoder import ModelIdentity, Vectors, unit_rows
from embeddings.errors import EncoderError
from embeddings.models import ModelFolder
from embeddings.pieces import WordPieces

_log = logging.getLogger(__name__)

_FORMAT = 2
# Word pieces in one batch, padding included: large enough to keep the cores busy, small enough for
# the activations to fit the caches. 2,048 to 8,192 differ by less than the noise.
_BATCH_PIECES = 4096
# Up to this many questions are encoded one by one.
_FEW = 7
# The model's identity, and the size of each of its files; written last.
_FACTS = "encoder.json"
# The weights for `bert`; missing if it does not support the model.
_QUESTIONS = "questions.safetensors"
# Calls after which the runtime starts: the sentence by which an index checks its model, and one
# question with its clauses.
_BEFORE_RUNTIME = 2
# Batches in flight: for each of two streams, one that runs and one that waits.
_REQUESTS = 4
# The lowest cosine accepted between the compiled and the reference vector of a text.
_AGREEMENT = 0.999
_SAMPLES = (
    "How many workers are in Russia?",
    "Kim Jong Un",
    "The two leaders met in Vladivostok on April 25, 2019; nothing was signed.",
    "Trade fell by more than 56 percent to $34 million, the aide said, " * 4,
    "북한 노동자 1만 명이 러시아에서 일하고 있다.",
    "“Both sides want to preserve the status quo,” he said — and left. " * 12,
)


class CompiledEncoder:
    """A model that `compile_model` wrote to `folder`; it starts in a fraction of a second."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        facts = json.loads((folder / _FACTS).read_bytes())
        self.identity = ModelIdentity(**facts["identity"])
        self.capacity: int = facts["capacity"]
        self._prompts: dict[str, str] = facts["prompts"]
        self._folder = folder
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._asked = 0
        self._starting: Future[Any] | None = None

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        prompted = [self._prompts["query"] + text for text in texts]
        if len(texts) > _FEW:
            return self._encode(prompted)
        # One by one: a batch is shared among threads, which a forked process does not have.
        pieces = [self._tokenizer.encode(text).ids for text in prompted]
        vectors = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        self._asked += 1  # A question may come with its clauses.
        for row, ids in enumerate(pieces):
            vectors[row] = self._question(ids)
        return unit_rows(vectors)

    def _question(self, ids: list[int]) -> Vectors:
        """The vector of one question. Numpy and the runtime both use float32 here, so that it does
        not depend on how many questions came before."""
        bert = self._bert
        graph = self._questions if bert is None else self._started(len(ids) > MAX_PIECES)
        if bert is not None and graph is None:
            return bert.encode(ids)
        # A new request, because the graph's own one is not thread-safe.
        request = graph.create_infer_request()
        row = np.array([ids], dtype=np.int64)
        return np.array(request.infer([row, np.ones_like(row)])[0][0])

    def _started(self, wait: bool) -> Any:
        """The runtime's graph; None until the runtime has started, or if it cannot start.

        A one-off question runs in numpy. The third question starts the runtime in the background.
        `wait`, for a long question, starts it and waits for it.
        """
        starting = self._starting
        if starting is None and (wait or self._asked > _BEFORE_RUNTIME):
            starting = self._starting = ThreadPoolExecutor(1).submit(self._start)
        return starting.result() if starting and (wait or starting.done()) else None

    def _start(self) -> Any:
        try:
            return self._questions
        except EncoderError as error:
            _log.warning("%s Numpy encodes the questions until then; long ones take longer.", error)
            return None

    @cached_property
    def _bert(self) -> BertQuestions | None:
        """The model in numpy, for the first questions; None if `bert` does not support it."""
        weights = self._folder / _QUESTIONS
        return BertQuestions(weights) if weights.exists() else None

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._prompts["document"] + text for text in texts])

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(pieces) for pieces in self._pieces(texts)]

    @cached_property
    def _pieces(self) -> WordPieces:
        """The tokenizer without truncation; only indexing needs it."""
        from tokenizers import Tokenizer

        whole = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        whole.no_truncation()
        return WordPieces(whole)

    def encode_pieces(self, numbers: Iterable[int]) -> Vectors:
        """The vector of each word piece encoded as a text of its own, `(pieces, dimension)`."""
        return self._run(self._framed([[number] for number in numbers]))

    def _framed(self, pieces: Iterable[list[int]]) -> list[list[int]]:
        """The pieces of each text, cut to the model's limit, between its special pieces."""
        sample = self._tokenizer.encode("a")
        text = [place for place, special in enumerate(sample.special_tokens_mask) if not special]
        front, end = sample.ids[: text[0]], sample.ids[text[-1] + 1 :]
        room = self.identity.limit - len(front) - len(end)
        return [[*front, *some[:room], *end] for some in pieces]

    def tokenizer_json(self) -> str:
        """The model's tokenizer in the JSON format of the tokenizers library."""
        return str(self._tokenizer.to_str())

    def _encode(self, texts: Sequence[str]) -> Vectors:
        return self._run(self._framed(self._pieces(texts)))

    def _run(self, pieces: list[list[int]]) -> Vectors:
        """Unit vectors, `(texts, dimension)`, of texts given as piece ids with special pieces."""
        vectors = np.zeros((len(pieces), self.identity.dimension), dtype=np.float32)
        # Wait for the requests in turn. A queue with a Python callback deadlocks if the graph is
        # garbage-collected while the callback waits for the interpreter.
        graph = self._passages
        requests = [graph.create_infer_request() for _ in range(_REQUESTS)]
        running: list[list[int]] = [[] for _ in requests]

        def collect(slot: int) -> None:
            if running[slot]:
                requests[slot].wait()
                vectors[running[slot]] = requests[slot].get_output_tensor().data

        for number, (rows, inputs) in enumerate(_batches(pieces)):
            slot = number % _REQUESTS
            collect(slot)
            requests[slot].start_async(inputs)
            running[slot] = rows
        for slot in range(_REQUESTS):
            collect(slot)
        return unit_rows(vectors)

    @cached_property
    def _passages(self) -> Any:
        """The graph for batches: two streams, in bfloat16 if the processor supports it."""
        return self._graph(
            {
                "INFERENCE_PRECISION_HINT": "bf16",  # Ignored if the CPU does not support it.
                "PERFORMANCE_HINT": "THROUGHPUT",
                "NUM_STREAMS": 2,
            }
        )

    @cached_property
    def _questions(self) -> Any:
        """The graph for single questions, in float32."""
        return self._graph({"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"})

    def _graph(self, settings: dict[str, Any]) -> Any:
        try:
            core = openvino().Core()
            core.set_property({"CACHE_DIR": str(self._folder / "blobs")})
            # OpenVINO fails if two processes write the same blob.
            with _alone(self._folder / "blobs.lock"):
                return core.compile_model(str(self._folder / "model.xml"), "CPU", settings)
        except Exception as error:
            cause = " ".join(str(error).split())
            raise EncoderError(
                f"OpenVINO cannot start the model in {self._folder}: {cause} Delete that folder "
                "and run the command again, which compiles the model again. If it still fails, "
                "run: pip install --force-reinstall openvino"
            ) from error


def compiled_folder(fingerprint: str) -> Path:
    """The cache folder of the compiled model with this fingerprint; it may not exist."""
    return cache_folder() / "models" / f"{fingerprint[:32]}-{_FORMAT}"


def cached_encoder(fingerprint: str) -> CompiledEncoder | None:
    """The compiled model with this fingerprint; None if it is not compiled yet, or if a file is
    missing or truncated."""
    folder = compiled_folder(fingerprint)
    return CompiledEncoder(folder) if _is_whole(folder) else None


def _is_whole(folder: Path) -> bool:
    try:
        files = json.loads((folder / _FACTS).read_bytes())["files"]
        return all((folder / name).stat().st_size == size for name, size in files.items())
    except (OSError, ValueError, KeyError):
        return False


def compile_model(folder: ModelFolder) -> Path:
    """Compiles the model, compares it with the reference, and returns its folder in the cache.

    If several processes call this, the first compiles and the others wait. Raises `EncoderError` if
    OpenVINO rejects the model, the model has no fast tokenizer, its vectors differ from the
    reference's, or the cache cannot be written.
    """
    tell_preparing(folder.name)
    target = compiled_folder(folder.fingerprint)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target.with_name(f"{target.name}.lock")):
            if not _is_whole(target):
                _compile(folder, target)
    except OSError as error:
        raise EncoderError(
            f"The compiled model cannot be written to {target.parent}: {error}. Make room there, "
            "or set NKQA_CACHE to another folder."
        ) from error
    return target


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds an exclusive lock on the file `path` for the duration of the block.

    If the folder is not writable or its file system has no locks, the block runs without one: at
    worst, two processes compile the same model.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            fcntl.flock(stack.enter_context(path.open("w")), fcntl.LOCK_EX)
        yield


def _compile(folder: ModelFolder, target: Path) -> None:
    from embeddings.reference import ReferenceEncoder, prompt_for

    reference = ReferenceEncoder(folder)
    work = Path(tempfile.mkdtemp(prefix="tmp-", dir=target.parent))
    broken = work.with_name(f"{work.name}-broken")
    try:
        _write_graph(reference.model, work / "model.xml")
        export(reference.model, work / _QUESTIONS)
        _write_tokenizer(reference.model, work / "tokenizer.json", reference.identity.limit)
        identity = reference.identity
        facts = {
            "identity": {name: getattr(identity, name) for name in identity.__slots__},
            "capacity": reference.capacity,
            "prompts": {kind: prompt_for(reference.model, kind) for kind in ("query", "document")},
            "files": {file.name: file.stat().st_size for file in sorted(work.iterdir())},
        }
        (work / _FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
        worst = _agreement(CompiledEncoder(work), reference)
        if not worst >= _AGREEMENT:
            raise EncoderError(
                f"The compiled {folder.name!r} gives other vectors than sentence-transformers: "
                f"cosine {worst:.4f}, expected at least {_AGREEMENT}."
            )
        _log.info("compiled %s, worst cosine against the reference %.5f", folder.name, worst)
        # Replace the folder by renaming, so that no process opens an incomplete one.
        with contextlib.suppress(FileNotFoundError):
            target.rename(broken)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(broken, ignore_errors=True)


def tell_preparing(name: str) -> None:
    """Logs why the next seconds are silent, as a warning: those appear without logging set up."""
    _log.warning("Preparing the model %s for this machine, once: some 15 s.", name)


_importing = threading.Lock()


def openvino() -> ModuleType:
    """The runtime, imported without its telemetry package.

    `import openvino` imports `openvino_telemetry` if it is installed, else a stub. None as its
    entry in `sys.modules` makes it look not installed.
    """
    with _importing:  # Of two threads the second would get a module that is half loaded.
        if "openvino" not in sys.modules:
            known = sys.modules.get("openvino_telemetry")
            sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
            try:
                import openvino
            finally:
                del sys.modules["openvino_telemetry"]
                if known is not None:
                    sys.modules["openvino_telemetry"] = known
            return openvino  # type: ignore[no-any-return]
        return sys.modules["openvino"]


def _batches(
    pieces: list[list[int]],
) -> Iterator[tuple[list[int], list[npt.NDArray[np.int64]]]]:
    """Batches of texts of similar length, to keep padding low: row numbers, then ids and mask."""
    order = sorted(range(len(pieces)), key=lambda row: len(pieces[row]), reverse=True)
    start = 0
    while start < len(order):
        width = max(len(pieces[order[start]]), 1)
        rows = order[start : start + max(_BATCH_PIECES // width, 1)]
        ids = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(pieces[row])] = pieces[row]
            mask[place, : len(pieces[row])] = 1
        yield rows, [ids, mask]
        start += len(rows)


def _write_graph(model: Any, path: Path) -> None:
    import torch

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.model(features)["sentence_embedding"]

    example = (torch.ones(2, 16, dtype=torch.int64), torch.ones(2, 16, dtype=torch.int64))
    try:
        with warnings.catch_warnings():
            # The tracer warns about shapes; the comparison with the reference decides.
            warnings.simplefilter("ignore")
            graph = openvino().convert_model(Pipeline().eval(), example_input=example)
            openvino().save_model(graph, str(path), compress_to_fp16=False)
    except Exception as error:
        raise EncoderError(f"OpenVINO cannot compile this model: {error}") from error


def _write_tokenizer(model: Any, path: Path, limit: int) -> None:
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise EncoderError("The model has no fast tokenizer, so it cannot be compiled.")
    copy = type(tokenizer).from_str(tokenizer.to_str())
    copy.no_padding()
    copy.enable_truncation(limit)
    path.write_text(copy.to_str(), encoding="utf-8")


def _agreement(compiled: CompiledEncoder, reference: Any) -> float:
    """The lowest cosine over the samples, encoded as questions and as passages."""
    pairs = [
        (compiled.encode_passages(_SAMPLES * 2), reference.encode_passages(_SAMPLES * 2)),
        (compiled.encode_questions(_SAMPLES * 2), reference.encode_questions(_SAMPLES * 2)),
        *(
            (compiled.encode_questions([one]), reference.encode_questions([one]))
            for one in _SAMPLES
        ),
    ]
    return min(float((mine * theirs).sum(axis=1).min()) for mine, theirs in pairs)
