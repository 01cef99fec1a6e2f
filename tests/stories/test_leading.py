"""Which articles become one story."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.stories.leading import MOST_DAYS, Outlines, leaders
from qa.stories.outline import UNIT, WEIGHTED, Outline


def _outline(doc_id: str, day: int, words: dict[int, float], source: str = "P") -> Outline:
    length = sum(weight * weight for weight in words.values()) ** 0.5
    packed = sorted((word, round(UNIT * weight / length)) for word, weight in words.items())
    return Outline(doc_id, source, day, np.array(packed, WEIGHTED).tobytes())


def _led(*outlines: Outline) -> dict[str, str]:
    return leaders(Outlines(outlines), {}, [one.doc_id for one in outlines])


def test_an_article_joins_the_leader_that_it_is_most_like() -> None:
    led = _led(
        _outline("fire", 1, {1: 1.0}),
        _outline("flood", 1, {2: 1.0}),
        _outline("both", 2, {1: 0.5, 2: 0.8}),
    )
    assert led == {"fire": "fire", "flood": "flood", "both": "flood"}


def test_an_article_that_is_more_days_away_leads_another_story() -> None:
    far = _outline("far", 1 + MOST_DAYS + 1, {1: 1.0})
    near = _outline("near", 1 + MOST_DAYS, {1: 1.0})
    assert _led(_outline("first", 1, {1: 1.0}), near, far) == {
        "first": "first", "near": "first", "far": "far",
    }  # fmt: skip


def test_a_chain_of_articles_each_like_the_one_before_is_not_one_story() -> None:
    chain = [_outline(f"{n}", 1, {n: 1.0, n + 1: 1.0}) for n in range(12)]
    led = _led(*chain)
    assert all(abs(int(one) - int(leader)) <= 1 for one, leader in led.items())
    running = [_outline(f"{n:02}", n, {1: 1.0}) for n in range(12)]
    members = itertools.groupby(sorted(_led(*running).items()), key=lambda pair: pair[1])
    assert [[one for one, _ in led] for _, led in members] == [
        ["00", "01", "02", "03", "04"], ["05", "06", "07", "08", "09"], ["10", "11"],
    ]  # fmt: skip


_words = st.dictionaries(st.integers(0, 5), st.sampled_from([1.0, 2.0, 3.0]), min_size=1)
_changes = st.lists(
    st.dictionaries(
        st.sampled_from("abcdefghijkl"),
        st.none() | st.tuples(st.integers(1, 12), _words),
        min_size=1,
        max_size=4,
    ),
    min_size=2,
    max_size=6,
)


@given(changes=_changes)
def test_after_any_changes_the_leaders_are_those_of_placing_all(
    changes: list[dict[str, tuple[int, dict[int, float]] | None]],
) -> None:
    there: dict[str, Outline] = {}
    led: dict[str, str] = {}
    for change in changes:
        gone = [there.pop(doc_id) for doc_id in change if doc_id in there]
        come = {
            doc_id: _outline(doc_id, *what) for doc_id, what in change.items() if what is not None
        }
        there |= come
        led = leaders(Outlines(there.values()), led, list(come), gone)
        assert led == _led(*there.values())


@given(
    outlines=st.lists(st.tuples(st.integers(1, 9), _words), min_size=1, max_size=10).flatmap(
        lambda drawn: st.permutations(
            [_outline(str(n), day, words) for n, (day, words) in enumerate(drawn)]
        )
    )
)
def test_the_order_of_arrival_does_not_matter(outlines: list[Outline]) -> None:
    assert _led(*outlines) == _led(*sorted(outlines, key=lambda one: one.doc_id))
