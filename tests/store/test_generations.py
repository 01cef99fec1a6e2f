"""Generations: one commit point, two kept, rollback there and back, readers undisturbed."""

import json
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xxhash

from embeddings.hashed import HashedEncoder
from qa import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    StoreError,
    UsageError,
    build_index,
    index_status,
    open_index,
    repair_index,
    rollback_index,
    verify_index,
)
from qa.store.local.generations import folder as store

_SEA = "What fell in the sea?"


def _names(index: Path) -> list[str]:
    return sorted(path.name for path in index.glob("gen-*"))


def _in_answer(answer: Any, words: str) -> bool:
    return any(words in citation.quote for citation in answer.citations)


def test_only_the_owner_may_enter_the_folder(sync: Any, articles: Path, index: Path) -> None:
    sync(articles)
    assert stat.S_IMODE(index.stat().st_mode) == 0o700


def test_two_generations_are_kept_and_nothing_else(sync: Any, articles: Path, index: Path) -> None:
    for number in range(4):
        (articles / "more.txt").write_text(f"Edition {number} was printed.\n")
        sync(articles)
    names = _names(index)
    assert [name[:10] for name in names] == ["gen-000003", "gen-000004"]
    assert sorted(p.name for p in index.iterdir()) == ["CURRENT", "LOCK", *names]


def test_the_manifest_names_its_parent(sync: Any, articles: Path, index: Path) -> None:
    first = sync(articles).generation
    (articles / "more.txt").write_text("One more was printed.\n")
    second = sync(articles).generation
    assert json.loads((index / second / "MANIFEST.json").read_bytes())["parent"] == first


def test_rolling_back_twice_returns(sync: Any, ask: Any, articles: Path, index: Path) -> None:
    first = sync(articles).generation
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    second = sync(articles).generation
    assert rollback_index(index) == (second, first)
    assert not _in_answer(ask(_SEA), "meteor")
    assert rollback_index(index) == (first, second)
    assert _in_answer(ask(_SEA), "meteor")


