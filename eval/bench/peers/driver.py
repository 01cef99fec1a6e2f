"""Runs one peer file in the environment of that peer; prints one JSON object per answer.

    driver.py PEER.py prepare MODEL
    driver.py PEER.py build MODEL INDEX ARTICLES.jsonl
    driver.py PEER.py serve MODEL INDEX        questions on stdin, one JSON string a line

A peer file defines `build(articles, index, model)`, which saves an index in the folder and returns
the number of passages, and `load(index, model)`, which returns a function from a question and k to
`(doc_id, text)` pairs, best first. An optional `prepare(model)` does the work that an installation
needs once. This file imports only the standard library, because nkqa is not installed where it
runs.
"""

import importlib.util
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

K = 10


def main() -> None:
    """Runs the command in the arguments."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # Send the output of libraries to stderr, so that stdout has only the answers.

    def tell(**told: Any) -> None:
        print(json.dumps({**told, "peak": peak()}), file=out, flush=True)

    file, command, model, *rest = sys.argv[1:]
    peer = imported(Path(file))
    begun = time.perf_counter()
    if command == "prepare":
        if hasattr(peer, "prepare"):
            peer.prepare(model)
        tell(seconds=time.perf_counter() - begun)
    elif command == "build":
        lines = Path(rest[1]).read_text("utf-8").splitlines()
        passages = peer.build([json.loads(line) for line in lines], Path(rest[0]), model)
        tell(seconds=time.perf_counter() - begun, passages=passages)
    elif command == "serve":
        search = peer.load(Path(rest[0]), model)
        for line in sys.stdin:
            begun = time.perf_counter()
            found = search(json.loads(line), K)
            tell(seconds=time.perf_counter() - begun, passages=found)


def imported(file: Path) -> Any:
    """Imports the peer file as a module without adding its folder to `sys.path`."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None  # noqa: S101 - a path that ends in .py has one
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def peak() -> int:
    """The peak memory of this process in bytes."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except OSError:  # Not Linux.
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main()
