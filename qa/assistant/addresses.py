"""The address under which a person finds a cited article."""

from qa.output.links import article_link, web_address
from qa.types import Span

# The default address of `nkqa serve`.
LOCAL = "http://127.0.0.1:8765"


def address(doc_id: str, url: str | None, span: Span | None, base_url: str | None = None) -> str:
    """The article's own web address, else its page on the server at `base_url`. Never empty.

    `span` selects a place on the page. `base_url` defaults to `nkqa serve` on this machine.
    """
    return web_address(url) or (base_url or LOCAL).rstrip("/") + article_link(doc_id, *(span or ()))
