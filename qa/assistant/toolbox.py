"""Execute the tools on an open index."""

import contextlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from embeddings.errors import InputError, UsageError
from qa.assistant.addresses import address
from qa.assistant.tools import TOOLS
from qa.assistant.view import headline, plain
from qa.index import MAX_LISTED, Index, Sources
from qa.live import LiveIndex
from qa.text.invisible import line_of, without_invisible
from qa.text.nearest import did_you_mean
from qa.types import (
    Answer,
    DraftCheck,
    IndexStatus,
    Listing,
    Publishers,
    QuoteCheck,
    Stories,
    Story,
    StoryOrder,
)

_TOOLS = {tool.name: tool for tool in TOOLS}
# How many passages `search` returns.
_FOUND = 10


@dataclass(frozen=True, slots=True)
class Result:
    """A passage that `search` found."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Results:
    """The result of `search`, in the form that ChatGPT and others require of such a tool."""

    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """The result of `fetch`, in the form that ChatGPT and others require of such a tool."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Toolbox:
    """The tools on an index. With a `LiveIndex`, each call reads the newest generation.

    `base_url` is the server whose pages show articles without a web address, by default that of
    `nkqa serve` on this machine.
    """

    def __init__(self, index: Index | LiveIndex, base_url: str | None = None) -> None:
        self._index = index
        self._base_url = base_url

    def call(self, name: str, arguments: Mapping[str, Any] | str) -> Any:
        """Call the tool `name` with arguments as a dict or as the text of a JSON object.

        Raises `Error`; its message is for the model.
        """
        if name not in _TOOLS:
            raise UsageError(f"There is no tool {name[:80]!a}; expected {', '.join(_TOOLS)}.")
        checked = _TOOLS[name].arguments(arguments)
        if name in ("fetch", "verify", "story"):
            checked["cited"] = checked.pop("id")
        return getattr(self, name)(**checked)

    def search(self, query: str) -> Results:
        """The ten best passages for a query. Each `id` is that of a passage, not of an article."""
        with self._reading() as index:
            found = index.ask(query, _FOUND, read=False)
        return Results(
            tuple(
                Result(
                    citation.passage_id,
                    headline(citation),
                    address(
                        citation.doc_id,
                        citation.url,
                        (citation.start, citation.end),
                        self._base_url,
                    ),
                )
                for citation in found.citations
            )
        )

    def fetch(self, cited: str) -> Article:
        """The whole article with the id `cited`, or the article of the passage with that id, or
        of the only one that ends so. The result has the whole id.

        For a passage, `metadata` has its text and SHA-256, and `url` opens the article at its
        place. Raises `InputError` if the index has no such article or passage.
        """
        with self._reading() as index:
            check = index.check_quote(cited)
            if check.doc_id is None or check.verdict == "unknown":
                other = f" It holds the article {check.doc_id!r}." if check.doc_id else ""
                raise InputError(
                    f"The index holds no passage or article {cited[:200]!r}."
                    f"{other}{did_you_mean(check.near)}"
                )
            article = index.article(check.doc_id)
        is_passage = check.doc_id != check.cited
        span = (check.start or 0, check.end or 0) if is_passage else None
        text, hidden = without_invisible(article.text)
        known = {
            "article": article.doc_id,
            "source": article.source,
            "author": article.author,
            "published": article.published,
            "path": article.path,
            "passage": check.text if is_passage else None,
            "passage_sha256": check.sha256 if is_passage else None,
            "invisible_characters_removed": str(hidden) if hidden else None,
        }
        return Article(
            id=check.cited,
            title=line_of(article.title or article.doc_id),
            text=text,
            url=address(article.doc_id, article.url, span, self._base_url),
            metadata={name: plain(value)[0] for name, value in known.items() if value},
        )

    def ask(
        self,
        question: str,
        k: int = 5,
        since: str | None = None,
        until: str | None = None,
        source: Sources = None,
    ) -> Answer:
        """As `Index.ask`."""
        with self._reading() as index:
            return index.ask(question, k, since=since, until=until, source=source)

    def list(
        self,
        since: str | None = None,
        until: str | None = None,
        source: Sources = None,
        n: int = 20,
        skip: int = 0,
    ) -> Listing:
        """As `Index.articles`. Raises `UsageError` also for more than a thousand articles."""
        if not 1 <= n <= MAX_LISTED:
            raise UsageError(f"n is {n}; expected 1 to {MAX_LISTED}.")
        with self._reading() as index:
            return index.articles(n, since=since, until=until, source=source, skip=skip)

    def publishers(
        self, since: str | None = None, until: str | None = None, source: Sources = None
    ) -> Publishers:
        """As `Index.publishers`."""
        with self._reading() as index:
            return index.publishers(since=since, until=until, source=source)

    def verify(self, cited: str, quotation: str | None = None) -> QuoteCheck:
        """As `Index.check_quote`."""
        with self._reading() as index:
            return index.check_quote(cited, quotation)

    def check_draft(self, text: str) -> DraftCheck:
        """As `Index.check_draft`."""
        with self._reading() as index:
            return index.check_draft(text)

    def stories(
        self,
        n: int = 20,
        order: StoryOrder = "newest",
        since: str | None = None,
        until: str | None = None,
        source: Sources = None,
    ) -> Stories:
        """As `Index.stories`."""
        with self._reading() as index:
            return index.stories(n, order=order, since=since, until=until, source=source)

    def story(self, cited: str) -> Story:
        """As `Index.story`."""
        with self._reading() as index:
            return index.story(cited)

    def status(self) -> IndexStatus:
        """As `Index.status`."""
        return self._index.status()

    def _reading(self) -> AbstractContextManager[Index]:
        live = self._index
        return live.current() if isinstance(live, LiveIndex) else contextlib.nullcontext(live)
