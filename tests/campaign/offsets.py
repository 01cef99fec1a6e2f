"""Promise: every offset is right, whatever characters an article has.

Each case is one generated article; they are indexed in batches, with the encoder that needs no
model. Of each article: a passage is the article's text at its place, and its hash that of the
quote; its sentences lie inside it in order; passages and sentences leave nothing out but white
space; its id leads to it; a quotation taken from it is found in it, as it stands and as a person
would type it, also where the same words stand elsewhere in the article; and an answer quotes,
hashes and highlights the text at the places that it names.
"""

import hashlib
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from embeddings.hashed import HashedEncoder
from qa import Index, IndexedDocument, build_index, open_index
from qa.store.local.generations import folder as store
from qa.store.local.generations.generation import RECORD
from qa.store.local.record import Record
from tests.campaign.command import scratch
from tests.campaign.inputs.articles import UNSEEN, Article, article
from tests.campaign.report import Failure, Outcome

COUNT = 10_000
_BATCH = 100
_LONGEST = 8_000
_ENCODER = HashedEncoder()
_TYPED = str.maketrans({
    **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’", "'"), **dict.fromkeys(UNSEEN, ""),
    "…": "...", "ﬁ": "fi",
})  # fmt: skip


def run(seed: int, count: int = COUNT) -> Outcome:
    """Runs the cases `seed` to `seed + count - 1`."""
    begun = time.perf_counter()
    failures: list[Failure] = []
    seen = {"articles": 0, "passages": 0, "quotations": 0, "citations": 0}
    for first in range(seed, seed + count, _BATCH):
        failures += _batch(range(first, min(first + _BATCH, seed + count)), seen)
    notes = tuple(f"{number:,} {name}" for name, number in seen.items())
    return Outcome("offsets", count, tuple(failures), time.perf_counter() - begun, notes)


def _batch(seeds: Sequence[int], seen: dict[str, int]) -> Iterator[Failure]:
    """Indexes the articles of the cases together, and looks at each."""
    try:
        yield from list(_together(seeds, seen))
    except Exception as error:  # noqa: BLE001  whatever is raised is what the case has found
        if len(seeds) == 1:
            yield Failure(seeds[0], f"{type(error).__name__}: {error}")
        else:
            for seed in seeds:
                yield from _batch([seed], seen)


def _together(seeds: Sequence[int], seen: dict[str, int]) -> Iterator[Failure]:
    with scratch() as home:
        folder, path = home / "articles", home / "index"
        folder.mkdir()
        articles = {seed: article(Random(seed), str(seed)) for seed in seeds}
        for each in articles.values():
            (folder / each.name).write_bytes(each.content)
        report = build_index([folder], path, encoder=_ENCODER)
        refused = {Path(p.path).name: p.reason for p in report.problems if p.kind != "warning"}
        record_file = store.current(path).path / RECORD
        with (
            open_index(path, encoder=_ENCODER) as index,
            Record.readable(record_file) as record,
        ):
            for seed, each in articles.items():
                if each.name in refused:
                    yield Failure(seed, f"{each.name} is not indexed: {refused[each.name]}")
                else:
                    case = _Case(index, record, each, seen, Random(seed))
                    yield from (Failure(seed, fault) for fault in case.faults())


