"""Pages as content systems and large sites write them."""

from dataclasses import replace

from tests.loading.pages.building import (
    MENU,
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
    PORTUGUESE,
    RUSSIAN,
    SPANISH,
    Story,
)  # fmt: skip


def headed(story: Story, inside: str = "") -> str:
    return element("article", f"<h1>{story.title}</h1>{inside}{paragraphs(story)}")


@saved(ENGLISH)
def wordpress_with_yoast(story: Story) -> str:
    graph = [
        {"@type": "Article", "@id": f"{story.url}#article", "isPartOf": {"@id": story.url},
         "author": {"name": story.author, "@id": "https://www.morrowgazette.example/#/schema/person/1"},
         "headline": story.title, "datePublished": f"{story.day}T06:00:00+00:00",
         "dateModified": "2024-01-01T00:00:00+00:00",
         "publisher": {"@id": "https://www.morrowgazette.example/#organization"}},
        {"@type": "WebPage", "@id": story.url, "url": story.url, "name": f"{story.title} - {story.publisher}",
         "datePublished": f"{story.day}T06:00:00+00:00"},
        {"@type": "WebSite", "@id": "https://www.morrowgazette.example/#website", "name": story.publisher},
        {"@type": "Organization", "@id": "https://www.morrowgazette.example/#organization", "name": story.publisher},
        {"@type": "Person", "@id": "https://www.morrowgazette.example/#/schema/person/1", "name": story.author},
    ]  # fmt: skip
    body = (
        f'<div id="page" class="site"><div id="primary" class="content-area"><main><article class="post-12 post hentry">'
        f'<header class="entry-header"><h1 class="entry-title">{story.title}</h1></header><div class="entry-content">'
        f"{paragraphs(story)}</div></article></main></div></div>"
    )
    head = canonical(story) + linked({"@context": "https://schema.org", "@graph": graph})
    return page(story, head, body, f"{story.title} - {story.publisher}")


@saved(ENGLISH.unknown("publisher"))
def wordpress_of_2012(story: Story) -> str:
    facts = (
        f'<footer class="entry-meta">Posted on <a href="/p" rel="bookmark"><time class="entry-date" datetime='
        f'"{story.day}T10:00:00+00:00" pubdate>September 14, 2023</time></a> by <span class="author vcard">'
        f'<a class="url fn n" href="/author/toakes" rel="author">{story.author}</a></span></footer>'
    )
    return page(story, "", element("article", f'<h1 class="entry-title">{story.title}</h1>'
                f'<div class="entry-content">{paragraphs(story)}</div>{facts}', class_="post hentry"))  # fmt: skip


@saved(
    ENGLISH.with_(
        publisher="keepers.blogspot.example",
        url="https://keepers.blogspot.example/2023/09/return.html",
    )
)
def blogger(story: Story) -> str:
    body = (
        f'<div class="blog-posts hfeed"><div class="post hentry" itemprop="blogPost" itemscope itemtype='
        f'"http://schema.org/BlogPosting"><h3 class="post-title entry-title" itemprop="name">{story.title}</h3>'
        f'<div class="post-body entry-content" itemprop="articleBody">{paragraphs(story)}</div><div class="post-footer">'
        f'<span class="post-author vcard">Posted by <span class="fn" itemprop="author"><span itemprop="name">{story.author}'
        f'</span></span></span> at <a class="timestamp-link" href="{story.url}" rel="bookmark"><abbr class="published" '
        f'itemprop="datePublished" title="{story.day}T21:05:00-07:00">9:05 PM</abbr></a></div></div></div>'
    )
    return page(story, canonical(story), body)


@saved(GERMAN)
def drupal_with_dublin_core(story: Story) -> str:
    head = (
        meta(dc_title="x").replace("dc:title", "dcterms.title").replace('"x"', f'"{story.title}"')
    )
    head += f'<meta name="dcterms.date" content="{story.day}T07:00+01:00"><meta name="dcterms.creator" content='
    head += f'"{story.author}"><meta name="dcterms.publisher" content="{story.publisher}">'
    body = element("div", f'<h1 class="page-title">{story.title}</h1><div class="field field--name-body">'
                   f"{paragraphs(story)}</div>", class_="node node--type-article")  # fmt: skip
    return page(story, head, body, f"{story.title} | {story.publisher}")


