"""Boundaries set by hand in eight languages are found, both those the rules were tuned on and those
set aside before.

Each file of `sentences/` holds paragraphs in one language, one sentence a line, with a blank line
between paragraphs. The rules were tuned on those before the line `---` alone.
"""

from pathlib import Path

import pytest

from qa.text.sentences import sentence_spans

FILES = sorted((Path(__file__).parent / "sentences").glob("*.txt"))
HALVES = ("tuned", "set aside")


def paragraphs(file: Path, half: str) -> list[list[str]]:
    part = file.read_text("utf-8").split("\n---\n")[HALVES.index(half)]
    return [paragraph.splitlines() for paragraph in part.strip().split("\n\n")]


def ends(sentences: list[str]) -> set[int]:
    """Where the sentences end in the text that they make with a space between them."""
    return {len(" ".join(sentences[:count])) for count in range(1, len(sentences))}


def f1(half: list[list[str]]) -> float:
    right = found = expected = 0
    for sentences in half:
        text = " ".join(sentences)
        actual = {end for _, end in sentence_spans(text)} - {len(text)}
        right += len(actual & ends(sentences))
        found += len(actual)
        expected += len(ends(sentences))
    return 2 * right / (found + expected)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_sentences_end_where_a_speaker_of_the_language_ends_them(file: Path, half: str) -> None:
    assert f1(paragraphs(file, half)) >= 0.99


def test_there_are_boundaries_enough_in_every_language() -> None:
    counts = [len(p) for file in FILES for half in HALVES for p in paragraphs(file, half)]
    assert len(FILES) == 8
    assert sum(counts) >= 300
