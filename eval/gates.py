"""Gates: the least value a measure may have, for CI."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from embeddings.errors import Error, UsageError

_GATE = re.compile(r"\s*([\w.]+(?:@\d+)?)\s*(>=|<=|>|<)\s*(\d*\.?\d+)\s*")
# What any collection may have; which it has is known once it is measured.
_MEASURE = re.compile(
    r"(?:(?:evidence|doc|passage|paper)\.)?(?:nDCG@10|MAP|MRR@10|(?:recall|success)@\d+|Hits@(?:10|4))",
    re.IGNORECASE,
)
# A name without its level means the first of these that has it.
_LEVELS = ("", "evidence.", "doc.", "passage.", "paper.")


class GateFailed(Error):
    """A measure is on the wrong side of its gate."""

    exit_status = 7


@dataclass(frozen=True, slots=True)
class Gate:
    """`measure relation bound`, the measure by its full name."""

    measure: str
    relation: str
    bound: float

    def holds(self, value: float) -> bool:
        """Whether `value` passes. A billionth is forgiven, so that 0.95 is 0.95."""
        if self.relation in (">=", "<=") and abs(value - self.bound) < 1e-9:
            return True
        return value > self.bound if self.relation[0] == ">" else value < self.bound


def check_form(text: str) -> re.Match[str]:
    """The parts of a gate. Raises `UsageError` for what is none, before anything is measured."""
    match = _GATE.fullmatch(text)
    if not match:
        raise UsageError(f'{text!r} is not a gate; write it like "recall@5>=0.95".')
    if not _MEASURE.fullmatch(match[1]):
        raise UsageError(
            f"There is no measure {match[1]!r}. There are nDCG@10, MAP, MRR@10, recall@K and "
            "success@K of doc, passage and evidence, and paper.Hits@10, Hits@4, MRR@10."
        )
    return match


def parse_gate(text: str, measures: Mapping[str, float]) -> Gate:
    """The gate that `text` ("recall@5>=0.95") means. Raises `UsageError`."""
    match = check_form(text)
    return Gate(full_name(match[1], measures), match[2], float(match[3]))


def full_name(name: str, measures: Mapping[str, float]) -> str:
    """The measure of that name, in any case, with or without its level. Raises `UsageError`."""
    known = {measure.casefold(): measure for measure in measures}
    for level in _LEVELS:
        if found := known.get(f"{level}{name}".casefold()):
            return found
    listed = ", ".join(sorted(measures))
    raise UsageError(f"There is no measure {name!r} here. There are: {listed}.")


def check_gates(gates: list[str], measures: Mapping[str, float]) -> tuple[Gate, ...]:
    """The gates, all of which hold. Raises `GateFailed`, or `UsageError` for what is no gate."""
    parsed = tuple(parse_gate(text, measures) for text in gates)
    failed = [gate for gate in parsed if not gate.holds(measures[gate.measure])]
    if failed:
        told = "; ".join(
            f"{gate.measure} is {measures[gate.measure]:.4f}, expected "
            f"{gate.relation} {gate.bound:g}"
            for gate in failed
        )
        raise GateFailed(f"{len(failed)} of {len(parsed)} gates failed: {told}.")
    return parsed
