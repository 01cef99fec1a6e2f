"""What an assistant sees: no character that a person would not, and how many were taken away."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from qa.text.invisible import line_of, without_invisible
from qa.types import Citation, Span


def plain(value: Any) -> tuple[Any, int]:
    """A value of `qa.types` as JSON has it, without invisible characters, and how many were
    removed."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, str):
        return without_invisible(value)
    if isinstance(value, dict):
        pairs = [(name, plain(one)) for name, one in value.items()]
        return {name: one for name, (one, _) in pairs}, sum(count for _, (_, count) in pairs)
    if isinstance(value, list | tuple):
        items = [plain(one) for one in value]
        return [one for one, _ in items], sum(count for _, count in items)
    return value, 0


def headline(citation: Citation) -> str:
    """Publisher, date and title on one line; what is not known is said."""
    told = [
        line_of(citation.source or "") or "publisher unknown",
        citation.published or "date unknown",
    ]
    if title := line_of(citation.title):
        told.append(f"“{title}”")
    return ", ".join(told)


def removed(citation: Citation) -> str:
    """A remark on the invisible characters that were removed from the passage; empty for none."""
    count = sum(
        without_invisible(text)[1]
        for text in (citation.title, citation.source or "", citation.quote)
    )
    if not count:
        return ""
    return f" ({count} invisible character{'s' if count > 1 else ''} removed)"


def seen_sentences(citation: Citation) -> list[tuple[Span, str]]:
    """The sentences of the passage as an assistant sees them, with their places in the article."""
    return [
        ((start, end), text)
        for start, end in citation.sentences
        if (text := without_invisible(_said(citation, start, end))[0].strip())
    ]


def _said(citation: Citation, start: int, end: int) -> str:
    return citation.quote[start - citation.start : end - citation.start]


def search_results(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """Anthropic's `search_result` blocks, one a passage, with one text block a sentence, so that
    what is cited is a sentence. They may stand in a user's message or in a `tool_result`.

    `source` is the passage's id; `cited_place` leads from a citation back to the article.
    """
    return [
        {
            "type": "search_result",
            "source": line_of(citation.passage_id),
            "title": headline(citation) + removed(citation),
            "content": [{"type": "text", "text": text} for _, text in seen_sentences(citation)],
            "citations": {"enabled": True},
        }
        for citation in citations
    ]


def cited_place(citation: Citation, start_block: int, end_block: int) -> Span:
    """Where in the article the sentences `[start_block, end_block)` stand that a model cited from
    the passage's `search_result`."""
    spans = [span for span, _ in seen_sentences(citation)][start_block:end_block]
    if not spans:
        return citation.start, citation.end
    return spans[0][0], spans[-1][1]
