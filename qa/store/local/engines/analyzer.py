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
from qa.text.words import gram_length, grams, stretches, words_of

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
    forms in other languages, they follow as "time es:tim", each with its language. Only articles in
    that language can have such a form.
    """

    def __init__(self, spoken: Sequence[str] = (ENGLISH,)) -> None:
        self.spoken = tuple(spoken) or (ENGLISH,)
        self._of_language: dict[str, Forms] = {}

    def terms(self, text: str, language: str = ENGLISH) -> list[str]:
        """The forms of the words of `text` in order, with repetitions."""
        return list(chain.from_iterable(map(self._forms(language), words_of(text))))

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
            here, forms = wanted(language), self._forms(language)
            words: dict[str, str] = {}
            for word in words_of(text):
                if gram_length(word):
                    shown = stretches(word, here)
                else:
                    shown = {form: word for form in forms(word) if form in here}
                for form, stretch in shown.items():
                    for term in here[form]:
                        if not (term in names and word.islower()):
                            words.setdefault(term, stretch)
            return words

        return found

    def _kept(self, question: str) -> tuple[str, list[str]]:
        """The language of a question, and its words that are no function words there."""
        names, words = _words_in_capitals(question), words_of(question)
        language = self._language(words)
        stops = _function_words(language)
        phrases = [one for one in map(_phrases, self.spoken) if one]
        kept: list[str] = []
        for word in words:
            if gram_length(word):
                for pattern in phrases:
                    word = pattern.sub(" ", word)
                kept += word.split()
            elif word in names or folded(word) not in stops:
                kept.append(word)
        return language, kept

    def _language(self, words: Sequence[str]) -> str:
        """The language whose function words are most of `words`, at best the most frequent one."""
        if len(self.spoken) == 1:
            return self.spoken[0]
        plain = [folded(word) for word in words]
        return max(
            self.spoken, key=lambda one: sum(word in _function_words(one) for word in plain)
        )

    def _terms(self, words: Iterable[str], language: str) -> list[str]:
        """The terms of words of a question in `language`."""
        others = [code for code in self.spoken if code != language]
        terms: list[str] = []
        for word in words:
            own = self._forms(language)(word)
            if len(own) == 1 and others:
                forms = ((code, self._forms(code)(word)) for code in others)
                other = [f" {code}:{form[0]}" for code, form in forms if form and form != own]
                terms.append(own[0] + "".join(other))
            else:
                terms += own
        return terms

    def _forms(self, language: str) -> Forms:
        """The function from a word to its forms in `language`: one, none, or n-grams."""
        if language not in self._of_language:
            # Consecutive questions often cite the same articles, whose words are analysed again.
            self._of_language[language] = lru_cache(maxsize=1 << 16)(_forms(language))
        return self._of_language[language]


def forms_of(term: str) -> Iterator[tuple[str, str | None]]:
    """The forms of a term, each with the language that it is limited to."""
    for part in term.split(" "):
        language, _, form = part.rpartition(":")
        yield form, language or None


def _wanted(terms: Iterable[str], language: str) -> Mapping[str, list[str]]:
    """Those terms that a form in a text in `language` belongs to."""
    wanted: dict[str, list[str]] = {}
    for term in terms:
        for form, limited in forms_of(term):
            if limited in (None, language):
                wanted.setdefault(form, []).append(term)
    return wanted


def _forms(language: str) -> Forms:
    stem = _english() if language == ENGLISH else _stemmer(language)

    def forms(word: str) -> tuple[str, ...]:
        return tuple(grams(word)) if gram_length(word) else stem(word)

    return forms


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
    return lambda word: tuple(analyze(word if word.isascii() else folded(word)))


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

    def forms(word: str) -> tuple[str, ...]:
        if len(word) > _LONGEST or folded(word) in stops:
            return ()
        return tuple(folded(stem) for stem in analyze(letters(word)))

    return forms


@cache
def _function_words(language: str) -> frozenset[str]:
    known = languages().get(language)
    return known.function_words() if known and known.script in _SPACED else frozenset()


@cache
def _phrases(language: str) -> re.Pattern[str] | None:
    """The function words of a language without spaces; None for any other language."""
    known = languages().get(language)
    if known is None or known.script in _SPACED:
        return None
    longest_first = sorted(known.words.split(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _words_in_capitals(question: str) -> frozenset[str]:
    """Words like "US", "WHO" and "IT", which are names; none where all of the question is so."""
    if question == question.upper():
        return frozenset()
    words = words_of(question)
    return frozenset(word for word in words if len(word) > 1 and word.isupper())
