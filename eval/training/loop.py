"""The training loop: seeded, resumable, and stopped by the clock without losing anything.

The learning rate warms up, stays, and is cooled down over the last steps (A. Hägele et al.,
Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations, 2024), so a run can be
stopped at any checkpoint and finished with a cool-down of its own: resume it with `steps` set to
where it should end.
"""

import ctypes
import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from embeddings.errors import InputError
from eval.training.batches import MicroBatch, Steps, micro_batches
from eval.training.loss import Totals, loss_of, rectangle_of
from eval.training.network import Network

_BETAS, _EPSILON = (0.9, 0.98), 1e-6
_NORM = 1.0
_FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the weights depend on beside the data. `steps` and `cool` may differ when a run is
    resumed; the others may not."""

    seed: int = 1
    questions: int = 32
    rate: float = 2.5e-4
    warm: int = 150
    steps: int = 4000
    cool: int = 800

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        warming = (step + 1) / max(self.warm, 1)
        cooling = (self.steps - step) / max(self.cool, 1)
        return self.rate * max(min(1.0, warming, cooling), 0.0)


@dataclass(slots=True)
class State:
    """Everything that a step changes: master weights and Adam's moments, flat, in float32."""

    weights: Tensor
    first: Tensor
    second: Tensor
    step: int = 0
    windows: int = 0

    @classmethod
    def fresh(cls, network: Network) -> "State":
        weights = torch.cat(
            [parameter.detach().float().flatten() for parameter in network.parameters()]
        )
        return cls(weights, torch.zeros_like(weights), torch.zeros_like(weights))


class Trainer:
    """Runs steps on a network that computes in bfloat16 while its master weights do not.

    `workers` threads take micro-batches in turn, each with one core; their gradients are added in
    the order of the micro-batches, so that the weights do not depend on the number of workers.
    """

    def __init__(self, network: Network, state: State, settings: Settings, workers: int) -> None:
        self._network = network.bfloat16()
        self._parameters = list(network.parameters())
        self._state, self._settings = state, settings
        self._pool = ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,))
        _spread(state.weights, self._parameters)

    def step(self, batches: list[MicroBatch]) -> list[float]:
        """One update; returns the losses: shared, alone, answered."""
        windows = [window for batch in batches for rectangle in batch for window in rectangle]
        totals = Totals(len({window.group for window in windows}), len(windows))
        gradient = torch.zeros_like(self._state.weights)
        terms = torch.zeros(3)
        for part, found in self._pool.map(lambda batch: self._gradient(batch, totals), batches):
            gradient += part
            terms += found
        gradient *= min(1.0, _NORM / (float(gradient.norm()) + 1e-12))
        self._update(gradient)
        self._state.step += 1
        self._state.windows += len(windows)
        return [float(term) for term in terms]

    def _gradient(self, batch: MicroBatch, totals: Totals) -> tuple[Tensor, Tensor]:
        logits = self._network([rectangle_of(windows) for windows in batch])
        loss, terms = loss_of(batch, logits, totals)
        parts = torch.autograd.grad(loss, self._parameters)
        return torch.cat([part.flatten() for part in parts]), terms

    def _update(self, gradient: Tensor) -> None:
        """Adam: D. Kingma, J. Ba (2015)."""
        state, number = self._state, self._state.step + 1
        state.first.lerp_(gradient, 1 - _BETAS[0])
        state.second.mul_(_BETAS[1]).addcmul_(gradient, gradient, value=1 - _BETAS[1])
        scale = (state.second / (1 - _BETAS[1] ** number)).sqrt_().add_(_EPSILON)
        rate = self._settings.rate_at(state.step) / (1 - _BETAS[0] ** number)
        state.weights.addcdiv_(state.first, scale, value=-rate)
        _spread(state.weights, self._parameters)


def train(
    trainer: Trainer,
    state: State,
    steps: Steps,
    settings: Settings,
    save: Callable[[State], None],
    log: Callable[[dict[str, Any]], None],
    every: float,
) -> None:
    """Steps until `settings.steps`, or until asked to stop; saves every `every` seconds and at
    the end."""
    saved = time.monotonic()
    with _asked_to_stop() as stopping:
        while state.step < settings.steps and not stopping:
            began, used = time.perf_counter(), time.process_time()
            number = state.step
            windows = steps.step(number)
            shared, alone, answered = trainer.step(micro_batches(windows))
            seconds = time.perf_counter() - began
            log(
                {
                    "step": number,
                    "windows": state.windows,
                    "shared": round(shared, 4),
                    "alone": round(alone, 4),
                    "answered": round(answered, 4),
                    "rate": settings.rate_at(number),
                    "windows_per_second": round(len(windows) / seconds, 2),
                    "pieces_per_second": round(sum(map(len, windows)) / seconds),
                    "cores": round((time.process_time() - used) / seconds, 2),
                }
            )
            if time.monotonic() - saved >= every:
                save(state)
                saved = time.monotonic()
    save(state)


