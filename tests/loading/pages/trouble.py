"""Pages with something on them that misleads: other articles, comments, archives, wrong labels."""

import html
import json

from tests.loading.pages.building import (
    COMMENTS,
    TEASERS,
    article_of,
    canonical,
    element,
    linked,
    meta,
    page,
    paragraphs,
    saved,
    site,
)  # fmt: skip
from tests.loading.pages.stories import (
    CHINESE,
    ENGLISH,
    FRENCH,
    GERMAN,
    JAPANESE,
    KOREAN,
    RUSSIAN,
    SPANISH,
    Story,
)  # fmt: skip
from tests.loading.pages.systems import headed

NO_FACTS = ENGLISH.unknown("author", "publisher", "day")


def chunked(story: Story, name: str, tag: str = "div") -> str:
    """The text in chunks of two paragraphs; all but the first have a name of furniture."""
    chunks = [story.text[at : at + 2] for at in range(0, len(story.text), 2)]
    return "".join(
        element(
            tag,
            "".join(f"<p>{text}</p>" for text in chunk),
            class_=f"story-chunk {name if at else ''}".strip(),
        )
        for at, chunk in enumerate(chunks)
    )


# Text in elements whose names are those of furniture


@saved(NO_FACTS, warned=True)
def chunks_named_sidebar(story: Story) -> str:
    return page(story, "", element("article", chunked(story, "layout-sidebar-grid")))


@saved(NO_FACTS, warned=True)
def chunks_named_share(story: Story) -> str:
    return page(story, "", element("article", chunked(story, "share-anchor")))


@saved(NO_FACTS, warned=True)
def chunks_named_related(story: Story) -> str:
    return page(
        story, "", element("div", chunked(story, "related-offset", "section"), class_="story")
    )


@saved(NO_FACTS, warned=True)
def chunks_named_newsletter(story: Story) -> str:
    return page(story, "", element("main", chunked(story, "newsletter-eligible")))


@saved(NO_FACTS)
def body_named_embed(story: Story) -> str:
    return page(
        story,
        "",
        element("div", f'<div class="post-embed widget">{paragraphs(story)}</div>', id="x"),
    )


@saved(NO_FACTS)
def a_real_newsletter_form_between_paragraphs(story: Story) -> str:
    form = (
        '<div class="newsletter-signup"><h3>Never miss a story</h3><p>Our weekly letter brings the best of the island to '
        'your inbox each Friday morning, for free.</p><form><input type="email"><button>Sign up</button></form></div>'
    )
    first, *rest = (f"<p>{text}</p>" for text in story.text)
    return page(story, "", element("article", first + form + "".join(rest)))


@saved(ENGLISH.unknown("publisher"), warned=True)
def article_body_behind_a_wall(story: Story) -> str:
    body = " ".join(story.text)
    stated = {**article_of(story, articleBody=body), "publisher": None}
    shown = element(
        "article",
        f'<p>{story.text[0]}</p><p>{story.text[1]}</p><div class="paywall">Subscribe to read on.</div>',
    )
    return page(story, linked(stated), shown)


@saved(ENGLISH.unknown("publisher"))
def article_body_that_is_a_teaser(story: Story) -> str:
    stated = {**article_of(story, articleBody=story.text[0][:80] + "..."), "publisher": None}
    return page(story, linked(stated), headed(story))


@saved(ENGLISH.with_(publisher="morrowgazette.example"))
def article_body_of_another_article(story: Story) -> str:
    other = article_of(story, headline="Mill pond freezes over", url="https://www.morrowgazette.example/pond",
                       mainEntityOfPage=None, datePublished="2019-01-20", author={"name": "Odd Larkin"},
                       articleBody="Skaters came from three valleys when the pond froze. " * 40)  # fmt: skip
    own = {**article_of(story), "publisher": None}
    return page(story, canonical(story) + linked(other, own), headed(story))


