"""HTML: the main text, and where each fact of the page comes from."""

import json
from collections.abc import Callable

import pytest

from qa.types import Document, Problem

Only = Callable[[str, bytes | str], Document]
Load = Callable[[str, bytes | str], list[Document | Problem]]

PARAGRAPHS = [
    "The harbour town will get a new bridge next year, the council said on Monday after a vote.",
    "Half of the money comes from the state, said Mayor Rosa Field, who asked for it in 2015.",
    "Fishermen fear that the works will close the port for two months in the middle of the season.",
    "The old bridge, built of iron in 1902, carries four thousand cars a day and is to be sold.",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
NAV = "<nav><a href='/'>Home</a> <a href='/w'>World</a></nav>"


def page(head: str = "", top: str = "", bottom: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>New bridge for the harbour - The Harbour Post</title>"
        f"{head}</head><body>{NAV}<article><h1>New bridge for the harbour</h1>{top}{BODY}</article>"
        f"{bottom}<footer>© 2024 The Harbour Post</footer></body></html>"
    )


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


OPEN_GRAPH = '<meta property="article:published_time" content="2020-02-02T10:00:00Z">'
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "New bridge",
    "datePublished": "2020-01-05T23:00:00-05:00",
}


def test_the_main_text_is_taken_without_navigation_and_footer(document: Only) -> None:
    head = '<meta property="og:site_name" content="The Harbour Post">'
    got = document("a.html", page(head, top="<p>By Mara Vell</p>"))
    assert got.text.split("\n\n") == PARAGRAPHS
    assert (got.title, got.source) == ("New bridge for the harbour", "The Harbour Post")
    assert (got.author, got.published, got.encoding) == ("Mara Vell", None, "utf-8")


@pytest.mark.parametrize(
    ("head", "day", "told_by"),
    [
        (linked(ARTICLE) + OPEN_GRAPH, "2020-01-05", "JSON-LD datePublished"),
        (linked({"@graph": [{"@type": "WebSite"}, ARTICLE]}),
         "2020-01-05", "JSON-LD datePublished"),
        (linked([{"@type": ["Thing", "ReportageNewsArticle"], "datePublished": "2020-01-05"}]),
         "2020-01-05", "JSON-LD datePublished"),
        (linked({"@type": "WebPage", "datePublished": "2020-01-01", "mainEntity": ARTICLE}),
         "2020-01-05", "JSON-LD datePublished"),
        ('<script type="application/ld+json">{broken</script>' + OPEN_GRAPH,
         "2020-02-02", "OpenGraph article:published_time"),
        (linked({"@type": "ItemList", "itemListElement": [ARTICLE]}) + OPEN_GRAPH,
         "2020-02-02", "OpenGraph article:published_time"),
        ('<meta name="DC.date.issued" content="2020-03-03">', "2020-03-03", "meta dc.date.issued"),
        ('<meta property="article:modified_time" content="2021-01-01">', None, None),
        (linked({"@type": "NewsArticle", "dateModified": "2021-01-01"}), None, None),
        ('<link rel="canonical" href="https://www.post.example/2020/04/04/bridge">',
         "2020-04-04", "address (URL) of the page"),
    ],
)  # fmt: skip
def test_the_date_comes_from_what_the_page_states(
    document: Only, head: str, day: str | None, told_by: str | None
) -> None:
    got = document("a.html", page(head))
    assert (got.published, got.published_from) == (day, told_by)


@pytest.mark.parametrize(
    ("top", "bottom", "day"),
    [
        ('<time datetime="2020-05-05T08:00">5 May</time>', "", "2020-05-05"),
        ('<time itemprop="datePublished" datetime="2020-05-05">x</time><time datetime="2020-06-06">'
         "y</time>", "", "2020-05-05"),
        ('<time datetime="2020-05-05">a</time><time datetime="2020-06-06">b</time>', "", None),
        ("", '<aside><time datetime="2020-05-05">Other article</time></aside>', None),
        ("<p>Posted May 5, 2020 07:55</p>", "", "2020-05-05"),
    ],
)  # fmt: skip
def test_a_time_element_counts_when_there_is_no_doubt_whose_it_is(
    document: Only, top: str, bottom: str, day: str | None
) -> None:
    assert document("a.html", page(top=top, bottom=bottom)).published == day


