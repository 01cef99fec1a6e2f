"""Which part of an article is read: a sentence with its neighbours.

Reading windows in place of whole passages makes reading several times cheaper, and the reader was
trained on stretches of this length.
"""

from collections.abc import Sequence

from qa.types import Span

# Word pieces of a window, the question not counted.
WINDOW_PIECES = 96


def window_around(
    focus: int, sentences: Sequence[Span], sizes: Sequence[int], most: int = WINDOW_PIECES
) -> Span:
    """The characters from the start of the first sentence of a window to the end of its last.

    The window holds the sentence `focus` whatever its size, and neighbours by turns, the one
    before it first, as long as all together have at most `most` pieces. `sizes` are the pieces of
    each sentence. A side ends at the first neighbour that is too long, so no sentence is skipped.
    """
    first = last = focus
    room = most - sizes[focus]
    before = after = True
    while before or after:
        before = before and first > 0 and sizes[first - 1] <= room
        if before:
            first -= 1
            room -= sizes[first]
        after = after and last + 1 < len(sizes) and sizes[last + 1] <= room
        if after:
            last += 1
            room -= sizes[last]
    return sentences[first][0], sentences[last][1]
