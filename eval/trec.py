"""Read and write runs and qrels as TREC files, so that other tools can check or supply results.

A run has lines `query_id Q0 doc_id rank score tag`, qrels `query_id 0 doc_id relevance`.
trec_eval sorts by score alone and breaks ties by document id, so scores are written strictly
decreasing: a score equal to the previous one is lowered by the smallest step.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from embeddings.errors import InputError
from eval.gold import sound_id

Qrels = Mapping[str, Mapping[str, int]]
"""Relevance by query id and document id; 0 means judged not relevant."""
Run = Mapping[str, Iterable[tuple[str, float]]]
"""Ids of documents (or passages) with scores, best first, by query id."""


def write_run(path: Path, run: Run, tag: str) -> None:
    """Writes a run. Raises `InputError` for an id or `tag` with white space, which the format
    forbids."""
    sound_id(tag, str(path), "tag")
    with path.open("w", encoding="utf-8") as file:
        for query_id, found in run.items():
            sound_id(query_id, str(path), "query_id")
            for rank, (doc_id, score) in enumerate(decreasing(found), 1):
                sound_id(doc_id, f"{path}, query {query_id}", "doc_id")
                file.write(f"{query_id} Q0 {doc_id} {rank} {score!r} {tag}\n")


def decreasing(found: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """The same items in the same order, with strictly decreasing scores."""
    before = math.inf
    for doc_id, score in found:
        # trec_eval reads single precision, so the step must not vanish there.
        step = max(abs(before) * 2.0**-22, 2.0**-100) if before < math.inf else 0.0
        before = min(score, before - step)
        yield doc_id, before


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """A run by query id, best first. Raises `InputError` with the number of an invalid line."""
    run: dict[str, dict[str, float]] = {}
    for number, parts in _lines(path, 6, "query_id Q0 doc_id rank score tag"):
        query_id, _, doc_id, _, score, _ = parts
        try:
            value = float(score)
        except ValueError as error:
            raise InputError(f"{path} line {number}: {score!r} is not a score.") from error
        if not math.isfinite(value):
            raise InputError(f"{path} line {number}: {score!r} is not a finite score.")
        if doc_id in run.setdefault(query_id, {}):
            raise InputError(f"{path} line {number}: {doc_id!r} stands twice for {query_id!r}.")
        run[query_id][doc_id] = value
    return {
        query_id: sorted(found.items(), key=lambda item: (-item[1], item[0]))
        for query_id, found in run.items()
    }


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Writes qrels. Raises `InputError` for an id with white space."""
    with path.open("w", encoding="utf-8") as file:
        for query_id, judged in qrels.items():
            sound_id(query_id, str(path), "query_id")
            for doc_id, relevance in judged.items():
                sound_id(doc_id, f"{path}, query {query_id}", "doc_id")
                file.write(f"{query_id} 0 {doc_id} {relevance}\n")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Qrels in TREC's four columns, or in BEIR's three below a header line.

    Raises `InputError` with the number of an invalid line, and for a file without a relevant
    document.
    """
    qrels: dict[str, dict[str, int]] = {}
    widths = (3, 4)
    for number, parts in _lines(path, 0, ""):
        if number == 1 and parts[:2] == ["query-id", "corpus-id"]:
            widths = (3, 3)
            continue
        if len(parts) not in widths:
            raise InputError(
                f"{path} line {number} has {len(parts)} columns; expected `query_id 0 doc_id "
                "relevance`, or BEIR's `query-id corpus-id score`. Ids must not hold spaces."
            )
        query_id, doc_id, relevance = parts[0], parts[-2], parts[-1]
        try:
            qrels.setdefault(query_id, {})[doc_id] = int(relevance)
        except ValueError as error:
            raise InputError(
                f"{path} line {number}: the relevance {relevance!r} is not a whole number."
            ) from error
    if not any(value > 0 for judged in qrels.values() for value in judged.values()):
        raise InputError(f"{path} judges no document relevant, so there is nothing to measure.")
    return qrels


def check_run(run: Run, qrels: Qrels, where: str) -> None:
    """Raises `InputError` if a run shares no query with the qrels: it is for other questions."""
    if run and not set(run) & set(qrels):
        raise InputError(
            f"{where} is a run for other questions: it has {next(iter(run))!r}, the qrels "
            f"{next(iter(qrels), None)!r}, and no query in common."
        )


def _lines(path: Path, columns: int, expected: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                parts = line.split()
                if parts and columns and len(parts) != columns:
                    raise InputError(
                        f"{path} line {number} has {len(parts)} columns; expected `{expected}`. "
                        "Ids must not hold spaces."
                    )
                if parts:
                    yield number, parts
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text.") from error
