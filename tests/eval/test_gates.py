"""A gate holds, fails with status 7, or is not understood."""

import pytest

from embeddings.errors import UsageError
from eval.gates import Gate, GateFailed, check_gates

_MEANS = {"evidence.recall@5": 0.95, "doc.recall@5": 0.5, "doc.nDCG@10": 0.7}


def test_a_name_without_its_level_means_evidence_first() -> None:
    assert check_gates(["recall@5>=0.95", "NDCG@10 > .6"], _MEANS) == (
        Gate("evidence.recall@5", ">=", 0.95),
        Gate("doc.nDCG@10", ">", 0.6),
    )


def test_a_gate_that_fails_says_what_was_found() -> None:
    with pytest.raises(GateFailed, match=r"doc.recall@5 is 0.5000, expected >= 0.6") as caught:
        check_gates(["doc.recall@5>=0.6"], _MEANS)
    assert caught.value.exit_status == 7


@pytest.mark.parametrize("gate", ["recall@6>=0.9", "recall@5", "recall@5=1", "recall@5>=high"])
def test_what_is_no_gate_is_a_wrong_option(gate: str) -> None:
    with pytest.raises(UsageError):
        check_gates([gate], _MEANS)


def test_strict_gates_do_not_hold_at_their_bound() -> None:
    with pytest.raises(GateFailed):
        check_gates(["doc.recall@5>0.5"], _MEANS)
    with pytest.raises(GateFailed):
        check_gates(["doc.recall@5<0.5"], _MEANS)
    check_gates(["doc.recall@5<=0.5"], _MEANS)
