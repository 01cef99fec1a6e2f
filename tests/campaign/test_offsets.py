"""A short campaign of offsets, and that what breaks the promise is seen."""

import pytest

from tests.campaign.offsets import gaps, run


@pytest.mark.slow
def test_every_offset_of_articles_of_every_kind_is_right() -> None:
    outcome = run(0, 100)
    assert outcome.failures == ()
    assert outcome.notes[0] == "100 articles"


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 8)],  # The last sentence is left out.
        [(0, 8), (9, 16), (15, 20)],  # Two overlap.
        [(0, 8), (9, 9), (9, 20)],  # One is empty.
        [(0, 8), (9, 21)],  # One goes beyond the end.
        [(1, 8), (9, 20)],  # The first character is left out.
    ],
)
def test_spans_that_lose_or_repeat_text_are_a_fault(spans: list[tuple[int, int]]) -> None:
    text = "Ships \u00e0. They waited."
    assert not list(gaps(text, (0, 20), [(0, 8), (9, 20)], "sentences"))
    assert list(gaps(text, (0, 20), spans, "sentences"))