@saved(FRENCH)
def joomla_with_microdata(story: Story) -> str:
    facts = (
        f'<dl class="article-info"><dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'Par <span itemprop="name">{story.author}</span></dd><dd class="published"><time datetime="{story.day}T09:00:00+02:00" '
        f'itemprop="datePublished">12 juin 2021</time></dd></dl>'
    )
    body = (
        f'<div class="item-page" itemscope itemtype="https://schema.org/Article"><h1 itemprop="headline">{story.title}</h1>'
        f'{facts}<div itemprop="articleBody">{paragraphs(story)}</div></div>'
    )
    return page(story, site(story), body)


@saved(ENGLISH)
def arc_with_fusion(story: Story) -> str:
    chunks = "".join(
        f'<div class="article-body-wrapper"><p class="c-paragraph">{text}</p></div><div class="arcad-feature">Ad</div>'
        for text in story.text
    )
    return page(story, canonical(story) + linked(article_of(story)),
                element("article", f'<h1 class="headline">{story.title}</h1>{chunks}'))  # fmt: skip


@saved(ENGLISH)
def parsely_and_sailthru(story: Story) -> str:
    head = f'<meta name="parsely-title" content="{story.title}"><meta name="parsely-author" content="{story.author}">'
    head += f'<meta name="sailthru.date" content="{story.day} 08:00:00 +0000">' + site(story)
    return page(story, head, headed(story), f"{story.title} — {story.publisher}")


@saved(ENGLISH)
def open_graph_alone(story: Story) -> str:
    head = meta(
        og_title=story.title,
        og_site_name=story.publisher or "",
        article_published__time=f"{story.day}T08:00Z",
    )
    return page(
        story, head + f'<meta property="article:author" content="{story.author}">', headed(story)
    )


@saved(SPANISH)
def amp(story: Story) -> str:
    head = (
        canonical(story)
        + '<style amp-boilerplate>body{animation:none}</style><script async src="https://cdn.ampproject.example/v0.js">'
        "</script>" + linked(article_of(story, mainEntityOfPage=f"{story.url}/amp"))
    )
    body = (
        '<amp-sidebar id="menu"><ul><li><a href="/">Inicio</a></li></ul></amp-sidebar>'
        f'<main role="main"><article class="amp-wp-article"><h1 class="amp-wp-title">{story.title}</h1>'
        f'<div class="amp-wp-article-content">{paragraphs(story)}<amp-ad width="300" height="250"></amp-ad></div></article></main>'
    )
    return page(story, head, body, f"{story.title} | {story.publisher}").replace(
        "<html", "<html amp"
    )


@saved(ENGLISH)
def live_blog(story: Story) -> str:
    entries = "".join(
        f'<div class="live-post" id="post-{at}"><time datetime="{story.day}T1{at}:00:00Z">1{at}:00</time><p>{text}</p></div>'
        for at, text in enumerate(story.text)
    )
    updates = [{"@type": "BlogPosting", "datePublished": f"2023-09-1{at}", "headline": "Update", "articleBody": text}
               for at, text in enumerate(story.text)]  # fmt: skip
    head = linked(
        article_of(story, "LiveBlogPosting", liveBlogUpdate=updates, coverageStartTime=story.day)
    )
    return page(story, head, element("article", f"<h1>{story.title}</h1>{entries}"))


@saved(PORTUGUESE)
def reportage_with_list_of_types(story: Story) -> str:
    return page(story, linked(article_of(story, ["Thing", "ReportageNewsArticle"])), headed(story))


@saved(RUSSIAN)
def microdata_alone(story: Story) -> str:
    body = (
        f'<div itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">{story.title}</h1>'
        f'<meta itemprop="datePublished" content="{story.day}T12:00:00+03:00"><span itemprop="author" itemscope '
        f'itemtype="http://schema.org/Person"><span itemprop="name">{story.author}</span></span>'
        f'<div itemprop="articleBody">{paragraphs(story)}</div></div>'
    )
    return page(story, site(story), body)


@saved(ENGLISH)
def rdfa(story: Story) -> str:
    body = (
        f'<div vocab="https://schema.org/" typeof="NewsArticle"><h1 property="headline">{story.title}</h1>'
        f'<time property="datePublished" datetime="{story.day}">14 September 2023</time> '
        f'<span property="author">{story.author}</span>{paragraphs(story)}</div>'
    )
    return page(story, site(story), body)