@saved(NO_FACTS)
def comments_longer_than_the_article(story: Story) -> str:
    said = "".join(f"<li class='comment'><p>{COMMENTS[300:340]} I remember the {n} lamps, and that the keeper waved at us "
                   "every single evening of the summer.</p></li>" for n in range(30))  # fmt: skip
    return page(
        story, "", headed(story) + f'<div class="comments" id="comments"><ol>{said}</ol></div>'
    )


@saved(NO_FACTS)
def teasers_as_articles_in_main(story: Story) -> str:
    other = "".join(
        f'<article class="item"><h3><a href="/o{n}">Another story of number {n} to read</a></h3><time datetime="2020-0{n}-02">'
        f"2 of month {n}</time><p>Its first sentence stands here as a summary, and is long enough to be a paragraph.</p></article>"
        for n in range(1, 6)
    )
    return page(story, "", element("main", headed(story) + element("div", other, class_="grid")))


@saved(NO_FACTS)
def lists_tables_and_headings_in_the_text(story: Story) -> str:
    body = "<h2>What it costs</h2>".join((paragraphs(story.with_()), ""))
    return page(story, "", element("article", f"<h1>{story.title}</h1>{body}"))


# Dates, authors and publishers of something else


@saved(NO_FACTS)
def dates_of_comments_and_teasers_alone(story: Story) -> str:
    return page(story, "", headed(story))


@saved(NO_FACTS)
def date_of_a_comment_marked_as_published(story: Story) -> str:
    said = '<div id="disqus_thread"><p>By Tom on <time pubdate datetime="2024-09-24">24 September</time></p></div>'
    return page(story, "", headed(story) + said)


@saved(NO_FACTS)
def date_of_what_to_read_next(story: Story) -> str:
    following = '<div class="read-next"><a href="/n"><span class="entry-date published">6 November 2023</span> Cinema reopens</a></div>'
    return page(story, "", element("main", headed(story) + following))


@saved(NO_FACTS)
def date_that_the_text_speaks_of(story: Story) -> str:
    first = story.text[0].replace(
        "forty years after", '<time datetime="1983-05-01">forty years</time> after'
    )
    return page(
        story,
        "",
        element("article", f"<p>{first}</p>" + "".join(f"<p>{t}</p>" for t in story.text[1:])),
    )


@saved(NO_FACTS)
def date_of_the_change_alone(story: Story) -> str:
    changed = '<time class="updated" datetime="2024-03-03">Updated 3 March 2024</time>'
    return page(story, meta(article_modified__time="2024-03-03"), headed(story, changed))


@saved(NO_FACTS)
def json_ld_of_another_article_alone(story: Story) -> str:
    other = article_of(story, headline="Cinema reopens", datePublished="2019-07-09", author={"name": "Mia Dorn"},
                       mainEntityOfPage="https://www.morrowgazette.example/cinema", publisher=None)  # fmt: skip
    return page(story, linked(other), headed(story))


@saved(ENGLISH)
def json_ld_of_another_article_first(story: Story) -> str:
    other = article_of(story, headline="Cinema reopens", datePublished="2019-07-09", author={"name": "Mia Dorn"},
                       mainEntityOfPage="https://www.morrowgazette.example/cinema", publisher={"name": "Cinema Weekly"})  # fmt: skip
    return page(story, canonical(story) + linked(other, article_of(story)), headed(story))


@saved(ENGLISH)
def json_ld_with_another_headline_and_the_same_address(story: Story) -> str:
    own = article_of(story, headline="Morrow: back to work")
    return page(story, canonical(story) + linked(own), headed(story))


@saved(NO_FACTS)
def json_ld_of_a_video(story: Story) -> str:
    video = {
        "@type": "VideoObject",
        "name": "Storm at the pier",
        "datePublished": "2016-02-02",
        "author": {"name": "Cam Era"},
    }
    return page(story, linked(video), headed(story))


@saved(NO_FACTS)
def json_ld_of_a_list_of_articles(story: Story) -> str:
    listed = {
        "@type": "ItemList",
        "itemListElement": [article_of(story, headline="Other", datePublished="2011-01-01")],
    }
    return page(story, linked(listed), headed(story))


