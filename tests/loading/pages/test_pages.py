"""Saved pages of many kinds: each gives its text, title, author, publisher and date, or nothing."""

import re
from collections.abc import Callable

import pytest

from qa.types import Document, Problem
from tests.loading.pages import systems, trouble  # noqa: F401  they add to PAGES
from tests.loading.pages.building import PAGES, Saved
from tests.loading.pages.stories import Story

Load = Callable[[str, bytes | str], list[Document | Problem]]

assert len({page.name for page in PAGES}) == len(PAGES)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def facts(story: Story) -> dict[str, str | None]:
    return {
        "title": story.title,
        "author": story.author,
        "source": story.publisher,
        "published": story.day,
    }


def wrong_facts(document: Document, story: Story) -> dict[str, object]:
    return {
        name: (getattr(document, name), right) for name, right in facts(story).items()
        if getattr(document, name) != right
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_gives_its_own_text_and_facts_and_nothing_foreign(page: Saved, load: Load) -> None:
    document, *problems = load("page.html", page.data)
    assert isinstance(document, Document), document
    assert words(document.text) == words(" ".join(page.story.text))
    assert wrong_facts(document, page.story) == {}
    warned = [problem.kind for problem in problems if isinstance(problem, Problem)]
    assert warned == ["warning"] * page.warned, problems


def test_of_the_facts_that_are_given_ninety_nine_in_a_hundred_are_right(
    load: Load, capsys: pytest.CaptureFixture[str]
) -> None:
    given = right = stated = 0
    for page in PAGES:
        document = load("page.html", page.data)[0]
        assert isinstance(document, Document)
        wrong = wrong_facts(document, page.story)
        for name, expected in facts(page.story).items():
            given += getattr(document, name) is not None
            right += getattr(document, name) is not None and name not in wrong
            stated += expected is not None
    with capsys.disabled():
        print(
            f"\n{len(PAGES)} pages: {right} of {given} facts given are right, {stated} are stated"
        )
    assert len(PAGES) >= 60
    assert right >= 0.99 * given
    assert right >= 0.95 * stated
