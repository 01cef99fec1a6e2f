"""A gold file is read whole or refused with the line that is wrong."""

import json
from pathlib import Path

import pytest

from embeddings.errors import InputError
from eval.datasets import SHIPPED, index_beir, load_beir
from eval.gold import Query, Span, check_evidence, load_gold
from seeds import articles

_GOOD = '{"query_id": "q1", "text": "Who?"}\n'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"query_id": "q2", "text": ', "line 2 is not JSON"),
        ("[1]", "line 2 is not a JSON object"),
        ('{"query_id": "q 2", "text": "Who?"}', "line 2: `query_id` is 'q 2'"),
        ('{"query_id": "q1", "text": "Who?"}', "already that of line 1"),
        ('{"query_id": "q2", "text": " "}', "`text` is ' '"),
        ('{"query_id": "q2", "text": "Who?", "evidence": [[]]}', "a group of evidence"),
        ('{"query_id": "q2", "text": "Who?", "evidence": [{"doc_id": "a"}]}', "a group"),
        ('{"query_id": "q2", "text": "Who?", "evidence": [["a"]]}', "a span is 'a'"),
        ('{"query_id": "q2", "text": "Who?", "evidence": [[{"doc_id": "a"}]]}', "lacks its `quote"),
        ('{"query_id": "q2", "text": "Who?", "answers": "me"}', "`answers`"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "gold.jsonl").write_text(_GOOD + line + "\n")
    with pytest.raises(InputError, match=told):
        load_gold(tmp_path / "gold.jsonl")


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("\n")
    with pytest.raises(InputError, match="holds no question"):
        load_gold(tmp_path / "gold.jsonl")


def test_quotes_are_found_without_regard_to_white_space_alone() -> None:
    texts = {"a": "It rained\n\nhard."}
    query = Query("q", "?", evidence=((Span("a", "rained hard."),),))
    assert check_evidence([query], texts.get, "gold") == 1


@pytest.mark.parametrize(
    ("span", "told"),
    [(Span("b", "rained"), "no article 'b'"), (Span("a", "Rained"), "not in 'a': 'Rained'")],
)
def test_evidence_that_is_not_there_is_told(span: Span, told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_evidence([Query("q", "?", evidence=((span,),))], {"a": "It rained."}.get, "gold")


def test_the_shipped_gold_has_what_it_should() -> None:
    queries = load_gold(SHIPPED)
    texts = {f"seeds/{path.name}": path.read_text("utf-8") for path in articles().glob("*.md")}
    assert check_evidence(queries, texts.get, "seeds") > 80
    assert sum(bool(query.evidence) for query in queries) >= 80
    assert sum(not query.evidence for query in queries) >= 20


def test_a_beir_folder_has_the_judged_queries_and_their_evidence(beir: Path) -> None:
    collection = load_beir(beir)
    assert [query.query_id for query in collection.queries] == ["q1", "q2", "q3"]
    assert collection.queries[1].evidence == ((Span("b", "found deep cracks"),),)
    assert collection.qrels["q3"] == {"c": 1, "b": 0}


def test_only_questions_known_to_have_no_answer_are_unanswerable(beir: Path) -> None:
    with (beir / "queries.jsonl").open("a") as file:
        file.write('{"_id": "u1", "text": "Why?", "unanswerable": true}\n')
        file.write('{"_id": "u2", "text": "Who?", "question_type": "null_query"}\n')
        file.write('{"_id": "u3", "text": "Who?", "unanswerable": false}\n')
    with (beir / "qrels" / "test.tsv").open("a") as file:
        file.write("u1\ta\t0\n")
    collection = load_beir(beir)
    assert [query.query_id for query in collection.queries] == ["q1", "q2", "q3", "u1", "u2"]
    assert [query.query_id for query in collection.answerable()] == ["q1", "q2", "q3"]
    assert [query.query_id for query in collection.unanswerable()] == ["u1", "u2"]


def test_a_gold_question_without_evidence_is_unanswerable(gold: Path) -> None:
    assert [query.unanswerable for query in load_gold(gold)] == [False, True]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "judges no document"),
        ("qrels/test.tsv", "q9\ta\t1\n", "'q9', which no query"),
        ("qrels/test.tsv", "q1\tz\t1\n", "the document 'z'"),
        ("corpus.jsonl", '{"_id": "a b", "text": "x"}\n', "line 1: `_id` is 'a b'"),
        ("queries.jsonl", '{"_id": "q1", "text": "x"}\n{"_id"\n', "line 2 is not JSON"),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "?", "unanswerable": true}\n',
            "a relevant document for 'q1', which is unanswerable",
        ),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "?", "unanswerable": true, '
            '"evidence": [{"doc_id": "a", "quote": "x"}]}\n',
            "'q1' is unanswerable and has evidence",
        ),
        (
            "queries.jsonl",
            json.dumps({"_id": "q1", "text": "?", "evidence": [{"doc_id": "z", "quote": "x"}]})
            + '\n{"_id": "q2", "text": "?"}\n{"_id": "q3", "text": "?"}\n',
            "no document 'z'",
        ),
    ],
)
def test_a_broken_beir_folder_is_told(beir: Path, name: str, text: str, told: str) -> None:
    (beir / name).write_text(text)
    with pytest.raises(InputError, match=told):
        load_beir(beir)


def test_a_missing_split_names_those_there_are(beir: Path) -> None:
    with pytest.raises(InputError, match="Its splits are: test"):
        load_beir(beir, "dev")


def test_a_corpus_is_indexed_once(beir: Path) -> None:
    path = index_beir(beir, "hashed")
    before = (path / "CURRENT").stat().st_mtime_ns
    assert index_beir(beir, "hashed") == path
    assert (path / "CURRENT").stat().st_mtime_ns == before
    with (beir / "corpus.jsonl").open("a") as file:
        file.write('{"_id": "e", "title": "New", "text": "Another article."}\n')
    assert index_beir(beir, "hashed") != path


def test_a_corpus_is_indexed_anew_by_new_rules(beir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = index_beir(beir, "hashed")
    monkeypatch.setattr("qa.store.local.engines.terms.Worded.words", lambda passage: passage.text)
    assert index_beir(beir, "hashed") != path
