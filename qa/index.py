"""The read path: an open index that answers questions.

An `Index` reads one generation for as long as it is open. Everything is checked when it opens and
each quote again before it is shown.
"""

import contextlib
import dataclasses
import datetime
import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

import numpy as np

from embeddings import Encoder, encoder_of
from embeddings.errors import ArticleMissing, EncoderError, IndexMismatch, InputError, UsageError
from qa.answers.citations import cite, file_of
from qa.answers.grouping import grouped
from qa.answers.judging import READ, Judged, best_first, is_readable, judge, short_answer
from qa.answers.stories import list_stories, read_story
from qa.answers.values.values import Values, values_of
from qa.retrieval.filters import narrowed
from qa.retrieval.question import analyse
from qa.retrieval.search import search
from qa.store.opening import open_store
from qa.text.invisible import is_utf8
from qa.text.passage_ids import passage_id
from qa.types import (
    Answer,
    Citation,
    Coverage,
    Filters,
    Hit,
    IndexedDocument,
    IndexStatus,
    Listing,
    Publishers,
    QuoteCheck,
    Stories,
    Story,
    StoryOrder,
    Timings,
)

if TYPE_CHECKING:
    from qa.answers.reading.judge import Judge
    from qa.types import DraftCheck

_log = logging.getLogger(__name__)

# Longer than any question; the model reads the first few hundred words of one anyway.
MAX_QUESTION = 8000
MAX_K = 100
# Candidates of each side, all of which are scored; evaluation asks for some hundreds.
MAX_DEPTH = 10_000
# Articles that a server lists at once; each is read whole.
MAX_LISTED = 1000
# The least cosine to its stored vector with which an index's encoder is taken for the same.
_SAME_ENCODER = 0.999

