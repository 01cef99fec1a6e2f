"""What is said of an answer before its citations, in the words of every surface."""

from collections.abc import Sequence

from qa.types import Answer, Citation

# Names and figures that are listed as not found.
_MOST_MISSING = 4


def lead(answer: Answer) -> str:
    """One or two sentences: whether the articles answer, and what. Empty where there is nothing to
    say, because passages were found and not read."""
    if not answer.citations:
        return "No passage passes these filters."
    if answer.verdict == "silent":
        return f"These articles do not seem to answer this.{_missing(answer)}"
    if answer.answer is None:
        return "Nothing here is close to the question in meaning." if is_far(answer) else ""
    found = answer.answer
    said = f"{found.text} ({found.source or 'publisher unknown'}, "
    said += f"{found.published or 'date unknown'}) [{found.rank}]"
    if answer.verdict == "answered":
        return said
    return f"Perhaps ({answer.probability or 0:.0%} sure): {said}{_missing(answer)}"


def _missing(answer: Answer) -> str:
    if not answer.missing:
        return ""
    named = ", ".join(f"“{name}”" for name in answer.missing[:_MOST_MISSING])
    return f" Not found in the nearest passages: {named}."


def introduces(answer: Answer) -> str:
    """What the citations are, where they are no answer."""
    if answer.verdict == "silent" or (answer.verdict is None and is_far(answer)):
        return "The nearest passages:" if answer.citations else ""
    return ""


def is_far(answer: Answer) -> bool:
    """Whether nothing in the answer is close to its question in meaning."""
    return not any(citation.close for citation in answer.citations)


def is_marked(answer: Answer, citation: Citation) -> bool:
    """Whether the citation's highlights are shown as an answer: where the reader holds that the
    passage answers; where it did not read, wherever the passage is close to the question."""
    if answer.verdict is None or (answer.verdict != "silent" and citation.answers is None):
        return citation.close
    return answer.verdict != "silent" and bool(citation.answers)


def remark(answer: Answer, citation: Citation) -> str:
    """What is said of a citation that stands among answers and is none; empty for the others."""
    if introduces(answer):
        return ""
    if citation.answers is False:
        return "on the subject, without an answer"
    if citation.answers is None and not citation.close:
        return "not close to the question in meaning"
    return ""


def outdated(citation: Citation) -> str:
    """That a newer version of the citation's text is cited, and where; empty where none is."""
    newer = citation.newer_version
    return f"a newer version of this text is citation {newer}" if newer else ""


def by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations of each article together, articles in the order of their first ones."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.doc_id, []).append(citation)
    return list(found.values())
