"""Text to terms: the rules of `qa.text` applied with tantivy's stemmers.

Articles, questions and highlighted sentences are analysed here alone. A word has one form in each
language; in scripts without spaces, terms are n-grams, the same in all languages.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import chain
from typing import Any

from qa.text.folding import folded, letters
from qa.text.languages import ENGLISH, LANGUAGES, languages
from qa.text.scripts import GRAMS
from qa.text.words import gram_length, grams, has_runs, stretches, words_of

# Stored in the manifest: an index can only be read with the analyzer that wrote it.
ANALYZER = "languages/1"
# Longer words are not indexed, because nobody searches for them.
_LONGEST = 60

# The scripts that separate words by spaces.
_SPACED = {language.script for language in LANGUAGES} - {*GRAMS, "Kana"}

Forms = Callable[[str], tuple[str, ...]]


class Analyzer:
    """`spoken` are the languages of the articles that are searched, the most frequent first.

    A term is the form of a word in the question's language, such as "time". If the word has other
    forms in other languages, they follow as in "time es,pt:tim ja:times", each with its languages.
    Only articles in these languages are searched for such a form.
    """

    def __init__(self, spoken: Sequence[str] = (ENGLISH,)) -> None:
        self.spoken = tuple(spoken) or (ENGLISH,)
        self._stems: dict[str, Forms] = {}

    def terms(self, text: str, language: str = ENGLISH) -> list[str]:
        """The forms of the words of `text` in order, with repetitions."""
        stem, words = self._stem(language), words_of(text)
        if not has_runs(text):
            return list(chain.from_iterable(map(stem, words)))
        return list(
            chain.from_iterable(grams(one) if gram_length(one) else stem(one) for one in words)
        )

    def question_terms(self, question: str) -> list[str]:
        """The terms of a question without question words and other stop words ("how many ... are").

        A question with no other words keeps all its terms.
        """
        language, kept = self._kept(question)
        return self._terms(kept, language) or self._terms(words_of(question), language)

    def names(self, question: str) -> frozenset[str]:
        """The terms that the question has in capitals alone: "US", and not "us" or "Us" as well."""
        names = _words_in_capitals(question)
        language, _ = self._kept(question)
        others = self._terms((word for word in words_of(question) if word not in names), language)
        return frozenset(self._terms(names, language)).difference(others)

    def finder(
        self, terms: Iterable[str], names: Collection[str] = ()
    ) -> Callable[..., dict[str, str]]:
        """A function that maps a text, and its language if it is not the most frequent, to those
        of `terms` it contains, each with the first matching word.

        `names` do not match words of small letters: "ICE" and "Nato" are names, "ice" is not.
        """
        wanted = cache(partial(_wanted, tuple(terms)))

        def found(text: str, language: str = self.spoken[0]) -> dict[str, str]:
            here, stem, mixed = wanted(language), self._stem(language), has_runs(text)
            words: dict[str, str] = {}
            for word in words_of(text):
                if mixed and gram_length(word):
                    for form, stretch in stretches(word, here).items():
                        words.setdefault(form, stretch)
                    continue
                for form in stem(word):
                    if form in here:
                        for term in here[form]:
                            if not (term in names and word.islower()):
                                words.setdefault(term, word)
            return words

        return found

    def _kept(self, question: str) -> tuple[str, list[str]]:
        """The language of a question, and its words that are no function words there."""
        names, words = _words_in_capitals(question), words_of(question)
        language = self._language(words)
        stops = _function_words(language)
        kept: list[str] = []
        for word in words:
            if gram_length(word):
                kept += _without(word, self.spoken)
            elif word in names or letters(word) not in stops:
                kept.append(word)
        return language, kept

    def _language(self, words: Sequence[str]) -> str:
        """The language whose function words are most of `words`, at best the most frequent one."""
        if len(self.spoken) == 1:
            return self.spoken[0]
        plain = [letters(word) for word in words]
        return max(self.spoken, key=lambda one: sum(word in _function_words(one) for word in plain))

    def _terms(self, words: Iterable[str], language: str) -> list[str]:
        """The terms of words of a question in `language`."""
        others = [code for code in self.spoken if code != language]
        terms: list[str] = []
        for word in words:
            if gram_length(word):
                terms += grams(word)
                continue
            for own in self._stem(language)(word):
                elsewhere: dict[str, list[str]] = {}
                for code in others:
                    for form in self._stem(code)(word):
                        elsewhere.setdefault(form, []).append(code)
                elsewhere.pop(own, None)
                limited = (f"{','.join(codes)}:{form}" for form, codes in elsewhere.items())
                terms.append(" ".join([own, *limited]))
        return terms

    def _stem(self, language: str) -> Forms:
        """The function from a word to its form in `language`, or to none if it is not indexed."""
        if language not in self._stems:
            stem = _english() if language == ENGLISH else _stemmer(language)
            # Consecutive questions often cite the same articles, whose words are analysed again.
            self._stems[language] = lru_cache(maxsize=1 << 16)(stem)
        return self._stems[language]


def forms_of(term: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The forms of a term, each with the languages that it is limited to, none if it is not."""
    for part in term.split(" "):
        codes, _, form = part.rpartition(":")
        yield form, tuple(codes.split(",")) if codes else ()


