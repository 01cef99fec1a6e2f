"""Terms in a tantivy index: BM25 over the text of each passage, its publisher, date and title.

The index is derived from the record. BM25 is tantivy's, k1 1.2 and b 0.75 (S. Robertson,
H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009).
"""

import contextlib
import datetime
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.errors import IndexDamaged
from qa.store.local.engines.analyzer import Analyzer, forms_of, spellings
from qa.store.local.engines.filters import Bounds
from qa.text.days import day_range, in_words
from qa.text.languages import ENGLISH, UNDETERMINED, languages

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

_HEAP = 256_000_000
# tantivy locks this file while it opens an index. The file is kept with the index, so that a
# process with write permission can open the index in place.
_LOCK = ".tantivy-meta.lock"
_LINKS = "nkqa-terms-"
# The largest day number (see `qa.text.days`).
_LAST = datetime.date.max.toordinal()
# Maximum number of query terms; further terms of a question are ignored.
_MAX_TERMS = 256


@dataclass(frozen=True, slots=True)
class Worded:
    """A passage and the facts indexed with it.

    `first`: whether it is the first of its article; `language`: the code of its article's language.
    """

    row: int
    text: str
    first: bool
    title: str
    source: str | None
    published: str | None
    language: str = ENGLISH

    def words(self) -> str:
        """The text to index: the passage, preceded by the facts that people use to name an article.

        Every passage gets the publisher and the date. Only the first passage gets the title; in all
        of them it would make the passages of an article too similar. Title and publisher are
        repeated to give them more weight (docs/studies/settings.md).
        """
        front = [self.title] * 2 if self.first else []
        front += [self.source] * 2 if self.source else []
        front += [in_words(self.published)] if self.published else []
        return "\n".join([*front, self.text])


def build_terms(folder: Path, passages: Iterable[Worded]) -> None:
    """Writes the index of passages into an empty folder.

    Uses one thread and one segment order, so that the same passages give the same index.
    """
    import tantivy

    _write(tantivy.Index(_schema(), path=str(folder)), folder, (), passages)


def change_terms(
    folder: Path, removed: Rows, added: Rows, words: Callable[[Rows], Iterable[Worded]]
) -> None:
    """Removes the rows `removed` from the index in `folder` and adds the rows `added`; `words`
    returns the passages at given rows.

    tantivy's BM25 counts a removed passage until its segment is rewritten. So each segment that
    loses a passage is rewritten, and the statistics equal those of a new index. Existing files are
    never modified: new files are added and obsolete files are no longer used. So the files may be
    hard links to those of another index.
    """
    import tantivy

    index = tantivy.Index.open(str(folder))
    dropped = _rows_beside(index, folder, removed)
    again = np.union1d(np.setdiff1d(dropped, removed), added)
    _write(index, folder, dropped.tolist(), words(again))


def _rows_beside(index: Any, folder: Path, rows: Rows) -> Rows:
    """All rows of the segments that contain any of `rows`."""
    import tantivy

    found = [np.zeros(0, dtype=np.int64)]
    if not len(rows):
        return found[0]
    searcher = index.searcher()
    holding = tantivy.Query.term_set_query(index.schema, "row", rows.tolist())
    hits = searcher.search(holding, limit=len(rows), count=False).hits
    # The position of a segment in this list is its `segment_ord` in an address.
    segments = json.loads((folder / "meta.json").read_bytes())["segments"]
    for number in {address.segment_ord for _, address in hits}:
        places = range(segments[number]["max_doc"])
        addresses = [tantivy.DocAddress(number, place) for place in places]
        found.append(np.array(searcher.fast_field_values("row", addresses), dtype=np.int64))
    return np.concatenate(found)


def _write(index: Any, folder: Path, removed: Iterable[int], passages: Iterable[Worded]) -> None:
    import tantivy

    analyzer = Analyzer()
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for row in removed:
        writer.delete_documents_by_term("row", row)
    for passage in passages:
        terms = analyzer.terms(passage.words(), passage.language)
        document = tantivy.Document(
            text=" ".join(terms), row=passage.row, language=_number(passage.language)
        )
        if passage.source:
            document.add_text("source", passage.source)
        if passage.published:
            first, last = day_range(passage.published)
            document.add_integer("first_day", first)
            document.add_integer("last_day", last)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    (folder / ".tantivy-writer.lock").unlink(missing_ok=True)
    (folder / _LOCK).touch()


