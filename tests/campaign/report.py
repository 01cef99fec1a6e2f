"""What a campaign reports: the values that every promise returns, and the table of them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that broke the promise: `--seed SEED --count 1` repeats exactly that case."""

    seed: int
    what: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one promise: how many cases ran and which of them failed.

    `notes` are figures of the run that belong into the table, such as how many of the cases were
    refused, each a short phrase.
    """

    promise: str
    count: int
    failures: tuple[Failure, ...]
    seconds: float
    notes: tuple[str, ...] = ()


def table(outcomes: Iterable[Outcome]) -> str:
    """One line for each promise."""
    lines = [f"{'promise':9} {'cases':>6} {'failures':>8} {'seconds':>8}  notes"]
    lines += [
        f"{one.promise:9} {one.count:6} {len(one.failures):8} {one.seconds:8.1f}  "
        + "; ".join(one.notes)
        for one in outcomes
    ]
    return "\n".join(lines)


def listed(outcome: Outcome, most: int = 40) -> str:
    """The failures of a promise, each with the command that repeats it.

    Where there was more than one case, only the beginning and the end of each are shown.
    """
    lines = []
    for failure in outcome.failures[:most]:
        what = failure.what.strip()
        if outcome.count > 1:
            first, *others = what.splitlines()
            what = "\n".join([first[:500], *others[-1:]])
        lines.append(f"python -m tests.campaign {outcome.promise} --seed {failure.seed} --count 1")
        lines.append("    " + what.replace("\n", "\n    "))
    if len(outcome.failures) > most:
        lines.append(f"and {len(outcome.failures) - most} more")
    return "\n".join(lines)
