"""However an index came to its articles, it answers as one made of them at once."""

import dataclasses
import json
import math
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.hashed import HashedEncoder
from qa import InputError, build_index, index_status, open_index, verify_index
from qa.store.local import derived_files as deriving

_SENTENCES = [
    "Some 300 dockers work in the harbour.",
    "The bridge over the Tumen was closed.",
    "A school teaches Korean to 450 pupils.",
    "Fishermen caught less cod this winter.",
    "Timber exports to China grew.",
    "Nobody was hurt.",
    "Zwölf Züge fuhren nach Wladiwostok.",
    "Der Hafen ist seit dem Winter für die Schiffe der Fischer gesperrt.",
    "블라디보스토크 항구에서 노동자 300명이 일한다.",
    "В порту Владивостока работают триста рабочих.",
]
_QUESTIONS = ["Who works in the harbour?", "What was closed?", "Nobody hurt in Wladiwostok?"]
_QUESTIONS += [
    "Welche Häfen sind gesperrt?",
    "항구 노동자는 몇 명인가?",
    "Сколько рабочих в порту?",
]
_ENCODER = HashedEncoder()

_texts = st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4).map(" ".join)
_titles = st.sampled_from(["", "Winter", "Harbour"])
_dates = st.sampled_from(["", "2019-04", "2019-04-26", "2019-04-28", "2019-05-01"])
_publishers = st.sampled_from(["", "Coast Daily", "River Post"])
_plain = st.tuples(st.sampled_from(["a.txt", "b.txt", "deep/c.txt"]), _texts.map(str.encode))
_marked = st.builds(
    lambda name, title, publisher, date, text: (
        name,
        f"---\ntitle: {title}\npublisher: {publisher}\ndate: {date}\n---\n\n{text}\n".encode(),
    ),
    st.sampled_from(["a.md", "deep/d.md"]),
    _titles,
    _publishers,
    _dates,
    _texts,
)
_lined = st.builds(
    lambda name, records: (
        name,
        "".join(
            json.dumps({"_id": key, "title": title, "source": source, "date": date, "text": text})
            + "\n"
            for key, title, source, date, text in records
        ).encode(),
    ),
    st.sampled_from(["e.jsonl", "f.jsonl"]),
    st.lists(st.tuples(st.sampled_from("uvwxy"), _titles, _publishers, _dates, _texts), max_size=5),
)
_broken = st.tuples(st.sampled_from(["a.txt", "g.txt", "e.jsonl"]), st.just(b"\x00\x01\x02" * 9))
_written = st.one_of(_plain, _marked, _lined, _lined, _broken)
_deleted = st.tuples(st.integers(0, 20), st.none())
_renamed = st.tuples(st.integers(0, 20), st.sampled_from(["a.txt", "h.txt", "deep/h.txt", "i.txt"]))
_edits = st.lists(st.one_of(_written, _written, _deleted, _renamed), min_size=1, max_size=5)


def _apply(folder: Path, edit: tuple[Any, Any]) -> None:
    which, what = edit
    if isinstance(which, str):
        (folder / which).parent.mkdir(exist_ok=True)
        (folder / which).write_bytes(what)
        return
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    if not files:
        return
    file = files[which % len(files)]
    if what is None:
        file.unlink()
    elif file.suffix == ".txt":
        (folder / what).parent.mkdir(exist_ok=True)
        file.rename(folder / what)


def _told(index: Path) -> list[Any]:
    """Everything that can be seen of an index but how it came about."""
    status = index_status(index)
    with open_index(index) as opened:
        answers = [
            [dataclasses.asdict(citation) for citation in opened.ask(question, 50).citations]
            for question in _QUESTIONS
        ]
        stories = [
            dataclasses.replace(opened.story(one.story_id), generation="")
            for one in opened.stories(1000).stories
        ]
    return [stories, status.documents, status.passages, status.sentences, status.problems, answers]


def _about(told: list[Any]) -> list[Any]:
    """What equals it: scores are sums of floats, whose order may show in the last places."""
    *counts, answers = told
    about = [
        [one | {"scores": pytest.approx(one["scores"], abs=1e-4)} for one in citations]
        for citations in answers
    ]
    return [*counts, about]


_Runs = list[list[tuple[Any, Any]]]
_runs = st.lists(_edits, min_size=2, max_size=5)


@pytest.fixture(params=["afresh", "changed"], scope="module")
def derived(request: pytest.FixtureRequest) -> Iterator[None]:
    """Vectors and terms are made afresh by every commit, as those of a small index are; or they
    are always changed, as those of a large one are where little changed."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "changed":
            patch.setattr(deriving, "AFRESH_UP_TO", 0)
            patch.setattr(deriving, "CHANGED_AT_MOST", math.inf)
        yield


@pytest.mark.usefixtures("derived")
@settings(max_examples=12)
@given(runs=_runs)
def test_any_edits_lead_to_the_index_that_a_fresh_build_gives(runs: _Runs) -> None:
    _follow(runs)


@pytest.mark.slow
@pytest.mark.usefixtures("derived")
@settings(max_examples=250)
@given(runs=_runs)
def test_very_many_edits_lead_to_the_index_that_a_fresh_build_gives(runs: _Runs) -> None:
    _follow(runs)


def _follow(runs: _Runs) -> None:
    home = Path(tempfile.mkdtemp(prefix="nkqa-test-"))
    try:
        _compare(home, runs)
    finally:
        shutil.rmtree(home)


def _compare(home: Path, runs: _Runs) -> None:
    folder, index, fresh = home / "articles", home / "index", home / "fresh"
    folder.mkdir()
    for edits in runs:
        for edit in edits:
            _apply(folder, edit)
        try:
            build_index([folder], fresh, encoder=_ENCODER)
        except InputError:
            continue  # Nothing to index; the incremental run says the same.
        build_index([folder], index, encoder=_ENCODER)
        assert _told(index) == _about(_told(fresh))
        assert verify_index(index).faults == ()
        assert not build_index([folder], index, encoder=_ENCODER).changed
        shutil.rmtree(fresh)
