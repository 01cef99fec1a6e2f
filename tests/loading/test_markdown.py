"""Markdown: front matter for the facts, readable text for the rest."""

from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.formats import markdown
from qa.types import Document, Problem

Only = Callable[[str, bytes | str], Document]
Linear = Callable[..., bool]


def one(parts: Iterable[Part]) -> Article:
    """The article of a file that holds one."""
    ((_, _, found),) = parts
    assert not isinstance(found, NotLoaded), found
    return found


def test_front_matter_gives_the_facts(document: Only) -> None:
    got = document(
        "a.md",
        "---\ntitle: A bridge\npublisher: The Harbour Post\nauthor: Mara Vell\n"
        "published: 2019-04\npublished_from: told by the printer\nurl: https://a.example/b\n"
        "mood: blue\n---\n\nThe bridge opens.\n",
    )
    assert (got.title, got.source, got.author) == ("A bridge", "The Harbour Post", "Mara Vell")
    assert (got.published, got.published_from) == ("2019-04", "told by the printer")
    assert (got.url, got.text) == ("https://a.example/b", "The bridge opens.")


@pytest.mark.parametrize("key", ["published", "published_at", "date", "Date"])
@pytest.mark.parametrize(
    "value", ["2019-04-26", "'2019-04-26'", "2019-04-26 10:00:00", "26 April 2019"]
)
def test_a_date_is_read_from_every_usual_key(document: Only, key: str, value: str) -> None:
    got = document("a.md", f"---\n{key}: {value}\n---\ntext")
    assert (got.published, got.published_from) == ("2019-04-26", "front matter")


def test_several_authors_are_joined(document: Only) -> None:
    front = "---\nauthors: [Ann Lee, {name: Bo Roe}]\nsource: {name: Post}\n---\ntext"
    got = document("a.md", front)
    assert (got.author, got.source) == ("Ann Lee, Bo Roe", "Post")


def test_broken_front_matter_keeps_the_article_and_names_the_line(
    load: Callable[[str, str], list[Document | Problem]],
) -> None:
    front = "lang: en\ntitle: Kim: the summit\nauthor: [Ann, Bo\ndate: 2019-04-26"
    got, warning = load("a.md", f"---\n{front}\n---\nThe text stays.")
    assert isinstance(got, Document)
    assert isinstance(warning, Problem)
    assert (got.text, got.title) == ("The text stays.", "Kim: the summit")
    assert (got.author, got.published) == (None, "2019-04-26")
    assert warning.reason.startswith("indexed, but its front matter is not YAML (line 3")
    assert warning.reason.endswith("not read: `author`")


def test_a_colon_in_the_title_loses_nothing_and_warns_of_nothing(document: Only) -> None:
    got = document(
        "a.md",
        "---\ntitle: Kim: the summit\nauthors:\n  - Ann Lee\n  - 'Bo Roe'\ntags: [x, y]\n"
        'Source: "The Post"\npubDate: 26 April 2019\nlink: https://a.example/b\n---\nText.',
    )
    assert (got.title, got.author) == ("Kim: the summit", "Ann Lee, Bo Roe")
    assert (got.source, got.published) == ("The Post", "2019-04-26")
    assert got.url == "https://a.example/b"


def test_a_date_that_cannot_be_read_is_told(
    load: Callable[[str, str], list[Document | Problem]],
) -> None:
    got, warning = load("a.md", "---\ndate: 04/05/2019\n---\nThe text.")
    assert isinstance(got, Document)
    assert got.published is None
    assert isinstance(warning, Problem)
    assert "`date` is not a date" in warning.reason


