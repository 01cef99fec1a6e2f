"""What every store must do, whatever it is made of: one suite, run over each implementation."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.hashed import HashedEncoder
from qa import IndexBusy, IndexMissing
from qa.indexing.splitting import split
from qa.retrieval.question import analyse
from qa.store.opening import open_store, open_writer, state_token
from qa.store.seam import PassageStore, StoreWriter
from qa.store.values import Canary, Candidates, Clause, Committed, Question, Recipe
from qa.text.days import day_range
from qa.types import Document, Filters

_ENCODER = HashedEncoder()
_CANARY = Canary("A bird.", tuple(_ENCODER.encode_questions(["A bird."])[0].tolist()))
_CAPACITY = 24


@pytest.fixture(params=["folder"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where a new store of each kind belongs. Another implementation is another parameter."""
    return {"folder": tmp_path / "store"}[request.param]


def _article(doc_id: str, text: str, source: str | None = None, day: str | None = None) -> Document:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        doc_id=doc_id, title=f"About {doc_id}", text=text, source=source, author=None,
        published=day, published_from="test" if day else None, url=None, path=f"/news/{doc_id}",
        line=None, encoding="utf-8", file_sha256=sha256, text_sha256=sha256,
    )  # fmt: skip


HARBOUR = _article(
    "harbour",
    "The harbour opened a quay. Some 300 dockers work there. Ships come from Busan twice a week. "
    "A crane was bought in May. The mayor made a speech about trade and fish.",
    "Coast Daily",
    "2019-04-26",
)
BRIDGE = _article(
    "bridge", "The bridge was closed. Trains wait on both banks.", "River Post", "2019-05"
)
SCHOOL = _article("school", "A school teaches Korean to 450 pupils. Parents pay nothing.")


def _recipe(writer: StoreWriter, **other: object) -> Recipe:
    recipe = Recipe(
        model=_ENCODER.identity, loading="test/1", splitting="test/1", capacity=_CAPACITY,
        analyzer=writer.analyzer, roots=("/news",),
    )  # fmt: skip
    return replace(recipe, **other)  # type: ignore[arg-type]


def _put(writer: StoreWriter, document: Document) -> None:
    passages = list(split(document.text, _ENCODER.count, _CAPACITY))
    writer.put_document(document, passages)
    writer.put_file(document.path, document.doc_id, document.file_sha256, [], (1, 2))


def _embed(writer: StoreWriter) -> list[str]:
    embedded: list[str] = []
    for batch in writer.batches():
        vectors = _ENCODER.encode_passages(batch.texts) if batch.texts else np.zeros((0, 384))
        writer.put_vectors(batch, vectors.astype(np.float32))
        embedded += batch.texts
    return embedded


@contextmanager
def _writing(location: Path) -> Iterator[StoreWriter]:
    """A writer in the middle of an update by the usual recipe."""
    with open_writer(location) as writer:
        writer.committed()
        writer.begin(_recipe(writer))
        yield writer


def _commit(writer: StoreWriter) -> Committed:
    return writer.commit(_CANARY, lambda *_: None)


def _fill(location: Path, *documents: Document) -> Committed:
    with _writing(location) as writer:
        for document in documents or (HARBOUR, BRIDGE, SCHOOL):
            _put(writer, document)
        _embed(writer)
        return _commit(writer)


@contextmanager
def _reading(location: Path) -> Iterator[PassageStore]:
    with closing(open_store(location)) as store:
        store.load()
        yield store


def _ask(store: PassageStore, text: str, filters: Filters = Filters()) -> Question:  # noqa: B008
    return analyse(text, _ENCODER, filters, store)


def _doc_ids(found: Candidates) -> set[str]:
    return set(found.doc_ids)


def test_what_was_put_and_committed_is_read_back(location: Path) -> None:
    committed = _fill(location)
    with _reading(location) as store:
        assert [store.document(one.doc_id) for one in (HARBOUR, BRIDGE, SCHOOL)] == [
            HARBOUR, BRIDGE, SCHOOL,
        ]  # fmt: skip
        assert store.document("nothing") is None
        assert store.passages_of("nothing") == ()
        assert store.state == committed.state
        assert store.model.fingerprint == _ENCODER.identity.fingerprint
        assert store.canary.text == _CANARY.text
        assert tuple(store.publishers) == ("Coast Daily", "River Post")
        assert store.stamp(HARBOUR.path) == (1, 2)
        status = store.status()
        assert (status.documents, status.passages) == (committed.documents, committed.passages)
        assert (status.roots, status.dated) == (("/news",), 2)


