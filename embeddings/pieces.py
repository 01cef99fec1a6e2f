"""Tokenize into word pieces, caching the pieces of each word.

A news corpus repeats a few ten thousand words. If a tokenizer splits at every space and treats each
word alone, as BERT's does, the pieces of a text are those of its words in order. Looking the words
up takes a fifth of the time of tokenizing them again.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

# Capacity of the cache in words, some 35 MB; a full cache is emptied. Strings longer than
# `_LONGEST` characters are seldom words and are not cached.
_MOST = 1 << 17
_LONGEST = 40


class WordPieces:
    """Tokenizes texts by a `tokenizers.Tokenizer` without adding special pieces. Thread-safe. The
    tokenizer must not truncate."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}
        self._by_word = _cuts_at_spaces(tokenizer)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The piece ids of each text."""
        if not self._by_word:
            return self._cut(texts)
        split = [text.split(" ") for text in texts]
        known = self._known
        new = list({word for words in split for word in words if word not in known})
        cut = dict(zip(new, self._cut(new), strict=True))
        if len(known) + len(cut) > _MOST:
            # Replaced rather than cleared: another thread may still be reading the old one.
            self._known = {}
        self._known.update((word, ids) for word, ids in cut.items() if len(word) <= _LONGEST)
        pieces = [[cut[word] if word in cut else known[word] for word in words] for words in split]
        return [list(chain.from_iterable(of_words)) for of_words in pieces]

    def _cut(self, texts: Sequence[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [one.ids for one in encoded]


def _cuts_at_spaces(tokenizer: Any) -> bool:
    """Whether the pieces of a text are known to be those of its words."""
    added = tokenizer.get_added_tokens_decoder().values()
    return (
        type(tokenizer.normalizer).__name__ == "BertNormalizer"
        and type(tokenizer.pre_tokenizer).__name__ == "BertPreTokenizer"
        and not any(" " in str(token) for token in added)
    )