def test_the_first_heading_is_the_title_when_front_matter_has_none(document: Only) -> None:
    assert document("a.md", "## Local\n\n# A new *bridge*\n\nText.").title == "A new bridge"
    assert document("b.md", "A new bridge\n============\n\nText.").title == "A new bridge"
    assert document("c.md", "Just text.").title == "c"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Head #\n\nText", "Head\n\nText"),
        ("**bold _and_ nested**", "bold and nested"),
        ("[a link](https://x.y/z_(q) \"t\") and [b][ref]\n\n[ref]: https://x.y", "a link and b"),
        ("before ![picture](a.png) after", "before after"),
        ("a <!-- gone\nover lines --> b", "a b"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("`code` and \\*stars\\*", "code and *stars*"),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("- one\n  more\n- two", "- one more\n- two"),
        ("> quoted\n> on", "quoted on"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"),
        ("```\nx = [1](2)\n\n# no\n```\nafter", "```\nx = [1](2)\n\n# no\n```\n\nafter"),
        ("AT&amp;T <b>x</b>", "AT&T x"),
        ("above\n\n---\n\nbelow", "above\n\nbelow"),
        ("---\nno front matter here", "no front matter here"),
    ],
)  # fmt: skip
def test_markup_becomes_readable_text(source: str, text: str) -> None:
    assert one(markdown.read(source.encode())).text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("[Update]: The minister resigned.", "[Update]: The minister resigned."),
        ("Talks\n[Note]: fail", "Talks [Note]: fail"),
        ("[a]: b c\n\n[ref]: https://x.y \"t\"\n\nSee [ref].", "[a]: b c\n\nSee ref."),
        ("[no][such] [link]", "[no][such] [link]"),
        ("Write to <desk@post.example>.", "Write to desk@post.example."),
        ("The tag `<title>` and `<!--`, then `-->`", "The tag <title> and <!--, then -->"),
        ("from 3 <b and c> 4", "from 3 4"),
        ("if a <b> c and d <5 e>", "if a c and d <5 e>"),
        ("| a |\n|---|\n| 1 | two more |", "| a |\n| 1 | two more |"),
        ("a | b\n--|--\n*1* | 2", "a | b\n1 | 2"),
        ("one<br>two", "one two"),
        ("It was over by\n503. Nobody left.", "It was over by 503. Nobody left."),
        ("<!-- gone\n\nover blocks\n\n--> stays", "stays"),
        ("<!-- never closed\n\nstays", "<!-- never closed\n\nstays"),
        ("    Indented by\n    its author.", "Indented by its author."),
        ("![x](data:image/svg+xml;base64,AAAA) [y](javascript:z)", "y"),
        ("1. one\n2) two\n* three", "1. one\n2) two\n* three"),
    ],
)  # fmt: skip
def test_what_no_renderer_hides_is_kept(source: str, text: str) -> None:
    assert one(markdown.read(source.encode())).text == text


def test_footnotes_keep_their_text_and_their_marks() -> None:
    source = (
        "Eleven pillars are cracked.[^1] Nobody knew.[^b]\n\n"
        "[^1]: The *report* of 1931 names forty\n    pillars.\n[^b]: Ibid.\n[^3]: https://a.example/b\n\n"
        "    Its second paragraph."
    )
    assert one(markdown.read(source.encode())).text.split("\n\n") == [
        "Eleven pillars are cracked.[^1] Nobody knew.[^b]",
        "[^1]: The report of 1931 names forty pillars.",
        "[^b]: Ibid.",
        "[^3]: https://a.example/b",
        "Its second paragraph.",
    ]


def test_what_is_nested_too_deeply_to_be_read_is_told(problem: Callable[[str, str], str]) -> None:
    assert "nested more than" in problem("a.md", "Text.\n\n" + "> " * 40 + "lost")
    assert one(markdown.read(("> " * 20 + "kept").encode())).text == "kept"


def test_front_matter_without_text_is_a_problem(problem: Callable[[str, str], str]) -> None:
    assert "below the front matter" in problem("a.md", "---\ntitle: x\n---\n\n")


@pytest.mark.parametrize(
    "front",
    [
        "title: " + "[" * 20_000,
        "- " * 20_000,
        "a: &a [x,x]\n"
        + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n"
            for n in range(20)
        )
        + "author: *u",
        "author: &a [*a]",
        "title: !!python/object/apply:os.system ['true']",
        "2019-99-99: 2019-99-99",
        "? {a: b}\n: c",
        "\x85",
    ],
)
def test_hostile_front_matter_costs_the_facts_at_most(front: str) -> None:
    assert one(markdown.read(f"---\n{front}\n---\nThe text.".encode())).text.endswith("The text.")


@given(st.text(alphabet="ab *_`[]()!<>-#~|\\\n&;:=\"'x", max_size=80))
def test_any_markdown_gives_text_or_a_reason(text: str) -> None:
    with suppress(NotLoaded):
        for _, _, found in markdown.read(text.encode()):
            assert isinstance(found, NotLoaded) or found.text.strip()


@given(st.lists(st.from_regex(r"\A[A-Za-z0-9 ,.;'“”é-]{1,60}[a-z.]\Z"), min_size=1, max_size=8))
def test_plain_paragraphs_stay_word_for_word(paragraphs: list[str]) -> None:
    source = "\n\n".join(f"So {paragraph}" for paragraph in paragraphs)
    got = one(markdown.read(source.encode())).text
    assert [" ".join(each.split()) for each in source.split("\n\n")] == got.split("\n\n")


@pytest.mark.parametrize("piece", ["*a ", "[a](", "_a ", "<a ", "<!--", "- a\n", "> ", "![a]["])
def test_long_hostile_lines_are_read_in_linear_time(piece: str, linear: Linear) -> None:
    def read(text: str) -> None:
        with suppress(NotLoaded):
            list(markdown.read(text.encode()))

    assert linear(read, lambda size: piece * (size // len(piece)))
