"""JSON Lines: text verbatim, one bad line costs one line, nothing is read ahead."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.loading import Limits, Loader, SourceFile
from qa.loading.article import Article
from qa.loading.formats import jsonl
from qa.types import Document, Problem

Load = Callable[[str, bytes | str], list[Document | Problem]]


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_a_record_becomes_a_document(load: Load) -> None:
    record = {"_id": "d 1", "title": "T", "text": " x\r\n", "source": "Post", "author": "Ann",
              "published_at": "2023-09-28T12:00:00+00:00", "url": "https://a.example"}  # fmt: skip
    (got,) = load("c.jsonl", lines(record))
    assert isinstance(got, Document)
    assert (got.doc_id, got.title, got.text, got.line) == ("d 1", "T", " x\r\n", 1)
    assert (got.source, got.author, got.url) == ("Post", "Ann", "https://a.example")
    assert (got.published, got.published_from) == ("2023-09-28", "`published_at` of the record")


def test_other_names_of_the_keys_are_understood(load: Load) -> None:
    (got,) = load("c.jsonl", lines({"id": 7, "body": "x", "publisher": "P", "date": "2021/11/02"}))
    assert isinstance(got, Document)
    assert (got.doc_id, got.source, got.published) == ("7", "P", "2021-11-02")
    assert got.published_from == "`date` of the record"


@pytest.mark.parametrize(
    "key", ["pubDate", "datePublished", "pub_date", "published_date", "published", "date"]
)
def test_keys_of_other_programs_are_understood(load: Load, key: str) -> None:
    record = {"text": "x", "headline": "H", key: "2024-04-03", "publisher": "P",
              "byline": "By Lena Moss", "link": "https://a.example"}  # fmt: skip
    (got,) = load("c.jsonl", lines(record))
    assert isinstance(got, Document)
    assert (got.title, got.source, got.author) == ("H", "P", "Lena Moss")
    assert (got.url, got.published) == ("https://a.example", "2024-04-03")
    assert got.published_from == f"`{key}` of the record"


def test_when_a_record_was_made_is_no_date_of_publication(load: Load) -> None:
    (got,) = load("c.jsonl", lines({"text": "x", "created_at": "2024-04-03"}))
    assert isinstance(got, Document)
    assert got.published is None


def test_an_error_tells_the_column_and_no_line_of_its_own(load: Load) -> None:
    (cut, comma) = load("c.jsonl", b'{"text": "x",\n{"text" 3}\n')
    assert isinstance(cut, Problem)
    assert isinstance(comma, Problem)
    assert (cut.line, comma.line) == (1, 2)
    assert "column 14" in cut.reason or "column 13" in cut.reason
    assert comma.reason == "not JSON: Expecting ':' delimiter at column 9"
    assert "line" not in cut.reason


@pytest.mark.parametrize(
    ("record", "title"),
    [
        ({"title": "", "text": "Storm hits Arlen\nIt rained."}, "Storm hits Arlen"),
        ({"text": "It rained all day in Arlen."}, "It rained all day in Arlen."),
        ({"text": "\n\n" + "The rain fell on Arlen, " * 9},
         "The rain fell on Arlen, The rain fell on Arlen, The rain fell on Arlen, The…"),
        ({"text": "x" * 200}, "x" * 79 + "…"),
    ],
)  # fmt: skip
def test_a_record_without_title_is_named_by_its_first_words(
    load: Load, record: dict[str, str], title: str
) -> None:
    (got,) = load("c.jsonl", lines(record))
    assert isinstance(got, Document)
    assert got.title == title


def test_a_record_without_id_is_named_by_its_line(load: Load) -> None:
    got = load("c.jsonl", "\n" + lines({"content": "x"}, {"_id": "", "text": "y"}))
    assert [item.doc_id for item in got if isinstance(item, Document)] == ["c.jsonl:2", "c.jsonl:3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object but a list"),
        (b"null", "not a JSON object but null"),
        (b"{}", "no `text`"),
        (b'{"text": 3}', "`text` is a number"),
        (b'{"text": " \\n"}', "`text` is empty"),
        (b'{"text": "\\ud83d"}', "surrogate"),
        (b'{"_id": "\\udc00", "text": "x"}', "surrogate"),
        (b'{"_id": true, "text": "x"}', "`_id` is true or false"),
        (b'{"_id": [1], "text": "x"}', "`_id` is a list"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b'{"text": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"text": ' + b"9" * 10_000 + b"}", "not JSON"),
    ],
)
def test_a_bad_line_is_a_problem_and_the_others_load(load: Load, line: bytes, reason: str) -> None:
    data = b'{"_id": "a", "text": "x"}\n' + line + b'\n{"_id": "b", "text": "y"}'
    first, bad, last = load("c.jsonl", data)
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, Problem)
    assert (first.doc_id, bad.line, last.doc_id) == ("a", 2, "b")
    assert reason in bad.reason


def test_a_line_of_very_many_values_is_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x", "more": [' + "{}," * 500 + '{}]}\n{"text": "y"}\n')
    with Loader(Limits(line_values=900)) as loader:
        bad, good = loader.documents(SourceFile(path, "a"))
    assert isinstance(bad, Problem)
    assert bad.reason == "it has 1,004 commas and brackets; the limit for a line is 900"
    assert isinstance(good, Document)


def test_facts_that_would_be_repeated_with_every_passage_are_cut(load: Load) -> None:
    record = {"text": "x", "source": "s" * 9000, "title": "t" * 9000}
    (got,) = load("a.jsonl", lines(record))
    assert isinstance(got, Document)
    assert (got.source, got.title) == ("s" * 2000, "t" * 2000)


def test_an_id_that_is_no_name_is_refused(problem: Callable[[str, str], str]) -> None:
    record = {"_id": "a" * 1001, "text": "x"}
    assert problem("a.jsonl", lines(record)) == "`_id` is longer than 1000 characters"


def test_a_repeated_id_is_told_with_the_line_of_the_first(load: Load) -> None:
    same, other = {"_id": "a", "text": "x"}, {"_id": "a", "text": "z"}
    _, copy, clash = load("c.jsonl", lines(same, same, other))
    assert isinstance(copy, Problem)
    assert isinstance(clash, Problem)
    assert (copy.line, clash.line) == (2, 3)
    assert "a copy of line 1" in copy.reason
    assert "already that of line 1, with other content" in clash.reason


def test_a_byte_order_mark_is_no_part_of_the_first_line(load: Load) -> None:
    (got,) = load("c.jsonl", b"\xef\xbb\xbf" + b'{"text": "x"}')
    assert isinstance(got, Document)


def test_a_date_that_cannot_be_read_is_told_and_the_article_stays(load: Load) -> None:
    got, warning = load("c.jsonl", lines({"_id": "a", "text": "x", "date": "04/05/2019"}))
    assert isinstance(got, Document)
    assert isinstance(warning, Problem)
    assert (got.published, warning.line) == (None, 1)
    assert warning.reason.startswith("indexed, but `date` is not a date")


def test_a_line_over_the_limit_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(
        lines({"_id": "a", "text": "x"}, {"text": "y" * 5000}, {"_id": "b", "text": "z"})
    )
    with Loader(Limits(line_bytes=1000)) as loader:
        first, bad, last = loader.documents(SourceFile(path, "c.jsonl"))
    assert isinstance(bad, Problem)
    assert (bad.line, bad.reason) == (2, "longer than 1000 bytes, the limit for a line")
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert last.line == 3


def test_documents_come_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(lines(*({"_id": number, "text": "x" * 100} for number in range(50_000))))
    with path.open("rb") as stream:
        number, name, article = next(jsonl.read(stream, Limits()))
        assert (number, name, isinstance(article, Article)) == (1, "0", True)
        assert stream.tell() < 100_000


@given(st.text().filter(str.strip))
def test_text_is_verbatim(text: str) -> None:
    data = json.dumps({"_id": "a", "text": text}).encode()
    ((_, _, article),) = jsonl.read(io.BufferedReader(io.BytesIO(data)), Limits())
    assert isinstance(article, Article)
    assert article.text == text


SIZES = {"multihop-rag": 609, "scifact": 5183, "realtimeqa-2022-gold": 3748,
         "squad-dev-2.0": 1204, "ramdocs": 2765}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SIZES))
def test_a_collection_loads_whole_with_its_ids(
    name: str, shared_folder: Path, tmp_path: Path, loader: Loader
) -> None:
    archive = shared_folder / "data" / f"{name}.tar.xz"
    if not archive.is_file():
        pytest.skip(f"no {archive.name}")
    path = tmp_path / "corpus.jsonl"
    with tarfile.open(archive) as opened:
        member = opened.extractfile(f"{name}/corpus.jsonl")
        assert member
        path.write_bytes(member.read())
    documents = []
    for item in loader.documents(SourceFile(path, "corpus.jsonl")):
        assert isinstance(item, Document), item
        documents.append(item)
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert len(documents) == SIZES[name]
    assert [each.doc_id for each in documents] == [each["_id"] for each in records]
    assert [each.text for each in documents] == [each["text"] for each in records]
    dated = sum(bool(each.get("published_at")) for each in records)
    assert sum(each.published is not None for each in documents) == dated


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("Colby Jones", "Colby Jones"),
        (["By Colby Jones", "by Lena Moss"], "Colby Jones, Lena Moss"),
        ("Von Rainer Holm", "Rainer Holm"),
        ("作者：周明", "周明"),
        ("Von Dutch", "Von Dutch"),
    ],
)
def test_a_label_is_no_part_of_the_author_and_a_name_keeps_its_letters(
    written: object, author: str
) -> None:
    line = json.dumps({"text": "The bridge opens.", "author": written}).encode()
    ((_, _, article),) = jsonl.read(io.BytesIO(line), Limits())
    assert isinstance(article, Article)
    assert article.author == author
