"""Compare two results: what changed, whether it may be chance, and on which questions."""

from dataclasses import dataclass

from embeddings.errors import InputError
from eval.results import Json
from eval.significance import randomisation_test


@dataclass(frozen=True, slots=True)
class QueryChange:
    """A query on which a measure differs between the two results."""

    query_id: str
    text: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in two results over the same queries.

    `p` is the p-value of the paired randomisation test; `differing` has the queries on which the
    second result is better or worse, greatest losses first.
    """

    measure: str
    before: float
    after: float
    p: float
    queries: int
    differing: tuple[QueryChange, ...]

    @property
    def wins(self) -> int:
        """The number of queries with a higher value in the second result."""
        return sum(one.after > one.before for one in self.differing)

    @property
    def losses(self) -> int:
        """The number of queries with a lower value in the second result."""
        return sum(one.after < one.before for one in self.differing)


def compare(before: Json, after: Json) -> tuple[Change, ...]:
    """The changes of all common measures between two results: of their first systems, and of their
    answers where both have been measured. Measures that are no means over queries are not compared.

    Raises `InputError` if a result is brief, if they are over different questions, or if they share
    no measure.
    """
    for result in (before, after):
        if "queries" not in result["systems"][0]:
            raise InputError(
                "A brief result has no values by question, so nothing can be compared. Write both "
                "with --json and without --brief."
            )
    one, two = _values(before), _values(after)
    texts = {query["query_id"]: query["text"] for query in _queries(after)}
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
        pairs = [
            QueryChange(query_id, texts[query_id], values[query_id], others[query_id])
            for query_id in values
        ]
        differing = [one for one in pairs if one.before != one.after]
        changes.append(
            Change(
                measure,
                before=sum(one.before for one in pairs) / len(pairs),
                after=sum(one.after for one in pairs) / len(pairs),
                p=randomisation_test([one.after for one in pairs], [one.before for one in pairs]),
                queries=len(pairs),
                differing=tuple(sorted(differing, key=lambda one: one.after - one.before)),
            )
        )
    if not changes:
        raise InputError("The two results have no measure in common.")
    return tuple(changes)


def _queries(result: Json) -> list[Json]:
    """The queries of the first system and those of the answers, which older results do not have."""
    answers = result.get("answers") or {}
    return [*result["systems"][0]["queries"], *answers.get("queries", ())]


def _values(result: Json) -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {}
    for query in _queries(result):
        for measure, value in query["values"].items():
            values.setdefault(measure, {})[query["query_id"]] = value
    return values
