"""An index holds exactly what its folders hold now, and embeds nothing twice."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from embeddings import Vectors
from embeddings.hashed import HashedEncoder
from qa import InputError, build_index, index_status, open_index, verify_index


class Listening(HashedEncoder):
    """Remembers the sentences it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return super().encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return super().encode_passages(texts)


@pytest.fixture
def encoder() -> Listening:
    return Listening()


def _everywhere(index: Path, words: str) -> list[str]:
    """The files of the current generation that hold the words, in any of their bytes."""
    generation = index / (index / "CURRENT").read_text().split()[0]
    forms = {words.encode(), words.lower().encode(), words.encode("utf-16-le")}
    return [
        file.name
        for file in generation.rglob("*")
        if file.is_file() and any(form in file.read_bytes() for form in forms)
    ]


def _ids(index: Path) -> list[str]:
    with open_index(index) as opened:
        return sorted({hit.passage_id.rsplit("#")[0] for hit in opened.search("Who and what?")})


def _lines(*records: tuple[str, str]) -> str:
    return "".join(json.dumps({"_id": name, "text": text}) + "\n" for name, text in records)


def test_the_first_run_adds_everything(sync: Any, articles: Path, index: Path) -> None:
    report = sync(articles)
    assert report.changed
    assert report.path == str(index)
    assert sorted(report.added) == [
        "articles/bridge.md",
        "articles/deep/fish.txt",
        "articles/harbour.md",
        "articles/school.txt",
        "wire-1",
        "wire-2",
    ]
    assert (report.documents, report.passages, report.sentences) == (6, 6, 16)
    assert report.embedded == 16
    assert report.updated == report.removed == report.problems == ()
    assert report.unchanged == 0


def test_one_run_adds_changes_and_removes(sync: Any, ask: Any, articles: Path, index: Path) -> None:
    first = sync(articles)
    (articles / "new.txt").write_text("An eclipse darkened Sakhalin. Dogs howled.\n")
    (articles / "school.txt").write_text("The school was closed by snow. Parents complain.\n")
    (articles / "deep/fish.txt").unlink()
    report = sync()
    assert report.generation != first.generation
    assert report.added == ("articles/new.txt",)
    assert report.updated == ("articles/school.txt",)
    assert report.removed == ("articles/deep/fish.txt",)
    assert report.unchanged == 4
    assert report.embedded == 4
    assert "eclipse" in ask("Where was an eclipse?").citations[0].quote
    assert "snow" in ask("What closed the school?").citations[0].quote
    assert not any("cod" in c.quote for c in ask("Who caught less cod?", 50).citations)
    assert verify_index(index).faults == ()


def test_deleted_text_is_in_no_byte_of_the_new_index(
    sync: Any, articles: Path, index: Path
) -> None:
    (articles / "secret.md").write_text(
        "---\ntitle: Zanzibarian\npublisher: Qwertzian\nauthor: Yxcvbnian\n---\n\n"
        "The Plokijuh met the Mnbvcxy. Nobody else was there.\n"
    )
    sync(articles)
    (articles / "secret.md").unlink()
    sync()
    for word in ("Zanzibarian", "Qwertzian", "Yxcvbnian", "Plokijuh", "Mnbvcxy", "secret.md"):
        assert _everywhere(index, word) == []


def test_text_that_was_edited_out_is_in_no_byte_of_the_new_index(
    sync: Any, articles: Path, index: Path
) -> None:
    for number in range(60):
        (articles / f"{number:02}.txt").write_text(
            f"Witness Plokijuh{number:02}x spoke. " + f"Filling sentence {number} follows. " * 30
        )
    sync(articles)
    for number in range(0, 60, 3):
        path = articles / f"{number:02}.txt"
        path.write_text(path.read_text().replace(f"Plokijuh{number:02}x", "Somebody"))
    for number in range(1, 60, 3):
        (articles / f"{number:02}.txt").write_text("Short now.")
    for number in range(2, 60, 3):
        (articles / f"{number:02}.txt").unlink()
    sync()
    for number in range(60):
        assert _everywhere(index, f"Plokijuh{number:02}x") == []


def test_an_unchanged_run_makes_no_generation_and_embeds_nothing(
    sync: Any, articles: Path, index: Path, encoder: Listening
) -> None:
    first = sync(articles)
    before = {p: p.stat().st_mtime_ns for p in (index / first.generation).rglob("*")}
    encoder.heard.clear()
    report = sync(articles)
    assert not report.changed
    assert report.generation == first.generation
    assert report.unchanged == report.documents == 6
    assert report.embedded == 0
    assert report.added == report.updated == report.removed == ()
    assert encoder.heard == []
    assert {p: p.stat().st_mtime_ns for p in (index / first.generation).rglob("*")} == before
    assert [p.name for p in index.glob("gen-*")] == [first.generation]


