"""The write path: files to documents to passages to vectors and terms, committed as one.

`build_index` makes the index hold exactly what the folders hold now: it decides what to start
from, and leaves the documents to `syncing`, the vectors to `deriving`, the commit to `store`.
"""

import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from embeddings import DEFAULT_MODEL, Encoder, encoder_of, load_encoder
from embeddings.errors import IndexMismatch, IndexMissing, InputError, StoreError
from qa.indexing.deriving import Embedding, derive
from qa.indexing.splitting import CAPACITY, SPLITTING
from qa.indexing.sync import Progress, Sync, changes_between
from qa.loading import SourceFile, find_files
from qa.loading.extensions import IN_WORDS
from qa.loading.files import shown
from qa.store.local import disk
from qa.store.local import folder as store
from qa.store.local import terms as lexical
from qa.store.local.draft import Draft
from qa.store.local.generation import RECORD, Generation, Recipe, new_manifest
from qa.store.local.record import Record
from qa.types import IndexReport, Problem

# Named in the manifest: a change of the rules reads every file again.
LOADING = "articles/2"
_CANARY = "North Korea is believed to have as many as 30,000 workers in Russia."


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
    with store.Writer(root) as writer:
        job = _Job(writer, progress or _silent, begun)
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
        faults = parent.faults()
        if RECORD in faults:
            raise faults[RECORD]
        writer.reserve(2 * parent.size())
        with writer.writing():
            disk.copy(parent.path / RECORD, writer.folder / RECORD)
            with Record.readable(writer.folder / RECORD) as record:
                dimension = parent.manifest.recipe.model.dimension
                derive(writer.folder, record, dimension, progress or _silent)
        recipe = replace(parent.manifest.recipe, analyzer=lexical.ANALYZER)
        counts = {**parent.manifest.counts, "changed": 0}
        # What is damaged is not kept as the generation to return to; the one before it is.
        before = parent.manifest.parent if faults else parent.name
        return writer.commit(
            replace(parent.manifest, recipe=recipe, counts=counts, parent=before)
        ).name


def _silent(*_: object) -> None:
    """No progress is shown."""


class _Job:
    """One run of `build_index`, holding the writer's lock."""

    def __init__(self, writer: store.Writer, progress: Progress, begun: float) -> None:
        self._writer = writer
        self._progress = progress
        self._begun = begun
        self._embedded, self._embed_seconds = 0, 0.0

    def run(
        self,
        paths: list[Path],
        forget: list[Path],
        model: str | None,
        encoder: Encoder | None,
        rebuild: bool,
    ) -> IndexReport:
        before, sound = self._before(rebuild)
        parent = None if rebuild else before
        roots = self._roots(before, paths, forget)
        files, unread = self._outside(*find_files(roots))
        if parent is None and not files:
            raise InputError(_nothing(roots, unread))
        # Only now: preparing a model takes a while.
        self._encoder = self._choose_encoder(parent, model, encoder)
        recipe = Recipe(
            model=self._encoder.identity,
            loading=LOADING,
            splitting=SPLITTING,
            capacity=min(CAPACITY, self._encoder.capacity),
            analyzer=lexical.ANALYZER,
            roots=tuple(str(path) for path in roots),
        )
        with contextlib.ExitStack() as opened:
            self._old = self._reserve(parent)
            if self._old:
                opened.enter_context(self._old)
            same = parent is not None and recipe == parent.manifest.recipe
            self._draft = opened.enter_context(Draft(self._writer, recipe, parent))
            self._sync(recipe, parent, files, unread)
            # An update that was begun with other folders waits for its own command.
            if parent and same and sound and not self._changes.any():
                return self._report(parent, changed=False)
            self._record = self._draft.begin()
            if parent is None and not self._record.counts()["documents"]:
                raise InputError(_nothing(roots, self._record.problems()))
            self._embed()
            kept = None if before is None else before.name if sound else before.manifest.parent
            generation = self._commit(recipe, parent if sound else None, kept)
        return self._report(generation, changed=True)

    def _sync(
        self,
        recipe: Recipe,
        parent: Generation | None,
        files: Sequence[SourceFile],
        unread: Sequence[Problem],
    ) -> None:
        begin, resumed = self._draft.begin, self._draft.resumed
        same_rules = parent is not None and recipe.same_rules(parent.manifest.recipe)
        record = begin() if self._old is None or resumed else self._old
        count, capacity = self._encoder.count, recipe.capacity
        sync = Sync(record, begin, count, capacity, same_rules or resumed, self._progress)
        self._changes = sync.run(files, unread)
        if resumed:
            self._changes = changes_between(self._old, begin())

    def _embed(self) -> None:
        embedding = Embedding(self._record, self._old, self._encoder, self._draft.keep)
        embedding.run(self._progress)
        self._embedded, self._embed_seconds = embedding.embedded, embedding.seconds

    def _commit(self, recipe: Recipe, parent: Generation | None, kept: str | None) -> Generation:
        """Derives the rest from the record, where it can from what `parent` has, and commits."""
        self._record.commit()
        self._draft.hand_over(self._writer.folder)
        like = parent is not None and recipe.same_bytes(parent.manifest.recipe)
        with self._writer.writing():
            changed = derive(
                self._writer.folder,
                self._record,
                recipe.model.dimension,
                self._progress,
                parent if like else None,
            )
        counts = {**self._record.counts(), "changed": changed}
        canary = self._encoder.encode_questions([_CANARY])[0]
        manifest = new_manifest(recipe, counts, (_CANARY, canary), kept)
        generation = self._writer.commit(manifest)
        self._draft.drop()
        return generation

    def _outside(
        self, files: Sequence[SourceFile], unread: Sequence[Problem]
    ) -> tuple[list[SourceFile], list[Problem]]:
        """What does not belong to the index itself, which may lie in a folder of articles."""
        own = self._writer.root
        return (
            [file for file in files if own not in file.path.parents],
            [problem for problem in unread if own not in Path(problem.path).parents],
        )

    def _before(self, rebuild: bool) -> tuple[Generation | None, bool]:
        """The generation to start from, and whether all of it is sound: damaged derived files are
        a reason to write them again. Where it is unusable, `rebuild` starts from none."""
        try:
            before = store.current(self._writer.root)
        except IndexMissing:
            return None, True
        except StoreError:
            if rebuild:
                return None, True
            raise
        faults = before.faults()
        if RECORD in faults and not rebuild:
            raise faults[RECORD]
        return before, not faults

    def _choose_encoder(
        self, parent: Generation | None, model: str | None, given: Encoder | None
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
        self, before: Generation | None, paths: list[Path], forget: list[Path]
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

    def _reserve(self, parent: Generation | None) -> Record | None:
        """The record to take vectors from, once there is room for another."""
        if parent is None:
            return None
        self._writer.reserve(2 * parent.size())
        return Record.readable(parent.path / RECORD)

    def _report(self, generation: Generation, changed: bool) -> IndexReport:
        counts = generation.manifest.counts
        with Record.readable(generation.path / RECORD) as record:
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


def _nothing(roots: Sequence[Path], problems: Sequence[Problem]) -> str:
    """That the folders hold no article, and why."""
    named = ", ".join(map(str, roots))
    if not problems:
        return f"{named} holds no article; nothing was indexed. nkqa reads {IN_WORDS} files."
    lines = "".join(f"\n  {p.path}: {p.reason}" for p in problems[:10])
    more = f"\n  and {len(problems) - 10} more" if len(problems) > 10 else ""
    return f"Nothing in {named} can be indexed:{lines}{more}"
