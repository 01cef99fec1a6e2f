"""The reader: pieces and their places, spans, stretches, and what is read in them."""

import itertools
import logging
from collections.abc import Sequence
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tokenizers import Tokenizer

from embeddings.models import default_model_folder
from qa.answers.reading.model_reader import ModelReader, Scores
from qa.answers.reading.pieces import QUESTION_PIECES, STRETCH, joined, pieces_of, stretches
from qa.answers.reading.reader import Reading, probabilities
from qa.answers.reading.scripted import ScriptedReader
from qa.answers.reading.shipped import WarmingNetwork
from qa.answers.reading.spans import LONGEST_SPAN, best_span, log_sum_of_spans
from qa.answers.reading.windows import window_around


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    found = Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


class Pointing:
    """A network that gives the first piece of one number the best start and end."""

    version = "pointing"

    def __init__(self, number: int) -> None:
        self.number = number
        self.sizes: list[int] = []

    def score(self, inputs: Sequence[tuple[Any, Any]]) -> list[Scores]:
        self.sizes += [len(numbers) for numbers, _ in inputs]
        return [self._score(numbers) for numbers, _ in inputs]

    def _score(self, numbers: Any) -> Scores:
        hits = np.where(numbers == self.number, 5.0, 0.0).astype(np.float32)
        return Scores(hits, hits, 1.0, float(hits.any()))


_TEXT = st.text(st.sampled_from("aB é.,'“”0 7\n北한 ß-ﬁİ"), max_size=80)


@given(_TEXT)
def test_a_span_of_pieces_is_found_again_by_its_characters(tokenizer: Any, text: str) -> None:
    (pieces,) = pieces_of(tokenizer, [text])
    assert pieces.covering(len(text), len(text) + 5) is None
    for first in range(len(pieces)):
        start, end = pieces.characters(first, first)
        assert 0 <= start <= end <= len(text)
        covering = pieces.covering(start, end)
        if start < end:
            assert covering is not None
            assert covering[0] <= first <= covering[1]


def test_accents_and_case_do_not_move_the_places_of_pieces(tokenizer: Any) -> None:
    text = "Émile Zolá’s “J’Accuse…” – 北 12%"
    (pieces,) = pieces_of(tokenizer, [text])
    start = text.index("Zolá")
    span = pieces.covering(start, start + 4)
    assert span is not None
    assert text[slice(*pieces.characters(*span))] == "Zolá"


@given(st.integers(0, 3000))
def test_stretches_leave_no_piece_out_and_overlap(count: int) -> None:
    found = stretches(count)
    assert found[0][0] == 0
    assert found[-1][1] == count
    for (_, end), (begin, _) in itertools.pairwise(found):
        assert end - begin >= LONGEST_SPAN
    assert all(end - begin <= STRETCH for begin, end in found)


def test_a_question_of_any_length_leaves_the_passage_whole() -> None:
    passage = np.arange(2000, 2000 + STRETCH)
    numbers, kinds = joined(np.arange(1000, 1500), passage)
    assert len(numbers) == QUESTION_PIECES + STRETCH + 3
    assert list(numbers[-STRETCH - 1 : -1]) == list(passage)
    assert kinds.sum() == STRETCH + 1


_SCORES = arrays.arrays(np.float32, st.integers(1, 70), elements=st.floats(-20, 20, width=32))


@given(st.data(), _SCORES)
def test_the_best_span_is_the_best_of_all_short_enough(data: st.DataObject, starts: Any) -> None:
    ends = data.draw(arrays.arrays(np.float32, len(starts), elements=st.floats(-20, 20, width=32)))
    sums = {
        (first, last): starts[first] + ends[last]
        for first in range(len(starts))
        for last in range(first, min(first + LONGEST_SPAN, len(starts)))
    }
    first, last, score = best_span(starts, ends)
    assert (first, last) in sums
    assert score == sums[first, last] == max(sums.values())
    total = np.log(np.exp(np.array(list(sums.values()), dtype=np.float64)).sum())
    assert log_sum_of_spans(starts, ends) == pytest.approx(total, abs=1e-3)