def test_a_file_that_was_only_touched_changes_nothing(sync: Any, articles: Path) -> None:
    sync(articles)
    text = (articles / "school.txt").read_bytes()
    (articles / "school.txt").unlink()
    (articles / "school.txt").write_bytes(text)
    assert not sync().changed


def test_a_renamed_file_embeds_nothing(sync: Any, ask: Any, articles: Path) -> None:
    sync(articles)
    (articles / "school.txt").rename(articles / "renamed.txt")
    report = sync()
    assert report.added == ("articles/renamed.txt",)
    assert report.removed == ("articles/school.txt",)
    assert report.embedded == 0
    assert ask("How many pupils?").citations[0].path == str(articles / "renamed.txt")


def test_a_moved_folder_embeds_nothing(sync: Any, articles: Path) -> None:
    sync(articles)
    moved = articles.rename(articles.with_name("moved"))
    report = sync(moved, forget=[articles])
    assert report.embedded == 0
    assert report.documents == 6


def test_one_edited_sentence_embeds_that_sentence_only(
    sync: Any, articles: Path, encoder: Listening
) -> None:
    sync(articles)
    encoder.heard.clear()
    path = articles / "harbour.md"
    path.write_text(path.read_text().replace("Some 300 dockers", "Some 350 dockers"))
    report = sync()
    assert report.updated == ("articles/harbour.md",)
    assert report.embedded == 1
    assert encoder.heard == ["Some 350 dockers work there."]


def test_a_sentence_that_many_articles_share_is_embedded_once(
    sync: Any, articles: Path, encoder: Listening
) -> None:
    for number in range(30):
        (articles / f"{number}.txt").write_text(f"Nobody was hurt. Edition {number}.")
    sync(articles)
    assert encoder.heard.count("Nobody was hurt.") == 1
    assert len(encoder.heard) == len(set(encoder.heard))


def test_a_changed_title_or_date_embeds_nothing_and_is_told(
    sync: Any, ask: Any, articles: Path
) -> None:
    sync(articles)
    path = articles / "harbour.md"
    path.write_text(path.read_text().replace("2019-04-26", "2019-04-27").replace("opens", "grows"))
    report = sync()
    assert report.updated == ("articles/harbour.md",)
    assert report.embedded == 0
    (found,) = ask("Which harbour grows?", 1, since="2019-04-27").citations
    assert (found.title, found.published) == ("Harbour grows", "2019-04-27")


def test_a_second_folder_keeps_the_first(
    sync: Any, articles: Path, tmp_path: Path, index: Path
) -> None:
    sync(articles)
    other = tmp_path / "other"
    other.mkdir()
    (other / "new.txt").write_text("An eclipse darkened Sakhalin.\n")
    report = sync(other)
    assert report.added == ("other/new.txt",)
    assert report.removed == ()
    assert report.documents == 7
    assert index_status(index).roots == (str(articles), str(other))
    assert not sync().changed


def test_forget_drops_a_folder_and_its_articles(
    sync: Any, articles: Path, tmp_path: Path, index: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "new.txt").write_text("An eclipse darkened Plokijuh.\n")
    sync(articles, other)
    report = sync(forget=[other])
    assert report.removed == ("other/new.txt",)
    assert index_status(index).roots == (str(articles),)
    assert _everywhere(index, "Plokijuh") == []