def test_indexing_after_a_rollback_finds_the_change_again(
    sync: Any, ask: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    sync(articles)
    rollback_index(index)
    assert sync().added == ("articles/more.txt",)
    assert _in_answer(ask(_SEA), "meteor")
    assert len(_names(index)) == 2


def test_rollback_without_another_generation_says_so(
    sync: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    with pytest.raises(StoreError, match="no other generation"):
        rollback_index(index)


def test_rollback_to_a_damaged_generation_is_refused(made: tuple[Path, Path]) -> None:
    index, _ = made
    old, new = _names(index)
    (index / old / "articles.sqlite").write_bytes(b"")
    with pytest.raises(IndexDamaged):
        rollback_index(index)
    assert index_status(index).generation == new


def test_a_second_writer_is_told_to_wait(sync: Any, articles: Path, index: Path) -> None:
    sync(articles)
    with store.Writer(index):
        for write in (sync, lambda: repair_index(index), lambda: rollback_index(index)):
            with pytest.raises(IndexBusy, match="Another process"):
                write()
        with open_index(index) as opened:
            assert opened.ask("How many pupils?").citations
    sync()


def test_a_second_first_writer_leaves_the_work_of_the_first_alone(
    script: Any, articles: Path, index: Path
) -> None:
    told = script(
        """
import sys
from pathlib import Path
from embeddings.hashed import HashedEncoder
from qa import IndexBusy, build_index
from qa.store.local.generations import folder as store

articles, index = map(Path, sys.argv[1:])
first = None

def meanwhile(event, told):
    # Another process begins just before this one makes the folder.
    global first
    if event == "os.mkdir" and str(told[0]) == str(index) and first is None:
        first = store.Writer(index)
        first.__enter__()

sys.addaudithook(meanwhile)
try:
    build_index([articles], index, encoder=HashedEncoder())
except IndexBusy:
    print("busy", first.folder.is_dir())
first.__exit__(None, None, None)
""",
        articles,
        index,
    )
    assert told.split() == ["busy", "True"]


def test_an_open_index_answers_the_same_while_others_are_committed(
    sync: Any, ask: Any, articles: Path, index: Path
) -> None:
    (articles / "more.txt").write_text("A meteor fell in the sea.\n")
    first = sync(articles).generation
    with open_index(index) as opened:
        before = opened.ask(_SEA).citations
        for number in range(3):
            (articles / "more.txt").write_text(f"Edition {number} was printed.\n")
            sync()
        answer = opened.ask(_SEA)
        assert answer.generation == first
        # Only what they say of the files that lie there now may differ.
        assert [replace(one, file="same") for one in answer.citations] == list(before)
        assert (index / first).is_dir()
    assert not _in_answer(ask(_SEA), "meteor")
    (articles / "more.txt").unlink()
    sync()
    assert first not in _names(index)
    assert len(_names(index)) == 2


def test_an_index_can_be_opened_while_others_are_committed(
    script: Any, sync: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    told = script(
        """
import sys
from pathlib import Path
from embeddings.hashed import HashedEncoder
from qa import build_index, index_status, open_index, verify_index

articles, index = map(Path, sys.argv[1:])
busy, seen, last, number = True, 0, 0, 0

def meanwhile(event, told):
    # At one of the moments when this process opens a file, another one commits twice.
    global busy, seen
    if busy or event != "open" or str(index) not in str(told[0]):
        return
    seen += 1
    if seen == last:
        busy = True
        commit_twice()

def commit_twice():
    global number
    for _ in range(2):
        number += 1
        (articles / "more.txt").write_text(f"Edition {number} was printed.")
        build_index([], index, encoder=HashedEncoder())

def ask():
    with open_index(index) as opened:
        assert opened.ask("Which edition?").citations

sys.addaudithook(meanwhile)
for use in (ask, lambda: index_status(index), lambda: verify_index(index)):
    last = 0
    while last < 8:
        busy, seen, last = False, 0, last + 1
        use()
        if not busy:
            break
    assert last > 2
    busy = True
print("well")
""",
        articles,
        index,
    )
    assert told.split() == ["well"]


def test_readers_never_fail_while_a_writer_commits(
    script: Any, sync: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    told = script(
        """
import os, sys, time, traceback
from pathlib import Path
from embeddings.hashed import HashedEncoder
from qa import build_index, open_index
import qa.index, faiss, tantivy

articles, index = map(Path, sys.argv[1:])
readers = []
until = time.monotonic() + 2
for _ in range(2):
    if not (child := os.fork()):
        failed = 0
        while not (index / "stop").exists():
            try:
                with open_index(index) as opened:
                    assert opened.ask("How many pupils?").citations
            except BaseException:
                failed += 1
                print(traceback.format_exc(limit=-2), file=sys.stderr)
        os._exit(min(failed, 100))
    readers.append(child)
encoder = HashedEncoder()
for number in range(1000):
    (articles / "more.txt").write_text(f"Edition {number} was printed.")
    build_index([], index, encoder=encoder)
    if time.monotonic() > until:
        break
(index / "stop").touch()
failed = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in readers]
assert not any(failed), failed
print("well")
""",
        articles,
        index,
    )
    assert told.split() == ["well"]


def _rewrite_manifest(index: Path, change: dict[str, Any]) -> None:
    """Commit the current generation once more with another manifest, as another version would."""
    name = (index / "CURRENT").read_text().split()[0]
    data = json.dumps(json.loads((index / name / "MANIFEST.json").read_bytes()) | change).encode()
    digest = xxhash.xxh3_128_hexdigest(data)
    (index / name / "MANIFEST.json").write_bytes(data)
    new = f"{name[:10]}-{digest[:8]}"
    (index / name).rename(index / new)
    (index / "CURRENT").write_text(f"{new} {digest}\n")


@pytest.mark.parametrize("number", [3, 9])  # Before there were stories, and one to come.
def test_an_index_of_another_format_is_refused_and_rebuilt(
    made: tuple[Path, Path], sync: Any, ask: Any, number: int
) -> None:
    index, articles = made
    _rewrite_manifest(index, {"format": f"nkqa-index/{number}", "news": "of another version"})
    for use in (open_index, index_status, verify_index, repair_index, lambda _: sync(articles)):
        with pytest.raises(IndexMismatch, match="--rebuild"):
            use(index)
    sync(articles, rebuild=True)
    assert ask("Which ferry?").citations


def test_an_index_made_before_links_could_be_followed_is_read_and_brought_up_to_date(
    made: tuple[Path, Path], sync: Any, ask: Any
) -> None:
    index, articles = made
    name = (index / "CURRENT").read_text().split()[0]
    recipe = json.loads((index / name / "MANIFEST.json").read_bytes())["recipe"]
    del recipe["follow_links"]
    _rewrite_manifest(index, {"recipe": recipe})
    assert ask("Which ferry?").citations
    assert not sync(articles).changed


def test_another_model_is_refused_and_both_are_named(
    sync: Any, articles: Path, index: Path
) -> None:
    class Other(HashedEncoder):
        def __init__(self) -> None:
            super().__init__(dimension=32)
            self.identity = type(self.identity)("other", *_rest(self.identity))

    sync(articles)
    generation = index_status(index).generation
    with pytest.raises(IndexMismatch, match=r"'hashed'.*'other'"):
        open_index(index, encoder=Other())
    with pytest.raises(IndexMismatch, match=r"'hashed'.*'other'.*--rebuild"):
        build_index([articles], index, encoder=Other())
    assert index_status(index).generation == generation
    build_index([articles], index, encoder=Other(), rebuild=True)
    assert index_status(index).model == "other"


def _rest(identity: Any) -> tuple[str, int, int]:
    return identity.fingerprint, identity.dimension, identity.limit


def test_an_encoder_that_gives_other_vectors_is_refused(sync: Any, articles: Path) -> None:
    class Drifted(HashedEncoder):
        def encode_questions(self, texts: Any) -> Any:
            return -super().encode_questions(texts)

    report = sync(articles)
    with pytest.raises(Exception, match="other vectors") as refused:
        open_index(report.path, encoder=Drifted())
    assert getattr(refused.value, "exit_status", None) == 5


def test_an_index_that_is_closed_while_others_ask_answers_them_first(
    made: Any, index: Path
) -> None:
    opened = open_index(index)
    asked = threading.Event()
    refused: list[UsageError] = []

    def ask() -> None:
        try:
            while True:
                assert opened.ask("Which harbour?", 3).citations
                asked.set()
        except UsageError as error:
            refused.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert asked.wait(60)
    opened.close()
    for thread in threads:
        thread.join()
    assert len(refused) == len(threads)
    assert all("is closed" in str(error) for error in refused)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_an_index_that_cannot_be_opened_keeps_no_generation_from_being_removed(
    sync: Any, articles: Path, index: Path
) -> None:
    refused = sync(articles).generation
    terms = next((index / refused / "terms").glob("*.term"))
    terms.write_bytes(terms.read_bytes() + b"more")
    with pytest.raises(IndexDamaged) as held:  # And with it all that was open when it was raised.
        open_index(index)
    for n in range(3):
        (articles / "more.txt").write_text(f"Meteor {n} fell in the sea.\n")
        sync()
    assert refused not in _names(index)
    assert held.value is not None


def test_a_forked_process_goes_on_asking(made: Any, index: Path, script: Any) -> None:
    told = script(
        """
import os, sys
from qa import open_index
with open_index(sys.argv[1]) as index:
    index.ask("Which harbour?")
    child = os.fork()
    print(len(index.ask("Which harbour?").citations) > 0, flush=True)
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
""",
        index,
    )
    assert told.count("True") == 2
