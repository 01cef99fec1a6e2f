"""What kind of quantity a question asks for."""

import pytest

from qa.text.quantities import quantities
from qa.text.quantities.asked import Asked, alike, asked, fits


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many North Korean workers are in Russia?", Asked("count", "worker")),
        ("How many people died?", Asked("count", "person")),
        ("What number of boats sank?", Asked("count", "boat")),
        ("How many years did it take?", Asked("time", "year")),
        ("How many miles is it?", Asked("length", "mile")),
        ("What share of the town was hurt?", Asked("share")),
        ("How much did the bridge cost?", Asked("money")),
        ("How old is the mayor?", Asked("time")),
        ("How tall is the tower?", Asked("length")),
        ("How high did the water rise?", Asked("any")),
        ("Who built it?", Asked("any")),
    ],
)
def test_the_words_of_a_question_say_what_is_counted(question: str, wanted: Asked) -> None:
    assert asked(question) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "fitting"),
    [
        ("30,000 laborers", Asked("count", "worker"), True),
        ("15 boxes", Asked("count", "document"), False),
        ("$5 million", Asked("count", "worker"), False),
        ("$5 million", Asked("money"), True),
        ("59%", Asked("share"), True),
        ("288,796 people", Asked("share"), False),
        ("34 years", Asked("time"), True),
        ("96%", Asked("any"), True),
    ],
)
def test_a_quantity_fits_what_is_asked(text: str, wanted: Asked, fitting: bool) -> None:
    assert fits(quantities(text)[0], wanted) is fitting


def test_an_unknown_noun_may_be_any() -> None:
    assert alike(None, "worker")
    assert alike("death", "person")
    assert not alike("boat", "worker")