def save_checkpoint(folder: Path, state: State, settings: Settings, data: str, keep: int) -> Path:
    """Writes `checkpoint-STEP.safetensors` and removes all but the newest `keep`."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"checkpoint-{state.step:06d}.safetensors"
    facts = {
        "format": _FORMAT,
        "step": str(state.step),
        "windows": str(state.windows),
        "data": data,
        "settings": json.dumps(asdict(settings)),
    }
    tensors = {"weights": state.weights, "first": state.first, "second": state.second}
    part = path.with_suffix(".part")
    save_file(tensors, part, facts)
    part.rename(path)
    for old in sorted(folder.glob("checkpoint-*.safetensors"))[:-keep]:
        old.unlink()
    return path


def newest_checkpoint(folder: Path) -> Path | None:
    return max(folder.glob("checkpoint-*.safetensors"), default=None)


def load_checkpoint(path: Path, settings: Settings | None = None, data: str | None = None) -> State:
    """The state in a checkpoint.

    Raises `InputError` where it is none, or was trained with another seed, batch, learning rate or
    data than it would be resumed with.
    """
    from safetensors.torch import load_file

    facts = facts_of(path)
    if settings is not None:
        _refuse_other(path, facts, settings, data)
    tensors = load_file(path)
    return State(**tensors, step=int(facts["step"]), windows=int(facts["windows"]))


def average(checkpoints: Sequence[Path], folder: Path) -> Path:
    """Writes a checkpoint with the mean of the checkpoints' weights, and all else of the last.

    At a steady learning rate the weights wander around a better place, which their mean is closer
    to: P. Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization
    (2018). Raises `InputError` where the checkpoints are not all of one run.
    """
    facts = [facts_of(path) for path in checkpoints]
    settings, data = Settings(**json.loads(facts[-1]["settings"])), facts[-1]["data"]
    states = [load_checkpoint(path, settings, data) for path in checkpoints]
    last = states[-1]
    mean = torch.stack([state.weights for state in states]).mean(0)
    return save_checkpoint(folder, replace(last, weights=mean), settings, data, keep=1)


def facts_of(path: Path) -> dict[str, str]:
    """What a checkpoint says of itself: `step`, `windows`, `data` and `settings`.

    Raises `InputError` where it is none.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            facts: dict[str, str] = file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise InputError(f"Cannot read the checkpoint {path}: {error}.") from error
    if facts.get("format") != _FORMAT:
        raise InputError(f"{path} is no checkpoint of this version.")
    return facts


def _refuse_other(path: Path, facts: dict[str, str], settings: Settings, data: str | None) -> None:
    before = json.loads(facts["settings"])
    wanted = asdict(settings)
    other = [
        f"{name} {before[name]}, not {wanted[name]}"
        for name in ("seed", "questions", "rate", "warm")
        if before[name] != wanted[name]
    ]
    if data is not None and facts["data"] != data:
        other.append(f"data {facts['data']}, not {data}")
    if other:
        raise InputError(
            f"{path} was trained with {'; '.join(other)}. Resume it with the same, or name another "
            "folder for the checkpoints."
        )


def _spread(weights: Tensor, parameters: list[Any]) -> None:
    """Copies the flat weights into the network's parameters."""
    with torch.no_grad():
        parts = torch.split(weights, [parameter.numel() for parameter in parameters])
        for parameter, part in zip(parameters, parts, strict=True):
            parameter.copy_(part.view_as(parameter))


def fill(network: Network, state: State) -> Network:
    """The network with the master weights."""
    _spread(state.weights, list(network.parameters()))
    return network


@contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """A list that is no longer empty once the process was asked to end: the step is finished and
    saved first."""
    asked: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda which, _frame: asked.append(which))
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def one_thread_each() -> None:
    """Sets this process up for training: no threads inside an operation, whose barriers spin
    while another process has the core; and freed memory is kept, whose pages would be cleared
    again in every step (a tenth of the time)."""
    torch.set_num_threads(1)
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return  # Another C library; only slower.
    trim, top_pad, mmap_most, arenas = -1, -2, -4, -8
    for option, value in ((trim, 1 << 30), (top_pad, 1 << 26), (mmap_most, 0), (arenas, 1)):
        mallopt(option, value)
