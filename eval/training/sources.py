"""Rows of the reading data sets: which may be used, how often, and which articles are kept out."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.errors import InputError

# Articles of SQuAD 2.0's development set that the final figure is measured on: read by the
# command `test` alone.
TEST_ARTICLES = frozenset(
    "Civil_disobedience European_Union_law French_and_Indian_War Geology Immune_system"
    " Jacksonville,_Florida Prime_number Rhine Sky_(United_Kingdom) University_of_Chicago"
    " Victoria_(Australia)".split()
)
# Articles kept from training to choose by: the only near misses written by people beside the
# test articles.
DEV_ARTICLES = frozenset(("Normans", "Packet_switching", "Private_school"))

# How often a question of each source comes in an epoch. Sources that are absent here (no licence,
# or for research only) are not read. QAMR's questions are over single sentences and plenty.
WEIGHTS = {
    "squad2-dev": 2.0,
    "squad2-train-part": 2.0,
    "squad1-dev": 2.0,
    "squadshifts-new_wiki": 1.3,
    "squadshifts-reddit": 0.5,
    "squadshifts-amazon": 0.4,
    "qed-nq": 1.0,
    "tweetqa": 0.5,
    "timeqa": 0.6,
    "quoref-contrast": 0.6,
    "qamr-wikinews": 0.2,
    "qamr-wikipedia": 0.15,
}
_QAMR_WORDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One question about one passage; no answers where the passage holds none."""

    id: str
    question: str
    passage: str
    answers: tuple[tuple[int, int], ...]
    """Half-open character ranges of the passage."""
    source: str
    article: str

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self.passage[start:end] for start, end in self.answers)


def read_rows(path: Path) -> Iterator[Row]:
    """Every row of a `.jsonl` or `.jsonl.xz` file.

    Raises `InputError` where a line is no such row.
    """
    opener = lzma.open if path.suffix == ".xz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _row(line, f"{path}, line {number}")
    except OSError as error:
        raise InputError(f"Cannot read the reading data {path}: {error}.") from error


def _row(line: str, place: str) -> Row:
    try:
        found = json.loads(line)
        answers = tuple(
            (answer["start"], answer["start"] + len(answer["text"])) for answer in found["answers"]
        )
        row = Row(
            found["id"],
            found["question"].strip(),
            found["context"],
            answers,
            found["source"],
            found["article"],
        )
        texts = tuple(answer["text"] for answer in found["answers"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{place} is no row of reading data: expected id, question, context, answers, source "
            "and article."
        ) from error
    if row.texts != texts:
        raise InputError(f"{place}: an answer does not stand where its start says.")
    return row


def is_allowed(row: Row) -> bool:
    """Whether the row may be trained on or chosen by: its source is allowed, it is not about a
    test article, and it is no question of a few words."""
    if row.source not in WEIGHTS or is_test(row):
        return False
    return not row.source.startswith("qamr") or len(row.question.split()) >= _QAMR_WORDS


def split(rows: list[Row], dev: list[Row]) -> tuple[list[Row], list[Row]]:
    """What is trained on and what is measured on, no passage or held-out article in both."""
    held_out = [row for row in rows if is_allowed(row) and row.article in DEV_ARTICLES]
    measured = [row for row in dev if is_allowed(row)] + held_out
    passages = {row.passage.strip() for row in measured}
    trained = [row for row in rows if is_allowed(row) and row.passage.strip() not in passages]
    return trained, measured


def is_test(row: Row) -> bool:
    return row.article.replace(" ", "_") in TEST_ARTICLES


def first_of_each(rows: list[Row], most: int) -> list[Row]:
    """At most so many rows of each source, spread evenly over the source's rows."""
    sources: dict[str, list[Row]] = {}
    for row in rows:
        sources.setdefault(row.source, []).append(row)
    return [row for some in sources.values() for row in some[:: -(-len(some) // most)]]


def final_rows(collection: Path) -> list[Row]:
    """The questions of SQuAD 2.0's development set about the test articles.

    `collection` is a BEIR folder whose queries name, where they have no answer, the passage that
    they were asked of (`near_doc`).
    """
    try:
        with (collection / "corpus.jsonl").open(encoding="utf-8") as lines:
            passages = {found["_id"]: found for found in map(json.loads, lines)}
        with (collection / "queries.jsonl").open(encoding="utf-8") as lines:
            queries = [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise InputError(f"{collection} is no folder of SQuAD 2.0: {error}.") from error
    rows = [row for query in queries for row in _squad_rows(query, passages)]
    return [row for row in rows if is_test(row)]


def _squad_rows(query: dict[str, Any], passages: dict[str, Any]) -> Iterator[Row]:
    """A question is asked of each passage that it is answered in, or of the near one."""
    places = {quote["doc_id"] for quote in query["evidence"]} or {query["near_doc"]}
    for place in sorted(places):
        text = passages[place]["text"]
        quotes = {quote["quote"] for quote in query["evidence"] if quote["doc_id"] == place}
        answers = tuple(
            (start, start + len(quote))
            for quote in sorted(quotes)
            if (start := text.find(quote)) >= 0
        )
        yield Row(
            query["_id"],
            query["text"].strip(),
            text,
            answers,
            "squad2-test",
            passages[place]["title"],
        )