def test_the_answer_of_a_long_window_is_found_in_its_last_stretch(tokenizer: Any) -> None:
    text = "nothing to see here . " * 200 + "Seoul"
    number = tokenizer.token_to_id("seoul")
    (reading,) = ModelReader(tokenizer, Pointing(number)).read("Where?", [text])
    assert text[reading.start : reading.end] == "Seoul"
    assert reading.margin == 9
    assert reading.answered == 1


def test_no_input_is_longer_than_the_network_can_place(tokenizer: Any) -> None:
    network = Pointing(0)
    ModelReader(tokenizer, network).read("why " * 300, ["so " * 1000, "", "no"])
    assert max(network.sizes) <= 256


def test_a_window_without_words_has_no_span_and_windows_keep_their_order(tokenizer: Any) -> None:
    number = tokenizer.token_to_id("seven")
    reader = ModelReader(tokenizer, Pointing(number))
    empty, blank, found = reader.read("How many?", ["", " \n ", "It was seven."])
    assert (empty.start, empty.end) == (blank.start, blank.end) == (0, 0)
    assert max(empty.margin, blank.margin) < -50
    assert "It was seven."[found.start : found.end] == "seven"
    assert reader.read("How many?", []) == ()


_SIZE = st.integers(1, 150)


@given(st.lists(_SIZE, min_size=1, max_size=12), st.data())
def test_a_window_holds_its_sentence_and_as_many_whole_neighbours_as_fit(
    sizes: list[int], data: st.DataObject
) -> None:
    focus = data.draw(st.integers(0, len(sizes) - 1))
    ends = list(itertools.accumulate(sizes))
    sentences = list(zip([0, *ends], ends, strict=False))
    window = window_around(focus, sentences, 96)
    first = next(place for place, (start, _) in enumerate(sentences) if start == window[0])
    last = next(place for place, (_, end) in enumerate(sentences) if end == window[1])
    assert first <= focus <= last
    assert window[1] - window[0] <= max(96, sizes[focus])
    if window[1] - window[0] <= 96:
        assert first == 0 or window[1] - sentences[first - 1][0] > 96
        assert last + 1 == len(sizes) or sentences[last + 1][1] - window[0] > 96


_READING = st.builds(
    lambda span, more, null: Reading(0, 1, span, span + more, null, 0.0),
    st.floats(-30, 30),
    st.floats(0, 5),
    st.floats(-30, 30),
)


@given(st.lists(_READING, max_size=6))
def test_probabilities_of_windows_sum_to_less_than_one_and_follow_the_margins(
    readings: list[Reading],
) -> None:
    found = probabilities(tuple(readings))
    assert sum(found) <= 1 + 1e-9
    order = sorted(range(len(found)), key=lambda row: readings[row].margin)
    assert [found[row] for row in order] == sorted(found)


def test_a_scripted_reader_finds_its_answer_and_nothing_else() -> None:
    reader = ScriptedReader({"Who?": "Ada"})
    windows = ["It was Ada.", "It was Bob.", "…"]
    good, bad, none = reader.read("Who?", windows)
    assert windows[0][good.start : good.end] == "Ada"
    assert good.margin > 0 > bad.margin
    assert (none.start, none.end) == (0, 0)


def test_numpy_answers_until_the_compiled_network_is_ready() -> None:
    go = Event()
    cold, warm = Pointing(1), Pointing(2)
    inputs = [(np.array([1, 2]), np.array([0, 1]))]

    def start() -> Pointing:
        go.wait()
        return warm

    network = WarmingNetwork(cold, start, before=1)
    for _ in range(3):
        network.score(inputs)
    assert len(cold.sizes) == 3
    go.set()
    assert network.ready()
    network.score(inputs)
    assert len(warm.sizes) == 1


def test_numpy_goes_on_where_the_compiled_network_cannot_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def start() -> Pointing:
        raise RuntimeError("no room for the compiled model")

    cold = Pointing(1)
    network = WarmingNetwork(cold, start, before=0)
    with caplog.at_level(logging.WARNING):
        assert not network.ready()
        for _ in range(3):
            network.score([(np.array([1, 2]), np.array([0, 1]))])
    assert len(cold.sizes) == 3
    assert caplog.text.count("no room for the compiled model") == 1
