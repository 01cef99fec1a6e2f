"""The write path: files to documents to passages to vectors and terms, committed as one.

`build_index` makes the index hold exactly what the folders hold now. A file's content hash decides
whether it is read again, a document's text whether it is split again, and a sentence's text
whether it is embedded again.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from embeddings import DEFAULT_MODEL, Encoder, Vectors, encoder_of, load_encoder
from embeddings.errors import IndexMismatch, IndexMissing, InputError, StoreError
from qa import lexical, store
from qa.lexical import build_terms
from qa.loading import Loader, NotLoaded, SourceFile, find_files, hash_file
from qa.loading.files import shown
from qa.record import Record, StoredPassage
from qa.splitting import CAPACITY, SPLITTING, split
from qa.types import Document, IndexReport, Problem
from qa.vectors import VectorIndex, build_vectors

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a stage ("reading", "embedding", "writing"), how much of it is done, and of what."""

# Passages whose sentences are embedded together: enough to sort them by length, few in memory.
_BATCH = 512
# Named in the manifest: a change of the rules reads every file again.
LOADING = "articles/1"
_CANARY = "North Korea is believed to have as many as 30,000 workers in Russia."


@dataclass(slots=True)
class _Changes:
    """What differs from the generation before, by document id."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    unchanged: int = 0
    files: bool = False

    def any(self) -> bool:
        return bool(self.added or self.updated or self.removed or self.described or self.files)


def build_index(
    paths: Path | str | Sequence[Path | str],
    index: Path | str,
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    forget: Sequence[Path | str] = (),
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Brings the index at `index` up to date with its folders, and adds `paths` to them.

    An index remembers the folders and files it was made from; `forget` drops some. All changes
    become visible at once, or none does. `rebuild` makes the index anew, also where it is damaged
    or was made with another model. What cannot be read is told in the report's `problems`.

    Raises `InputError` when a path does not exist or nothing at all can be indexed, `IndexBusy`
    when another process writes, `IndexMismatch` for another `model`, `StoreError` when the folder
    cannot be written, `EncoderError` for a missing model.
    """
    begun = time.perf_counter()
    root = Path(index).absolute()
    asked = [_absolute(path) for path in ([paths] if isinstance(paths, Path | str) else paths)]
    find_files(asked)  # A path that is not there is told before anything is made.
    with store.Writer(root) as writer:
        job = _Job(writer, progress or (lambda *_: None), begun)
        return job.run(asked, [_absolute(path) for path in forget], model, encoder, rebuild)


def _absolute(path: Path | str) -> Path:
    """The path that names a folder in the index: without `..`, links kept."""
    plain = Path(os.path.abspath(path))  # noqa: PTH100
    if shown(plain) != str(plain):
        raise InputError(f"{shown(plain)} is not named in UTF-8; rename it.")
    return plain


def repair_index(index: Path | str, *, progress: Progress | None = None) -> str:
    """Makes the derived files anew from the record, embedding nothing; the new generation's name.

    Raises `IndexDamaged` when the record itself is damaged.
    """
    root = Path(index).absolute()
    with store.Writer(root, create=False) as writer:
        parent = store.current(root)
        parent.check([store.RECORD])
        writer.reserve(2 * parent.size())
        shutil.copyfile(parent.path / store.RECORD, writer.folder / store.RECORD)
        with Record.readable(writer.folder / store.RECORD) as record:
            _derive(writer.folder, record, parent.manifest.recipe.model.dimension, progress)
        recipe = replace(parent.manifest.recipe, analyzer=lexical.ANALYZER)
        # What is damaged is not kept as the generation to return to; the one before it is.
        before = parent.manifest.parent if parent.faults() else parent.name
        return writer.commit(replace(parent.manifest, recipe=recipe, parent=before)).name


