"""Two results side by side: what changed, whether it may be chance, and on which questions."""

from dataclasses import dataclass

from embeddings.errors import InputError
from eval.results import Json
from eval.significance import randomisation_test


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in two results over the same queries.

    `p` is of the paired randomisation test; `wins` and `losses` count the queries on which the
    second is better or worse.
    """

    measure: str
    before: float
    after: float
    p: float
    wins: int
    losses: int
    queries: int


def compare(before: Json, after: Json) -> tuple[Change, ...]:
    """The measures of the first system of each. Raises `InputError` when they cannot be compared.

    They can when they are of the same collection and questions and hold the value of each query.
    """
    for told in (before, after):
        if "queries" not in told["systems"][0]:
            raise InputError(
                "A brief result has no values by question, so nothing can be compared. Write both "
                "with --json and without --brief."
            )
    one, two = _values(before["systems"][0]), _values(after["systems"][0])
    changes = []
    for measure, values in one.items():
        others = two.get(measure)
        if others is None:
            continue
        if set(values) != set(others):
            raise InputError(
                f"The two results are of other questions ({before['collection']['name']}, "
                f"{after['collection']['name']}); {measure} is over {len(values)} and "
                f"{len(others)}, {len(set(values) & set(others))} of them the same."
            )
        pairs = [(values[query_id], others[query_id]) for query_id in values]
        changes.append(
            Change(
                measure,
                sum(a for a, _ in pairs) / len(pairs),
                sum(b for _, b in pairs) / len(pairs),
                randomisation_test([b for _, b in pairs], [a for a, _ in pairs]),
                sum(b > a for a, b in pairs),
                sum(b < a for a, b in pairs),
                len(pairs),
            )
        )
    if not changes:
        raise InputError("The two results have no measure in common.")
    return tuple(changes)


def _values(system: Json) -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {}
    for query in system["queries"]:
        for measure, value in query["values"].items():
            values.setdefault(measure, {})[query["query_id"]] = value
    return values
