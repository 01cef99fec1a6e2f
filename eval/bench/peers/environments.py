"""One virtual environment per peer, created once with pip and kept in the work folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from embeddings.errors import MissingExtra
from eval.bench.peers.participants import Participant

_LIST = (
    "import importlib.metadata as m, json; "
    "print(json.dumps({one.name: one.version for one in m.distributions()}))"
)
# Packages that run the model, whether required directly or as dependencies.
_MODEL_RUNNERS = ("torch", "transformers", "sentence-transformers")
_ROOT = Path(__file__).parents[3]
_LAST_LINES = 5
_OURS = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "NKQA_CACHE", "NKQA_INDEX")

# No participant uses the network: models are local and telemetry is off. This favours participants
# that would otherwise look for a newer model or send statistics.
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "true",
}


def environment(participant: Participant, work: Path) -> Path:
    """The Python that runs a participant; the first call installs its packages.

    Raises `MissingExtra` with the last lines of pip's errors.
    """
    if not participant.requirements:
        return Path(sys.executable)
    folder = work / participant.name / "venv"
    python, done = folder / "bin" / "python", folder / "installed.json"
    wanted = json.dumps(participant.requirements)
    if done.is_file() and done.read_text("utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], participant)
    _run([str(python), "-m", "pip", "install", "--quiet", *participant.requirements], participant)
    done.write_text(wanted, "utf-8")
    return python


def _run(command: list[str], participant: Participant) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = "\n".join(f"  {line}" for line in done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise MissingExtra(
            f"The environment of {participant.name} cannot be made: `{' '.join(command)}` ended "
            f"with status {done.returncode}:\n{last}\nMend that and run the same again (what is "
            f"installed is kept), or leave it out: --without {participant.name}"
        )


def variables(participant: Participant, work: Path) -> dict[str, str]:
    """The environment variables of a participant's processes."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    if not participant.requirements:
        kept |= {"NKQA_CACHE": str(cache(participant, work)), "PYTHONPATH": str(_ROOT)}
    return kept | _QUIET


def cache(participant: Participant, work: Path) -> Path:
    """The folder for files that a participant prepares once; emptied before measuring that."""
    return work / participant.name / "cache"


def versions(participant: Participant, python: Path) -> Mapping[str, str]:
    """The versions of a participant's required packages and of those that run its model."""
    listed = subprocess.run(  # noqa: S603
        [str(python), "-c", _LIST], capture_output=True, check=True, text=True
    )
    names = [one.partition("<")[0] for one in participant.requirements] or ["nkqa", "openvino"]
    wanted = {*names, *_MODEL_RUNNERS}
    found = json.loads(listed.stdout)
    return {name: version for name, version in sorted(found.items()) if name in wanted}
