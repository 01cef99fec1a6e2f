"""Pasted articles: which line is the headline, which names a person, which a newspaper."""

from collections.abc import Callable, Iterable

import pytest

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.formats import plain
from qa.loading.scraped import lines, names

Linear = Callable[..., bool]

BODY = [
    "The minister resigned on Tuesday after papers showed that the ferry contract was rigged.",
    "He said he was sorry and would return the money to the state before the summer.",
]
HEADLINE = "Minister resigns over ferry contract"
STANDFIRST = "Opposition calls for an inquiry after leaked papers show who knew what."
SUBHEAD = "Opposition calls for inquiry as papers leak"
DATE = "Tue 11 Jun 2024 18.20 BST"


def one(parts: Iterable[Part]) -> Article:
    """The article of a file that holds one."""
    ((_, _, found),) = parts
    assert not isinstance(found, NotLoaded), found
    return found


def read(*head: str, tail: tuple[str, ...] = ()) -> Article:
    return one(plain.read("\n".join([*head, "", *BODY, *tail]).encode()))


def left(article: Article) -> list[str]:
    """What stays of the head."""
    kept = [line for line in article.text.split("\n") if line]
    assert kept[-len(BODY) :] == BODY
    return kept[: -len(BODY)]


def test_headline_standfirst_byline_with_role_and_date() -> None:
    got = read(HEADLINE, STANDFIRST, "Jane Doe Political editor", DATE)
    assert (got.title, got.author, got.published) == (HEADLINE, "Jane Doe", "2024-06-11")
    assert left(got) == [STANDFIRST]


def test_two_lines_that_could_be_the_headline_both_stay_and_the_first_is_the_title() -> None:
    got = read(HEADLINE, SUBHEAD, "Jane Doe Political editor", DATE)
    assert (got.title, got.author, got.published) == (HEADLINE, "Jane Doe", "2024-06-11")
    assert left(got) == [HEADLINE, SUBHEAD]


@pytest.mark.parametrize(
    "head",
    [
        ("Storm hits Arlen", "The Morning Ledger", "2024-04-07"),
        ("The Morning Ledger", "Storm hits Arlen", "2024-04-07"),
        ("The Morning Ledger", "Storm Hits Arlen", "2024-04-07"),
        ("The Morning Ledger", "Storm hits Arlen"),
        ("Storm hits Arlen", "The Morning Ledger, 7 April 2024"),
    ],
)
def test_a_newspaper_is_the_source_and_never_the_title(head: tuple[str, ...]) -> None:
    got = read(*head)
    assert got.title is not None
    assert got.title.lower() == "storm hits arlen"
    assert (got.source, got.author) == ("The Morning Ledger", None)
    assert got.published == ("2024-04-07" if len(head) == 3 or "2024" in head[1] else None)


def test_person_and_newspaper_above_the_date() -> None:
    got = read("Storm hits Arlen", "Jane Doe and John Roe", "Oldport Gazette", "7 April 2024")
    assert (got.title, got.author) == ("Storm hits Arlen", "Jane Doe, John Roe")
    assert (got.source, left(got)) == ("Oldport Gazette", [])


def test_a_name_alone_with_its_newspaper_gives_no_title() -> None:
    got = read("The Coast Courier", "By Lena Moss", "3 April 2024")
    assert (got.title, got.author, got.source) == (None, "Lena Moss", "The Coast Courier")


@pytest.mark.parametrize("head", [("Storm Hits Arlen", "2024-04-07"),
                                  ("Harbour Watch", "Storm Hits Arlen", "2024-04-07")])  # fmt: skip
def test_a_headline_in_capitals_is_no_person(head: tuple[str, ...]) -> None:
    got = read(*head)
    assert (got.author, got.source) == (None, None)
    assert "Storm Hits Arlen" in (got.title or "") + got.text


def test_a_byline_with_newspaper_and_date() -> None:
    got = read(HEADLINE, "By Lena Moss, The Morning Ledger, 3 April 2024")
    assert (got.title, got.author, got.source) == (HEADLINE, "Lena Moss", "The Morning Ledger")
    assert (got.published, left(got)) == ("2024-04-03", [])


@pytest.mark.parametrize("nav", [("Home", "World"), ("Home > World > Middle East",)])
@pytest.mark.parametrize("signed", [(), ("By Lena Moss", "3 April 2024")])
def test_navigation_above_the_headline_goes(nav: tuple[str, ...], signed: tuple[str, ...]) -> None:
    got = read(*nav, HEADLINE, *signed)
    assert got.title == HEADLINE
    assert left(got) == ([] if signed else [HEADLINE])