@saved(ENGLISH.unknown("author", "publisher"))
def claim_review(story: Story) -> str:
    review = {
        "@type": "ClaimReview", "claimReviewed": "The keepers never left", "datePublished": f"{story.day} 10:20",
        "itemReviewed": {"@type": "Claim", "datePublished": "2023-01-01", "author": {"name": "A Rumour"}},
    }  # fmt: skip
    return page(story, linked({"@graph": [review]}), headed(story))


@saved(ENGLISH)
def json_ld_in_cdata(story: Story) -> str:
    return page(
        story, linked(article_of(story), around="\n//<![CDATA[\n{}\n//]]>\n"), headed(story)
    )


@saved(ENGLISH)
def json_ld_in_a_comment_with_a_charset_in_its_type(story: Story) -> str:
    return page(
        story,
        linked(article_of(story), kind="application/ld+json;charset=UTF-8", around="<!-- {} -->"),
        headed(story),
    )


@saved(ENGLISH)
def json_ld_with_a_comma_too_many(story: Story) -> str:
    return page(
        story, linked(article_of(story)).replace('"}}</script>', '"},}</script>'), headed(story)
    )


@saved(ENGLISH.with_(author="Siân O’Rourke", publisher="Oak & Ash Press"))
def json_ld_with_entities(story: Story) -> str:
    own = article_of(
        story,
        author={"name": "Si&acirc;n O&rsquo;Rourke"},
        publisher={"name": "Oak &amp;amp; Ash Press"},
    )
    return page(story, linked(own), headed(story))


@saved(ENGLISH.with_(author="Tamsin Oakes, Peer Alder"))
def authors_by_reference(story: Story) -> str:
    graph = [article_of(story, author=[{"@id": "#1"}, {"@id": "#2"}]), {"@id": "#1", "@type": "Person", "name": story.author},
             {"@id": "#2", "@type": "Person", "givenName": "Peer", "familyName": "Alder"}]  # fmt: skip
    return page(story, linked({"@graph": graph}), headed(story))


@saved(ENGLISH)
def author_with_by_in_json_ld(story: Story) -> str:
    return page(story, linked(article_of(story, author=f"By {story.author}")), headed(story))


@saved(ENGLISH)
def author_in_capitals_and_as_a_slug_as_well(story: Story) -> str:
    names = ["TAMSIN OAKES", "tamsin-oakes", story.author]
    return page(
        story, linked(article_of(story, author=[{"name": name} for name in names])), headed(story)
    )


@saved(ENGLISH.unknown("author"))
def author_who_is_the_site_or_an_account(story: Story) -> str:
    own = article_of(
        story,
        author=[{"name": story.publisher}, {"name": "admin"}, {"name": "https://x.example/me"}],
    )
    return page(story, linked(own) + meta(author="desk@morrowgazette.example"), headed(story))


@saved(ENGLISH.unknown("author", "day"))
def author_element_with_the_date_of_a_change(story: Story) -> str:
    changed = '<div class="author-info"><em>Last Updated:</em> January 7, 2025</div>'
    return page(story, site(story), headed(story, changed))


@saved(ENGLISH.unknown("day"))
def author_beside_the_menu_of_a_reader(story: Story) -> str:
    reader = '<div class="user-menu"><span class="username author">Username</span><a class="author" href="/me">Your Account</a></div>'
    return page(
        story,
        site(story),
        reader + headed(story, f'<p class="pb-byline">By <a href="/o">{story.author}</a></p>'),
    )


@saved(ENGLISH.unknown("author", "day"))
def author_of_a_biography_in_the_side_column(story: Story) -> str:
    side = '<aside class="column"><div class="author">Lorn Fisk</div><p>Lorn Fisk has written the column since 1999.</p></aside>'
    return page(story, site(story), headed(story) + side)


