"""A whole text against an index: each of its sentences, each of its quotations."""

import functools
from collections.abc import Callable, Iterable, Sequence

from embeddings.errors import InputError
from qa.answers.claims.comparing import claim_of, has_details
from qa.answers.claims.evidence import Text
from qa.answers.claims.sentences import Sentence, sentences
from qa.answers.quote_check import check, resolved
from qa.store.seam import PassageStore
from qa.text.invisible import is_utf8
from qa.text.quotation_marks import quotations_in
from qa.text.quotations import MAX_QUOTATION
from qa.types import Citation, DraftCheck, QuoteCheck

# A long magazine article has 60,000 characters.
MAX_DRAFT = 200_000
# Each is compared with whole articles.
MOST_QUOTATIONS = 500
# Characters of a quotation by which its passages are found.
_SEARCHED = 1_000

# The best passages for a sentence.
Find = Callable[[str], Sequence[Citation]]


def check_draft(text: str, store: PassageStore, find: Find, generation: str) -> DraftCheck:
    """The claims and quotations of the text, compared with the passages that it cites, else with
    those that `find` returns for them.

    Raises `InputError` for a text that is empty, not UTF-8, longer than `MAX_DRAFT` or has more
    than `MOST_QUOTATIONS`.
    """
    quoted = quotations_in(text)
    _refuse(text, len(quoted))
    find = functools.lru_cache(16)(find)
    parts = sentences(text)
    unknown: dict[str, None] = {}
    claims = []
    for sentence in parts:
        texts = _cited(sentence.ids, store, unknown)
        if not texts and has_details(sentence.text):
            texts = [Text.of(citation) for citation in find(sentence.text)]
        claims.append(claim_of(sentence, text, texts, sentence.ids))
    quotations = tuple(
        _quotation(words[:MAX_QUOTATION], _ids_at(span[0], span[1], parts), store, find)
        for span, words in quoted
    )
    return DraftCheck(tuple(claims), quotations, tuple(unknown), generation)


def _refuse(text: str, quotations: int) -> None:
    if not text.strip():
        raise InputError("The text is empty; expected sentences to check.")
    if not is_utf8(text):
        raise InputError("The text is not UTF-8; check the encoding it was read with.")
    for count, most, what in (
        (len(text), MAX_DRAFT, "characters"),
        (quotations, MOST_QUOTATIONS, "quotations"),
    ):
        if count > most:
            raise InputError(
                f"The text has {count:,} {what}; at most {most:,} are checked. Check it in parts."
            )


def _cited(ids: Iterable[str], store: PassageStore, unknown: dict[str, None]) -> list[Text]:
    """The passages and articles of these ids; those that the index has not are noted."""
    texts = []
    for cited in ids:
        document, (start, end), _ = resolved(store, cited)
        if document is None:
            unknown[cited] = None
            continue
        known = (document.title, document.source, document.published)
        texts.append(Text(cited, document.doc_id, start, document.text[start:end], *known))
    return texts


def _ids_at(start: int, end: int, parts: Iterable[Sentence]) -> tuple[str, ...]:
    """The ids that the sentences cite which a quotation touches."""
    touched = (part.ids for part in parts if part.start < end and start < part.end)
    return tuple(dict.fromkeys(one for ids in touched for one in ids))


def _quotation(quoted: str, ids: Sequence[str], store: PassageStore, find: Find) -> QuoteCheck:
    """The check of a quotation at the place that is cited for it, else in the articles found for
    it: where it stands, or else where its words come nearest."""
    places = ids or list(dict.fromkeys(one.doc_id for one in find(quoted[:_SEARCHED])))
    checks = [check(store, place, quoted) for place in places]
    if not checks:
        return QuoteCheck("", quoted, "unknown", None, None, None, None, (), False, None)
    return min(checks, key=lambda one: (not one.stands, one.text is None, len(one.differences)))