@pytest.mark.parametrize(
    ("opening", "day", "source"),
    [
        ("PARIS, April 8, 2024 (AFP) - ", "2024-04-08", "AFP"),
        ("KARST, May 9, 2024 (Northern Wire) ", "2024-05-09", "Northern Wire"),
        ("PORT-AU-PRINCE, Haiti, 9 May 2024 — ", "2024-05-09", None),
        ("In PARIS, April 8, 2024 (AFP) - ", None, None),
        ("PARIS (AFP) - ", None, None),
        ("On April 8, 2024 (a Monday) ", None, None),
    ],
)
@pytest.mark.parametrize("standfirst", [(), (STANDFIRST,)])
def test_a_dateline_gives_date_and_agency(
    opening: str, day: str | None, source: str | None, standfirst: tuple[str, ...]
) -> None:
    text = "\n\n".join([HEADLINE, *standfirst, opening + BODY[0], BODY[1]])
    got = one(plain.read(text.encode()))
    assert (got.published, got.source) == (day, source)
    assert got.published_from == ("dateline" if day else None)
    assert opening + BODY[0] in got.text


def test_a_dateline_gives_way_to_what_the_head_tells() -> None:
    text = "\n".join([HEADLINE, "By Lena Moss, The Morning Ledger, 3 April 2024",
                      "PARIS, April 8, 2024 (AFP) - " + BODY[0], BODY[1]])  # fmt: skip
    got = one(plain.read(text.encode()))
    assert (got.published, got.source) == ("2024-04-03", "The Morning Ledger")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("© 2024 Oldport Gazette", "Oldport Gazette"),
        ("Copyright 2024 The Coast Courier. All rights reserved.", "The Coast Courier"),
        ("Copyright © 2019-2024 The St. Mary Post", "The St. Mary Post"),
        ("(c) 2024 post.example", "post.example"),
        ("© 2024 Getty Images", None),
        ("© 2024. All rights reserved.", None),
    ],
)
def test_a_copyright_line_names_the_publisher_and_goes(line: str, source: str | None) -> None:
    for got in (read(HEADLINE, tail=(line,)), read(line, HEADLINE)):
        assert (got.source, got.title) == (source, HEADLINE)
        assert left(got) == [HEADLINE]


def test_a_headline_about_copyright_is_a_headline() -> None:
    assert read("Copyright battle heads to court", "3 April 2024").title == (
        "Copyright battle heads to court"
    )


FURNITURE = [
    "4 min read", "Accept all cookies", "Sign up to our Morning briefing",
    "Sign up to First Edition, our free daily newsletter", "Enter your email address",
    "after newsletter promotion", "Topics Politics Ferries Reuse this content",
    "Share on Facebook", "Share on WhatsApp", "Read more: Ferry firm under fire",
    "Related: Ferry firm under fire",
    "Privacy Notice: Newsletters may contain info about charities. See our Privacy Policy.",
    "We use cookies to improve our site. By going on you accept them.",
]  # fmt: skip


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_goes_from_head_middle_and_tail(line: str) -> None:
    middle = one(plain.read("\n\n".join([HEADLINE, line, BODY[0], line, BODY[1], line]).encode()))
    assert (middle.title, left(middle)) == (HEADLINE, [HEADLINE])


@pytest.mark.parametrize(
    "line",
    [
        "We use cookies to follow you, the firm said in its letter to the court.",
        "Related: the two men are brothers, and they own the ferry together.",
        "Sign up for the newsletter rose by half, said the editor of the paper on Monday.",
        "Privacy notices are read by nobody, a study of ten thousand people has found.",
        "Topics at the meeting were the ferry, the bridge and the price of fish.",
        "The court heard that it took him only 4 minutes to read the contract.",
    ],
)
def test_prose_about_such_things_stays(line: str) -> None:
    assert not lines.interruption(line)
    assert line in one(plain.read("\n".join([HEADLINE, *BODY, line]).encode())).text


def test_a_list_of_topics_goes_from_the_tail() -> None:
    assert left(read(HEADLINE, tail=("Topics", "Ferries", "Reuse this content"))) == [HEADLINE]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Jane Doe", ("Jane Doe", False)),
        ("Jane Doe Political editor", ("Jane Doe", True)),
        ("Jane Doe, Health and science editor", ("Jane Doe", True)),
        ("Mary Jane Watson, Staff Writer", ("Mary Jane Watson", True)),
        ("Jane Doe in Paris", ("Jane Doe", True)),
        ("Jane Doe Paris correspondent", ("Jane Doe", True)),
        ("Jane Doe in Paris and Jean de la Cruz in Rome", ("Jane Doe, Jean de la Cruz", True)),
        ("Middle East", None),
        ("Storm hits Arlen", None),
        ("Minister Quits: Who Is Next?", None),
    ],
)
def test_people_are_told_from_their_roles(line: str, told: tuple[str, bool] | None) -> None:
    assert names.person(line) == told


@pytest.mark.parametrize("piece", ["Jane ", "A, ", "© 2024 ", "HOME > ", "PARIS, ", "Jane and "])
def test_names_are_looked_for_in_linear_time(piece: str, linear: Linear) -> None:
    for ask in (names.person, names.publication, names.section, names.copyright_owner,
                lines.dateline, lines.credit):  # fmt: skip
        assert linear(ask, lambda size: piece * (size // len(piece))), ask