@saved(CHINESE.unknown("publisher", "day"))
def author_label_in_an_element_of_its_own(story: Story) -> str:
    body = f'<div><span id="author_x">作者：</span></div><article><h1>{story.title}</h1>{paragraphs(story)}</article>'
    return page(story, meta(author=story.author or ""), body)


@saved(ENGLISH.unknown("author", "day"))
def publisher_in_a_rights_line(story: Story) -> str:
    return page(
        story, meta(copyright=f"© 2023 {story.publisher}. All Rights Reserved."), headed(story)
    )


@saved(CHINESE.unknown("author", "day"))
def publisher_in_a_chinese_rights_line(story: Story) -> str:
    return page(story, meta(copyright=f"{story.publisher}版权所有"), headed(story))


@saved(ENGLISH.with_(author=None, day=None, publisher="morrowgazette.example"))
def publisher_as_a_social_handle(story: Story) -> str:
    head = '<meta name="twitter:site" content="@morrowgz"><meta property="article:publisher" content="https://www.facebook.com/morrowgz">'
    return page(story, head + canonical(story), headed(story))


@saved(ENGLISH.with_(author=None, publisher="morrowgazette.example"))
def saved_from_the_wayback_machine(story: Story) -> str:
    copy = "https://web.archive.org/web/20240101120000/https://www.morrowgazette.example/2023/09/14/keepers"
    bar = '<div id="wm-ipp-base"><p>The Wayback Machine has 41 captures of this page, made since May 2, 2010.</p></div>'
    return page(story, f'<link rel="canonical" href="{copy}">', bar + headed(story))


@saved(ENGLISH.with_(author=None, publisher="morrowgazette.example", day=None))
def saved_from_a_cache(story: Story) -> str:
    bar = (
        '<div id="google-cache-hdr">This is a cache of the page. It is a snapshot of the page as it appeared on 3 Mar 2024 09:00:00 GMT.'
        "</div>"
    )
    return page(story, f'<base href="{story.url}">', bar + headed(story))


@saved(ENGLISH.with_(author=None, publisher="morrowgazette.example", day=None))
def saved_by_a_browser(story: Story) -> str:
    return page(story, "", headed(story)).replace(
        "<html", f"<!-- saved from url=(0060){story.url} -->\n<html", 1
    )


@saved(ENGLISH)
def publisher_that_is_the_title_of_the_page(story: Story) -> str:
    own = article_of(
        story, publisher={"@type": "Organization", "name": f"{story.title} - {story.publisher}"}
    )
    return page(story, linked(own) + site(story), headed(story))


# Titles


@saved(ENGLISH.unknown("author", "day"))
def site_in_front_of_the_title(story: Story) -> str:
    return page(
        story,
        site(story),
        element("article", paragraphs(story)),
        f"{story.publisher} | {story.title}",
    )


@saved(ENGLISH.unknown("author", "day"))
def site_and_section_behind_the_title(story: Story) -> str:
    return page(
        story,
        site(story),
        element("article", paragraphs(story)),
        f"{story.title} | World | {story.publisher}",
    )


@saved(NO_FACTS)
def heading_of_an_advertisement_in_the_footer(story: Story) -> str:
    body = element("article", f'<h2 class="headline">{story.title}</h2>{paragraphs(story)}')
    return page(
        story, "", body + '<div class="footer-promo"><h1>Book your autumn cruise now!</h1></div>'
    )


@saved(ENGLISH.unknown("author", "day"))
def site_name_as_title_of_open_graph(story: Story) -> str:
    head = site(story) + meta(og_title=story.publisher or "")
    return page(
        story, head, '<h1 class="logo">The Morrow Gazette</h1>' + headed(story), story.publisher
    )


@saved(ENGLISH.unknown("author", "day"))
def same_title_on_every_page(story: Story) -> str:
    return page(
        story, site(story), headed(story), f"{story.publisher}: news from the islands every day"
    )