def test_forget_of_a_folder_that_is_gone_works(
    sync: Any, articles: Path, tmp_path: Path, index: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(articles / "deep", other)
    sync(articles, other)
    shutil.rmtree(other)
    assert sync(forget=[other]).documents == 6


def test_forget_of_a_folder_that_was_never_indexed_is_refused(
    sync: Any, articles: Path, tmp_path: Path
) -> None:
    sync(articles)
    with pytest.raises(InputError, match=re.escape(str(articles))):
        sync(forget=[tmp_path / "never"])


def test_a_root_that_vanished_is_told_and_nothing_changes(
    sync: Any, ask: Any, articles: Path, index: Path
) -> None:
    first = sync(articles)
    articles.rename(articles.with_name("elsewhere"))
    with pytest.raises(InputError, match=r"is gone.*--forget"):
        sync()
    with pytest.raises(InputError):
        sync(articles)
    assert index_status(index).generation == first.generation
    assert ask("How many pupils?").citations


def test_one_vanished_root_of_two_changes_nothing(
    sync: Any, articles: Path, tmp_path: Path, index: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(articles / "deep", other)
    first = sync(articles, other)
    shutil.rmtree(other)
    (articles / "new.txt").write_text("An eclipse darkened Sakhalin.\n")
    with pytest.raises(InputError, match="gone"):
        sync(articles)
    assert index_status(index).generation == first.generation


def test_when_every_article_is_deleted_nothing_is_found_any_more(
    sync: Any, ask: Any, articles: Path
) -> None:
    sync(articles)
    for path in articles.rglob("*"):
        if path.is_file():
            path.unlink()
    report = sync()
    assert (report.documents, len(report.removed)) == (0, 6)
    assert not ask("timber exports").citations
    assert sync().changed is False


def test_forgetting_the_only_folder_leaves_an_empty_index(
    sync: Any, ask: Any, articles: Path
) -> None:
    sync(articles)
    report = sync(forget=[articles])
    assert report.documents == 0
    assert not ask("timber exports").citations
    assert sync(articles).documents == 6


def test_rebuilding_remembers_the_folders_and_keeps_the_generation_before(
    sync: Any, articles: Path, index: Path
) -> None:
    before = sync(articles)
    report = sync(rebuild=True)
    assert (report.documents, len(report.added)) == (6, 6)
    assert (index / before.generation).is_dir()


def test_removed_text_gives_its_space_back(sync: Any, articles: Path, tmp_path: Path) -> None:
    small = sync(articles).bytes
    (tmp_path / "big.txt").write_text("Another sentence about nothing much. " * 20_000)
    assert sync(tmp_path / "big.txt").bytes > 4 * small
    assert sync(forget=[tmp_path / "big.txt"]).bytes < 1.5 * small


def test_damaged_derived_files_are_made_again(
    sync: Any, ask: Any, articles: Path, index: Path
) -> None:
    report = sync(articles)
    (index / report.generation / "passages.faiss").write_bytes(b"")
    assert sync().changed
    assert ask("timber exports").citations


def test_one_path_may_be_given_as_it_is(articles: Path, index: Path, encoder: Any) -> None:
    assert build_index(articles, index, encoder=encoder).documents == 6
    assert build_index(str(articles), index, encoder=encoder).changed is False


def test_a_folder_inside_a_folder_adds_nothing(sync: Any, articles: Path, index: Path) -> None:
    first = sync(articles)
    report = sync(articles / "deep")
    assert not report.changed
    assert report.documents == first.documents
    assert index_status(index).roots == (str(articles),)


def test_the_folder_around_an_indexed_folder_takes_its_place(
    sync: Any, articles: Path, index: Path
) -> None:
    sync(articles / "deep")
    report = sync(articles)
    assert report.documents == 6
    assert index_status(index).roots == (str(articles),)
    assert not sync().changed


def test_a_path_with_dots_is_the_same_folder(sync: Any, articles: Path, index: Path) -> None:
    sync(articles / "deep" / "..")
    assert index_status(index).roots == (str(articles),)
    assert not sync(articles).changed
    assert sync(forget=[articles / "deep" / ".."]).documents == 0


def test_an_index_inside_its_own_folder_is_not_an_article(
    articles: Path, encoder: Listening
) -> None:
    inside = articles / "my-index"
    first = build_index([articles], inside, encoder=encoder)
    again = build_index([articles], inside, encoder=encoder)
    assert first.problems == again.problems == ()
    assert not again.changed


def test_a_single_file_can_be_indexed(sync: Any, ask: Any, articles: Path) -> None:
    report = sync(articles / "school.txt")
    assert report.added == ("school.txt",)
    assert ask("How many pupils?").citations[0].doc_id == "school.txt"


def test_jsonl_articles_keep_their_ids_and_lines(sync: Any, ask: Any, articles: Path) -> None:
    sync(articles)
    found = ask("Who bought larch?", 1).citations[0]
    assert (found.doc_id, found.path) == ("wire-1", str(articles / "wire.jsonl"))
    (articles / "wire.jsonl").write_text(_lines(("wire-2", "Coal is back."), ("wire-3", "Peat.")))
    report = sync()
    assert report.added == ("wire-3",)
    assert report.updated == ("wire-2",)
    assert report.removed == ("wire-1",)


def test_an_edited_line_updates_its_own_article_alone(
    sync: Any, ask: Any, articles: Path, index: Path
) -> None:
    first, second = (articles / "wire.jsonl").read_text().splitlines()
    sync(articles)
    edited = first.replace("Forest Wire", "Timber Wire")
    (articles / "wire.jsonl").write_text(f"{edited}\n{second}\n")
    report = sync()
    assert (report.updated, report.unchanged) == (("wire-1",), 5)
    edited = second.replace("Wagons were missing", "Wagons came back")
    (articles / "wire.jsonl").write_text(f"{first}\n{edited}\n")
    assert set(sync().updated) == {"wire-1", "wire-2"}
    (articles / "wire.jsonl").write_text(f"\n{edited}\n{first}\n")
    report = sync()
    assert (report.changed, report.updated, report.unchanged) == (True, (), 6)
    found = ask("Who bought larch?", 1).citations[0]
    assert (found.doc_id, found.line, found.file) == ("wire-1", 3, "same")
    assert verify_index(index).faults == ()


def test_what_is_no_fact_of_an_article_may_change_without_updating_it(
    sync: Any, ask: Any, articles: Path
) -> None:
    sync(articles)
    path = articles / "harbour.md"
    path.write_text(path.read_text().replace("title:", "mood: blue\ntitle:"))
    report = sync()
    assert (report.updated, report.unchanged, report.embedded) == ((), 6, 0)
    assert ask("What opened a new quay?", 1).citations[0].file == "same"


def test_of_very_many_problems_in_one_file_the_first_are_listed(sync: Any, articles: Path) -> None:
    (articles / "broken.jsonl").write_text("no JSON\n" * 3000)
    report = sync(articles)
    assert len(report.problems) == 1001
    assert report.problems[0].line == 1
    assert [each.reason for each in report.problems if each.line is None] == [
        "2,000 more problems in this file"
    ]
    again = sync()
    assert (again.changed, again.problems) == (False, report.problems)


def test_of_very_many_articles_whose_ids_become_free_none_is_lost(
    sync: Any, articles: Path
) -> None:
    lines = [(f"n{number}", f"Edition {number} was sold.") for number in range(1100)]
    (articles / "x.jsonl").write_text(_lines(*lines))
    (articles / "y.jsonl").write_text("no JSON\n" * 1000 + _lines(*lines))
    sync(articles)
    (articles / "x.jsonl").unlink()
    report = sync()
    assert report.documents == 6 + 1100
    assert {problem.kind for problem in report.problems} == {"unread"}


def test_links_are_followed_from_the_run_that_asks_for_it_to_the_one_that_asks_otherwise(
    sync: Any, ask: Any, articles: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "ferry.txt").write_text("A late ferry reached Sokcho.\n")
    (articles / "out").symlink_to(tmp_path / "elsewhere")
    first = sync(articles)
    (problem,) = first.problems
    assert (problem.path, problem.kind) == (str(articles / "out"), "unread")
    assert "--follow-links" in problem.reason
    assert not sync().changed
    followed = sync(follow_links=True)
    assert (followed.added, followed.problems) == (("articles/out/ferry.txt",), ())
    (tmp_path / "elsewhere" / "train.txt").write_text("A late train reached Busan.\n")
    assert sync().added == ("articles/out/train.txt",)
    assert sync(rebuild=True).documents == 8
    assert ask("Which ferry?", 1).citations[0].file == "same"
    left = sync(follow_links=False)
    assert left.removed == ("articles/out/ferry.txt", "articles/out/train.txt")
    assert left.problems == first.problems
    assert not sync().changed


def test_a_line_that_moved_within_a_file_embeds_nothing(
    sync: Any, articles: Path, encoder: Listening
) -> None:
    lines = [("a", "First told. More of it."), ("b", "Second told."), ("c", "Third told.")]
    (articles / "wire.jsonl").write_text(_lines(*lines))
    sync(articles)
    encoder.heard.clear()
    (articles / "wire.jsonl").write_text(_lines(*reversed(lines)))
    report = sync()
    assert report.added == report.removed == ()
    assert encoder.heard == []


def test_an_id_that_two_files_use_is_a_problem_of_the_second(
    sync: Any, ask: Any, articles: Path
) -> None:
    (articles / "xerox.jsonl").write_text(_lines(("wire-1", "Another story."), ("mine", "Mine.")))
    report = sync(articles)
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.kind) == (
        str(articles / "xerox.jsonl"),
        1,
        "duplicate",
    )
    assert "'wire-1'" in problem.reason
    assert str(articles / "wire.jsonl") in problem.reason
    assert report.documents == 7
    again = sync()
    assert not again.changed
    assert again.problems == report.problems


def test_an_article_whose_id_became_free_is_indexed(sync: Any, articles: Path, index: Path) -> None:
    (articles / "xerox.jsonl").write_text(_lines(("wire-1", "Another story was printed.")))
    assert len(sync(articles).problems) == 1
    (articles / "wire.jsonl").unlink()
    report = sync()
    assert report.problems == ()
    assert "wire-1" in _ids(index)
    with open_index(index) as opened:
        assert opened.article("wire-1").text == "Another story was printed."


@pytest.mark.parametrize(("before", "after"), [("a", "b"), ("b", "a")])
def test_an_article_that_moves_to_another_file_is_not_lost(
    sync: Any, articles: Path, index: Path, before: str, after: str
) -> None:
    for name in "ab":
        (articles / f"{name}.jsonl").write_text(_lines((f"stays-{name}", f"{name} stays here.")))
    with (articles / f"{before}.jsonl").open("a") as file:
        file.write(_lines(("moves", "This one wanders about.")))
    sync(articles)
    for name in "ab":
        (articles / f"{name}.jsonl").write_text(_lines((f"stays-{name}", f"{name} stays here.")))
    with (articles / f"{after}.jsonl").open("a") as file:
        file.write(_lines(("moves", "This one wanders about.")))
    report = sync()
    assert report.problems == ()
    assert report.embedded == 0
    with open_index(index) as opened:
        assert opened.article("moves").path == str(articles / f"{after}.jsonl")


def test_content_that_became_unreadable_is_a_problem_and_is_not_found(
    sync: Any, ask: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    (articles / "school.txt").write_bytes(bytes(range(256)) * 20)
    report = sync()
    assert report.removed == ("articles/school.txt",)
    (problem,) = report.problems
    assert problem.path == str(articles / "school.txt")
    assert "not text" in problem.reason
    assert not any("pupils" in c.quote for c in ask("How many pupils?", 50).citations)
    assert index_status(index).problems == report.problems
    again = sync()
    assert not again.changed
    assert again.problems == report.problems
    (articles / "school.txt").write_text("The school counts 460 pupils.\n")
    assert sync().problems == ()
    assert "460" in ask("How many pupils?").citations[0].quote


def test_a_file_replaced_by_a_folder_is_no_trouble(sync: Any, articles: Path, index: Path) -> None:
    sync(articles)
    (articles / "school.txt").unlink()
    (articles / "school.txt").mkdir()
    (articles / "school.txt" / "inner.txt").write_text("The school counts 460 pupils.\n")
    assert sync().removed == ("articles/school.txt",)


def test_a_folder_whose_name_is_not_utf8_is_indexed_or_refused_in_words(
    sync: Any, ask: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "caf\udce9" / "articles"
    folder.mkdir(parents=True)
    (folder / "one.txt").write_text("An eclipse darkened Sakhalin.\n")
    try:
        report = sync(folder)
    except InputError:
        return
    assert report.documents == 1
    assert ask("Where was an eclipse?").citations[0].path.encode()
    assert not sync().changed


def test_two_folders_of_one_name_keep_their_articles_apart(
    sync: Any, articles: Path, tmp_path: Path, encoder: Listening
) -> None:
    sync(articles)
    twin = tmp_path / "twin" / "articles"
    twin.mkdir(parents=True)
    (twin / "school.txt").write_text("Another school counts 90 pupils.\n")
    encoder.heard.clear()
    report = sync(twin)
    assert report.documents == 7
    assert encoder.heard == ["Another school counts 90 pupils."]
    assert not sync().changed


def test_the_report_counts_what_the_index_holds(sync: Any, articles: Path, index: Path) -> None:
    report = sync(articles)
    status = index_status(index)
    assert (status.documents, status.passages, status.sentences, status.bytes) == (
        report.documents,
        report.passages,
        report.sentences,
        report.bytes,
    )
    assert (status.sources, status.dated, status.oldest, status.newest) == (
        3,
        3,
        "2018-12-03",
        "2019-04-26",
    )
    generation = index / report.generation
    held = sum(p.stat().st_size for p in generation.rglob("*") if p.is_file())
    assert report.bytes == held - (generation / "MANIFEST.json").stat().st_size


def test_the_files_are_gone_through_once_whether_or_not_one_has_changed(
    articles: Path, index: Path, encoder: Listening
) -> None:
    def read() -> list[int]:
        seen: list[int] = []
        build_index(
            [articles],
            index,
            encoder=encoder,
            progress=lambda stage, done, _: seen.append(done) if stage == "reading" else None,
        )
        return seen

    first, unchanged = read(), read()
    next(articles.glob("*.md")).write_text("Talks went on in Vladivostok.\n", "utf-8")
    assert first == unchanged == read() == list(range(len(first)))
