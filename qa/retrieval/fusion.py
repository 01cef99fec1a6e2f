"""One order out of two: a convex combination of normalised scores.

S. Bruch, S. Gai, A. Ingber, An Analysis of Fusion Functions for Hybrid Retrieval (2023): such a
sum beats reciprocal rank fusion, with the theoretical minimum as the lower end of each scale.
Here that end is 0 on both (a BM25 of 0 shares no word, a cosine of 0 no meaning), so no candidate
is zeroed for being the lowest or the only one, and both scores of every candidate are known
before they are summed: none is missing.
"""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

# Share of the dense side.
DENSE_WEIGHT = 0.6
# The same for an article in a language that the model was not trained for: its cosines tell little,
# and words tell more. From .3 down the measures hardly change (docs/evaluation.md).
FOREIGN_DENSE_WEIGHT = 0.2
# BM25 falls off slowly: a passage that shares one of two telling words has half of the best score
# though it rarely answers. The exponent lets the best matches stand out; with it the dense side
# can weigh more, which decides where few articles make every word rare. docs/studies/settings.md.
LEXICAL_EXPONENT = 1.75
# The upper end of the lexical scale where no candidate reaches it. A best BM25 below this says
# that the question's words are common in the index, or that hardly any is there: among ten
# passages on one subject every word is. Then being best in words is worth less.
LEXICAL_FLOOR = 8.0


def fuse(
    dense: Scores,
    lexical: Scores,
    weight: float | Scores = DENSE_WEIGHT,
    exponent: float = LEXICAL_EXPONENT,
    floor: float = LEXICAL_FLOOR,
) -> Scores:
    """`(n,)` fused scores, at most 1: each side divided by its largest value, then weighted.

    `weight` is the share of the dense side, one for all or `(n,)`, see `dense_weights`.
    The lexical side is divided by `floor` at least and raised to `exponent`, which keeps its order;
    a lexical score below 0 counts as 0, since a shared word never tells against a passage.
    A side whose scores are all 0 or less (no word shared, say) tells nothing, and the other side
    alone decides. The order of the candidates does not matter.
    """
    best_dense, best_lexical = dense.max(initial=0.0), lexical.max(initial=0.0)
    if best_lexical <= 0:
        weight = 1.0
    elif best_dense <= 0:
        weight = 0.0
    fused = np.zeros(len(dense), dtype=np.float32)
    if best_dense > 0:
        fused += weight * dense / best_dense
    if best_lexical > 0:
        shared = np.maximum(lexical, 0) / max(best_lexical, floor)
        fused += (1 - weight) * shared**exponent
    return fused


def dense_weights(languages: Sequence[str], known: Collection[str] | None) -> Scores:
    """`(n,)` shares of the dense side for articles in these languages, given those that the model
    knows; None if that is not known, which counts as all."""
    shares = [
        DENSE_WEIGHT if known is None or one in known else FOREIGN_DENSE_WEIGHT for one in languages
    ]
    return np.array(shares, dtype=np.float32)
