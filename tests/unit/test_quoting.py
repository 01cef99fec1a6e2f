"""A quotation is found where it stands, typography aside, and nowhere else."""

import re
import tracemalloc
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from embeddings.errors import InputError
from qa.text.invisible import INVISIBLE
from qa.text.quotations import MAX_QUOTATION, Folded, Found, closest, find

TEXT = (
    "The railway bridge was closed on Monday. Engineers “found cracks” — many of them — in\n"
    "its piers. As many as 30,000 workers are thought to be in Russia, the minister's office "
    "said, and trade fell by 10.5 percent. Trains wait on both banks."
)
WHOLE = (0, len(TEXT))


def stands(quotation: str, text: str = TEXT) -> str | None:
    found = find(text, quotation, (0, len(text)))
    return text[slice(*found.span)] if found else None


@pytest.mark.parametrize(
    ("quotation", "said"),
    [
        ('Engineers "found cracks"', "Engineers “found cracks”"),
        ("cracks” -- many of them – in its", "cracks” — many of them — in\nits"),
        ("the minister’s   office", "the minister's office"),
        ("“As many as 30,000 workers”", "As many as 30,000 workers"),
        ("As many as 30,000 workers,", "As many as 30,000 workers"),
        (
            "bridge was closed … found cracks",
            "bridge was closed on Monday. Engineers “found cracks",
        ),
        ("bridge was closed [...] in its piers.", None),
        ("...trade fell by 10.5 percent...", "trade fell by 10.5 percent"),
        ("as many as 30,000 workers", "As many as 30,000 workers"),
        ("“[T]rade fell”", "trade fell"),
        ("trade\u200b fell\u00a0by", "trade fell by"),
    ],
)
def test_what_differs_in_typography_only_is_found(quotation: str, said: str | None) -> None:
    found = find(TEXT, quotation, WHOLE)
    assert found is not None
    assert not found.exact
    if said is not None:
        assert TEXT[slice(*found.span)] == said


@pytest.mark.parametrize(
    "quotation",
    [
        "As many as 40,000 workers",
        "as Many as 30,000 workers",
        "trade fell by 10",
        "trade fell by 10.",
        "trade fell by 1",
        "0,000 workers are",
        "The rail",
        "way bridge was closed",
        "closed on Monday … The railway",
        "Trains wait ... 30,000 workers",
        "many of them-in",
    ],
)
def test_what_says_something_else_is_not_found(quotation: str) -> None:
    assert find(TEXT, quotation, WHOLE) is None


@pytest.mark.parametrize("dash", ["–", "—", "--", "-"])
def test_a_quotation_may_begin_or_end_with_a_dash(dash: str) -> None:
    text = "Trains wait. – It takes “forty” days –\n\nThe council voted on Monday."
    at = text.index("–"), text.index("\n")
    for quotation in (f'{dash} It takes "forty" days', f'It takes "forty" days {dash}'):
        found = find(text, quotation, at)
        assert found is not None
        assert at[0] <= found.span[0] < found.span[1] <= at[1]


def test_a_passage_that_cuts_a_word_is_found_as_it_is_cited() -> None:
    text = "one" * 100
    assert find(text, text[1:31], (1, 31)) == Found((1, 31), True)
    assert find(text, text[1:31], (0, 300)) is None


def test_scripts_without_spaces_are_quoted_from_anywhere() -> None:
    assert stands("北京举行", "峰会将在北京举行。") == "北京举行"
    assert stands("café", "The cafe\u0301 is open.") == "cafe\u0301"
    assert stands("cafe", "The cafe\u0301 is open.") is None


def test_an_ellipsis_does_not_join_the_ends_of_a_long_text() -> None:
    text = "The minister is glad. " + "Much else was said. " * 100 + "He was dismissed."
    assert find(text, "The minister … was dismissed", (0, len(text))) is None


@pytest.mark.parametrize("nothing", ["", "  ", "…", "“”", "...", "—"])
def test_a_quotation_without_a_word_is_refused(nothing: str) -> None:
    with pytest.raises(InputError):
        find(TEXT, nothing, WHOLE)


def test_an_endless_quotation_is_refused() -> None:
    with pytest.raises(InputError, match="8,000"):
        find(TEXT, "x" * (MAX_QUOTATION + 1), WHOLE)


_WORDS = st.lists(
    st.text(st.sampled_from("abcdeéßж'-0123456789"), min_size=1, max_size=6),
    min_size=3,
    max_size=40,
)


