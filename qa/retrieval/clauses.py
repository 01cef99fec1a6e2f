"""Clauses of a long question: each describes one thing, and one passage seldom has all of them.

"Which company, featured in TechCrunch, plans an app store and competes with open models?" has its
evidence in two articles. Each is near to one clause and only half near to the whole question. So a
candidate gains by the clause that it is best for. A clause finds no candidates of its own.
Gains: docs/studies/clauses.md.
"""

from collections.abc import Sequence

from qa.store.seam import PassageStore
from qa.store.values import Analysis
from qa.text.clauses import fragments

# What the best fused score for one clause, 1 at most, adds to the fused score.
CLAUSE_GAIN = 0.8
# Terms of a question that is cut. From 8 on SciFact loses .0007, its claims of 8 to 11 terms being
# one thing; from 12 on it gains .0008. MultiHop-RAG has the same measures.
LONG = 12
# Terms of a clause at least: "as The Verge reported" alone would raise all of its articles.
LEAST = 4
# Clauses of a question at most, since each is encoded. 3 lose .002 of Hits@4, 5 gain none.
MOST = 4


def clauses_of(question: Analysis, text: str, store: PassageStore) -> dict[str, Analysis]:
    """The clauses of the question `text` with their terms, in order; none of a short question or
    one without joints."""
    if len(question.terms) < LONG:
        return {}
    pieces = fragments(text)
    counts = [len(store.analyse(piece).terms) for piece in pieces]
    joined = _joined(pieces, counts)
    return {one: store.analyse(one) for one in joined} if len(joined) > 1 else {}


def _joined(pieces: Sequence[str], counts: Sequence[int]) -> tuple[str, ...]:
    """Adjacent pieces together until no piece has fewer than `LEAST` terms and there are at most
    `MOST`; a short piece joins the shorter of its neighbours."""
    texts, sizes = list(pieces), list(counts)

    def order(place: int) -> tuple[bool, int]:
        return min(sizes[place : place + 2]) >= LEAST, sizes[place] + sizes[place + 1]

    while len(texts) > 1 and (min(sizes) < LEAST or len(texts) > MOST):
        first = min(range(len(texts) - 1), key=order)
        texts[first : first + 2] = [f"{texts[first]}, {texts[first + 1]}"]
        sizes[first : first + 2] = [sizes[first] + sizes[first + 1]]
    return tuple(texts)