def test_a_page_without_a_name_of_its_site_has_its_host_as_source(document: Only) -> None:
    head = '<link rel="canonical" href="https://www.post.example/bridge">'
    got = document("a.HTM", page(head))
    assert (got.source, got.url) == ("post.example", "https://www.post.example/bridge")


def test_the_author_of_the_record_is_taken(document: Only) -> None:
    head = linked({**ARTICLE, "author": [{"@type": "Person", "name": "Mara Vell"}]})
    assert document("a.html", page(head)).author == "Mara Vell"


def test_the_same_article_as_page_and_as_markdown_has_the_same_text(document: Only) -> None:
    wrapped = BODY.replace(" the ", "\nthe ")
    got = document("a.html", page().replace(BODY, wrapped))
    twin = document("a.md", "---\ntitle: New bridge\n---\n\n" + "\n\n".join(PARAGRAPHS))
    assert got.text == twin.text


def test_blocks_stand_apart_and_lines_within_them_do_not(document: Only) -> None:
    quoted = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:2])
    items = "<ul><li>One old bridge, <b>sold</b></li><li><p>Two new piers</p></li></ul>"
    more = f"<h2>What it costs</h2><blockquote>{quoted}</blockquote>{items}"
    got = document("a.html", page().replace("</article>", f"{more}</article>"))
    assert [part.strip("\n") for part in got.text.split("\n\n")] == [
        *PARAGRAPHS,
        "What it costs",
        *PARAGRAPHS[:2],
        "- One old bridge, sold\n- Two new piers",
    ]


def test_tables_stay_as_text(document: Only) -> None:
    rows = "<tr><td>Steel</td><td>12 tons</td></tr><tr><td>Stone</td><td>7 tons</td></tr>"
    table = f"<table>{rows}</table>"
    assert "12 tons" in document("a.html", page().replace("</article>", f"{table}</article>")).text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.5 × 10<sup>6</sup> grams", "1.5 × 10⁶ grams"),
        ("10<sup>−9</sup> grams", "10⁻⁹ grams"),
        ("10<sup>1.5</sup> grams", "10^(1.5) grams"),
        ("10<span><sup>6</sup></span> grams", "10⁶ grams"),
        ("40 km<sup>2</sup> of water", "40 km² of water"),
        ("CO<sub>2</sub> and 101<sub>2</sub>", "CO2 and 101₂"),
        ("the 1<sup>st</sup> pier", "the 1st pier"),
        ("the bridge<sup>3</sup> and", "the bridge and"),
        ("the bridge<sup>[4]</sup> and", "the bridge and"),
        ('the bridge<a href="#n"><sup>5</sup></a> and', "the bridge and"),
        ("the <ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby> and", "the 橋 and"),
        ("said <q>no</q> to it", "said “no” to it"),
        ('on <time datetime="1902-05-01">1 May 1902</time> in', "on 1 May 1902 in"),
    ],
)
def test_what_stands_above_or_beside_the_line_keeps_its_meaning(
    document: Only, written: str, read: str
) -> None:
    sentence = "The report that the council of the town read on Monday speaks of {} for this year."
    got = document("a.html", page(top=f"<p>{sentence.format(written)}</p>"))
    assert got.text.split("\n\n") == [sentence.format(read), *PARAGRAPHS]


def test_a_warning_says_that_the_readings_of_a_page_differ(load: Load) -> None:
    *first, last = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f'<div>{"".join(first)}</div><div class="share-offset">{last}</div>'
    got, warning = load("a.html", f"<html><body><article>{body}</article></body></html>")
    assert isinstance(got, Document)
    assert all(paragraph in got.text for paragraph in PARAGRAPHS)
    assert isinstance(warning, Problem)
    assert (warning.kind, "the fuller was taken" in warning.reason) == ("warning", True)


def test_a_short_page_still_gives_its_text(document: Only) -> None:
    got = document(
        "a.html", "<html><body><p>The bridge opens on Monday, the mayor said.</p></body></html>"
    )
    assert "The bridge opens on Monday" in got.text


@pytest.mark.parametrize(
    "content", ["", " ", "<html></html>", "<html><body><script>var a = 1</script></body></html>"]
)
def test_a_page_without_text_is_a_problem(problem: Callable[[str, str], str], content: str) -> None:
    assert problem("a.html", content).startswith(("no main text", "not an HTML page"))
