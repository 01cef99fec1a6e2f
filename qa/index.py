"""The read path: an open index that answers questions.

An `Index` reads one generation for as long as it is open. Everything is checked when it opens and
each quote again before it is shown.
"""

import contextlib
import dataclasses
import datetime
import difflib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

import numpy as np

from embeddings import Encoder, Vectors, encoder_of
from embeddings.errors import (
    ArticleMissing,
    EncoderError,
    IndexDamaged,
    IndexMismatch,
    InputError,
    UsageError,
)
from qa.answers.citations import cite, file_of
from qa.retrieval.search import Retriever
from qa.store.local import folder as store
from qa.store.local import terms as lexical
from qa.store.local.generation import RECORD, TERMS, VECTORS, Generation
from qa.store.local.passages import place_of
from qa.store.local.record import Record
from qa.store.local.vectors import VectorIndex
from qa.text.days import day_range
from qa.text.invisible import is_utf8
from qa.types import Answer, Filters, Hit, IndexedDocument, IndexStatus, QuoteCheck, Timings

# Longer than any question; the model reads the first few hundred words of one anyway.
MAX_QUESTION = 8000
MAX_K = 100
# The least cosine to its stored vector with which an index's encoder is taken for the same.
_SAME_ENCODER = 0.999

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")


def _while_open(
    method: Callable[Concatenate["Index", _Given], _Told],
) -> Callable[Concatenate["Index", _Given], _Told]:
    """A method that is refused once the index is closed, and during which it stays open."""

    @functools.wraps(method)
    def reading(self: "Index", /, *args: _Given.args, **named: _Given.kwargs) -> _Told:
        with self._reading():
            return method(self, *args, **named)

    return reading


