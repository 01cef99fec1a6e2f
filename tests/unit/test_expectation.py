"""Questions for a quantity are told from others, and figures from dates."""

import pytest

from qa.text.quantities import asks_quantity, has_quantity


@pytest.mark.parametrize(
    "question",
    ["How many workers are in Russia?", "how much did trade fall", "What percentage voted no?",
     "Number of laborers in Russia", "How far is Khasan from Vladivostok?"],
)  # fmt: skip
def test_asks_for_a_quantity(question: str) -> None:
    assert asks_quantity(question)


@pytest.mark.parametrize(
    "question", ["Who met Putin?", "When did Kim arrive?", "How did he travel?", "Show me 2019"]
)
def test_asks_for_something_else(question: str) -> None:
    assert not asks_quantity(question)


@pytest.mark.parametrize(
    "text", ["some 10,000 laborers", "fell by 56 percent", "met him three times", "Half of them"]
)
def test_has_a_quantity(text: str) -> None:
    assert has_quantity(text)


@pytest.mark.parametrize(
    "text",
    [
        "by the end of 2019",
        "on April 26, 2019",
        "in the 1990s",
        "on 24 April",
        "no figure",
        "the two sides met",
        "both leaders",
    ],
)
def test_a_date_or_a_pair_is_no_quantity(text: str) -> None:
    assert not has_quantity(text)