Date = datetime.date | str | None
Sources = str | Sequence[str] | None
# Passages with which a sentence of a draft is compared.
_FOR_A_SENTENCE = 5

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

    `today` gives the day from which "yesterday" and the like are counted.
    Raises, when made: `IndexMissing`, `IndexDamaged`, `IndexMismatch`, `EncoderError`.
    """

    def __init__(
        self,
        path: Path,
        encoder: Encoder | None = None,
        judge: "Judge | None" = None,
        *,
        recheck: bool = True,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        self.path = path
        self._today = today
        self._given_judge = judge
        self._judge_starting: Future[Judge | None] | None = None
        self._closed = False
        self._readers = 0
        self._counting = threading.Lock()
        self._store = open_store(path, recheck=recheck)
        try:
            # The model starts while the files are checked: both take a tenth of a second.
            with ThreadPoolExecutor(1) as pool:
                starting = pool.submit(self._start_encoder, encoder)
                self._store.load()
                self._encoder = starting.result()
        except BaseException:
            self._store.close()
            raise

    @property
    def generation(self) -> str:
        """The name of the generation that answers."""
        return self._store.state

    def _start_encoder(self, given: Encoder | None) -> Encoder:
        model, canary = self._store.model, self._store.canary
        encoder = given or encoder_of(model)
        if encoder.identity.fingerprint != model.fingerprint:
            raise IndexMismatch(
                f"This index was made with the model {model.name!r}, not with "
                f"{encoder.identity.name!r}. Open it with that model, or index the articles "
                "again with `nkqa index --rebuild`."
            )
        vector = np.array(canary.vector, dtype=np.float32)
        cosine = float(encoder.encode_questions([canary.text])[0] @ vector)
        if not cosine >= _SAME_ENCODER:
            raise EncoderError(
                f"The model {model.name!r} gives other vectors than when this index was made "
                f"(cosine {cosine:.4f} on the stored sentence). The compiled model may be "
                "damaged: delete the folder `models` in nkqa's cache and try again."
            )
        return encoder

    @_while_open
    def ask(
        self,
        question: str,
        k: int = 5,
        *,
        since: Date = None,
        until: Date = None,
        source: Sources = None,
        read: bool = True,
    ) -> Answer:
        """Whether the articles answer the question, in which words, and up to `k` citations.

        `since` and `until` are dates, or texts as "2019-04" and "last week", both included;
        `source` is a part of a publisher's name, or several. Fewer than `k` citations come back
        only when the filters leave fewer passages. Without `read` the passages are found and not
        read: there is no verdict. Raises `InputError` for an empty or endless question or an
        unknown source, `UsageError` for a wrong `k` or date.
        """
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; expected 1 to {MAX_K}.")
        begun = time.perf_counter()
        self._check(question)
        filters = self._narrowed(since, until, source)
        # The judge loads while the passages are searched.
        starting = self._start_judge() if read else None
        asked = analyse(question, self._encoder, filters, self._store)
        encoded = time.perf_counter()
        ranking = search(asked, self._store)
        searched = time.perf_counter()
        by = starting.result() if starting else None
        groups = grouped(asked, ranking, max(k, READ) if by else k, self._store)
        judged: Judged | None = None
        texts = [group[0] for group in groups[:READ]]
        if by and is_readable(ranking, texts):
            judged = judge(asked, ranking, texts, by)
            groups = best_first(groups, judged)
        groups = groups[:k]
        read_at = time.perf_counter()
        citations = cite(asked, ranking, groups, judged.findings if judged else {}, self._store)
        stated = (
            values_of(asked, ranking, groups, judged, by.reader, self._store)
            if by and judged
            else Values()
        )
        done = time.perf_counter()
        return Answer(
            question=question,
            verdict=judged.verdict if judged else None,
            probability=judged.probability if judged else None,
            answer=short_answer(judged, groups) if judged else None,
            missing=judged.missing if judged else (),
            values=stated.values,
            relation=stated.relation,
            timeline=stated.timeline,
            citations=citations,
            undated=self._store.undated(filters),
            sourceless=self._store.sourceless(filters),
            generation=self.generation,
            timings=Timings(
                encode=encoded - begun,
                search=searched - encoded,
                read=read_at - searched,
                answer=done - read_at,
                total=done - begun,
            ),
        )

    def _start_judge(self) -> "Future[Judge | None]":
        """The judge, which starts to load when it is asked for first."""
        with self._counting:
            if self._judge_starting is None:
                pool = ThreadPoolExecutor(1, thread_name_prefix="judge")
                self._judge_starting = pool.submit(self._load_judge)
                pool.shutdown(wait=False)
            return self._judge_starting

    def _load_judge(self) -> "Judge | None":
        if self._given_judge:
            return self._given_judge
        from qa.answers.reading.shipped import load_judge

        try:
            return load_judge()
        except EncoderError as error:
            _log.warning("%s Until then passages are found and not read.", error)
            return None

    @_while_open
    def search(
        self,
        question: str,
        depth: int = 100,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        *,
        k: int | None = None,
    ) -> tuple[Hit, ...]:
        """The ranked candidates for a question, without quotes: what evaluation needs.

        `depth` is how many come from each side. With `k` only the first `k` different texts come
        back, those that `ask` cites; without it copies are among the hits. Raises as `ask`, and
        `UsageError` for a wrong depth.
        """
        if not 1 <= depth <= MAX_DEPTH:
            raise UsageError(f"depth is {depth:,}; expected 1 to {MAX_DEPTH:,}.")
        self._check(question)
        filters = self._narrowed(filters.since, filters.until, filters.source)
        asked = analyse(question, self._encoder, filters, self._store)
        ranking = search(asked, self._store, depth)
        if k is None:
            return ranking.hits()
        groups = grouped(asked, ranking, k, self._store)
        return tuple(ranking.hit(group[0].place) for group in groups)

    def _check(self, question: str) -> None:
        """Refuses a question that cannot be asked."""
        if not question.strip():
            raise InputError('The question is empty; ask one in plain language, as "Who met whom?"')
        if not is_utf8(question):
            raise InputError("The question is not UTF-8; check the terminal's encoding.")
        if len(question) > MAX_QUESTION:
            raise InputError(
                f"The question has {len(question):,} characters; at most {MAX_QUESTION:,} are "
                "read. Ask in a sentence or two."
            )

    def _narrowed(self, since: Date, until: Date, source: Sources) -> Filters:
        """The filters, checked. Raises as `retrieval.filters.narrowed`."""
        return narrowed(Filters(_iso(since), _iso(until), source), self._store, self._today)

    @_while_open
    def articles(
        self,
        n: int | None = 20,
        *,
        since: Date = None,
        until: Date = None,
        source: Sources = None,
        skip: int = 0,
    ) -> Listing:
        """The articles that pass the filters, which are those of `ask`: the `n` newest after the
        first `skip`, or all. Raises as `ask`, and `UsageError` for a negative number.
        """
        from qa.retrieval.listing import listing  # A question needs none of it.

        return listing(self._narrowed(since, until, source), n, skip, self._store)

    @_while_open
    def publishers(
        self, *, since: Date = None, until: Date = None, source: Sources = None
    ) -> Publishers:
        """The publishers of the articles that pass the filters, which are those of `ask`, with the
        number of these articles. Raises as `ask`.
        """
        from qa.retrieval.listing import publishers

        return publishers(self._narrowed(since, until, source), self._store)

    @_while_open
    def article(self, doc_id: str) -> IndexedDocument:
        """A whole article, by its id or by that of a passage, whose place is then told. The end of
        an id is enough where no other id ends so.

        Raises `ArticleMissing` when the index has no article of that id or several, or the article
        no such place.
        """
        from qa.store.ids import lookup  # A question needs none of it.

        document, place = lookup(doc_id, self._store)
        if place and not place[0] < place[1] <= len(document.text):
            raise ArticleMissing(
                f"{doc_id!r} names the characters {place[0]:,} to {place[1]:,}, the article has "
                f"{len(document.text):,}: it has changed since, or the id is not whole."
            )
        start, end = place or (None, None)
        file = file_of(document, self._store)
        return IndexedDocument(**dataclasses.asdict(document), file=file, start=start, end=end)

    @_while_open
    def stories(
        self,
        n: int = 20,
        *,
        order: StoryOrder = "newest",
        since: Date = None,
        until: Date = None,
        source: Sources = None,
    ) -> Stories:
        """The first `n` events that several publishers have, by `order`: "newest", "largest" or
        "publisher". A story passes the filters when one of its articles does.

        Raises `UsageError` for a wrong `n`, order or date, `InputError` for an unknown source.
        """
        return list_stories(self._store, order, n, self._narrowed(since, until, source))

    @_while_open
    def story(self, story_id: str) -> Story:
        """The articles of one event, oldest first, by the story's id or that of any article or
        passage of it.

        Raises `ArticleMissing` when the index has neither story nor article of that id,
        `InputError` when the article is part of no story.
        """
        return read_story(self._store, story_id)

    @_while_open
    def check_quote(self, cited: str, quotation: str | None = None) -> QuoteCheck:
        """Whether the quotation stands in the passage or article that `cited` names, and where;
        else what is said there instead. Without one: whether the index holds what is cited. The
        end of an id is enough where no other id ends so; `cited` is then the whole id.

        Raises `InputError` for a quotation without a word or with more than 8,000 characters.
        """
        # Comparing takes a while to import; a question needs none.
        from qa.answers.quote_check import check
        from qa.store.ids import lookup

        try:
            document, place = lookup(cited, self._store)
        except ArticleMissing as error:
            return dataclasses.replace(check(self._store, cited, quotation), near=error.near)
        whole = passage_id(document.doc_id, *place) if place else document.doc_id
        return check(self._store, whole, quotation)

    @_while_open
    def check_draft(self, text: str) -> "DraftCheck":
        """Whether passages bear out what a text says: its sentences and its quotations.

        A sentence that cites ids of passages is compared with them, any other one with the five
        best passages for it. Raises `InputError` for a text that is empty or has more than 200,000
        characters.
        """
        from qa.answers.claims.draft import check_draft  # As above.

        def found(sentence: str) -> tuple[Citation, ...]:
            return self.ask(sentence, _FOR_A_SENTENCE, read=False).citations

        return check_draft(text, self._store, found, self.generation)

    @_while_open
    def sources(self) -> tuple[str, ...]:
        """The names of all publishers."""
        return tuple(self._store.publishers)

    @functools.cached_property
    def coverage(self) -> Coverage:
        """What can be asked here. Unlike `status` it is read once, and without the problems."""
        with self._reading():
            return self._store.coverage()

    @_while_open
    def status(self) -> IndexStatus:
        """What the index holds and how it was made."""
        return self._store.status()

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
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _iso(date: datetime.date | str | None) -> str | None:
    """The date as ISO text; of a time, its day."""
    if isinstance(date, datetime.datetime):
        date = date.date()
    return None if date is None else str(date)
