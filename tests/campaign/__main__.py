"""`python -m tests.campaign`: many seeded cases for each promise of docs/reliability.md.

A case has a seed of its own: a run with `--seed 7 --count 3` runs the cases 7, 8 and 9. Each
promise is one module with a function `run(seed, count)` that returns an `Outcome`.
"""

import argparse
import importlib
import os
import sys

from tests.campaign.report import Outcome, listed, table

PROMISES = ("damage", "kill", "power", "disk", "writers", "hostile", "offsets", "http")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("promise", nargs="?", default="all", choices=[*PROMISES, "all"])
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first case")
    parser.add_argument("--count", type=int, help="how many cases; default: as many as documented")
    options = parser.parse_args()
    # Processes are forked while libraries are loaded, which their own threads would not survive.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")
    outcomes = []
    for promise in PROMISES if options.promise == "all" else [options.promise]:
        outcomes.append(_run(promise, options.seed, options.count))
        if outcomes[-1].failures:
            print(listed(outcomes[-1]), flush=True)
    print(table(outcomes))
    return int(any(outcome.failures for outcome in outcomes))


def _run(promise: str, seed: int, count: int | None) -> Outcome:
    """Imported when it is needed: a promise may need a part of nkqa that is not installed."""
    run = importlib.import_module(f"tests.campaign.{promise}").run
    outcome: Outcome = run(seed) if count is None else run(seed, count)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
