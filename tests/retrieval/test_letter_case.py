"""A name in capitals is not taken for the common word of the same letters."""

import json
from pathlib import Path

from embeddings.hashed import HashedEncoder
from qa import Answer, build_index, open_index

ARTICLES = {
    "frost": "The town was white. What did ice do on the quay? It broke a crane in the night.",
    "agency": "The town was white. What did ICE do on the quay? It broke a case in the night.",
}


def _ask(folder: Path, question: str) -> Answer:
    lines = [json.dumps({"_id": name, "text": text}) for name, text in ARTICLES.items()]
    (folder / "articles.jsonl").write_text("\n".join(lines))
    build_index([folder / "articles.jsonl"], folder / "index", encoder=HashedEncoder())
    with open_index(folder / "index", encoder=HashedEncoder()) as index:
        return index.ask(question)


def test_an_agency_in_capitals_comes_before_a_word_in_small_letters(tmp_path: Path) -> None:
    first, second = _ask(tmp_path, "What did ICE do on the quay?").citations
    assert (first.doc_id, second.doc_id) == ("agency", "frost")
    assert "“ICE”" in first.because
    assert "“ice”" not in second.because


def test_a_question_in_small_letters_finds_both_alike(tmp_path: Path) -> None:
    first, second = _ask(tmp_path, "what did ice do on the quay?").citations
    assert "“ICE”" in first.because + second.because
    assert "“ice”" in first.because + second.because