@contextlib.contextmanager
def _openable(folder: Path) -> Iterator[Path]:
    """A folder from which tantivy can open the index in `folder`.

    It is `folder` itself if the lock file is writable, else a temporary folder of links to its
    files. The links are not needed once the index is open.
    """
    if os.access(folder / _LOCK, os.W_OK):
        yield folder
        return
    _remove_links()
    links, held = _new_links()
    try:
        for file in folder.resolve().iterdir():
            if file.name != _LOCK:
                (links / file.name).symlink_to(file)
        yield links
    finally:
        shutil.rmtree(links, ignore_errors=True)
        os.close(held)


def _new_links() -> tuple[Path, int]:
    """An empty temporary folder, and a file descriptor that holds its lock until it is closed."""
    while True:
        links = Path(tempfile.mkdtemp(prefix=_LINKS))
        # Until it is locked, another process may take it for a leftover and remove it.
        with contextlib.suppress(FileNotFoundError):
            held = os.open(links, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if links.exists():
                return links, held
            os.close(held)


def _remove_links() -> None:
    """Removes the temporary folders of killed processes, whose locks are free."""
    for links in Path(tempfile.gettempdir()).glob(f"{_LINKS}*"):
        with contextlib.suppress(OSError):
            held = os.open(links, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(held).st_uid == os.getuid():
                    shutil.rmtree(links)
            finally:
                os.close(held)


@contextlib.contextmanager
def _as_damage(folder: Path) -> Iterator[None]:
    """Raises `IndexDamaged` if tantivy fails, panics or returns impossible values, because its
    files changed after they were checked."""
    try:
        yield
    except BaseException as error:
        # A panic derives from BaseException, and its class cannot be imported.
        panicked = type(error).__name__ == "PanicException"
        if not panicked and not isinstance(error, ValueError | TypeError | IndexError):
            raise
        root = folder.parents[1]
        raise IndexDamaged(
            f"The index is damaged, so nothing is answered from it: {folder.name} ({folder}) "
            f"should be a sound tantivy index, found {str(error)[:200]!r}. "
            f"`nkqa repair --index {root}` makes it again from the record."
        ) from error


def weight(count: int, total: int) -> float:
    """BM25's inverse document frequency of a term that `count` of `total` passages contain.

    Always positive, except 0 if no passage contains the term.
    """
    return log1p((max(total - count, 0) + 0.5) / (count + 0.5)) if count else 0.0


class TermIndex:
    """A loaded index; searching is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy: Any = tantivy
        self._folder = folder
        with _as_damage(folder), _openable(folder) as openable:
            index = tantivy.Index.open(str(openable))
            self._schema: Any = index.schema
            self._searcher: Any = index.searcher()
            self.analyzer = Analyzer(self._spoken())

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, terms: Sequence[str], depth: int, within: Bounds | None = None) -> Rows:
        """The rows of the `depth` passages with the highest BM25, best first.

        Returns only passages with at least one of the terms. `within` restricts the search.
        """
        among = [] if within is None else self._restrictions(within)
        # tantivy can skip passages only if it searches single words. So the forms of each language
        # are searched apart, and what that finds is scored exactly.
        found = [
            self._run([self._words(form) for form in forms], depth, among)[0]
            for forms in spellings(terms[:_MAX_TERMS])
        ]
        if len(found) == 1:
            return found[0]
        rows = np.unique(np.concatenate(found))
        scores = self.scores(terms, rows)
        best = np.argsort(-scores, kind="stable")
        return rows[best[scores[best] > 0]][:depth]

    def scores(self, terms: Sequence[str], rows: Rows) -> Scores:
        """BM25 of each of `rows`, in their order; 0 for a passage with none of the terms."""
        among = self._tantivy.Query.term_set_query(self._schema, "row", rows.tolist())
        wanted = [self._query(term) for term in terms[:_MAX_TERMS]]
        found, scores = self._run(wanted, len(rows), [among])
        result = np.zeros(len(rows), dtype=np.float32)
        order = np.argsort(rows)
        with _as_damage(self._folder):
            result[order[np.searchsorted(rows[order], found)]] = scores
        return result

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each distinct term, in order; see `weight`."""
        total = len(self)
        with _as_damage(self._folder):
            counts = {term: self._count(term) for term in dict.fromkeys(terms)}
        return {term: weight(count, total) for term, count in counts.items()}

    def _run(self, wanted: list[Any], depth: int, among: list[Any]) -> tuple[Rows, Scores]:
        """Rows and scores of passages that match any query in `wanted` and all in `among`."""
        occur, query = self._tantivy.Occur, self._tantivy.Query
        if not wanted or depth == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        any_term = query.boolean_query([(occur.Should, one) for one in wanted])
        if among:
            conditions = [(occur.Must, query.const_score_query(one, 0.0)) for one in among]
            any_term = query.boolean_query([(occur.Must, any_term), *conditions])
        with _as_damage(self._folder):
            hits = self._searcher.search(any_term, limit=depth, count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in hits])
            return (
                np.array(rows, dtype=np.int64),
                np.array([score for score, _ in hits], dtype=np.float32),
            )

    def _query(self, term: str) -> Any:
        """The passages with any form of a term; the score is that of the best form."""
        occur, query = self._tantivy.Occur, self._tantivy.Query
        found = []
        for form, limited_to in forms_of(term):
            one = self._words(form)
            if limited_to:
                numbers = list(map(_number, limited_to))
                spoken = query.term_set_query(self._schema, "language", numbers)
                limited = query.const_score_query(spoken, 0.0)
                one = query.boolean_query([(occur.Must, one), (occur.Must, limited)])
            found.append(one)
        return found[0] if len(found) == 1 else query.disjunction_max_query(found)

    def _words(self, form: str) -> Any:
        return self._tantivy.Query.term_query(self._schema, "text", form, "freq")

    def _count(self, term: str) -> int:
        """The passages with the first form of a term that any passage has."""
        counts = (self._searcher.doc_freq("text", form) for form, _ in forms_of(term))
        return next((int(count) for count in counts if count), 0)

    def _spoken(self) -> list[str]:
        """The languages of the passages, the most frequent first."""
        codes = (*languages(), UNDETERMINED)
        counts = {code: self._searcher.doc_freq("language", _number(code)) for code in codes}
        return sorted(filter(counts.get, codes), key=lambda code: -counts[code])

    def languages(self, rows: Rows) -> tuple[str, ...]:
        """The language of each of `rows`, which are ascending."""
        if len(self.analyzer.spoken) == 1:
            return self.analyzer.spoken * len(rows)
        among = self._tantivy.Query.term_set_query(self._schema, "row", rows.tolist())
        with _as_damage(self._folder):
            hits = self._searcher.search(among, limit=max(len(rows), 1), count=False).hits
            addresses = [address for _, address in hits]
            found, numbers = (
                self._searcher.fast_field_values(name, addresses) for name in ("row", "language")
            )
        of = dict(zip(found, map(_code, numbers), strict=True))
        return tuple(of[row] for row in rows.tolist())

    def _restrictions(self, within: Bounds) -> list[Any]:
        query, integer = self._tantivy.Query, self._tantivy.FieldType.Integer
        made = []
        if within.since is not None:
            made.append(query.range_query(self._schema, "last_day", integer, within.since, _LAST))
        if within.until is not None:
            made.append(query.range_query(self._schema, "first_day", integer, 0, within.until))
        if within.sources is not None:
            made.append(query.term_set_query(self._schema, "source", list(within.sources)))
        return made


def _number(language: str) -> int:
    """A language's code as a number, for tantivy."""
    return int.from_bytes(language.encode())


def _code(number: int) -> str:
    return number.to_bytes(4).lstrip(b"\0").decode()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("row", indexed=True, fast=True)
    builder.add_integer_field("language", indexed=True, fast=True)
    builder.add_integer_field("first_day", fast=True)
    builder.add_integer_field("last_day", fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    return builder.build()