class Index:
    """An open index. Use as a context manager or call `close`; safe to use from several threads.

    Raises, when made: `IndexMissing`, `IndexDamaged`, `IndexMismatch`, `EncoderError`.
    """

    def __init__(self, path: Path, encoder: Encoder | None = None, *, recheck: bool = True) -> None:
        self.path = path
        self._recheck = recheck
        self._closed = False
        self._readers = 0
        self._counting = threading.Lock()
        self._open = contextlib.ExitStack()
        self._generation = self._open.enter_context(store.reading(path))
        manifest = self._generation.manifest
        if manifest.recipe.analyzer != lexical.ANALYZER:
            raise IndexMismatch(
                f"The words of this index were cut by {manifest.recipe.analyzer!r}, this version "
                f"of nkqa has {lexical.ANALYZER!r}. Run `nkqa repair` to make them again."
            )
        # The model starts while the files are checked: both take a tenth of a second.
        with ThreadPoolExecutor(1) as pool:
            starting = pool.submit(self._start_encoder, encoder)
            self._retriever = self._load()
            self._encoder = starting.result()

    @property
    def generation(self) -> str:
        """The name of the generation that answers."""
        return self._generation.name

    def _start_encoder(self, given: Encoder | None) -> Encoder:
        manifest = self._generation.manifest
        encoder = given or encoder_of(manifest.recipe.model)
        if encoder.identity.fingerprint != manifest.recipe.model.fingerprint:
            raise IndexMismatch(
                f"This index was made with the model {manifest.recipe.model.name!r}, not with "
                f"{encoder.identity.name!r}. Open it with that model, or index the articles "
                "again with `nkqa index --rebuild`."
            )
        canary = np.array(manifest.canary.vector, dtype=np.float32)
        cosine = float(encoder.encode_questions([manifest.canary.text])[0] @ canary)
        if not cosine >= _SAME_ENCODER:
            raise EncoderError(
                f"The model {manifest.recipe.model.name!r} gives other vectors than when this "
                f"index was made (cosine {cosine:.4f} on the stored sentence). The compiled model "
                "may be damaged: delete the folder `models` in nkqa's cache and try again."
            )
        return encoder

    def _load(self) -> Retriever:
        generation = self._generation
        others = [name for name in generation.manifest.files if name != VECTORS]
        generation.check(others, recheck=self._recheck)
        try:
            vectors = VectorIndex(generation.read(VECTORS))
            terms = lexical.TermIndex(generation.path / TERMS)
            record = Record.readable(generation.path / RECORD)
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexDamaged(
                f"The index at {self.path} cannot be opened: {error}. Run `nkqa verify`."
            ) from error
        self._open.callback(record.close)
        expected = generation.manifest.counts["passages"]
        counted = {"vectors": len(vectors), "terms": len(terms)}
        if set(counted.values()) != {expected}:
            raise IndexDamaged(
                f"The parts of the index at {self.path} do not belong together: {expected} "
                f"passages, {counted}. Run `nkqa repair`."
            )
        return Retriever(record, vectors, terms, tuple(record.sources()))

    @_while_open
    def ask(
        self,
        question: str,
        k: int = 5,
        *,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        source: str | None = None,
    ) -> Answer:
        """Up to `k` citations for the question, best first.

        `since` and `until` are dates or ISO texts, both included; `source` is a part of a
        publisher's name. Fewer than `k` come back only when the filters leave fewer passages.
        Raises `InputError` for an empty or endless question or an unknown source, `UsageError`
        for a wrong `k` or date.
        """
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; expected 1 to {MAX_K}.")
        begun = time.perf_counter()
        filters = Filters(
            None if since is None else str(since), None if until is None else str(until), source
        )
        vector, filters = self._prepare(question, filters)
        encoded = time.perf_counter()
        ranking = self._retriever.search(question, vector, filters)
        searched = time.perf_counter()
        citations = cite(
            question, vector, ranking, k, self._retriever.record, self._retriever.terms
        )
        done = time.perf_counter()
        timings = Timings(encoded - begun, searched - encoded, done - searched, done - begun)
        undated = self._retriever.undated(filters)
        return Answer(question, citations, undated, self._generation.name, timings)

    @_while_open
    def search(
        self,
        question: str,
        depth: int = 100,
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> tuple[Hit, ...]:
        """The ranked candidates for a question, without quotes: what evaluation needs.

        `depth` is how many come from each side. Raises as `ask`.
        """
        vector, filters = self._prepare(question, filters)
        return self._retriever.search(question, vector, filters, depth).hits

    def _prepare(self, question: str, filters: Filters) -> tuple[Vectors, Filters]:
        if not question.strip():
            raise InputError('The question is empty; ask one in plain language, as "Who met whom?"')
        if not is_utf8(question):
            raise InputError("The question is not UTF-8; check the terminal's encoding.")
        if len(question) > MAX_QUESTION:
            raise InputError(
                f"The question has {len(question):,} characters; at most {MAX_QUESTION:,} are "
                "read. Ask in a sentence or two."
            )
        if (
            filters.since
            and filters.until
            and (day_range(filters.since)[0] > day_range(filters.until)[1])
        ):
            raise UsageError(f"since {filters.since} is after until {filters.until}.")
        if filters.source is not None:
            self._refuse_unknown_source(filters.source)
        return self._encoder.encode_questions([question])[0], filters

    def _refuse_unknown_source(self, source: str) -> None:
        known = self._retriever.sources
        if not any(source.casefold() in name.casefold() for name in known):
            some = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
            like = difflib.get_close_matches(source, known, 1, 0.6)
            hint = f"Did you mean {like[0]!r}? " if like else ""
            raise InputError(
                f"No article in this index is from a source like {source!r}. {hint}"
                + (f"It has: {some}." if known else "Its articles name no source.")
            )

    @_while_open
    def article(self, doc_id: str) -> IndexedDocument:
        """A whole article, by its id or by that of a passage, whose place is then told.

        Raises `ArticleMissing` when the index has no article of that id, or the article no such
        place.
        """
        record = self._retriever.record
        document, start, end = record.document(doc_id), None, None
        if document is None and (named := place_of(doc_id)):
            document, (start, end) = record.document(named[0]), named[1]
        if document is None:
            raise ArticleMissing(
                f"The index at {self.path} has no article {doc_id!r}; ids are as its own citations "
                "give them. Another index may have it."
            )
        if start is not None and end is not None and not start < end <= len(document.text):
            raise ArticleMissing(
                f"{doc_id!r} names the characters {start:,} to {end:,}, the article has "
                f"{len(document.text):,}: it has changed since, or the id is not whole."
            )
        file = file_of(document, record)
        return IndexedDocument(**dataclasses.asdict(document), file=file, start=start, end=end)

    @_while_open
    def check_quote(self, cited: str, quotation: str | None = None) -> QuoteCheck:
        """Whether the quotation stands in the passage or article that `cited` names, and where;
        else what is said there instead. Without one: whether the index holds what is cited.

        Raises `InputError` for a quotation without a word or with more than 8,000 characters.
        """
        from qa.answers.quote_check import (
            check,  # Comparing takes a while to import; a question needs none.
        )

        return check(self._retriever.record, cited, quotation)

    @_while_open
    def sources(self) -> tuple[str, ...]:
        """The names of all publishers."""
        return self._retriever.sources

    @_while_open
    def status(self) -> IndexStatus:
        """What the index holds and how it was made."""
        return describe(self.path, self._generation, self._retriever.record)

    def close(self) -> None:
        """Lets go of the generation, once the last question that runs in another thread is
        answered; the index cannot be used afterwards."""
        with self._counting:
            self._closed = True
            self._let_go()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Nothing is let go of meanwhile."""
        with self._counting:
            if self._closed:
                raise UsageError(f"The index at {self.path} is closed; open it again.")
            self._readers += 1
        try:
            yield
        finally:
            with self._counting:
                self._readers -= 1
                self._let_go()

    def _let_go(self) -> None:
        if self._closed and not self._readers:
            self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def describe(path: Path, generation: Generation, record: Record) -> IndexStatus:
    """The status of one generation."""
    manifest, counts = generation.manifest, generation.manifest.counts
    dated, oldest, newest = record.dates()
    return IndexStatus(
        path=str(path),
        generation=generation.name,
        created=manifest.created,
        generations=tuple(store.generations(path)),
        roots=manifest.recipe.roots,
        model=manifest.recipe.model.name,
        model_fingerprint=manifest.recipe.model.fingerprint,
        documents=counts["documents"],
        passages=counts["passages"],
        sentences=counts["sentences"],
        sources=len(record.sources()),
        dated=dated,
        oldest=oldest,
        newest=newest,
        bytes=generation.size(),
        problems=record.problems(),
    )