class _Job:
    """One run of `build_index`, holding the writer's lock."""

    def __init__(self, writer: store.Writer, progress: Progress, begun: float) -> None:
        self._writer = writer
        self._progress = progress
        self._begun = begun
        self._changes = _Changes()
        self._same_rules = True
        # The place of each file in reading order: of two that use one id, the first has it.
        self._order: dict[str, int] = {}
        # Files whose article was given to an earlier one; they are read again.
        self._bereft: set[str] = set()
        self._embedded = 0
        self._embed_seconds = 0.0

    def run(
        self,
        paths: list[Path],
        forget: list[Path],
        model: str | None,
        encoder: Encoder | None,
        rebuild: bool,
    ) -> IndexReport:
        before = self._before(rebuild)
        parent = None if rebuild else before
        self._encoder = self._choose_encoder(parent, model, encoder)
        roots = self._roots(before, paths, forget)
        files, unread = self._outside(*find_files(roots))
        recipe = store.Recipe(
            model=self._encoder.identity,
            loading=LOADING,
            splitting=SPLITTING,
            capacity=min(CAPACITY, self._encoder.capacity),
            analyzer=lexical.ANALYZER,
            roots=tuple(str(path) for path in roots),
        )
        self._old, self._record = self._open(parent)
        try:
            self._sync(files, unread, parent, recipe)
            # Damaged derived files are a reason to write them again, from the record.
            sound = before is None or not before.faults()
            same = parent is not None and recipe == parent.manifest.recipe
            if parent and same and sound and not self._changes.any():
                return self._report(parent, changed=False)
            if parent is None and not self._record.counts()["documents"]:
                raise InputError(self._nothing(roots))
            self._embed(recipe)
            self._record.commit()
            counts = self._record.counts()
            _derive(self._writer.folder, self._record, recipe.model.dimension, self._progress)
        finally:
            self._record.close()
            if self._old:
                self._old.close()
        canary = self._encoder.encode_questions([_CANARY])[0]
        kept = None if before is None else before.name if sound else before.manifest.parent
        manifest = store.new_manifest(recipe, counts, (_CANARY, canary), kept)
        return self._report(self._writer.commit(manifest), changed=True)

    def _outside(
        self, files: Sequence[SourceFile], unread: Sequence[Problem]
    ) -> tuple[list[SourceFile], list[Problem]]:
        """What does not belong to the index itself, which may lie in a folder of articles."""
        own = self._writer.root
        return (
            [file for file in files if own not in file.path.parents],
            [problem for problem in unread if own not in Path(problem.path).parents],
        )

    def _before(self, rebuild: bool) -> store.Generation | None:
        """The generation to start from; where it is unusable, `rebuild` starts from none."""
        try:
            before = store.current(self._writer.root)
            if not rebuild:
                before.check([store.RECORD])
        except IndexMissing:
            return None
        except StoreError:
            if rebuild:
                return None
            raise
        return before

    def _choose_encoder(
        self, parent: store.Generation | None, model: str | None, given: Encoder | None
    ) -> Encoder:
        if parent is None:
            return given or load_encoder(model or DEFAULT_MODEL)
        old = parent.manifest.recipe.model
        chosen = given or (load_encoder(model) if model else encoder_of(old))
        if chosen.identity.fingerprint != old.fingerprint:
            raise IndexMismatch(
                f"This index was made with the model {old.name!r}, not with "
                f"{chosen.identity.name!r}. Leave --model out, or make the index anew with "
                "--rebuild."
            )
        return chosen

    def _roots(
        self, before: store.Generation | None, paths: list[Path], forget: list[Path]
    ) -> list[Path]:
        known = [Path(root) for root in before.manifest.recipe.roots] if before else []
        for path in forget:
            if path not in known:
                raise InputError(
                    f"{path} is not one of the folders of this index: "
                    f"{', '.join(map(str, known)) or 'it has none'}."
                )
        roots = [root for root in dict.fromkeys([*known, *paths]) if root not in forget]
        # A folder inside another one adds nothing and would give its files second names.
        roots = [root for root in roots if not any(other in root.parents for other in roots)]
        if not roots and not forget:
            raise InputError("No folder of articles was named. Run: nkqa index PATH")
        for root in roots:
            if root not in paths and not root.exists():
                raise InputError(
                    f"{root}, which this index was made from, is gone; nothing was changed. Bring "
                    f"it back, or drop its articles with `nkqa index --forget {root}`."
                )
        return roots

    def _open(self, parent: store.Generation | None) -> tuple[Record | None, Record]:
        path = self._writer.folder / store.RECORD
        if parent is None:
            return None, Record.create(path)
        self._writer.reserve(2 * parent.size())
        shutil.copyfile(parent.path / store.RECORD, path)
        return Record.readable(parent.path / store.RECORD), Record.writable(path)

    # Documents

    def _sync(
        self,
        files: Sequence[SourceFile],
        unread: Sequence[Problem],
        parent: store.Generation | None,
        recipe: store.Recipe,
    ) -> None:
        """Makes the documents of the new record those of the files."""
        known = self._record.files()
        self._order = {str(file.path): place for place, file in enumerate(files)}
        self._same_rules = parent is not None and (
            (recipe.loading, recipe.splitting, recipe.capacity)
            == (
                parent.manifest.recipe.loading,
                parent.manifest.recipe.splitting,
                parent.manifest.recipe.capacity,
            )
        )
        present = {str(file.path) for file in files} | {problem.path for problem in unread}
        for path in sorted(known.keys() - present):
            self._drop_file(path)
        for problem in unread:
            self._note_unread(problem, known)
        with Loader() as loader:
            for done, file in enumerate(files):
                self._progress("reading", done, len(files))
                self._sync_file(loader, file, known if self._same_rules else {}, recipe.capacity)
        self._progress("reading", len(files), len(files))

    def _drop_file(self, path: str) -> None:
        for doc_id in self._record.doc_ids(path):
            self._record.drop_document(doc_id)
            self._changes.removed.append(doc_id)
        self._record.drop_file(path)
        self._changes.files = True

    def _note_unread(self, problem: Problem, known: dict[str, tuple[str, str]]) -> None:
        """Remembers a file that cannot be read; its reason stands where its hash would."""
        if known.get(problem.path) != ("", problem.reason):
            self._drop_file(problem.path)
            self._record.put_file(problem.path, "", problem.reason, [problem])

    def _sync_file(
        self,
        loader: Loader,
        file: SourceFile,
        known: dict[str, tuple[str, str]],
        capacity: int,
    ) -> None:
        path = str(file.path)
        try:
            sha256 = hash_file(file.path)
        except NotLoaded as error:
            self._note_unread(Problem(path, None, str(error)), known)
            return
        before = self._record.doc_ids(path)
        same = known.get(path) == (file.doc_id, sha256)
        if same and path not in self._bereft and not self._record.waits(path):
            self._changes.unchanged += len(before)
            return
        problems: list[Problem] = []
        kept: set[str] = set()
        for item in loader.documents(file):
            if isinstance(item, Problem):
                problems.append(item)
            elif taken := self._taken(item, kept):
                problems.append(Problem(path, item.line, taken, "duplicate"))
            elif self._put(item, capacity):
                kept.add(item.doc_id)
            else:
                problems.append(Problem(path, item.line, "it has no text"))
        for doc_id in before:
            if doc_id not in kept:
                self._record.drop_document(doc_id)
                self._changes.removed.append(doc_id)
        if not same or tuple(problems) != self._record.problems(path):
            self._record.put_file(path, file.doc_id, sha256, problems)
            self._changes.files = True

    def _taken(self, document: Document, kept: set[str]) -> str | None:
        """Why a document's id cannot be used, if another article in the index has it."""
        other = self._record.document(document.doc_id)
        if other is None or (other.path == document.path and document.doc_id not in kept):
            return None
        if self._order[other.path] > self._order[document.path]:
            self._bereft.add(other.path)
        else:
            at = f" line {other.line}" if other.line else ""
            return f"the id {document.doc_id!r} is already that of {other.path}{at}"
        return None

    def _put(self, document: Document, capacity: int) -> bool:
        """Adds or updates a document and its passages; False when it has no passage."""
        old = self._record.document(document.doc_id)
        kept = self._same_rules and old is not None and old.text_sha256 == document.text_sha256
        if kept and old == document:
            self._changes.unchanged += 1
        elif kept:
            self._record.describe_document(document)
            self._changes.described.append(document.doc_id)
        else:
            passages = list(split(document.text, self._encoder.count, capacity))
            if not passages:
                return False
            number = self._record.put_document(document)
            self._record.put_passages(number, document.text, passages)
            (self._changes.updated if old else self._changes.added).append(document.doc_id)
        return True

    def _nothing(self, roots: Sequence[Path]) -> str:
        problems = self._record.problems()
        named = ", ".join(map(str, roots))
        if not problems:
            return (
                f"{named} holds no article; nothing was indexed. nkqa reads .txt, .md, .html, "
                ".htm, .pdf and .jsonl files."
            )
        told = "".join(f"\n  {p.path}: {p.reason}" for p in problems[:10])
        more = f"\n  and {len(problems) - 10} more" if len(problems) > 10 else ""
        return f"Nothing in {named} can be indexed:{told}{more}"

    # Vectors

    def _embed(self, recipe: store.Recipe) -> None:
        rows = self._record.passages_without_vectors()
        total = len(rows)
        for start in range(0, total, _BATCH):
            self._progress("embedding", start, total)
            self._embed_batch(rows[start : start + _BATCH], recipe.model.dimension)
        self._progress("embedding", total, total)

    def _embed_batch(self, rows: Sequence[int], dimension: int) -> None:
        stored = self._record.passages_at(rows)
        documents = self._record.documents_at({one.document for one in stored.values()})
        texts = {
            row: [documents[one.document].text[start:end] for start, end in one.passage.sentences]
            for row, one in stored.items()
        }
        known = self._known_vectors(documents.values(), dimension)
        new = list({text: None for some in texts.values() for text in some if text not in known})
        if new:
            begun = time.perf_counter()
            known.update(zip(new, self._encoder.encode_passages(new), strict=True))
            self._embed_seconds += time.perf_counter() - begun
            self._embedded += len(new)
        for row, sentences in texts.items():
            self._record.put_vectors(row, np.stack([known[text] for text in sentences]))

    def _known_vectors(self, documents: Iterable[Document], dimension: int) -> dict[str, Vectors]:
        """Vectors of the generation before, of sentences that these documents may still hold."""
        known: dict[str, Vectors] = {}
        if self._old is None:
            return known
        for document in documents:
            donor = self._old.same_text(document.text_sha256) or document.doc_id
            old = self._old.document(donor)
            if old is None:
                continue
            passages: list[StoredPassage] = self._old.passages_of(donor)
            vectors = self._old.vectors_at([one.row for one in passages], dimension)
            for one in passages:
                for (start, end), vector in zip(
                    one.passage.sentences, vectors[one.row], strict=True
                ):
                    known[old.text[start:end]] = vector
        return known

    def _report(self, generation: store.Generation, changed: bool) -> IndexReport:
        counts = generation.manifest.counts
        with Record.readable(generation.path / store.RECORD) as record:
            problems = record.problems()
        return IndexReport(
            path=str(self._writer.root),
            generation=generation.name,
            changed=changed,
            added=tuple(self._changes.added),
            updated=tuple(self._changes.updated + self._changes.described),
            removed=tuple(self._changes.removed),
            unchanged=self._changes.unchanged,
            documents=counts["documents"],
            passages=counts["passages"],
            sentences=counts["sentences"],
            embedded=self._embedded,
            bytes=generation.size(),
            seconds=time.perf_counter() - self._begun,
            embed_seconds=self._embed_seconds,
            problems=problems,
        )


def _derive(folder: Path, record: Record, dimension: int, progress: Progress | None = None) -> None:
    """Writes the vector and the term index of a record, and reads them back."""
    count = record.counts()["passages"]
    if progress:
        progress("writing", 0, count)
    try:
        data = build_vectors(record.passage_vectors(dimension), dimension)
        store.write_file(folder / store.VECTORS, data)
        (folder / store.TERMS).mkdir()
        build_terms(folder / store.TERMS, record.passage_terms())
        written = VectorIndex((folder / store.VECTORS).read_bytes())
        terms = lexical.TermIndex(folder / store.TERMS)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"Cannot write the index to {folder.parent}: {error}. The index is as it was before."
        ) from error
    if not count == len(written) == len(terms):
        raise StoreError(
            f"The index did not reach the disk whole: {count} passages, {len(written)} vectors, "
            f"{len(terms)} in the term index. The index is as it was before."
        )
    if progress:
        progress("writing", count, count)
