"""The address under which a person finds a cited article."""

from qa.output.links import article_link, web_address
from qa.types import Span

# Where `nkqa serve` has its pages unless told otherwise.
LOCAL = "http://127.0.0.1:8765"


def address(doc_id: str, url: str | None, span: Span | None, base_url: str | None = None) -> str:
    """Where the article is to be read: its own address on the web, else its page on the server at
    `base_url`, which is that of `nkqa serve` on this machine unless given. Never empty."""
    return web_address(url) or (base_url or LOCAL).rstrip("/") + article_link(doc_id, *(span or ()))