@saved(KOREAN)
def naver(story: Story) -> str:
    head = meta(og_title=story.title, og_site_name=story.publisher or "")
    facts = (
        '<div class="media_end_head_info_datestamp"><div class="media_end_head_info_datestamp_bunch"><em class='
        '"media_end_head_info_datestamp_term">입력</em><span class="media_end_head_info_datestamp_time _ARTICLE_DATE_TIME" '
        'data-date-time="2023-11-06 09:12:00">2023.11.06. 오전 9:12</span></div></div>'
        f'<em class="media_end_head_journalist_name">{story.author} 기자</em>'
    )
    body = (
        f'<div class="newsct"><h2 class="media_end_head_headline">{story.title}</h2>{facts}'
        f'<article id="dic_area" class="go_trans _article_content">{"<br><br>".join(story.text)}</article></div>'
    )
    return page(story, head, body)


@saved(KOREAN)
def korean_paper(story: Story) -> str:
    facts = f'<ul class="infomation"><li>{story.author} 기자</li><li>입력 2023.11.06 09:12</li><li>수정 2023.11.07 10:00</li></ul>'
    body = element("article", f'<header><h1 class="heading">{story.title}</h1>{facts}</header>'
                   f'<div id="article-view-content-div">{paragraphs(story)}</div>')  # fmt: skip
    return page(story, site(story) + canonical(story), body, f"{story.title} - {story.publisher}")


@saved(CHINESE)
def chinese_paper(story: Story) -> str:
    head = (
        f'<meta name="author" content="{story.author}"><meta name="publishdate" content="{story.day}">'
        + site(story)
    )
    body = (
        f'<div class="main"><h1>{story.title}</h1><div class="channel">2022年10月15日08:20 | 来源：<a href="/">{story.publisher}</a></div>'
        f'<div class="rm_txt_con">{paragraphs(story)}</div></div>'
    )
    return page(story, head, body, f"{story.title}--{story.publisher}")


@saved(CHINESE)
def chinese_portal(story: Story) -> str:
    body = (
        f'<div class="article"><h1 class="main-title">{story.title}</h1><div class="date-source"><span class="date">'
        f'2022年10月15日 08:20</span> <span class="source">{story.publisher}</span></div><p class="author-name">记者 {story.author}</p>'
        f'<div class="article-content">{paragraphs(story)}</div></div>'
    )
    return page(story, site(story), body, f"{story.title}_{story.publisher}")


@saved(JAPANESE)
def japanese_paper(story: Story) -> str:
    marked = story.text[0].replace("霧島村", "<ruby>霧島<rt>きりしま</rt></ruby>村")
    body = element("article", f'<h1>{story.title}</h1><time datetime="{story.day}T07:00+09:00">2024/04/21 07:00</time>'
                   f'<p class="author">{story.author}</p><p>{marked}</p>' + "".join(f"<p>{t}</p>" for t in story.text[1:]))  # fmt: skip
    return page(story, site(story), body, f"{story.title} : {story.publisher}")


@saved(GERMAN)
def german_byline_in_the_page(story: Story) -> str:
    facts = f'<div class="autor">Von {story.author}</div><div class="datum">7. März 2022, 06:30 Uhr</div>'
    body = element(
        "article", f"<h1>{story.title}</h1><p>Von {story.author}</p>{facts}{paragraphs(story)}"
    )
    return page(story, site(story), body)


@saved(SPANISH)
def spanish_byline_in_the_page(story: Story) -> str:
    body = element("article", f'<h1>{story.title}</h1><div class="byline">Por <a href="/autor/errazu">{story.author}</a></div>'
                   f'<span class="fecha date">11 de febrero de 2024</span>{paragraphs(story)}')  # fmt: skip
    return page(story, site(story), body)


@saved(ENGLISH)
def next_with_modules(story: Story) -> str:
    body = (
        f'<div id="__next"><main class="Layout_main__x1"><div class="Article_root__9"><h1 class="Heading_h1__2">{story.title}</h1>'
        f'<div class="Byline_byline__7">By <a href="/by/oakes">{story.author}</a></div><div class="Body_body__3">{paragraphs(story)}</div>'
        "</div></main></div><script id='__NEXT_DATA__' type='application/json'>{\"a\":1}</script>"
    )
    return page(
        story,
        meta(og_site_name=story.publisher or "", article_published__time=story.day or ""),
        body,
    )


@saved(ENGLISH.unknown("author", "publisher", "day"))
def table_layout_of_2001(story: Story) -> str:
    cells = "<br><br>".join(story.text)
    return (
        f"<html><head><title>{story.title}</title></head><body><table><tr><td width=150><a href=/>Home</a><br><a href=/w>World"
        f"</a></td><td><font size=5><b>{story.title}</b></font><br><br>{cells}</td></tr></table></body></html>"
    )


