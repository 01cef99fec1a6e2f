"""The values that articles give for a figure: who gives which, and how they relate."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from qa import Answer
from qa.adapters.citations import metadata
from qa.answers.values.given import Given, Sentence
from qa.answers.values.relations import is_one_value, relation_of
from qa.assistant.sources import Sources
from qa.output.screen import show_answer
from qa.output.verdicts import value_rows, values_left_out
from qa.text.as_of import AsOf
from qa.text.quantities import quantities

_QUESTION = "How many people were hurt in the fire at Elm Quay?"
_FIGURE = re.compile(r"\d+")


@pytest.fixture
def told(
    tmp_path: Path,
    sync: Callable[..., Any],
    ask: Callable[..., Answer],
    scripted_judge: Callable[..., Any],
) -> Callable[..., Answer]:
    """Ask articles of one sentence each, given as (publisher, date, sentence), with a judge that
    takes a text for the answer."""

    def run(
        *articles: tuple[str, str, str], answers: str | re.Pattern[str], question: str = _QUESTION
    ) -> Answer:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for number, (source, date, text) in enumerate(articles):
            head = f"---\ntitle: Fire at Elm Quay\nsource: {source}\ndate: {date}\n---\n"
            (folder / f"{number}.md").write_text(head + text + "\n")
        sync(folder)
        return ask(question, judge=scripted_judge({question: answers}))

    return run


def values(answer: Answer) -> list[list[tuple[str, str | None]]]:
    """The statements of each value: words and publisher."""
    return [[(one.text, one.source) for one in value.statements] for value in answer.values]


def test_two_papers_with_two_figures_for_one_day_differ(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Some 300 people were hurt in the fire at Elm Quay."),
        ("Morning Post", "2021-05-04", "As many as 300 people were hurt at Elm Quay, others say."),
        ("The Harbour", "2021-05-04", "The fire at Elm Quay hurt 120 people, officials said."),
        answers=_FIGURE,
    )
    assert answer.relation == "differ"
    assert {text for group in values(answer) for text, _ in group} == {
        "Some 300", "As many as 300", "120",
    }  # fmt: skip
    assert len(answer.values) == 2
    assert answer.timeline == ()
    (harbour,) = [one for v in answer.values for one in v.statements if one.source == "The Harbour"]
    assert harbour.said_by == "officials"


def test_figures_of_three_days_are_a_timeline(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-06", "At least 30 people were hurt in the fire at Elm Quay."),
        ("Coast Daily", "2021-05-04", "At least 7 people were hurt in the fire at Elm Quay."),
        ("Coast Daily", "2021-05-05", "At least 12 people were hurt in the fire at Elm Quay."),
        answers=_FIGURE,
    )
    assert answer.relation == "over_time"
    assert [(one.text, one.as_of) for one in answer.timeline] == [
        ("At least 7", "2021-05-04"), ("At least 12", "2021-05-05"), ("At least 30", "2021-05-06"),
    ]  # fmt: skip


def test_the_latest_comes_first_where_the_question_asks_for_now(
    told: Callable[..., Answer],
) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "At least 7 people were hurt in the fire at Elm Quay."),
        ("Coast Daily", "2021-05-06", "At least 30 people were hurt in the fire at Elm Quay."),
        answers=_FIGURE,
        question="How many people are now hurt in the fire at Elm Quay?",
    )
    assert [value.text for value in answer.values] == ["At least 30", "At least 7"]


def test_one_figure_in_several_papers_is_one_value(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Some 300 people were hurt in the fire at Elm Quay."),
        ("Morning Post", "2021-05-06", "The fire at Elm Quay hurt 296 people in all."),
        answers=_FIGURE,
    )
    assert answer.relation == "rounded"
    assert len(answer.values) == 1
    assert answer.values[0].text == "296"


def test_another_place_and_another_thing_are_no_values(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Some 300 people were hurt in the fire at Elm Quay."),
        ("Morning Post", "2021-05-04", "In South Harbour, a fire hurt 45 people on a quay."),
        ("The Harbour", "2021-05-04", "The fire at Elm Quay burnt 17 boats."),
        answers=_FIGURE,
    )
    assert values(answer) == [[("Some 300", "Coast Daily")]]
    assert answer.relation is None


def test_a_forecast_does_not_differ_from_an_outcome(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Some 300 people were hurt in the fire at Elm Quay."),
        ("Morning Post", "2021-05-04", "The fire at Elm Quay may have hurt 900 people."),
        answers=_FIGURE,
    )
    assert answer.relation is None
    assert [one.expected for value in answer.values for one in value.statements] == [False, True]


def test_an_answer_without_a_figure_has_no_values(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Ann Weber led the crew at the fire of Elm Quay."),
        answers="Ann Weber",
        question="Who led the crew at the fire of Elm Quay?",
    )
    assert answer.answer is not None
    assert (answer.values, answer.relation, answer.timeline) == ((), None, ())


def test_silent_articles_give_no_values(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Some 300 people were hurt in the fire at Elm Quay."),
        answers="no such words",
    )
    assert answer.verdict == "silent"
    assert answer.values == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("154 people", "more than 150 people"),
        ("$1.337 billion", "close to $1.34 billion"),
        ("57.2 percent", "about 57 percent"),
        ("eight people", "at least 8 people"),
        ("90 minutes", "1.5 hours"),
        ("dozens of people", "two dozen people"),
    ],
)
def test_a_figure_rounded_or_bounded_is_the_same_value(one: str, other: str) -> None:
    assert is_one_value(quantities(one)[0], quantities(other)[0])
    assert is_one_value(quantities(other)[0], quantities(one)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("at least 45 people", "at least 27 people"),
        ("more than 40 people", "137 people"),
        ("as many as 30,000 people", "roughly 10,000 people"),
        ("$680 million", "$700 million"),
        ("59 percent", "66.4 percent"),
        ("0.3 percentage points", "0.3 percent"),
    ],
)
def test_figures_that_a_bound_would_allow_are_still_two_values(one: str, other: str) -> None:
    assert not is_one_value(quantities(one)[0], quantities(other)[0])
    assert not is_one_value(quantities(other)[0], quantities(one)[0])


_FIRES = (
    ("Coast Daily", "2021-05-04", "Some 300 people were hurt in the fire at Elm Quay."),
    ("The Harbour", "2021-05-04", "The fire at Elm Quay hurt 120 people, officials said."),
)


def test_a_language_model_is_told_the_values_before_the_passages(
    told: Callable[..., Answer],
) -> None:
    sources = Sources()
    other = told(*_FIRES, answers="no such words")
    sources.tell(other)  # The numbers of a conversation are not the ranks of an answer.
    text = sources.tell(told(*_FIRES, answers=_FIGURE))
    values_at = text.index("Sources differ:")
    assert values_at < text.index("[1] Coast Daily")
    said = text[values_at:].split("\n\n")[0].splitlines()[1:]
    assert sorted(said) == [
        "> 120: The Harbour, 2021-05-04, citing officials [2]",
        "> Some 300: Coast Daily, 2021-05-04 [1]",
    ]


def test_a_framework_gets_the_values_with_each_passage(told: Callable[..., Answer]) -> None:
    answer = told(*_FIRES, answers=_FIGURE)
    fields = [metadata(answer, citation) for citation in answer.citations]
    assert {field["relation"] for field in fields} == {"differ"}
    assert all(sorted(field["values"]) == ["120", "Some 300"] for field in fields)


def test_the_terminal_lists_who_gives_which_figure(told: Callable[..., Answer]) -> None:
    out = Console(file=io.StringIO(), width=80)
    show_answer(told(*_FIRES, answers=_FIGURE), out)
    lines = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    at = lines.index("Sources differ:")
    assert sorted(lines[at + 1 : at + 3]) == [
        "   120       The Harbour, 2021-05-04, citing officials [2]",
        "   Some 300  Coast Daily, 2021-05-04 [1]",
    ]


@pytest.mark.parametrize(("read", "relation"), [(True, "over_time"), (False, None)])
def test_values_without_the_best_answer_are_only_listed(read: bool, relation: str | None) -> None:
    def given(place: int, day: str, text: str) -> Given:
        article = SimpleNamespace(doc_id=str(place), text=text, title="", source=None)
        found: Any = SimpleNamespace(place=place, document=article, quote=text)
        sentence = Sentence(found, (0, len(text)), 1.0)
        (quantity,) = quantities(text)
        return Given(sentence, quantity, AsOf(day, "published"), None, False, True, read)

    groups = [[given(0, "2021-05-04", "12 boats")], [given(2, "2021-05-06", "30 boats")]]
    assert relation_of(groups) == relation


def test_of_many_times_the_latest_are_listed_and_the_others_counted(
    told: Callable[..., Answer],
) -> None:
    fires = [
        ("Coast Daily", f"2021-05-{day:02}", f"At least {day} people were hurt at Elm Quay.")
        for day in range(2, 13)
    ]
    answer = told(*fires, answers=_FIGURE)
    assert len(answer.timeline) == 11
    assert next(row.value for row in value_rows(answer)) == "At least 5"
    assert values_left_out(answer) == "and 3 earlier"


def test_values_of_one_day_that_return_later_are_neither_over_time_nor_called_different(
    told: Callable[..., Answer],
) -> None:
    answer = told(
        ("Coast Daily", "2021-05-04", "Some 410 people were hurt in the fire at Elm Quay."),
        ("Morning Post", "2021-05-04", "Some 340 people were hurt in the fire at Elm Quay."),
        ("The Harbour", "2021-05-06", "The fire at Elm Quay hurt some 340 people, it is said."),
        answers=re.compile("410|340"),
    )
    assert answer.relation is None
    assert {value.text for value in answer.values} == {"Some 410", "Some 340"}


def test_may_is_a_month_where_it_is_written_so(told: Callable[..., Answer]) -> None:
    answer = told(
        ("Coast Daily", "2021-03-04", "Repairs cost 3 million dollars and last until May."),
        ("The Harbour", "2021-03-04", "Repairs may cost 4 million dollars."),
        answers=re.compile(r"\d million dollars"),
        question="How much do the repairs cost?",
    )
    said = {one.source: one for value in answer.values for one in value.statements}
    assert not said["Coast Daily"].expected
    assert said["Coast Daily"].as_of == "2021-03-04"
