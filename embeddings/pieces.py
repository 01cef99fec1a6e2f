"""Texts to word pieces; what a word became is remembered.

A news corpus is a few ten thousand words over and over. Where a tokenizer cuts at every space and
looks at each word alone (BERT's does), a text's pieces are those of its words, one after the
other, and looking words up takes a fifth of the time of cutting them again.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

# Words remembered, some 35 MB; more are forgotten all at once. Longer ones are seldom words.
_MOST = 1 << 17
_LONGEST = 40


class WordPieces:
    """The pieces of texts by a `tokenizers.Tokenizer`, without special ones; safe to use from
    several threads. The tokenizer must not cut anything off."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}
        self._by_word = _cuts_at_spaces(tokenizer)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of the pieces of each text."""
        if not self._by_word:
            return self._cut(texts)
        split = [text.split(" ") for text in texts]
        known = self._known
        new = list({word for words in split for word in words if word not in known})
        cut = dict(zip(new, self._cut(new), strict=True))
        if len(known) + len(cut) > _MOST:
            # Another thread goes on with what it has.
            self._known = {}
        self._known.update((word, some) for word, some in cut.items() if len(word) <= _LONGEST)
        told = [[cut[word] if word in cut else known[word] for word in words] for words in split]
        return [list(chain.from_iterable(some)) for some in told]

    def _cut(self, texts: Sequence[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [one.ids for one in encoded]


def _cuts_at_spaces(tokenizer: Any) -> bool:
    """Whether a text's pieces are those of its words, as far as is known of the tokenizer."""
    added = tokenizer.get_added_tokens_decoder().values()
    return (
        type(tokenizer.normalizer).__name__ == "BertNormalizer"
        and type(tokenizer.pre_tokenizer).__name__ == "BertPreTokenizer"
        and not any(" " in str(token) for token in added)
    )