@saved(
    ENGLISH.with_(
        title="Keepers & cooks: Morrow’s tower “needs both”", author=None, publisher=None, day=None
    )
)
def entities_in_the_title(story: Story) -> str:
    written = html.escape(story.with_(title="Keepers & cooks: Morrow’s tower “needs both”").title)
    return page(
        story,
        f'<meta property="og:title" content="{html.escape(written)}">',
        element("article", paragraphs(story)),
        "x",
    )


# Encodings


def declared(story: Story, label: str, codec: str, head: str = "") -> bytes:
    made = page(story, head, headed(story)).replace(
        '<meta charset="utf-8">', f'{head}<meta charset="{label}">'
    )
    return made.encode(codec)


@saved(GERMAN.unknown("author", "publisher", "day"))
def utf8_that_says_it_is_latin1(story: Story) -> bytes:
    return declared(story, "ISO-8859-1", "utf-8")


@saved(RUSSIAN.unknown("author", "publisher", "day"))
def another_charset_in_a_comment(story: Story) -> bytes:
    return declared(story, "windows-1251", "cp1251", '<!-- <meta charset="koi8-r"> -->')


@saved(KOREAN.unknown("author", "publisher", "day"))
def charset_behind_a_long_script(story: Story) -> bytes:
    return declared(story, "euc-kr", "euc-kr", f"<script>{'var a = 1;' * 900}</script>")


@saved(JAPANESE.unknown("author", "publisher", "day"))
def charset_in_an_http_equiv(story: Story) -> bytes:
    made = declared(story, "x", "shift_jis")
    return made.replace(
        b'<meta charset="x">',
        b'<META content="text/html; charset=Shift_JIS" HTTP-EQUIV=Content-Type>',
    )


@saved(RUSSIAN.unknown("author", "publisher", "day"), warned=True)
def cyrillic_that_says_it_is_latin1(story: Story) -> bytes:
    return declared(story, "iso-8859-1", "cp1251")


# Text that an element changes the meaning of


@saved(NO_FACTS.with_(), NO_FACTS.with_())
def footnotes_and_readings(story: Story) -> str:
    noted = [f'{text}<sup><a href="#fn{at}">[{at}]</a></sup>' for at, text in enumerate(story.text)]
    return page(story, "", element("article", "".join(f"<p>{text}</p>" for text in noted)))


@saved(FRENCH)
def whitespace_and_soft_breaks(story: Story) -> str:
    body = paragraphs(story).replace(" de ", "\n      de ").replace("<p>", "<p>\n\t\t")
    return page(
        story, linked(article_of(story)), element("article", f"<h1>\n {story.title}\n</h1>{body}")
    )


@saved(SPANISH)
def json_ld_split_over_two_scripts(story: Story) -> str:
    one = {"@type": "NewsArticle", "headline": story.title, "datePublished": story.day}
    two = {
        "@type": "NewsArticle",
        "headline": story.title,
        "author": {"name": story.author},
        "publisher": {"name": story.publisher},
    }
    return page(
        story,
        linked(one) + f'<script type="application/ld+json">{json.dumps([two])}</script>',
        headed(story),
    )


@saved(NO_FACTS)
def teasers_in_front_of_the_article(story: Story) -> str:
    return page(story, "", TEASERS + headed(story))


@saved(ENGLISH.unknown("author", "day"))
def microdata_of_other_articles_alone(story: Story) -> str:
    other = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="datePublished" content="2017-03-04">'
        '<span itemprop="author">Odd Larkin</span><a itemprop="url" href="/x">Mill pond freezes</a></div>'
    )
    return page(story, site(story), headed(story) + other * 2)


@saved(ENGLISH.unknown("publisher"))
def microdata_in_meta_elements_of_the_body(story: Story) -> str:
    facts = f'<meta itemprop="datePublished" content="{story.day}"><meta itemprop="author" content="{story.author}">'
    return page(
        story,
        "",
        f'<div itemscope itemtype="https://schema.org/Article">{facts}{headed(story)}</div>',
    )
