"""Whom a sentence names as saying what it states."""

import pytest

from qa.text.attribution import said_by


@pytest.mark.parametrize(
    ("sentence", "figure", "speaker"),
    [
        ("The toll reached 27, the Harbour Board said on Friday.", "27", "the Harbour Board"),
        ("According to an FBI affidavit, 15 boxes held 184 files.", "184", "an FBI affidavit"),
        ("Power failed for 3,000 homes, according to grid.example.", "3,000", "grid.example"),
        ("Officials said Tuesday that 12 people were hurt.", "12", "Officials"),
        ("The Defense Ministry's latest assessment says 9,000 left.", "9,000",
         "The Defense Ministry"),
        ("It killed 1,200, per the Army, and 900 more, according to the Red Cross.", "1,200",
         "the Army"),
        ("It killed 1,200, per the Army, and 900 more, according to the Red Cross.", "900",
         "the Red Cross"),
        ("“We count 40,” said Ann Weber.", "40", "Ann Weber"),
    ],
)  # fmt: skip
def test_the_speaker_nearest_to_the_figure(sentence: str, figure: str, speaker: str) -> None:
    assert said_by(sentence, sentence.index(figure)) == speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "Some 300 people were hurt in the fire.",
        "The ticket costs $12 per person and day.",
        "In January found boats numbered 12.",
        "It said 12 boats sank.",
    ],
)
def test_no_speaker_is_made_up(sentence: str) -> None:
    assert said_by(sentence, 20) is None


def test_an_endless_sentence_is_not_searched() -> None:
    assert said_by("Officials said 12. " * 1_000, 10) is None
