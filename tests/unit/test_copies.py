"""A copy says nothing that the text beside which it is hidden does not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.copies import is_copy, is_version

SENTENCES = (
    "Lena Moss won the vote for mayor of Arlen on Sunday by 412 votes, the clerk said on Monday.",
    "The count took nine hours, and two boxes came late because of the fog.",
    "“Kim met Putin in March,” the paper wrote, and the new pier will cost $5 million.",
    "The mayor won't speak about the harbour at a public meeting, nor about its price.",
    "Fishermen asked for lower fees on their boats and for a second crane at the old market.",
    "The council will vote on it in autumn, after a report by three engineers from Lowmere.",
)
TEXT = " ".join(SENTENCES)


def stands(passage: str, shown: str = TEXT) -> bool:
    return is_copy(passage, shown, (0, len(shown)))


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("Lena Moss", "Jonas Vale"),
        ("won the", "lost the"),
        ("won the", "did not win the"),
        ("won't speak", "will speak"),
        ("will cost", "would cost"),
        ("will vote", "will not vote"),
        ("412", "421"),
        ("412", "4.12"),
        ("nine", "ten"),
        ("nine", "more than nine"),
        ("million", "billion"),
        ("$5 million", "5 million"),
        ("$5", "€5"),
        ("$5", "-$5"),
        ("$5", "$.5"),
        ("$5 million", "5 million pounds"),
        ("hours", "days"),
        ("March", "May"),
        ("Sunday", "Saturday"),
        ("Sunday", "Sunday or Monday"),
        ("late", "never"),
        ("because of", "despite"),
        ("Kim met Putin", "Putin met Kim"),
        ("lower", "higher"),
        ("fees on their boats", "boats on their fees"),
        ("the paper wrote", "no paper wrote"),
        ("a second", "no second"),
        ("old", "former"),
        ("after", "before"),
        ("Lena Moss won", "It is false that Lena Moss won"),
        ("from Lowmere", "from Lowmere, which was untrue"),
        ("about its price.", "about its price?"),
        ("the clerk said", "the clerk denied"),
        ("The mayor", "The former mayor"),
    ],
)
def test_versions_that_contradict_each_other_are_two_texts(said: str, instead: str) -> None:
    assert said in TEXT
    other = TEXT.replace(said, instead, 1)
    assert not stands(other)
    assert not stands(TEXT, other)


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.replace("“", '"').replace("”", '"').replace("won't", "won’t"),
        TEXT.replace(". ", ".\n\n").replace(" of ", "\u00a0of  "),
        TEXT.replace("second", "se\u00adcond"),
        TEXT.replace("harbour", "harbor"),
        TEXT.replace("on Monday", "on Monday night"),
        TEXT.replace("the new pier", "new pier"),
        TEXT.upper(),
        f"ARLEN, Feb 2 (Reuters) - {TEXT}",
        f"(AP) — {TEXT}",
        f"By Ada Quill, The Arlen Courier\n\n{TEXT}",
        f"{TEXT} (Reporting by Ada Quill; Editing by Jonas Vale)",
        f"{TEXT}\n\nContributing: The Arlen News Agency",
        f"{TEXT}\n\n© 2024 The Arlen Courier. All rights reserved.",
    ],
)
def test_typography_spelling_and_what_frames_a_report_may_differ(copy: str) -> None:
    assert stands(copy)
    assert stands(TEXT, copy)


def test_both_copies_may_have_a_frame_of_their_own() -> None:
    one = f"ARLEN (Reuters) - {TEXT}\n(Reporting by Ada Quill)"
    assert stands(one, f"By Jonas Vale\n{TEXT}\nContributing: The Arlen News Agency")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"ARLEN (AP) — {TEXT}", f"LOWMERE (AP) — {TEXT}"),
        (f"{TEXT} Copyright law will change.", f"{TEXT} Copyright law will not change."),
        (f"{TEXT} (Arlen) - guilty.", f"{TEXT} (Arlen) - not guilty."),
    ],
)
def test_a_frame_may_be_missing_but_not_different(one: str, other: str) -> None:
    assert not stands(one, other)
    assert not stands(other, one)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("the organisers honoured two centres", "the organizers honored two centers"),
        ("a programme of dialogue", "a program of dialog"),
        ("the defence of grey metres", "the defense of gray meters"),
        ("they travelled towards it, 5 per cent slower", "they traveled toward it, 5% slower"),
        ("1,200 U.S. soldiers who co-operate", "1200 US soldiers who cooperate"),
    ],
)  # fmt: skip
def test_british_and_american_spelling_is_one(british: str, american: str) -> None:
    one, other = (f"{TEXT} In {words}, all is well." for words in (british, american))
    assert stands(one, other)
    assert stands(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("filed", "filled"), ("re-sign", "resign"), ("Grey", "Gray"), ("scored", "scoured")],
)
def test_words_that_look_like_spellings_of_each_other_are_not(one: str, other: str) -> None:
    assert not stands(f"{TEXT} They {one} it.", f"{TEXT} They {other} it.")


def test_the_longer_version_stands_for_the_shorter_and_not_the_other_way_round() -> None:
    for part in (" ".join(SENTENCES[:-1]), " ".join(SENTENCES[1:])):
        assert stands(part)
        assert not stands(TEXT, part)


def test_copies_that_are_cut_into_passages_elsewhere_are_found() -> None:
    later = "The market is open until six on all days but one, and parking there costs nothing."
    shown = f"{TEXT} {later}"
    cut = " ".join((*SENTENCES[1:], later))
    assert is_copy(cut, shown, (0, len(TEXT)))
    assert not is_copy(cut.replace("six", "seven"), shown, (0, len(TEXT)))


def test_a_text_with_a_correction_does_not_stand_for_the_one_that_it_corrects() -> None:
    note = "Correction: an earlier version of this report gave another name."
    assert not stands(TEXT, f"{TEXT}\n\n{note}")
    assert not stands(f"{TEXT}\n\n{note}")


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("won the", "did not win the"),
        ("nine", "eleven"),
        ("million", "billion"),
        ("Lena Moss", "Jonas Vale"),
        ("March", "May"),
        ("will vote on it", "voted against it"),
        ("The council will vote on it in autumn, after a report by three engineers", "Engineers"),
    ],
)
def test_a_passage_that_differs_in_what_it_claims_is_a_version_and_no_copy(
    said: str, instead: str
) -> None:
    other = TEXT.replace(said, instead, 1)
    assert is_version(TEXT, other)
    assert is_version(other, TEXT)
    assert not stands(other)
    assert not stands(TEXT, other)


def test_a_correction_below_the_text_makes_it_a_version() -> None:
    assert is_version(TEXT, f"{TEXT}\n\nCorrection: an earlier version gave another name.")


@pytest.mark.parametrize(
    "copy",
    [
        TEXT,
        TEXT.replace("harbour", "harbor"),
        f"ARLEN, Feb 2 (Reuters) - {TEXT}",
        f"{TEXT} (Reporting by Ada Quill; Editing by Jonas Vale)",
        " ".join(SENTENCES[1:]),
    ],
)
def test_a_copy_is_no_version(copy: str) -> None:
    assert not is_version(TEXT, copy)
    assert not is_version(copy, TEXT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TEXT, "The weather will be fine in Arlen until Sunday, and after that it will rain."),
        (" ".join(SENTENCES[:3]), " ".join(SENTENCES[3:])),
        (
            "The crown rose 0.3 percent to 4.12 against the dollar on Monday, and the index of the"
            " Arlen exchange fell 12 points to 3,401. Oil cost 71 dollars, and gold 1,900.",
            "The crown fell 1.1 percent to 4.07 against the dollar on Friday, and the index of the"
            " Arlen exchange rose 35 points to 3,466. Oil cost 74 dollars, and gold 1,870.",
        ),
        ("The mayor could not be reached for comment on Monday evening.",
         "The clerk could not be reached for comment on Monday evening."),
    ],
)  # fmt: skip
def test_other_texts_and_reports_of_the_same_form_are_no_versions(one: str, other: str) -> None:
    assert not is_version(one, other)
    assert not is_version(other, one)


_WORDS = TEXT.split()
_PLACE = st.integers(0, len(_WORDS) - 1)
_OTHER = st.sampled_from(
    "not never no one two twelve million percent Putin Vale May Friday won lost rose fell former "
    "alleged almost 7 1.5 £ before without".split()
)


@given(_PLACE, _OTHER)
def test_one_word_more_makes_another_text(place: int, word: str) -> None:
    other = " ".join([*_WORDS[:place], word, *_WORDS[place:]])
    assert not stands(other)
    assert not stands(TEXT, other)
    assert is_version(TEXT, other)


# Where "the" stands changes nothing, nor does the order of a word and itself.
_SWAPPED = st.sampled_from(
    [
        place
        for place, word in enumerate(_WORDS)
        if word.lower() != "the" and _WORDS.count(word) == 1
    ]
)


@given(st.lists(_SWAPPED, min_size=2, max_size=2, unique=True))
def test_the_same_words_in_another_order_make_another_text(places: list[int]) -> None:
    one, other = places
    swapped = list(_WORDS)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert not stands(" ".join(swapped))
