"""Passages as an assistant sees them: invisible characters are removed and counted."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from qa.text.invisible import line_of, without_invisible
from qa.types import Citation, Span


def plain(value: Any) -> tuple[Any, int]:
    """A value of `qa.types` as JSON types without invisible characters, and how many there were."""
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
    """Publisher, date and title on one line, with "unknown" for a missing publisher or date."""
    parts = [
        line_of(citation.source or "") or "publisher unknown",
        citation.published or "date unknown",
    ]
    if title := line_of(citation.title):
        parts.append(f"“{title}”")
    return ", ".join(parts)


def removed(citation: Citation) -> str:
    """A note on how many invisible characters were removed from the passage; empty for none."""
    count = sum(
        without_invisible(text)[1]
        for text in (citation.title, citation.source or "", citation.quote)
    )
    if not count:
        return ""
    return f" ({count} invisible character{'s' if count > 1 else ''} removed)"


def seen_sentences(citation: Citation) -> list[tuple[Span, str]]:
    """The passage's sentences without invisible characters, and their spans in the article."""
    return [
        ((start, end), text)
        for start, end in citation.sentences
        if (text := without_invisible(_said(citation, start, end))[0].strip())
    ]


def _said(citation: Citation, start: int, end: int) -> str:
    return citation.quote[start - citation.start : end - citation.start]


def search_results(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    """Anthropic `search_result` blocks, one per passage, for a user message or a `tool_result`.

    Each sentence is a text block, so that the model cites sentences. `source` is the passage's id;
    `cited_place` maps what the model cites back to the article.
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
    """The span in the article of text blocks `[start_block, end_block)` of a `search_result`.

    The span of the whole passage if there are no such blocks. In code points, half open.
    """
    spans = [span for span, _ in seen_sentences(citation)][start_block:end_block]
    if not spans:
        return citation.start, citation.end
    return spans[0][0], spans[-1][1]