class _Case:
    """One article as an open index holds it."""

    def __init__(
        self, index: Index, record: Record, made: Article, seen: dict[str, int], rng: Random
    ) -> None:
        self._index = index
        self._rng = rng
        self._made = made
        self._seen = seen
        self._document: IndexedDocument = index.article(
            f"articles/{made.name}" + (":1" if made.name.endswith(".jsonl") else "")
        )
        self._passages = record.passages_of(self._document.doc_id)

    def faults(self) -> Iterator[str]:
        """What is not as promised."""
        document, text = self._document, self._document.text
        self._seen["articles"] += 1
        if self._made.text is not None and text != self._made.text:
            yield "the text is not that of the file"
        if document.text_sha256 != _sha256(text):
            yield "the hash of the text is that of another"
        spans = [(p.start, p.end) for p in self._passages]
        yield from gaps(text, (0, len(text)), spans, "passages")
        for passage in self._passages:
            self._seen["passages"] += 1
            yield from self._passage_faults(passage.start, passage.end, passage.sha256.hex())
            yield from gaps(text, (passage.start, passage.end), passage.sentences, "sentences")
        if spans:
            yield from self._quotation_faults(*self._rng.choice(spans))
            yield from self._answer_faults(*self._rng.choice(spans))

    def _passage_faults(self, start: int, end: int, sha256: str) -> Iterator[str]:
        quote, named = self._document.text[start:end], f"{self._document.doc_id}#{start}-{end}"
        if sha256 != _sha256(quote):
            yield f"{named}: the hash is not that of the text there"
        if quote != quote.strip():
            yield f"{named}: begins or ends with white space"
        led = self._index.article(named)
        if (led.doc_id, led.start, led.end) != (self._document.doc_id, start, end):
            yield f"{named}: the id leads to {led.start} to {led.end} of {led.doc_id}"
        told = self._index.check_quote(named)
        if not told.indexed or (told.verdict, told.text) != ("verbatim", quote):
            yield f"{named}: is not found by its own id: {told}"
        if told.sha256 != sha256:
            yield f"{named}: another hash is told than the one that is kept"

    def _quotation_faults(self, start: int, end: int) -> Iterator[str]:
        text, named = self._document.text, f"{self._document.doc_id}#{start}-{end}"
        if not (quotation := _quotation(text[start:end], self._rng)):
            return
        self._seen["quotations"] += 1
        told = self._index.check_quote(named, quotation)
        place = (told.start or 0, told.end or 0)
        if told.verdict != "verbatim" or {text[slice(*place)], told.text} != {quotation}:
            yield f"{named}: {quotation!a} is told to be {told.verdict} at {place}"
        elif not start <= place[0] < place[1] <= end:
            yield f"{named}: {quotation!a} is found outside, at {place}"
        typed = _as_typed(quotation)
        told = self._index.check_quote(named, typed)
        place = (told.start or 0, told.end or 0)
        if not told.stands or _as_typed(text[slice(*place)]) != typed:
            yield f"{named}: {typed!a}, typed for {quotation!a}, is told to be {told.verdict}"

    def _answer_faults(self, start: int, end: int) -> Iterator[str]:
        words = re.findall(r"\w+", self._document.text[start:end])
        question = " ".join(self._rng.sample(words, min(len(words), 6))) or "Who?"
        for cited in self._index.ask(question, 3, read=False).citations:
            if cited.doc_id != self._document.doc_id:
                continue  # It is looked at as a case of its own.
            self._seen["citations"] += 1
            text = self._document.text
            if cited.quote != text[cited.start : cited.end] or cited.sha256 != _sha256(cited.quote):
                yield f"{cited.passage_id}, cited for {question!a}: not the text that stands there"
            if cited.passage_id != f"{cited.doc_id}#{cited.start}-{cited.end}":
                yield f"{cited.passage_id} names another place than {cited.start} to {cited.end}"
            for lit in cited.highlights:
                inside = cited.start <= lit.start < lit.end <= cited.end
                if not inside or lit.text != text[lit.start : lit.end]:
                    yield f"{cited.passage_id}, cited for {question!a}: a wrong highlight, {lit}"


def gaps(
    text: str, whole: tuple[int, int], spans: Sequence[tuple[int, int]], named: str
) -> Iterator[str]:
    """Where spans overlap, are empty, leave `whole`, or leave out more than white space."""
    at = whole[0]
    for start, end in spans:
        if not at <= start < end <= whole[1]:
            yield f"{named} do not lie in order in {whole}: {start} to {end} after {at}"
        elif text[at:start].strip():
            yield f"{named} leave out {text[at:start][:80]!a} at {at}"
        at = end
    if text[at : whole[1]].strip():
        yield f"{named} leave out {text[at : whole[1]][:80]!a} at {at}"


def _quotation(passage: str, rng: Random) -> str | None:
    """A stretch of a passage with a word in it that cuts no word; None where there is none."""
    edges = [
        0,
        *(at for at in range(1, len(passage)) if _is_edge(passage[at - 1], passage[at])),
        len(passage),
    ]
    for _ in range(20):
        start, end = sorted(rng.sample(edges, 2))
        quotation = passage[start:end].strip()
        if (
            len(quotation) <= _LONGEST
            and re.search(r"\w", quotation)
            and not unicodedata.combining(quotation[0])
        ):
            return quotation
    return None


def _is_edge(before: str, after: str) -> bool:
    spaced = before.isspace() != after.isspace()
    return spaced or (unicodedata.category(before) == unicodedata.category(after) == "Lo")


def _as_typed(quotation: str) -> str:
    """As a person types it: straight quotation marks, single spaces, nothing invisible, no case of
    the first letter changed."""
    return " ".join(quotation.translate(_TYPED).split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