def test_passages_cover_their_document_in_order(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        places = store.passages_of("harbour")
        assert len(places) > 1
        assert places == tuple(
            (one.start, one.end) for one in split(HARBOUR.text, _ENCODER.count, _CAPACITY)
        )


def test_candidates_have_every_score_and_their_exact_place(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        question = _ask(store, "How many dockers work in the harbour?")
        found = store.candidates(question, 10)
        assert len(set(found.passage_ids)) == len(found)
        assert _doc_ids(found) == {"harbour", "bridge", "school"}
        for place, doc_id in enumerate(found.doc_ids):
            document = store.document(doc_id)
            assert document is not None
            start, end = found.span(place)
            assert found.passage_ids[place] == f"{doc_id}#{start}-{end}"
            assert found.publishers[place] == document.source
            quote = document.text[start:end]
            assert found.sha256[place] == hashlib.sha256(quote.encode()).digest()
            sentences = found.spans_of_sentences(place)
            assert start == sentences[0][0]
            assert end == sentences[-1][1]
            texts = [document.text[slice(*span)] for span in sentences]
            # Vectors may be stored in few bits.
            expected = _ENCODER.encode_passages(texts) @ question.vector
            np.testing.assert_allclose(
                found.sentence_cosines[found.sentences(place)], expected, atol=0.05
            )
            shares = bool(question.words.finder(quote)) or bool(
                question.words.finder(f"{document.title} {document.source}")
            )
            assert shares or found.bm25[place] == 0
        np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-4)
        np.testing.assert_allclose(found.cosines, found.vectors @ question.vector, atol=1e-5)
        best = int(np.argmax(found.bm25))
        assert found.doc_ids[best] == "harbour"
        assert found.has_quantity[found.sentences(best)].any()


def test_a_clause_scores_the_candidates_as_it_would_as_a_question(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        question, other = (_ask(store, text) for text in ("the harbour", "450 pupils of a school"))
        parts = tuple(Clause(one.text, one.vector, one.words) for one in (question, other))
        alone, found = (
            store.candidates(question, 1),
            store.candidates(replace(question, clauses=parts), 1),
        )
        # Clauses find nothing, and change no score of the question.
        assert alone.of_clauses == ()
        assert found.passage_ids == alone.passage_ids
        np.testing.assert_array_equal(found.bm25, alone.bm25)
        places = {one: place for place, one in enumerate(found.passage_ids)}
        for clause, asked in zip(found.of_clauses, (question, other), strict=True):
            every = store.candidates(asked, 10)
            where = [every.passage_ids.index(one) for one in places]
            for name in ("cosines", "article_cosines", "bm25"):
                expected = getattr(every, name)[where]
                np.testing.assert_allclose(getattr(clause, name), expected, atol=1e-5)
            sentences = [every.sentence_cosines[every.sentences(place)] for place in where]
            np.testing.assert_allclose(
                clause.sentence_cosines, np.concatenate(sentences), atol=1e-5
            )


def test_clauses_of_a_question_without_candidates_have_no_scores(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        question = _ask(store, "the harbour", Filters(since="2030"))
        clause = Clause(question.text, question.vector, question.words)
        (scores,) = store.candidates(replace(question, clauses=(clause,)), 10).of_clauses
        assert len(scores.bm25) == len(scores.cosines) == len(scores.sentence_cosines) == 0


def test_a_depth_bounds_each_side(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        assert 1 <= len(store.candidates(_ask(store, "Where do trains wait?"), 1)) <= 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(source="coast"), {"harbour"}),
        (Filters(since="2019-05-01"), {"bridge"}),
        (Filters(until="2019-04-30"), {"harbour"}),
        (Filters(since="2019-05-31", until="2019-06-01"), {"bridge"}),
        (Filters(since="2020"), set()),
        (Filters(), {"harbour", "bridge", "school"}),
        (Filters(source=("river", "coast")), {"harbour", "bridge"}),
        (Filters(until="2019-04-30", source="river"), set()),
    ],
)
def test_filters_hold_for_both_sides(location: Path, filters: Filters, expected: set[str]) -> None:
    _fill(location)
    with _reading(location) as store:
        found = store.candidates(_ask(store, "Who teaches dockers on a bridge?", filters), 10)
        assert _doc_ids(found) == expected
        assert store.undated(filters) == (1 if filters.since or filters.until else 0)
        assert store.sourceless(filters) == (1 if filters.source else 0)
        assert set(store.doc_ids(filters)) == expected
        assert sum(store.counts(filters).values()) == len(expected)


def test_documents_are_listed_newest_first_and_those_of_a_day_by_id(location: Path) -> None:
    month, wire = replace(BRIDGE, published="2019-04"), replace(BRIDGE, doc_id="wire")
    _fill(location, SCHOOL, wire, HARBOUR, month, _article("axe", "Axes.", None, "2019-05-01"))
    with _reading(location) as store:
        # The first day that "2019-05" may mean is that of "2019-05-01".
        assert store.doc_ids(Filters()) == ["axe", "wire", "harbour", "bridge", "school"]
        assert store.counts(Filters()) == {"Coast Daily": 1, "River Post": 2, None: 2}
        assert store.counts(Filters(source="river")) == {"River Post": 2}
        assert store.counts(Filters(since="2020")) == {}


def test_weights_are_those_of_the_committed_documents(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        weights = store.analyse("the harbour of a unicorn").weights
    assert weights["unicorn"] == 0
    assert weights["harbour"] > 0
    again = _fill(location, replace(BRIDGE, text=HARBOUR.text, text_sha256=HARBOUR.text_sha256))
    with _reading(location) as store:
        assert store.state == again.state
        # More passages have the word now, so it says less.
        assert 0 < store.analyse("harbour").weights["harbour"] < weights["harbour"]


def test_candidates_have_the_language_of_their_article_and_are_found_by_its_words(
    location: Path,
) -> None:
    korean = _article("ko", "항구에서 노동자 300명이 일한다. 배는 주 두 번 온다.", None, None)
    german = _article("de", "Die Häfen sind seit dem Winter für alle Schiffe gesperrt.", None, None)
    _fill(location, HARBOUR, korean, german)
    with _reading(location) as store:
        for text, doc_id in (
            ("노동자는 항구에서 무엇을 하나?", "ko"),
            ("Welcher Hafen wird für ein Schiff gesperrt?", "de"),
            ("Who opened the harbour?", "harbour"),
        ):
            question = _ask(store, text)
            found = store.candidates(question, 10)
            languages = dict(zip(found.doc_ids, found.languages, strict=True))
            assert languages == {"harbour": "en", "ko": "ko", "de": "de"}
            best = int(found.bm25.argmax())
            assert found.doc_ids[best] == doc_id
            document = store.document(doc_id)
            assert document is not None
            shared = question.words.finder(document.text, languages[doc_id])
            assert shared.keys() <= set(question.words.terms)
            assert sum(question.words.weights[term] for term in shared) > 0


def test_articles_come_with_the_cosines_of_their_opening(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        vector = _ENCODER.encode_questions(["Who opened a quay?"])[0]
        articles = store.articles({"harbour", "school"}, vector)
        assert articles.keys() == {"harbour", "school"}
        first = next(split(HARBOUR.text, _ENCODER.count, _CAPACITY))
        texts = [HARBOUR.text[slice(*span)] for span in first.sentences]
        assert articles["harbour"].document == HARBOUR
        np.testing.assert_allclose(
            articles["harbour"].opening, _ENCODER.encode_passages(texts) @ vector, atol=0.05
        )


def test_nothing_is_seen_before_the_commit(location: Path) -> None:
    first = _fill(location, HARBOUR)
    token = state_token(location)
    with _writing(location) as writer:
        _put(writer, BRIDGE)
        _embed(writer)
        with _reading(location) as store:
            assert store.state == first.state
            assert store.document("bridge") is None
        assert state_token(location) == token
        second = _commit(writer)
    assert second.state != first.state
    assert state_token(location) != token
    with _reading(location) as store:
        assert store.document("bridge") == BRIDGE


def test_a_writer_that_leaves_without_a_commit_changes_nothing(location: Path) -> None:
    first = _fill(location, HARBOUR)
    with _writing(location) as writer:
        writer.drop_document("harbour")
        _put(writer, BRIDGE)
    with _reading(location) as store:
        assert store.state == first.state
        assert store.document("harbour") == HARBOUR
        assert store.document("bridge") is None


def test_readers_keep_their_state_while_others_commit(location: Path) -> None:
    _fill(location, HARBOUR)
    with _reading(location) as old:
        question = _ask(old, "What was closed?")
        before = old.candidates(question, 10)
        for document in (BRIDGE, SCHOOL):
            _fill(location, document)
        with _reading(location) as new:
            assert new.state != old.state
            assert _doc_ids(new.candidates(_ask(new, "What was closed?"), 10)) == {
                "harbour", "bridge", "school",
            }  # fmt: skip
        again = old.candidates(question, 10)
        assert again.passage_ids == before.passage_ids
        np.testing.assert_array_equal(again.bm25, before.bm25)
        assert old.document("bridge") is None


def test_a_document_is_replaced_described_and_dropped(location: Path) -> None:
    _fill(location)
    shorter = _article("harbour", "The harbour is shut.", "Coast Daily", "2019-06-01")
    renamed = replace(BRIDGE, source="Delta News")
    with _writing(location) as writer:
        _put(writer, shorter)
        writer.describe_document(renamed)
        writer.drop_document("school")
        writer.drop_file(SCHOOL.path)
        changes = writer.changes()
        assert set(changes.updated) == {"harbour", "bridge"}
        assert (changes.added, changes.removed, changes.unchanged) == ((), ("school",), 0)
        assert changes.any()
        assert writer.due(changes)
        _embed(writer)
        committed = _commit(writer)
    assert committed.documents == 2
    with _reading(location) as store:
        assert store.document("harbour") == shorter
        assert store.document("bridge") == renamed
        assert store.document("school") is None
        assert tuple(store.publishers) == ("Coast Daily", "Delta News")
        found = store.candidates(_ask(store, "dockers, trains and pupils"), 10)
        assert _doc_ids(found) == {"harbour", "bridge"}
        only = _ask(store, "What was closed?", Filters(source="Delta"))
        assert _doc_ids(store.candidates(only, 10)) == {"bridge"}


def test_an_update_equals_a_fresh_store(location: Path, tmp_path: Path) -> None:
    _fill(location, replace(HARBOUR, text="Old.", text_sha256="0"), SCHOOL)
    _fill(location, HARBOUR, BRIDGE)
    fresh = tmp_path / "fresh"
    _fill(fresh, HARBOUR, BRIDGE, SCHOOL)
    with _reading(location) as one, _reading(fresh) as other:
        for text in ("How many dockers?", "What was closed?", "Who pays nothing?"):
            found, expected = (store.candidates(_ask(store, text), 10) for store in (one, other))
            order = [expected.passage_ids.index(name) for name in found.passage_ids]
            assert sorted(order) == list(range(len(expected)))
            np.testing.assert_allclose(found.bm25, expected.bm25[order], rtol=1e-5)
            np.testing.assert_allclose(found.cosines, expected.cosines[order], atol=1e-5)
            assert one.analyse(text).weights == other.analyse(text).weights


def test_a_known_sentence_is_not_embedded_again(location: Path) -> None:
    _fill(location)
    longer = _article("bridge", f"{BRIDGE.text} It will open in June.", "River Post", "2019-05")
    with _writing(location) as writer:
        _put(writer, longer)
        assert writer.without_vectors() > 0
        assert _embed(writer) == ["It will open in June."]
        assert writer.without_vectors() == 0
        _commit(writer)


def test_an_update_without_changes_is_not_due(location: Path) -> None:
    first = _fill(location)
    with _writing(location) as writer:
        changes = writer.changes()
        assert not changes.any()
        assert changes.unchanged == 3
        assert not writer.due(changes)
        assert writer.current() == first


def test_another_recipe_makes_an_update_due(location: Path) -> None:
    _fill(location)
    with open_writer(location) as writer:
        assert writer.committed() == _recipe(writer)
        assert writer.begin(_recipe(writer, roots=("/news", "/more")))
        assert writer.due(writer.changes())
    with open_writer(location) as writer:
        writer.committed()
        assert not writer.begin(_recipe(writer, splitting="test/2"))


def test_a_rebuild_starts_from_nothing(location: Path) -> None:
    _fill(location)
    with open_writer(location) as writer:
        writer.committed(rebuild=True)
        writer.begin(_recipe(writer), rebuild=True)
        assert writer.files() == {}
        assert writer.document("harbour") is None
        _put(writer, SCHOOL)
        assert _embed(writer) == ["A school teaches Korean to 450 pupils.", "Parents pay nothing."]
        assert _commit(writer).documents == 1


def test_a_document_has_the_days_that_its_date_may_mean(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        assert store.days(["bridge", "school", "harbour"]) == {
            "harbour": day_range("2019-04-26"),
            "bridge": day_range("2019-05"),
        }
        assert store.days(["school"]) == {}
    day = replace(BRIDGE, published="2019-06-01")
    with _writing(location) as writer:
        writer.describe_document(day)
        writer.drop_document("harbour")
        _commit(writer)
    with _reading(location) as store:
        assert store.days(["bridge", "school"]) == {"bridge": day_range("2019-06-01")}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "2019-05"),
        (Filters(until="2019-04-30"), "2019-04-26"),
        (Filters(source="coast"), "2019-04-26"),
        (Filters(since="2020"), None),
    ],
)
def test_the_newest_day_is_that_of_a_document_within_the_filters(
    location: Path, filters: Filters, expected: str | None
) -> None:
    _fill(location)
    with _reading(location) as store:
        assert store.newest_day(filters) == (day_range(expected)[0] if expected else None)


def test_files_and_their_problems_are_kept(location: Path) -> None:
    _fill(location)
    with _writing(location) as writer:
        assert writer.files()[HARBOUR.path] == ("harbour", HARBOUR.file_sha256)
        assert writer.file(HARBOUR.path) == ("harbour", HARBOUR.file_sha256)
        assert writer.file("/news/none") is None
        assert writer.doc_ids(HARBOUR.path) == ["harbour"]
        assert writer.doc_ids("/news/none") == []
        assert writer.problems() == ()


def test_a_second_writer_is_refused(location: Path) -> None:
    with _writing(location), pytest.raises(IndexBusy), open_writer(location):
        pass


def test_a_place_without_a_store_says_so(location: Path) -> None:
    assert state_token(location) is None
    with pytest.raises(IndexMissing, match="nkqa index"):
        open_store(location)


def test_a_scan_gives_every_document_with_its_vectors(location: Path) -> None:
    _fill(location)
    with _reading(location) as store:
        scanned = {one.document.doc_id: one for one in store.scan()}
        assert [one.document for one in scanned.values()] == [HARBOUR, BRIDGE, SCHOOL]
        for doc_id, one in scanned.items():
            assert [(s[0][0], s[-1][1]) for s, _ in one.passages] == list(store.passages_of(doc_id))
            for spans, vectors in one.passages:
                assert _close(_texts(one.document, spans), vectors)


def _texts(document: Document, spans: Sequence[tuple[int, int]]) -> list[str]:
    return [document.text[start:end] for start, end in spans]


def _close(texts: list[str], vectors: np.ndarray) -> bool:
    cosines = np.einsum("ij,ij->i", _ENCODER.encode_passages(texts), vectors)
    return bool((cosines > 0.98).all())


QUAKE = _article(
    "quake",
    "An earthquake struck Petropavlovsk on Friday and destroyed the theatre of Petropavlovsk.",
    "Coast Daily",
    "2019-04-27",
)
TREMOR = _article(
    "tremor",
    "The earthquake of Petropavlovsk destroyed the theatre on Friday, survivors say.",
    "River Post",
    "2019-04-28",
)
SECOND_TREMOR = replace(TREMOR, doc_id="again", path="/news/again", published="2019-04-29")


def test_articles_of_one_event_are_a_story_with_the_oldest_first(location: Path) -> None:
    _fill(location, SECOND_TREMOR, TREMOR, QUAKE, BRIDGE)
    with _reading(location) as store:
        (story,) = store.stories(Filters())
        assert story.story_id == "quake"
        assert story.articles == tuple(
            (one.doc_id, one.source, day_range(str(one.published))[0])
            for one in (QUAKE, TREMOR, SECOND_TREMOR)
        )
        assert store.story_of(["tremor", "bridge"]) == {"tremor": story}
        assert store.story_of(["bridge"]) == {}


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(since="2019-04-29"), True),
        (Filters(since="2019-04-30"), False),
        (Filters(until="2019-04-27"), True),
        (Filters(until="2019-04-26"), False),
        (Filters(source="river"), True),
        (Filters(source="river", until="2019-04-27"), False),
    ],
)
def test_a_story_passes_filters_that_one_of_its_articles_passes(
    location: Path, filters: Filters, passes: bool
) -> None:
    _fill(location, QUAKE, TREMOR, SECOND_TREMOR)
    with _reading(location) as store:
        assert bool(store.stories(filters)) == passes


def test_a_story_follows_what_becomes_of_its_articles(location: Path) -> None:
    _fill(location, QUAKE, TREMOR, SECOND_TREMOR)
    with _writing(location) as writer:
        writer.drop_document("quake")
        _commit(writer)
    with _reading(location) as store:
        assert store.stories(Filters()) == ()  # Both are of the River Post.
    with _writing(location) as writer:
        writer.describe_document(replace(SECOND_TREMOR, source="Coast Daily"))
        _commit(writer)
    with _reading(location) as store:
        assert [story.story_id for story in store.stories(Filters())] == ["tremor"]


def test_other_rules_for_stories_group_all_articles_again(location: Path) -> None:
    _fill(location, QUAKE, TREMOR)
    with open_writer(location) as writer:
        writer.committed()
        writer.begin(_recipe(writer, stories="stories/0"))
        assert writer.due(writer.changes())
        _commit(writer)
    with _reading(location) as store:
        assert len(store.stories(Filters())) == 1
