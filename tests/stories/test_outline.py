"""What of an article decides its story, and which articles are part of none."""

import hashlib
import time
from dataclasses import replace

import pytest

from qa.stories.outline import UNIT, WEIGHTED, counted_words, outline
from qa.stories.round_ups import is_round_up
from qa.types import Document


def article(title: str, text: str, **known: object) -> Document:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    document = Document(
        doc_id="one", title=title, text=text, source="Coast Daily", author=None,
        published="2019-04-26", published_from="test", url=None, path="/news/one", line=None,
        encoding="utf-8", file_sha256=sha256, text_sha256=sha256,
    )  # fmt: skip
    return replace(document, **known)  # type: ignore[arg-type]


QUAKE = article("Earthquake in Petropavlovsk", "A theatre fell down in Petropavlovsk on Friday.")


def test_the_words_of_an_outline_are_a_vector_of_whole_numbers_and_of_unit_length() -> None:
    import numpy as np

    found = outline(QUAKE)
    assert found is not None
    weights = np.frombuffer(found.words, WEIGHTED)["weight"].astype(np.int64)
    assert abs(float(np.sqrt((weights**2).sum())) - UNIT) < 5
    assert found == outline(replace(QUAKE, doc_id="one", path="/elsewhere", line=9, author="A."))


@pytest.mark.parametrize(
    "known",
    [
        {"source": None},
        {"published": None, "published_from": None},
        {"published": "2019-04"},
        {"published": "2019"},
        {"title": "", "text": "—"},
    ],
    ids=str,
)
def test_an_article_that_cannot_be_placed_has_no_outline(known: dict[str, str | None]) -> None:
    assert outline(replace(QUAKE, **known)) is None  # type: ignore[arg-type]


def test_the_publishers_name_and_what_it_asks_of_readers_are_no_words_of_the_event() -> None:
    text = (
        "(Coast Daily) Sign up for our newsletter about zebras. Please enter a valid email address "
        "for zebras.\nEditor's note: this is about zebras.\nA theatre fell down."
    )
    words = counted_words(article("Theatre falls down | Coast Daily", text))
    assert words["theatre"] == 4
    assert not {"coast", "daily", "zebras", "newsletter"} & words.keys()


@pytest.mark.parametrize(
    "title",
    [
        "5 things to know for March 24: War, courts, weather",
        "Ten Things You Need to Know Today: 26 September 2022",
        "Fire and flood: live updates",
        "Storm live updates: 2M without power",
        "Kyiv under attack - live",
        "West Indies v England: first match – live",
        "LIVE: the vote count",
        "Morning briefing: what happened overnight",
        "The Daily Briefing",
        "Our weekend newsletter",
        "European roundup: Bayern draw",
        "Quiz of the week: 20 – 26 August",
        "Photos this week: June 23-30",
        "The week in pictures",
        "Storm, Joe Doe, European Union, Medicare",
        "54 best Friday deals",
        "Coronavirus updates: schools close",
    ],
)
def test_a_round_up_has_no_outline(title: str) -> None:
    assert is_round_up(title, "")
    assert outline(replace(QUAKE, title=title)) is None


@pytest.mark.parametrize(
    "title",
    [
        "Liz Doe loses Wyoming House race",
        "Chipmaker deals a blow to rivals",
        "Government briefs allies on missile test",
        "People live longer in Japan, study says",
        "Live music returns to the harbour",
        "Agency updates guidance on masks",
        "This week's storm has killed 12",
        "Queen Elizabeth II dies at 96, Charles becomes king, palace says in a statement",
    ],
)
def test_an_article_about_one_event_is_no_round_up(title: str) -> None:
    assert not is_round_up(title, "")


@pytest.mark.parametrize(
    "lead",
    [
        "👋 Hey! It's Kim here.",
        "Good afternoon, Capital Politics readers! A court has ruled.",
        "Happy Wednesday, readers!",
        "It's Tuesday. Here's the news you need.",
    ],
)
def test_a_newsletter_is_known_by_how_it_greets(lead: str) -> None:
    assert is_round_up("A court has ruled", lead)


@pytest.mark.parametrize("piece", ["live ", "best ", "5 ", "a, ", "hi ", "sign up ", "x" * 7, ". "])
def test_a_very_long_title_and_text_take_no_time(piece: str) -> None:
    begun = time.thread_time()
    outline(article(piece * 50_000, piece * 50_000))
    assert time.thread_time() - begun < 5
