"""Runs one peer file in the environment of that peer; the only thing printed is lines of JSON.

    driver.py PEER.py prepare MODEL
    driver.py PEER.py build MODEL INDEX ARTICLES.jsonl
    driver.py PEER.py serve MODEL INDEX        questions on stdin, one JSON string a line

A peer file defines `build(articles, index, model)`, which saves an index in the folder and returns
how many passages it has, and `load(index, model)`, which returns a function from a question and k
to `(doc_id, text)` pairs, best first. `prepare(model)` is what an installation does once. This file
imports nothing but the standard library, because nkqa is not installed where it runs.
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
    """Does what the arguments say."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # What libraries print must not stand between the answers.

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
    """The peer file as a module, whose folder does not become a place to import from."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None  # noqa: S101 - a path that ends in .py has one
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def peak() -> int:
    """Bytes of memory this process has had at most."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except OSError:  # Not Linux.
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main()
