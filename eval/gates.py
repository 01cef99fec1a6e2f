"""Gates for CI: bounds that a measure must respect."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from embeddings.errors import Error, UsageError

_GATE = re.compile(r"\s*([\w.]+(?:@\d+)?)\s*(>=|<=|>|<)\s*(\d*\.?\d+)\s*")
# The measures of any collection. Which of them one has is known only after measuring.
_MEASURE = re.compile(
    r"(?:(?:evidence|doc|passage|paper)\.)?(?:nDCG@10|MAP|MRR@10|(?:recall|success)@\d+|Hits@(?:10|4))"
    r"|answers\.(?:EM|F1|in_highlight|precision|coverage|AURC|AUROC|ECE)"
    r"|silence\.(?:precision|recall)",
    re.IGNORECASE,
)
# The order in which a name without its level is looked up.
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
        """Whether `value` passes, with a tolerance of 1e-9, so that 0.95 satisfies >= 0.95."""
        if self.relation in (">=", "<=") and abs(value - self.bound) < 1e-9:
            return True
        return value > self.bound if self.relation[0] == ">" else value < self.bound


def check_form(text: str) -> re.Match[str]:
    """The parts of a gate. Raises `UsageError` if `text` is not a gate; needs no measurement."""
    match = _GATE.fullmatch(text)
    if not match:
        raise UsageError(f'{text!r} is not a gate; write it like "recall@5>=0.95".')
    if not _MEASURE.fullmatch(match[1]):
        raise UsageError(
            f"There is no measure {match[1]!r}. There are nDCG@10, MAP, MRR@10, recall@K and "
            "success@K of doc, passage and evidence, paper.Hits@10, Hits@4, MRR@10, answers.EM, "
            "F1, in_highlight, precision, coverage, AURC, AUROC, ECE, and silence.precision and "
            "recall."
        )
    return match


def is_about_answers(text: str) -> bool:
    """Whether a gate is about answers rather than rankings. Raises as `check_form`."""
    return check_form(text)[1].casefold().startswith(("answers.", "silence."))


def parse_gate(text: str, measures: Mapping[str, float]) -> Gate:
    """The gate that `text` ("recall@5>=0.95") means. Raises `UsageError` as `full_name` does, and
    if `text` is not a gate."""
    match = check_form(text)
    return Gate(full_name(match[1], measures), match[2], float(match[3]))


def full_name(name: str, measures: Mapping[str, float]) -> str:
    """The measure of that name, ignoring case, with or without its level.

    Raises `UsageError` if `measures` has none of that name.
    """
    known = {measure.casefold(): measure for measure in measures}
    for level in _LEVELS:
        if found := known.get(f"{level}{name}".casefold()):
            return found
    listed = ", ".join(sorted(measures))
    raise UsageError(f"There is no measure {name!r} here. There are: {listed}.")


def check_gates(gates: list[str], measures: Mapping[str, float]) -> tuple[Gate, ...]:
    """The parsed gates if all hold. Raises `GateFailed`, and as `parse_gate`."""
    parsed = tuple(parse_gate(text, measures) for text in gates)
    failed = [gate for gate in parsed if not gate.holds(measures[gate.measure])]
    if failed:
        listed = "; ".join(
            f"{gate.measure} is {measures[gate.measure]:.4f}, expected "
            f"{gate.relation} {gate.bound:g}"
            for gate in failed
        )
        raise GateFailed(f"{len(failed)} of {len(parsed)} gates failed: {listed}.")
    return parsed
