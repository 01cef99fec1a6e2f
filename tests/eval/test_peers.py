"""The benchmark beside peers, with peers that take no time, run as the real ones are."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from embeddings.errors import Error, InputError, MissingExtra
from eval.bench.peers.articles import sample
from eval.bench.peers.environments import environment
from eval.bench.peers.measuring import Bench, Measured
from eval.bench.peers.participants import PEERS, Participant
from eval.bench.peers.telling import SCHEMA, result, show

# Finds what shares most words with the question; says things on stdout, as libraries do; refuses to
# prepare twice in the same cache.
_WORDS = """
import json, os
from pathlib import Path

print("a library says hello")

def prepare(model):
    made = Path(os.environ["NKQA_CACHE"], "made")
    made.parent.mkdir(parents=True)
    made.touch(exist_ok=False)

def build(articles, index, model):
    index.mkdir(exist_ok=False)
    (index / "all.json").write_text(json.dumps([(one["_id"], one["text"]) for one in articles]))
    print("and so does building")
    return len(articles)

def load(index, model):
    passages = json.loads((index / "all.json").read_text())

    def search(question, k):
        print("and searching")
        words = set(question.lower().split())
        return sorted(passages, key=lambda one: -len(words & set(one[1].lower().split())))[:k]

    return search
"""
# Has the second best first.
_WORSE = _WORDS.replace("[:k]", "[1::-1]").replace("def prepare", "def unused")
_BROKEN = "def build(articles, index, model):\n    raise RuntimeError('out of paper')\n"

_CORPUS = {
    "quay": "The harbour opened a new quay on Friday",
    "cod": "The cod catch fell by a tenth this winter",
    "bridge": "The bridge over the Tumen was closed on Monday",
    "larch": "Timber exports of larch grew",
}
_QUERIES = {
    "q1": ("What did the harbour open?", ["quay"]),
    "q2": ("Why did the cod catch fall?", ["cod"]),
    "q3": ("Was the harbour opened when the cod catch fell?", ["quay", "cod"]),
    "q4": ("Was the bridge closed when exports of larch grew?", ["bridge", "larch"]),
}


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "beir")


def write_beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": name, "title": name, "text": text} for name, text in _CORPUS.items()]
    queries = [
        {"_id": name, "text": text,
         "evidence": [{"doc_id": doc_id, "quote": _CORPUS[doc_id]} for doc_id in doc_ids]}
        for name, (text, doc_ids) in _QUERIES.items()
    ]  # fmt: skip
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (folder / "qrels/test.tsv").write_text(
        "query-id\tcorpus-id\tscore\n"
        + "".join(f"{name}\t{one}\t1\n" for name, (_, ids) in _QUERIES.items() for one in ids)
    )
    return folder


def participant(tmp_path: Path, name: str, code: str, *requirements: str) -> Participant:
    script = tmp_path / f"{name}_peer.py"
    script.write_text(code)
    return Participant(name, f"how {name} is set up", script, requirements)


def bench(tmp_path: Path, beir: Path) -> Bench:
    return Bench(tmp_path / "work", sample(beir, 4, 10), tmp_path, lambda *_: None)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[Measured]:
    home = tmp_path_factory.mktemp("peers")
    taking_part = [participant(home, "words", _WORDS), participant(home, "worse", _WORSE)]
    one = bench(home, write_beir(home / "beir"))
    one.measure(taking_part, builds=1, firsts=1)
    return one.measure(taking_part, builds=2, firsts=3)  # From nothing again.


def test_each_is_measured_in_processes_of_its_own(measured: list[Measured]) -> None:
    for one in measured:
        assert (len(one.builds), len(one.firsts), list(one.warm)) == (2, 3, list(_QUERIES))
        assert one.builds[0].values["passages"] == 4
        assert one.index_bytes > 200
        for told in (*one.builds, *one.firsts):
            assert told.seconds > told.values["seconds"] > 0
            assert told.peak > 5_000_000  # No Python is smaller.


def test_who_answers_worse_is_told_so(measured: list[Measured]) -> None:
    words, worse = (one.quality for one in measured)
    assert words["paper.Hits@10"] == words["paper.MRR@10"] == 1.0
    assert worse["paper.MRR@10"] < 1.0


def test_the_result_has_everything_and_the_table_its_ratios(
    measured: list[Measured], beir: Path
) -> None:
    told = result(sample(beir, 4, 10), measured, lambda text: len(text.split()))
    assert told == json.loads(json.dumps(told))
    assert (told["schema"], told["collection"]["questions"]) == (SCHEMA, 4)
    first = told["participants"][0]
    assert first["pieces"]["largest"] == 9
    assert len(first["build"]["seconds"]) == len(first["build"]["peak"]) == 2
    assert first["versions"]["nkqa"]
    first["build"]["seconds"], told["participants"][1]["build"]["seconds"] = [1.0, 1.0], [2.5, 2.5]
    out = io.StringIO()
    show(told, Console(width=80, file=out))
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["build,", "s", "1.0", "2.5"] in lines
    assert ["build,", "s", "2.50"] in lines
    assert ["MRR@10", "1.000", f"{measured[1].quality['paper.MRR@10']:.3f}"] in lines


def test_a_peer_that_fails_is_told_with_what_it_said(tmp_path: Path, beir: Path) -> None:
    broken = participant(tmp_path, "broken", _BROKEN)
    with pytest.raises(Error, match=r"(?s)broken_peer\.py build .*status 1.*out of paper"):
        bench(tmp_path, beir).measure([broken], builds=1, firsts=1)


@pytest.mark.slow
def test_what_pip_cannot_install_is_told_with_the_way_around_it(tmp_path: Path) -> None:
    absent = participant(tmp_path, "absent", _WORDS, f"absent @ file://{tmp_path}/absent.whl")
    with pytest.raises(MissingExtra, match=r"(?s)absent\.whl.*--without absent"):
        environment(absent, tmp_path / "work")
    assert not (tmp_path / "work/absent/venv/installed.json").exists()


def test_the_articles_with_most_questions_are_taken_and_only_questions_they_answer(
    beir: Path,
) -> None:
    two = sample(beir, 2, 10)
    assert [article["_id"] for article in two.articles] == ["quay", "cod"]
    assert [query.query_id for query in two.queries] == ["q1", "q2", "q3"]
    assert [query.query_id for query in sample(beir, 4, 2).queries] == ["q1", "q3"]


def test_a_collection_without_such_a_question_is_refused(beir: Path) -> None:
    queries = (beir / "queries.jsonl").read_text().splitlines()
    (beir / "queries.jsonl").write_text(queries[3])
    (beir / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq4\tlarch\t1\n")
    with pytest.raises(InputError, match="larger --articles"):
        sample(beir, 1, 10)


def test_every_peer_has_its_file_and_its_requirements() -> None:
    assert len({peer.name for peer in PEERS}) == 5
    for peer in PEERS:
        assert peer.script.is_file()
        assert "torch<=2.13.0" in peer.requirements