def spellings(terms: Sequence[str]) -> list[tuple[str, ...]]:
    """The forms of all terms in one language after another, each list once; at least one."""
    forms = [tuple(forms_of(term)) for term in terms]
    codes = {code: None for one in forms for _, limited in one for code in limited}
    lists = [tuple(one[0][0] for one in forms)]
    lists += [
        tuple(next((form for form, limited in one if code in limited), one[0][0]) for one in forms)
        for code in codes
    ]
    return list(dict.fromkeys(lists))


def _wanted(terms: Iterable[str], language: str) -> Mapping[str, list[str]]:
    """Those terms that a form in a text in `language` belongs to."""
    wanted: dict[str, list[str]] = {}
    for term in terms:
        for form, limited in forms_of(term):
            if not limited or language in limited:
                wanted.setdefault(form, []).append(term)
    return wanted


def _english() -> Forms:
    """Lower case without accents, no stop words, stemmed (Porter 2)."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONGEST),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    analyze: Any = builder.build().analyze

    def stem(word: str) -> tuple[str, ...]:
        if len(word) > _LONGEST:
            return ()
        return tuple(analyze(word if word.isascii() else folded(word)))

    return stem


def _stemmer(language: str) -> Forms:
    """Lower case, no function words, stemmed, without accents.

    Stemmers need the accents, so the accents are removed afterwards.
    """
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    known = languages().get(language)
    if known and known.stemmer:
        builder = builder.filter(tantivy.Filter.stemmer(known.stemmer))
    analyze: Any = builder.build().analyze
    stops = _function_words(language)

    def stem(word: str) -> tuple[str, ...]:
        plain = letters(word[: _LONGEST + 1])
        if len(word) > _LONGEST or plain in stops:
            return ()
        return tuple(folded(stemmed) for stemmed in analyze(plain))

    return stem


@cache
def _function_words(language: str) -> frozenset[str]:
    known = languages().get(language)
    return known.function_words() if known and known.script in _SPACED else frozenset()


def _without(run: str, spoken: Iterable[str]) -> list[str]:
    """What remains of a run without the function words of these languages."""
    parts = [run]
    for anywhere, alone in filter(None, map(_unspaced, spoken)):
        kept = chain.from_iterable(anywhere.sub(" ", part).split() for part in parts)
        parts = [part for part in kept if part not in alone]
    return parts


@cache
def _unspaced(language: str) -> tuple[re.Pattern[str], frozenset[str]] | None:
    """The function words that are removed anywhere, and those that are removed alone; None in a
    script with spaces."""
    known = languages().get(language)
    if known is None or known.script in _SPACED:
        return None
    longest_first = sorted(known.words.split(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), frozenset(known.alone.split())


def _words_in_capitals(question: str) -> frozenset[str]:
    """Words like "US", "WHO" and "IT", which are names; none where all of the question is so."""
    if question == question.upper():
        return frozenset()
    words = words_of(question)
    return frozenset(word for word in words if len(word) > 1 and word.isupper())
