"""Whether an element belongs to the page's article or to something else on the page.

The elements of the trunk, from the root to the element that holds the text, belong to the article
whatever their names are. Beside the trunk, names decide that say what an element is for.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

# Never the article: what readers wrote, and what the site says of its writers and of itself.
_NEVER = re.compile(
    r"(?:^|[\s_-])(?:kommentare?|commentaires?|comentarios?|commenti|reacties|talkback|feedback|"
    r"comments?+(?![\s_-]?(?:on|off|open|closed|enabled|allowed)\b)(?:list|area|section|body|thread)?s?|"
    r"disqus|livefyre|coral|repl(?:y|ies)|respond|responses|outbrain|taboola|advert(?:isement)?s?|"
    r"author-?(?:bio|box|info|card|profile)|about-?author|bio|copyright|disclaimer|cookies?|consent|"
    r"gdpr|login|signin|breadcrumbs?)(?:$|[\s_-])",
    re.I,
)
# The furniture of a site. An article may have such a name among those of its layout.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:menu|navbar|navigation|nav|modal|popup|footer|masthead|logo|account|toolbar|"
    r"site-?(?:header|footer|title)|user-?(?:menu|nav))(?:$|[\s_-])",
    re.I,
)
# Often about other articles, sometimes names of the layout of this one.
_PERHAPS = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|teasers?|promo\w*|side-?bar|widget\w*|shar(?:e|ing)|"
    r"social|paywall|regwall|newsletters?|subscri\w+|sign-?up|popular|trending|latest|more|next|prev(?:ious)?|also|"
    r"most-?(?:read|viewed|popular)|read-?(?:next|more|also)|carousel|slider|cards?|banner|embed|"
    r"listing|archive|tags?|topics?)(?:$|[\s_-])"
    r"|[a-z](?:Related|Sidebar|Teaser|Newsletter|Share|Comments?)(?![a-z])",
    re.I,
)
# `article-body footer-space`: a body whose layout is named, too.
_TEXT = re.compile(
    r"(?:^|\s)(?:article|story|post|entry|news)[-_]{0,2}(?:body|content|text|copy|paragraph|chunk)\b|"
    r"(?:^|[\s_-])(?:firma|byline|meta)(?:$|[\s_-])",
    re.I,
)
_FACTS = re.compile(r"date|time|meta|byline|info|author|publi|posted|stamp", re.I)
_LINKS_TO_FACTS = re.compile(
    r"bookmark|permalink|timestamp|auth?or|auteur|people|profile|staff|user|journalist|^None #",
    re.I,
)
_ITEM = re.compile(r"(?:Article|Posting|Review|Comment|CreativeWork|Product)$")
_POST_FOOTER = re.compile(r"(?:post|entry|article|story)[-_]{1,2}(?:footer|foot)", re.I)
_ASIDE = frozenset(("aside", "footer", "nav", "form", "menu", "dialog"))
_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "search", "dialog"))

# More elements of one kind are a list of other articles or of comments.
MOST = 200
_SHORT = frozenset("time span p div em small li dd a address cite strong".split())
_MOST_UNDER = 80
_LINE = 12

Elements = frozenset[HtmlElement]


def names_of(element: HtmlElement) -> str:
    """The class, id and component names of the element."""
    # Spelled out, because this is asked of every element of a page.
    get = element.get
    named = (
        f"{get('class', '')} {get('id', '')} {get('data-component', '')} {get('data-testid', '')}"
    )
    return named[:500]


def never_text(element: HtmlElement) -> bool:
    """Whether the names of the element say that nothing in it is of an article."""
    names = names_of(element)
    return bool(_NEVER.search(names)) and not _TEXT.search(names)


def furniture(element: HtmlElement) -> bool:
    """Whether the names of the element say that it is not the text of an article."""
    names = names_of(element)
    named = _NEVER.search(names) or _FURNITURE.search(names)
    return bool(named) and not _TEXT.search(names)


def perhaps_other(element: HtmlElement) -> bool:
    """Whether the names of the element say that it may be about other articles."""
    return bool(_PERHAPS.search(names_of(element)))


def aside(element: HtmlElement) -> bool:
    """Whether the element is marked as standing outside the main content."""
    return element.tag in _ASIDE or element.get("role") in _ROLES


def in_furniture(element: HtmlElement, trunk: Elements) -> bool:
    """Whether the element is in something that is not the article, or perhaps not."""
    return any(
        aside(above) or furniture(above) or perhaps_other(above) for above in _up_to(element, trunk)
    )


def outside_article(element: HtmlElement, trunk: Elements) -> bool:
    """Whether the element is in something that never belongs to an article."""
    return any(aside(above) or furniture(above) for above in (element, *_up_to(element, trunk)))


def elsewhere(element: HtmlElement, trunk: Elements) -> bool:
    """Whether a fact is of a comment, a teaser or another part beside the article.

    `trunk`: the elements that hold the article.
    """
    branch: HtmlElement | None = None
    for above in _up_to(element, trunk):
        if _of_other(above) or (above.tag == "a" and not _leads_to_fact(above)):
            return True
        if not _own_footer(above) and (aside(above) or furniture(above) or perhaps_other(above)):
            return True
        branch = above
    return branch is not None and _headed_by_link(branch, element)


def beside_link(element: HtmlElement, trunk: Elements) -> bool:
    """Whether the part of the page that the fact stands in leads to another article."""
    above = list(_up_to(element, trunk))
    own = set(above)
    return bool(above) and any(
        link not in own and not _leads_to_fact(link) and link.text_content().strip()
        for link in above[-1].iter("a")
    )


def _of_other(element: HtmlElement) -> bool:
    """Whether the element holds an article, a quotation, a picture or an entry of a list."""
    if element.tag in ("li", "tr"):
        return not _is_fact(element)
    other = element.tag in ("article", "blockquote", "figure")
    return other or bool(_ITEM.search(element.get("itemtype") or ""))


def _leads_to_fact(link: HtmlElement) -> bool:
    return bool(_LINKS_TO_FACTS.search(f"{link.get('rel')} {link.get('href')} {link.get('class')}"))


def _up_to(element: HtmlElement, trunk: Elements) -> Iterator[HtmlElement]:
    """The ancestors of the element below the trunk."""
    for above in element.iterancestors():
        if above in trunk or above.tag in ("body", "html"):
            return
        yield above


def _is_fact(element: HtmlElement) -> bool:
    """Whether a list item is one of the facts about the article."""
    parent = element.getparent()
    return any(_FACTS.search(names_of(each)) for each in (element, parent) if each is not None)


def _own_footer(element: HtmlElement) -> bool:
    """`<footer>` of an article and `post-footer`, where WordPress and Blogger put the facts."""
    if element.tag == "footer":
        return next(element.iterancestors("article"), None) is not None
    return bool(_POST_FOOTER.search(names_of(element)))


def _headed_by_link(branch: HtmlElement, element: HtmlElement) -> bool:
    """Whether a heading in the branch is a link, as in a teaser, and is not the fact itself."""
    own = set(element.iterancestors())
    return any(
        next(heading.iter("a"), None) is not None
        or next(heading.iterancestors("a"), None) is not None
        for heading in branch.iter("h2", "h3", "h4", "h5", "h6")
        if heading not in own
    )


def under_headline(tree: HtmlElement, first: HtmlElement) -> Iterator[HtmlElement]:
    """The short elements between the headline and the first paragraph."""
    headed: list[HtmlElement] | None = None
    main = False
    for element in tree.iter():
        if element is first:
            break
        if element.tag == "h1" or (element.tag == "h2" and not main):
            headed, main = [], main or element.tag == "h1"
        elif headed is not None and element.tag in _SHORT and len(headed) < _MOST_UNDER:
            headed.append(element)
    yield from (each for each in headed or () if is_line(each))


def is_line(element: HtmlElement) -> bool:
    """Whether the element is a line of the page and not a part with many elements."""
    return next(islice(element.iter(), _LINE, None), None) is None
