"""What is searched for of a question, and what is indexed of a passage."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.publishers import NAMED, UNKNOWN, named_sources, preference
from qa.store.local.engines.analyzer import Analyzer
from qa.store.local.engines.terms import Worded

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
        ("On the verge of the health care debate", set()),
        ("nothing", set()),
    ],
)
def test_publishers_are_known_by_their_names(question: str, named: set[str]) -> None:
    assert named_sources(question, KNOWN) == named


@pytest.mark.parametrize(
    ("source", "question"),
    [
        ("Yahoo!", "What did Yahoo report about the merger?"),
        ("Yahoo!", "according to Yahoo!, who won?"),
        ("Yahoo! News", "what does yahoo news say about the merger"),
        ("Le Monde (Paris)", "What does Le Monde say about the strike?"),
        ("The Times (London)", "Which minister resigned according to the Times?"),
        ("Guardian, The", "What did the Guardian report?"),
        ("The Guardian", "Which minister resigned, as Guardian reporters wrote?"),
        ("El País", "¿Qué dice El Pais del acuerdo?"),
        ("Süddeutsche Zeitung", "what did the suddeutsche zeitung write about it"),
        ("Dziennik Łódzki", "According to Dziennik Lodzki, what closed?"),
        ("The Verge", "what did the verge report about the iphone"),
        ("The Verge", "WHAT DID THE VERGE REPORT ABOUT THE IPHONE?"),
        ("The Verge", "What Did The Verge Report About The iPhone?"),
        ("The Verge", "How does the Verge's review of it end?"),
        ("The Verge", "what does theverge.com say about it"),
        ("theverge.com", "How does The Verge rate the phone?"),
        ("www.bbc.co.uk", "Who won, as the BBC reported?"),
        ("nytimes.com", "What did NY Times reporters find?"),
        ("TechCrunch", "who was fired according to tech crunch"),
        ("Fox News", "fox news on the health care debate"),
        ("Fox News", "FOX NEWS ON THE HEALTH CARE DEBATE"),
        ("Time", "who was on the cover of time magazine"),
        ("Nature", "Which result was published in Nature last week?"),
        ("Nature", "which result did the article in nature report"),
        ("The Independent", "What was written in the Independent about it?"),
        ("Daily Mirror", "Was he in the Daily Mirror?"),
        ("The Sun", "what the sun reported about the wedding"),
        ("Metro", "What did 'Metro' find?"),
        ("Barron's", "Which stocks does Barron's like?"),
        ("Jyllands-Posten", "What did Jyllands Posten print?"),
        ("U.S. News & World Report", "How does US News and World Report rank it?"),
        ("Fortune", "Who is accused by Fortune of fraud?"),
        ("CNN", "who won the cnn debate"),
        ("CNN", "Who won the debate on cnn, Trump or Biden?"),
        ("TIME", "Who is on the cover of Time?"),
        ("जनसत्ता", "जनसत्ता reported what?"),
    ],
)
def test_a_publisher_is_named_as_people_type_it(source: str, question: str) -> None:
    assert named_sources(question, ("Another Paper", source)) == {source}


@pytest.mark.parametrize(
    ("source", "question"),
    [
        ("The Verge", "Is the company on the verge of collapse?"),
        ("The Verge", "WHO IS ON THE VERGE OF COLLAPSE?"),
        ("The Verge", "Which Banks Are on the Verge of Collapse?"),
        ("theverge.com", "which banks are on the verge of collapse"),
        ("Time", "At what time did the time bomb go off?"),
        ("TIME", "what time is it"),
        ("Time", "Time is running out for whom?"),
        ("Time", "Did Time Warner merge with AT&T?"),
        ("Nature", "does nature heal itself after a fire"),
        ("Nature", "Nature is healing where?"),
        ("Nature", "Who are Mother Nature and Father Time?"),
        ("The Independent", "What did the independent experts find?"),
        ("The Independent", "What happened according to independent experts?"),
        ("Independent", "WHEN DID INDIA BECOME INDEPENDENT?"),
        ("The Mirror", "Who broke the mirror?"),
        ("Mirror", "Who created Black Mirror?"),
        ("The Sun", "how far is the sun from the earth"),
        ("Metro", "How deep is the metro in Kyiv?"),
        ("The Week", "What happened this week, said whom?"),
        ("The Age", "Who died at the age of 16?"),
        ("The Times", "What did The New York Times report?"),
        ("The Times", "What did The Times of Israel report?"),
        ("Business World", "How does the business world see Trump?"),
        ("WHO", "who won the election"),
        ("OK!", "Is it ok to fly?"),
        ("20 Minutes", "How far is it in 20 minutes?"),
        ("Fox News", "Did the fox make news in Berlin?"),
        ("***", "What is it?"),
        ("", "What is it?"),
    ],
)
def test_common_words_are_no_publisher(source: str, question: str) -> None:
    assert named_sources(question, ("Another Paper", source)) == frozenset()


def test_the_longer_of_two_names_is_meant() -> None:
    known = ("The Times", "The New York Times", "FOX News - Health", "FOX News - Lifestyle")
    assert named_sources("What did The New York Times report?", known) == {known[1]}
    assert named_sources("What did the FOX News - Health article say?", known) == {known[2]}
    assert named_sources("What did the Fox News article say?", known) == set(known[2:])


_NAME = st.lists(
    st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=2, max_size=8),
    min_size=1,
    max_size=4,
).map(lambda words: " ".join(word.capitalize() for word in words))
_END = st.sampled_from(
    ["", "!", "?", " (Paris)", " - Sports", " | World News", ": Health", ", The"]
)


@given(_NAME, _END, st.sampled_from(["{}", "the {}", "“{}”", "{}'s", "{}’s", "{},"]))
def test_whatever_its_name_a_publisher_is_known_where_something_is_reported_by_it(
    name: str, end: str, said: str
) -> None:
    question = f"What happened, according to {said.format(name)} and others?"
    assert named_sources(question, (name + end,)) == {name + end}
    if not name.lower().isascii():
        question = unicodedata.normalize("NFD", question)
    assert named_sources(question.lower(), (name + end,)) == {name + end}


@given(st.text(), st.lists(st.text(max_size=20), max_size=5))
def test_only_known_publishers_are_named_whatever_is_asked(text: str, names: list[str]) -> None:
    assert named_sources(text, tuple(names)) <= set(names)


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


def test_a_name_in_capitals_is_not_found_in_a_word_of_small_letters() -> None:
    analyzer = Analyzer()
    question = "Did the US and NATO ask ICE about the ice?"
    assert analyzer.names(question) == {"us", "nato"}
    found = analyzer.finder(analyzer.question_terms(question), analyzer.names(question))
    assert found("Nato told us of ICE and of ice.") == {"nato": "Nato", "ice": "ICE"}
    assert found("The US and NATO met on Ice.") == {"us": "US", "nato": "NATO", "ice": "Ice"}


@pytest.mark.parametrize("question", ["DID THE US ASK?", "did the us ask", "I ask", "Is A 5 a B?"])
def test_capitals_tell_nothing_where_all_or_single_letters_are_capitals(question: str) -> None:
    assert not Analyzer().names(question)
