"""The parts that pages of news sites are made of."""

import html
import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.loading.pages.stories import Story


@dataclass(frozen=True)
class Saved:
    """A saved page. `story`: what must be read from it; `warned`: whether a warning must say so."""

    name: str
    data: bytes
    story: Story
    warned: bool = False


PAGES: list[Saved] = []
Build = Callable[[Story], str | bytes]


def saved(
    story: Story, expected: Story | None = None, warned: bool = False
) -> Callable[[Build], Build]:
    """Adds the page that the function builds of the story to those that are read."""

    def add(build: Build) -> Build:
        made = build(story)
        data = made.encode() if isinstance(made, str) else made
        PAGES.append(Saved(build.__name__, data, expected or story, warned))
        return build

    return add


def element(tag: str, inside: str, **attributes: str) -> str:
    given = "".join(
        f' {name.strip("_").replace("_", "-")}="{html.escape(value)}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{given}>{inside}</{tag}>"


def meta(**named: str) -> str:
    """`meta(og_title="x")`, `meta(article__published_time="x")`: `_` is a colon, `__` one with `_`."""
    return "".join(
        f"<meta {'property' if name.startswith(('og', 'article')) else 'name'}="
        f'"{name.replace("_", ":", 1).replace("__", "_")}" content="{html.escape(value)}">'
        for name, value in named.items()
    )


def linked(*values: object, kind: str = "application/ld+json", around: str = "{}") -> str:
    return "".join(
        f'<script type="{kind}">{around.replace("{}", json.dumps(value, ensure_ascii=False))}</script>'
        for value in values
    )


def article_of(story: Story, kind: object = "NewsArticle", **more: object) -> dict[str, object]:
    """The JSON-LD of the story."""
    return {
        "@context": "https://schema.org", "@type": kind, "headline": story.title,
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url},
        "datePublished": f"{story.day}T08:15:00+02:00",
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": story.publisher}, **more,
    }  # fmt: skip


def paragraphs(story: Story, tag: str = "p") -> str:
    return "\n".join(element(tag, html.escape(text, quote=False)) for text in story.text)


def site(story: Story) -> str:
    return meta(og_site_name=story.publisher or "")


def canonical(story: Story) -> str:
    return f'<link rel="canonical" href="{story.url}">'


MENU = (
    '<header class="site-header"><a class="logo" href="/">Start</a><nav><ul><li><a href="/a">World</a></li>'
    '<li><a href="/b">Sport</a></li><li><a href="/c">Culture</a></li></ul></nav></header>'
)
TEASERS = (
    '<section class="related-posts"><h2>Related articles</h2><div class="card"><h3><a href="/x1">Mill pond freezes '
    'over for the first time</a></h3><time datetime="2019-01-20">20 January 2019</time><span class="author">'
    '<a href="/people/odd">Odd Larkin</a></span><p>Skaters came from three valleys when the pond at Brell froze '
    'in one night, and stayed.</p></div><div class="card"><h3><a href="/x2">Choir sings in an empty dock</a></h3>'
    '<time datetime="2018-07-02">2 July 2018</time></div></section>'
)
COMMENTS = (
    '<section id="comments" class="comments-area"><h2>2 comments</h2><ol class="comment-list"><li class="comment">'
    '<span class="comment-author">by Wren Tolliver</span> <time datetime="2024-12-24T10:00">24 December</time>'
    "<p>My grandfather would have liked to read this, he spoke of it often when we were small.</p></li></ol></section>"
)
FOOTER = "<footer><p>&copy; 2025 All rights reserved. Reprints need written permission of the publisher.</p></footer>"


def page(story: Story, head: str, body: str, title: str | None = None, around: bool = True) -> str:
    """A page with the furniture that every site has."""
    named = story.title if title is None else title
    furniture = (MENU, TEASERS + COMMENTS + FOOTER) if around else ("", "")
    return (
        f'<!DOCTYPE html><html lang="{story.lang}"><head><meta charset="utf-8"><title>{html.escape(named)}</title>'
        f"{head}</head><body>{furniture[0]}{body}{furniture[1]}</body></html>"
    )
