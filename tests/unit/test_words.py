"""What is searched for of a question, and what is indexed of a passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.publishers import NAMED, UNKNOWN, named_sources, preference
from qa.store.local.engines.terms import Analyzer, Worded

_WORDS = ("Worker", "ÉLYSÉE", "elysee", "_dying", "x_workers", "sky", "northern", "30,000", "unal")
KNOWN = ("The Verge", "Time", "FOX News - Health", "TechCrunch", "The Roar | Sports Blog")


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("How many workers are in Russia?", ["worker", "russia"]),
        ("What did the US say to the WHO?", ["us", "say", "who"]),
        ("who are we", ["who", "we"]),
        ("HOW MANY WORKERS?", ["worker"]),
        ("What is it?", ["what"]),
        ("?!", []),
    ],
)
def test_a_question_is_searched_by_its_telling_words(question: str, terms: list[str]) -> None:
    assert Analyzer().question_terms(question) == terms


def test_a_passage_is_indexed_with_publisher_and_date_and_the_first_with_its_title() -> None:
    first = Worded(1, "The text.", True, "Headline", "The Paper", "2019-04-26")
    assert first.words().split("\n") == [
        "Headline", "Headline", "The Paper", "The Paper", "April 26 2019", "The text."
    ]  # fmt: skip
    later = Worded(2, "More.", False, "Headline", None, "2019-04")
    assert later.words().split("\n") == ["April 2019", "More."]
    assert Worded(3, "Bare.", False, "", None, None).words() == "Bare."


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did the verge report?", {"The Verge"}),
        ("What time is it?", set()),
        ("What did Time report?", {"Time"}),
        ("as told by Fox News", {"FOX News - Health"}),
        ("what does techcrunch say", {"TechCrunch"}),
        ("According to The Roar, who won?", {"The Roar | Sports Blog"}),
        ("On the verge of the health care debate", {"The Verge"}),
        ("nothing", set()),
    ],
)
def test_publishers_are_known_by_their_names(question: str, named: set[str]) -> None:
    assert named_sources(question, KNOWN) == named


def test_a_named_publisher_is_preferred_and_an_unknown_one_not_shut_out() -> None:
    named = frozenset({"The Verge"})
    assert preference("The Verge", named) == NAMED > preference(None, named) == UNKNOWN > 0
    assert preference("Time", named) == preference("The Verge", frozenset()) == 0


def test_a_question_in_another_script_is_cut_as_the_passages_are() -> None:
    analyzer = Analyzer()
    assert analyzer.question_terms("भारत में who?") == analyzer.terms("भारत में")


# Letters that this Python knows and tantivy's tables know as well.
_TEXTS = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po", "Pd", "Zs"]))


@given(_TEXTS, st.lists(st.sampled_from(_WORDS), max_size=4))
def test_the_finder_finds_the_terms_that_the_analyzer_makes(text: str, words: list[str]) -> None:
    analyzer = Analyzer()
    told = f"{text} {' '.join(words)}"
    asked = analyzer.terms("Élysée workers 30,000 dying skies_high US north's Ünal")
    found = analyzer.finder(asked)(told)
    assert set(found) == set(analyzer.terms(told)) & set(asked)
    assert all(term in analyzer.terms(word) and word in told for term, word in found.items())