@saved(ENGLISH.unknown("author"))
def page_in_one_form(story: Story) -> str:
    body = f'<form id="aspnetForm" method="post"><div id="content">{headed(story)}</div><input type="hidden" value="x"></form>'
    return page(
        story,
        linked({**article_of(story), "author": {"@type": "Organization", "name": story.publisher}}),
        body,
    )


@saved(ENGLISH)
def citation_metas(story: Story) -> str:
    head = (
        f'<meta name="citation_title" content="{story.title}"><meta name="citation_author" content="{story.author}">'
        f'<meta name="citation_publication_date" content="2023/09/14"><meta name="citation_journal_title" content="{story.publisher}">'
    )
    return page(story, head, headed(story), f"{story.title} | {story.publisher}")


@saved(ENGLISH)
def h_entry(story: Story) -> str:
    body = (
        f'<article class="h-entry"><h1 class="p-name">{story.title}</h1><a class="p-author h-card" href="/a">{story.author}</a> '
        f'<time class="dt-published" datetime="{story.day}T10:00:00">14 Sept</time> <time class="dt-updated" datetime="2024-02-02">'
        f'2 Feb</time><div class="e-content">{paragraphs(story)}</div></article>'
    )
    return page(story, site(story), body)


@saved(ENGLISH)
def date_in_the_address_alone(story: Story) -> str:
    url = "https://www.morrowgazette.example/2023/09/14/lighthouse-keepers"
    return page(story.with_(url=url), canonical(story.with_(url=url)) + site(story),
                headed(story, f"<p>By {story.author}</p>"))  # fmt: skip


@saved(ENGLISH)
def byline_and_date_as_lines(story: Story) -> str:
    return page(
        story, site(story), headed(story, f"<p>By {story.author}</p><p>September 14, 2023</p>")
    )


@saved(ENGLISH)
def menu_in_front_of_everything(story: Story) -> str:
    links = "".join(f'<li><a href="/s{n}">Section number {n}</a></li>' for n in range(40))
    return page(
        story,
        linked(article_of(story)),
        f'{MENU}<div class="mega-menu"><ul>{links}</ul></div>{headed(story)}',
    )


def with_standfirst(story: Story) -> Story:
    standfirst = (
        "Five people will watch the strait again, and the island pays a third of their wages."
    )
    return replace(story, text=(standfirst, *story.text))


@saved(with_standfirst(ENGLISH))
def standfirst_in_a_header_and_byline_as_a_link(story: Story) -> str:
    top = (
        f'<header><h1>{story.title}</h1><div class="standfirst"><p>{story.text[0]}</p></div><div class="byline">By '
        f'<a href="/profile/oakes">{story.author}</a></div></header>'
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story.text[1:])
    head = meta(
        og_site_name=story.publisher or "", article_published__time=f"{story.day}T06:00:00Z"
    )
    return page(story, head, f'<article>{top}<div class="body"><div>{text}</div></div></article>')


@saved(ENGLISH)
def components_without_telling_classes(story: Story) -> str:
    text = "".join(
        f'<div data-component="text-block" class="x-{at}"><div class="y-{at}"><p>{paragraph}</p></div></div>'
        for at, paragraph in enumerate(story.text)
    )
    more = (
        '<div data-component="topStories"><h2>Top stories</h2><div><h3><a href="/z">Zoo opens</a></h3><p>The zoo of Zell '
        "opens again in May, its owner said on Monday evening, or so he hopes.</p></div></div>"
    )
    return page(
        story,
        canonical(story) + linked(article_of(story)),
        f"<main><article><h1>{story.title}</h1>{text}</article>{more}</main>",
    )


@saved(
    ENGLISH.with_(
        publisher="keepers.blogspot.example", url="https://keepers.blogspot.example/2023/09/a.html"
    )
)
def blogger_with_a_class_for_the_date(story: Story) -> str:
    body = (
        f'<div class="post hentry"><h3 class="post-title entry-title">{story.title}</h3><div class="post-body entry-content">'
        f'{"<br /><br />".join(story.text)}</div><div class="post-footer"><span class="post-author vcard">Posted by <span class="fn">'
        f'{story.author}</span></span> at <a class="timestamp-link" href="{story.url}"><abbr class="published" title="'
        f'{story.day}T21:05:00-07:00">9:05 PM</abbr></a></div></div>'
    )
    return page(story, meta(og_url=story.url), body, f"Harbour Notes: {story.title}")
