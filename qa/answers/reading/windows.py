"""Which part of an article is read: a sentence with its neighbours.

Reading windows in place of whole passages makes reading several times cheaper, and the reader was
trained on stretches of this length.
"""

from collections.abc import Sequence

from qa.types import Span

# Characters of a window. English news has 4.6 a word piece, so these are about 175 pieces, which
# the reader takes at once; counting pieces would mean to cut every passage into them first.
# Windows of 450 lose three answers in a hundred.
WINDOW_CHARACTERS = 800


def window_around(focus: int, sentences: Sequence[Span], most: int = WINDOW_CHARACTERS) -> Span:
    """The characters from the start of the first sentence of a window to the end of its last.

    The window holds the sentence `focus` whatever its length, and neighbours by turns, the one
    before it first, as long as all together have at most `most` characters. A side ends at the
    first neighbour that is too long, so no sentence is skipped.
    """
    first = last = focus
    before = after = True
    while before or after:
        before = before and first > 0 and sentences[last][1] - sentences[first - 1][0] <= most
        first -= before
        after = (
            after
            and last + 1 < len(sentences)
            and sentences[last + 1][1] - sentences[first][0] <= most
        )
        last += after
    return sentences[first][0], sentences[last][1]
