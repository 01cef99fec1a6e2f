"""Where the page shows an article: the one place that makes such addresses.

They outlive the server that made them as long as the article's text does, so they may be shared.
"""

import urllib.parse


def article_link(doc_id: str, start: int | None = None, end: int | None = None) -> str:
    """The path of an article's page, its text at `[start, end)` marked and scrolled to if given."""
    # A browser removes the segments "." and ".." from a path, unless their slashes are escaped.
    dotted = any(part in (".", "..") for part in doc_id.split("/"))
    path = "/articles/" + urllib.parse.quote(doc_id, safe="" if dotted else "/")
    return path if start is None or end is None else f"{path}?start={start}&end={end}#passage"


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web, which may be linked; None for any other kind."""
    if url is None:
        return None
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None
