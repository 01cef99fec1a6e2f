"""Scraped pages: what is removed, what stays, and what the removed lines told."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.formats import plain
from qa.loading.scraped import lines
from qa.loading.scraped.page import clean

Linear = Callable[..., bool]

BODY = [
    "The harbour town will get a new bridge next year, the council said on Monday after a vote.",
    "Nobody spoke against it.",
    "Who pays for the bridge?",
    "Half of the money comes from the state, said Mayor Rosa Field, who asked for it in 2015.",
    '"We have waited long enough," she told reporters on the quay on Monday evening.',
]
HEADLINE = "Council votes for new bridge over the harbour"


def one(parts: Iterable[Part]) -> Article:
    """The article of a file that holds one."""
    ((_, _, found),) = parts
    assert not isinstance(found, NotLoaded), found
    return found


def page(*head: str, tail: tuple[str, ...] = ()) -> str:
    return "\n\n".join([*head, *BODY, *tail])


def body_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def test_the_crawl_date_is_neither_text_nor_a_date_of_publication() -> None:
    scrape = clean(page(f"{HEADLINE} \xa0 \xa0 DATE: 2024-07-15 15:44:28", "By Mara Vell"))
    assert (scrape.title, scrape.author, scrape.published) == (HEADLINE, "Mara Vell", None)
    assert body_of(scrape.text) == BODY


def test_a_teaser_gives_no_date_and_no_text() -> None:
    teaser = (
        "Port to close in May: mayor Port to close in May: mayor 2019-04-23 09:58\xa0 |\xa0 Local"
    )
    scrape = clean(page(HEADLINE, "By Mara Vell", teaser))
    assert scrape.published is None
    assert body_of(scrape.text) == BODY


def test_a_posted_line_dates_the_article_and_an_updated_line_does_not() -> None:
    posted = clean(page("Go to contents", HEADLINE, HEADLINE, "Posted May. 3, 2020 07:55,\xa0 "))
    assert (posted.title, posted.published) == (HEADLINE, "2020-05-03")
    assert "Posted May. 3, 2020" in (posted.published_from or "")
    updated = clean(page(HEADLINE, "By Mara Vell", "Updated May. 3, 2020 07:55"))
    assert updated.published is None
    assert body_of(posted.text) == body_of(updated.text) == BODY


def test_a_byline_gives_author_and_date_and_what_stands_above_the_headline_goes() -> None:
    scrape = clean(
        page(
            "HELP24 - Make a generous donation in support of the flooded valley!",
            "Bridges and Other Works (BOW)",
            HEADLINE,
            "By Mara Vell April 24, 2019",
            tail=("Join the BridgeNews.example mailing list",),
        )
    )
    assert scrape.title == HEADLINE
    assert (scrape.author, scrape.published) == ("Mara Vell", "2019-04-24")
    assert scrape.published_from == 'byline "By Mara Vell April 24, 2019"'
    assert scrape.source == "BridgeNews.example"
    assert body_of(scrape.text) == BODY


def test_one_copy_of_a_repeated_caption_stays() -> None:
    caption = "Mayor Rosa Field on the old bridge. / AFP-Yonhap"
    assert body_of(clean(page(HEADLINE, "By Mara Vell", caption, caption)).text) == [caption, *BODY]


def test_legal_lines_buttons_and_related_links_go_from_the_tail() -> None:
    tail = ("Share Tweet Print", "© 2019 The Harbour Post. All rights reserved.",
            "Related articles", "Port to close in May: mayor", "Old bridge sold")  # fmt: skip
    assert body_of(clean(page(tail=tail)).text) == BODY


def test_a_standfirst_before_the_byline_stays() -> None:
    standfirst = "After ten years of quarrels the town has found a way to pay for its bridge."
    scrape = clean(page(HEADLINE, standfirst, "By Mara Vell", "24 April 2019"))
    assert (scrape.title, scrape.author) == (HEADLINE, "Mara Vell")
    assert body_of(scrape.text) == [standfirst, *BODY]


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Mara Vell", "Mara Vell"),
        ("BY MARA VELL", "MARA VELL"),
        ("By Mara Vell and Tom de la Cruz, Reuters", "Mara Vell, Tom de la Cruz, Reuters"),
        ("By: Yun Sang-ho", "Yun Sang-ho"),
        ("Written by Jean-Luc O’Neil | Staff Writer", "Jean-Luc O’Neil, Staff Writer"),
        ("By Mara Vell for The Post", "Mara Vell, The Post"),
        ("By Reuters", "Reuters"),
    ],
)
def test_bylines_are_recognised(line: str, author: str) -> None:
    found = lines.byline(line)
    assert found is not None
    assert found.author.startswith(author.split(",")[0])


@pytest.mark.parametrize(
    "line",
    ["By Land and Sea", "By the time he came it was over", "By Monday Morning", "By contrast",
     "By Sunday, Mara Vell had left the town and the bridge was closed.", "Bypass opened"],
)  # fmt: skip
def test_sentences_that_begin_with_by_are_no_bylines(line: str) -> None:
    assert lines.byline(line) is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Von Rainer Holm", "Rainer Holm"),
        ("VON RAINER HOLM", "RAINER HOLM"),
        ("Von Rainer Holm und Ute Brand", "Rainer Holm, Ute Brand"),
        ("Par Odile Marchand", "Odile Marchand"),
        ("Por Rosa Field", "Rosa Field"),
        ("De Odile Marchand", "Odile Marchand"),
        ("Di Rosa Campo", "Rosa Campo"),
        ("记者 周明", "周明"),
        ("文/周明", "周明"),
        ("本报记者 周明 何丽", "周明 何丽"),
        ("김하늘 기자", "김하늘"),
        ("김하늘 기자 sky@post.example", "김하늘"),
        ("By Mara Vell Tuesday, 5 March 2024", "Mara Vell"),
    ],
)
def test_bylines_of_other_languages_are_recognised(line: str, author: str) -> None:
    found = lines.byline(line)
    assert found is not None
    assert found.author == author


@pytest.mark.parametrize(
    "line",
    ["Von Anfang an dabei", "Par contre, la mairie paie", "De Klerk wins", "Por fin", "记者会推迟",
     "Di Rosa Campo’s pier is to be closed in the spring, she said."],
)  # fmt: skip
def test_sentences_that_begin_like_those_bylines_are_none(line: str) -> None:
    assert lines.byline(line) is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("입력 2024.03.05. 오전 8:00", "2024-03-05"),
        ("기사입력 2024-03-05 15:21", "2024-03-05"),
        ("입력 : 2024.03.05 08:00 | 수정 : 2024.03.06 09:00", "2024-03-05"),
        ("승인 2024.03.05 08:00", "2024-03-05"),
        ("发布时间：2024-03-05 08:00", "2024-03-05"),
        ("2024年3月5日 8時00分", "2024-03-05"),
        ("수정 2024.03.06 09:00", None),
        ("最終更新：2024年3月6日", None),
    ],
)
def test_date_lines_of_east_asian_papers_are_read_and_those_of_changes_are_not(
    line: str, day: str | None
) -> None:
    scrape = clean(page(HEADLINE, line))
    assert scrape.published == day
    assert body_of(scrape.text)[-len(BODY) :] == BODY
    assert line not in scrape.text


FACTS = ("Adult ticket: 12 crowns", "Car: 40 crowns", "Dog: free")


@pytest.mark.parametrize(
    "heading",
    ["More from the council's plan", "Read more about the tickets", "Recommended tickets",
     "See also the prices", "Trending prices"],
)  # fmt: skip
def test_facts_below_a_heading_that_only_begins_like_a_list_of_links_stay(heading: str) -> None:
    assert body_of(clean(page(tail=(heading, *FACTS))).text) == [*BODY, heading, *FACTS]


def test_headlines_below_such_a_heading_go_with_it() -> None:
    tail = ("More from The Harbour Post", "Old bridge sold to a museum", "Port to close in May")
    assert body_of(clean(page(tail=tail)).text) == BODY


def test_two_dates_without_a_label_are_doubtful_and_give_none() -> None:
    assert clean(page(HEADLINE, "24 April 2019", "25 April 2019")).published is None
    assert clean(page(HEADLINE, "24 April 2019")).published == "2019-04-24"


def test_a_text_without_furniture_is_left_as_it_is() -> None:
    text = page(HEADLINE)
    assert clean(text).text == text


def test_a_text_without_prose_is_left_as_it_is() -> None:
    poem = "By Ann Lee\n\nroses\nviolets\nShare Tweet\n\n24 April 2019"
    assert clean(poem).text == poem


FURNITURE = [
    f"{HEADLINE}   DATE: 2024-07-15 15:44:28", "DATE: 2024-07-15 15:44", HEADLINE, HEADLINE,
    "By Mara Vell", "By Mara Vell April 24, 2019", "Posted May. 3, 2020 07:55", "24 April 2019",
    "Updated May. 3, 2020", "Go to contents", "Share Tweet", "Local", "Local News (LN)", "",
    "  ", "\xa0", "Mayor at work. / AFP-Yonhap", "Advertisement", "Related articles", "See also: x",
    "Old bridge sold Old bridge sold 2019-04-23 09:58 | Local", "2019-04-23 | Local",
    "Join the Bridge.example mailing list", "© 2019 The Post", "Subscribe now",
]  # fmt: skip
ANY_LINE = st.sampled_from([*FURNITURE, *BODY]) | st.text(max_size=60).map(
    lambda text: " ".join(text.splitlines())
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY_LINE, max_size=25), st.sampled_from([None, HEADLINE, "Local"]))
def test_cleaning_keeps_input_lines_and_prose_and_is_idempotent(
    given_lines: list[str], title: str | None
) -> None:
    text = "\n".join(given_lines)
    once = clean(text, title)
    assert clean(once.text, title).text == once.text
    remaining = iter(text.split("\n"))
    assert all(line in remaining for line in once.text.split("\n") if line)
    kept = once.text.split("\n")
    for line in given_lines:
        if lines.prose(line):
            assert kept.count(line) == text.split("\n").count(line)


@pytest.mark.parametrize("piece", ["a. ", "By ", "DATE: ", "© "])
def test_a_huge_line_is_kept_and_read_in_linear_time(piece: str, linear: Linear) -> None:
    text = piece * (2_000_000 // len(piece))
    assert one(plain.read(text.encode())).text.strip() == text.strip()
    assert linear(
        lambda text: list(plain.read(text.encode())), lambda size: piece * (size // len(piece))
    )


EXPECTED = {
    "000": ("North Korea using Russia as leverage for nuclear talks", "Yi Whan-woo", None, None),
    "003": (
        "Putin gets involved in tug-of-war over N. Korea’s denuclearization",
        None,
        "2019-04-26",
        None,
    ),
    "004": (
        "North Korea's Kim in Russia for Meeting With Putin",
        "William Gallo",
        "2019-04-24",
        "GlobalSecurity.org",
    ),
}
FURNITURE_OF_THEM = (
    "DATE:", "Go to contents", "UNITED24", "Weapons of Mass", "Join the", "By Yi", "By William",
    "Posted", "Updated", "Kim Jong-un to meet Putin in Russia: KCNA",
)  # fmt: skip


@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_real_scrapes_give_their_headline_author_date_and_body(
    number: str, shared_folder: Path
) -> None:
    (path,) = (shared_folder / "seeds").glob(f"{number}_*.txt")
    article = one(plain.read(path.read_bytes()))
    facts = (article.title, article.author, article.published, article.source)
    assert facts == EXPECTED[number]
    kept = body_of(article.text)
    assert not [line for line in kept if line.startswith(FURNITURE_OF_THEM) or "DATE:" in line]
    written = body_of(path.read_text())
    missing = [line for line in written if line not in kept and line.rstrip().endswith((".", '."'))]
    assert missing == []
    assert len(kept) == {"000": 21, "003": 5, "004": 26}[number]
