"""Whether an element belongs to the page's article or to something else on the page.

Elements of the article's own chain, from the root to the element that holds its text, belong to it
whatever their names are. Below or beside the chain, names decide that say what an element is for.
"""

import re

from lxml.html import HtmlElement

# Never the article, whatever is in it: what readers wrote, and what the site says of itself.
_NOT_TEXT = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[\s_-]?(?:list|area|section|body|thread)s?)?|commentlist|disqus|repl(?:y|ies)|respond|responses|"
    r"livefyre|coral|breadcrumbs?|menu|navbar|navigation|nav|cookies?|consent|gdpr|modal|popup|"
    r"author-?(?:bio|box|info|card|profile)|about-?author|bio|footer|copyright|disclaimer|"
    r"advert(?:isement)?s?|outbrain|taboola|login|signin|masthead|site-?(?:header|footer|title)|logo)(?:$|[\s_-])",
    re.I,
)
# Often about other articles, sometimes names of the layout of this one.
_PERHAPS = re.compile(
    r"(?:^|[\s_-])(?:related\w*|recommend\w*|teasers?|promo\w*|sidebar|side-?bar|widget\w*|shar(?:e|ing)|social|"
    r"newsletters?|subscri\w+|sign-?up|popular|trending|latest|most-?(?:read|viewed|popular)|read-?(?:next|more|also)|"
    r"more|next|prev(?:ious)?|also|carousel|slider|cards?|banner|embed|listing|archive|tags?|topics?)(?:$|[\s_-])"
    r"|[a-z](?:Related|Sidebar|Teaser|Newsletter|Share|Comments?)(?![a-z])",
    re.I,
)
_ASIDE = frozenset(("aside", "footer", "nav", "form", "menu", "dialog"))
_ROLES = frozenset(("navigation", "complementary", "contentinfo", "banner", "search", "dialog"))


def names_of(element: HtmlElement) -> str:
    """The class, id and component names of the element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:500]


def never_text(element: HtmlElement) -> bool:
    """Whether the names of the element say that it is no part of an article."""
    return bool(_NOT_TEXT.search(names_of(element)))


def perhaps_other(element: HtmlElement) -> bool:
    """Whether the names of the element say that it may be about other articles."""
    return bool(_PERHAPS.search(names_of(element)))


def aside(element: HtmlElement) -> bool:
    """Whether the element is marked as standing outside the main content."""
    return element.tag in _ASIDE or element.get("role") in _ROLES


def in_furniture(element: HtmlElement, chain: frozenset[HtmlElement] = frozenset()) -> bool:
    """Whether the element is in something that is not the article."""
    for above in element.iterancestors():
        if above in chain or above.tag in ("body", "html"):
            return False
        if aside(above) or never_text(above) or perhaps_other(above):
            return True
    return False


def outside_article(element: HtmlElement) -> bool:
    """Whether the element is in something that never belongs to an article."""
    return any(aside(above) or never_text(above) for above in (element, *element.iterancestors()))
