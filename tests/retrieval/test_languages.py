"""Articles in languages other than English are found, by the default model and by words.

Each folder of `languages` is a BEIR folder: articles about similar events, and ten questions that
one article each answers. `nkqa eval --beir` measures it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from embeddings.hashed import HashedEncoder
from qa import Index, build_index, open_index
from qa.retrieval.fusion import DENSE_WEIGHT, FOREIGN_DENSE_WEIGHT, dense_weights

_FOLDERS = sorted(path for path in (Path(__file__).parent / "languages").iterdir())
_CODES = [folder.name for folder in _FOLDERS]
_EVIDENCE_AT_3 = 0.9
# More than the articles of a folder.
_ALL = 50


def _questions(folder: Path) -> list[tuple[str, str]]:
    """Each question of a BEIR folder with the id of its article."""
    lines = (folder / "queries.jsonl").read_text().splitlines()
    judged = (folder / "qrels" / "test.tsv").read_text().splitlines()[1:]
    right = {query: document for query, document, _ in (line.split("\t") for line in judged)}
    return [(one["text"], right[one["_id"]]) for one in map(json.loads, lines)]


def _evidence_at_3(index: Index, folder: Path, *, by_words: bool = False) -> float:
    """The share of the questions whose article is among the first three; `by_words`, by BM25."""
    asked = _questions(folder)
    found = []
    for question, document in asked:
        citations = list(index.ask(question, _ALL if by_words else 3).citations)
        if by_words:
            citations = sorted(citations, key=lambda citation: -citation.scores.bm25)[:3]
        found.append(document in {citation.doc_id for citation in citations})
    return sum(found) / len(asked)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """One index of the articles of all languages, by the default model."""
    home = tmp_path_factory.mktemp("mixed")
    build_index([folder / "corpus.jsonl" for folder in _FOLDERS], home / "index")
    with open_index(home / "index") as index:
        yield index


@pytest.mark.parametrize("folder", _FOLDERS, ids=_CODES)
def test_among_articles_in_all_languages_a_question_finds_its_own(
    mixed: Index, folder: Path
) -> None:
    assert _evidence_at_3(mixed, folder) >= _EVIDENCE_AT_3


@pytest.mark.slow
@pytest.mark.parametrize("folder", _FOLDERS, ids=_CODES)
def test_among_articles_in_one_language_a_question_finds_its_own(
    folder: Path, tmp_path: Path
) -> None:
    build_index([folder / "corpus.jsonl"], tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        assert _evidence_at_3(index, folder) >= _EVIDENCE_AT_3


@pytest.mark.parametrize("folder", _FOLDERS, ids=_CODES)
def test_the_words_alone_find_it_as_well(folder: Path, tmp_path: Path) -> None:
    encoder = HashedEncoder()
    build_index([folder / "corpus.jsonl"], tmp_path / "index", encoder=encoder)
    with open_index(tmp_path / "index", encoder=encoder) as index:
        assert _evidence_at_3(index, folder, by_words=True) >= _EVIDENCE_AT_3


def test_articles_in_a_language_of_the_model_are_weighed_as_before() -> None:
    weights = dense_weights(["en", "de", "und"], {"en"})
    assert weights.tolist() == pytest.approx(
        [DENSE_WEIGHT, FOREIGN_DENSE_WEIGHT, FOREIGN_DENSE_WEIGHT]
    )
    assert dense_weights(["en", "ko"], None).tolist() == pytest.approx([DENSE_WEIGHT] * 2)


@pytest.mark.parametrize("text", ["Putin", "2019", "ლომი", "😀", "漢", "I", "ÀÉ", "...", "ก"])
def test_an_article_of_one_word_is_indexed_and_found_if_it_has_a_word(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text(text)
    (tmp_path / "articles" / "other.txt").write_text("Ein ganz anderer Artikel über den Hafen.")
    encoder = HashedEncoder()
    build_index([tmp_path / "articles"], tmp_path / "index", encoder=encoder)
    with open_index(tmp_path / "index", encoder=encoder) as index:
        citations = index.ask(text, 2).citations
    assert len(citations) == 2
    if any(map(str.isalnum, text)):
        assert citations[0].quote == text
        assert citations[0].scores.bm25 > 0


def test_an_article_in_two_languages_is_found_by_the_words_of_both(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "both.txt").write_text(
        "Die Brücken über den Rhein sind gesperrt, sagte der Minister den Reportern am Montag. "
        "The ministers were asked about ferries. 장관은 다리가 안전하다고 말했다."
    )
    (tmp_path / "articles" / "other.txt").write_text("The harbour was opened by the mayor.")
    encoder = HashedEncoder()
    build_index([tmp_path / "articles"], tmp_path / "index", encoder=encoder)
    with open_index(tmp_path / "index", encoder=encoder) as index:
        for question in ("Welche Brücke ist gesperrt?", "What of the ferries?", "다리는 안전한가?"):
            (first, *_) = index.ask(question).citations
            assert first.doc_id.endswith("both.txt")
            assert first.scores.bm25 > 0


def test_what_the_reader_cannot_read_has_no_verdict(tmp_path: Path, scripted_judge: Any) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ko.txt").write_text("블라디보스토크 항구에서 노동자 300명이 일한다.")
    (tmp_path / "articles" / "en.txt").write_text("Some 300 dockers work in the harbour.")
    encoder = HashedEncoder()
    build_index([tmp_path / "articles"], tmp_path / "index", encoder=encoder)
    judge = scripted_judge({"How many dockers work in the harbour?": "300"})
    with open_index(tmp_path / "index", encoder=encoder, judge=judge) as index:
        korean = index.ask("항구에서 일하는 노동자는 몇 명인가?")
        assert (korean.verdict, korean.answer, korean.probability) == (None, None, None)
        assert korean.citations[0].doc_id.endswith("ko.txt")
        assert "노동자" in korean.citations[0].because
        assert index.ask("How many dockers work in the harbour?").verdict is not None


def test_a_question_over_english_articles_imports_no_library_for_languages(
    articles: Path, script: Any
) -> None:
    told = script(
        """
import sys
from embeddings.hashed import HashedEncoder
from qa import build_index, open_index
build_index([sys.argv[1]], "index", encoder=HashedEncoder())
with open_index("index", encoder=HashedEncoder()) as index:
    index.ask("Who works in the harbour?")
print("py3langid" in sys.modules)
""",
        articles,
    )
    assert told == "False\n"