@given(_WORDS, st.data())
def test_every_run_of_words_is_verbatim_where_it_stands(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    quotation = " ".join(words[start:end])
    assume(any(character.isalnum() for character in quotation))
    found = find(text, quotation, (0, len(text)))
    assert found is not None
    assert found.exact
    assert text[slice(*found.span)] == quotation


_OTHERWISE = {" ": "\u00a0\n\t ", "'": "’‘", '"': "“”„", "-": "–‑"}


@given(_WORDS, st.data())
def test_other_marks_and_spaces_change_neither_place_nor_words(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    assume(any(character.isalnum() for character in text))
    assume(not any(word.strip("-") == "" for word in words))
    assume("--" not in text)
    drawn = "".join(
        data.draw(st.sampled_from(_OTHERWISE[c])) if c in _OTHERWISE else c for c in text
    )
    found = find(text, drawn, (0, len(text)))
    assert found is not None
    assert found.exact == (drawn == text)
    start, end = found.span
    assert text[start:end].strip() == text.strip()


@given(st.text(max_size=200), st.text(min_size=1, max_size=40))
def test_whatever_is_given_an_exact_find_is_exact_and_others_are_inside(
    text: str, quotation: str
) -> None:
    try:
        found = find(text, quotation, (0, len(text)))
    except InputError:
        assert not any(c.isalnum() or c == "_" for c in quotation) or len(quotation) > 8000
        return
    if found:
        start, end = found.span
        assert 0 <= start < end <= len(text)
        assert found.exact == (text[start:end] == quotation)
    near = closest(text, quotation, (0, len(text)))
    assert near is None or 0 <= near.span[0] < near.span[1] <= len(text)


@given(st.integers(10, 99_999), st.integers(10, 99_999))
def test_another_figure_is_never_taken_for_the_one_that_is_said(said: int, quoted: int) -> None:
    assume(said != quoted)
    text = f"The town has {said:,} people, the mayor told us."
    quotation = f"The town has {quoted:,} people"
    assert find(text, quotation, (0, len(text))) is None
    near = closest(text, quotation, (0, len(text)))
    assert near is not None
    assert text[slice(*near.span)] == f"The town has {said:,} people"
    assert near.differences


def test_the_closest_stretch_tells_what_differs() -> None:
    near = closest(TEXT, "As many as 40,000 workers were thought to be in Russia", WHOLE)
    assert near is not None
    assert TEXT[slice(*near.span)] == "As many as 30,000 workers are thought to be in Russia"
    assert [(d.quoted, d.said) for d in near.differences] == [("40,000", "30,000"), ("were", "are")]
    assert closest(TEXT, "Nobody has ever seen such penguins", WHOLE) is None


def test_of_two_places_the_cited_one_is_told() -> None:
    text = "He was not there. " * 3
    found = find(text, "was not", (18, 35))
    assert found is not None
    assert found.span == (21, 28)


@pytest.mark.parametrize(
    ("text", "quotation", "near"),
    [
        ("a " * 50_000, "a … a … a … b", True),
        (" " * 100_000 + "-", "a — b", False),
        ("a b " * 25_000, "b a a " * 1300, False),  # No word tells a place in it.
        ("-" * 100_000, "a -- b", False),
    ],
)
def test_a_text_made_to_take_long_ends(text: str, quotation: str, near: bool) -> None:
    assert find(text, quotation, (0, len(text))) is None
    assert (closest(text, quotation, (0, len(text))) is not None) == near


_DASH = r"\s*(?:[—―]|-{2,3})\s*|\s+[-–](?:\s+|\Z)|\A[-–]\s+"
_ALIKE = dict(zip("‘’`“”«‐‑–", "'''\"\"\"---", strict=True)) | {"…": "...", "ﬁ": "fi"}


def _by_character(text: str) -> list[tuple[str, int, int]]:
    """Each character of the text with its typography evened out, and the place it came from."""
    seen = [at for at in range(len(text)) if not re.match(INVISIBLE, text[at])]
    plain = "".join(text[at] for at in seen)
    made = []
    for piece in re.finditer(rf"{_DASH}|\s+|.", plain, re.DOTALL):
        if re.fullmatch(_DASH, piece[0]):
            even = "—"
        elif piece[0].isspace():
            even = " "
        else:
            even = _ALIKE.get(piece[0], unicodedata.normalize("NFD", piece[0]))
        made += [(one, seen[piece.start()], seen[piece.end() - 1] + 1) for one in even]
    return made


@given(
    st.text(
        st.sampled_from("ab é‘’`“”«‐‑–—―- \n\t\u00a0\u3000…ﬁ한\u0301\u200b\u00ad\ufe0f😀"),
        max_size=40,
    )
)
def test_each_character_is_traced_to_where_it_stood(text: str) -> None:
    folded, expected = Folded(text), _by_character(text)
    assert folded.text == "".join(one for one, _, _ in expected)
    for start in range(len(expected)):
        for end in range(start + 1, len(expected) + 1):
            assert folded.span(start, end) == (expected[start][1], expected[end - 1][2])


def test_a_check_takes_little_more_memory_than_the_text() -> None:
    text = "The minister’s office “knows”\n\nmore than — say — Zoë’s paper did. " * 1000
    quotation = "The minister's office knew more than Zoë's paper"
    tracemalloc.start()
    try:
        assert find(text, quotation, (0, len(text))) is None
        assert closest(text, quotation, (0, len(text))) is not None
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20 * len(text)
