"""Build or update an index: files to documents to passages to vectors and terms, in one commit.

`build_index` makes the index match the current contents of its folders. It chooses the folders and
the model; `plan` compares files, `sync` applies the plan, and the store's writer commits.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings import DEFAULT_MODEL, Encoder, Vectors, encoder_of, load_encoder
from embeddings.errors import IndexMismatch, InputError
from qa.indexing.plan import plan
from qa.indexing.splitting import CAPACITY, SPLITTING
from qa.indexing.sync import Sync
from qa.loading import SourceFile, find_files
from qa.loading.extensions import IN_WORDS
from qa.loading.files import is_gone, shown
from qa.store.opening import open_writer, repair
from qa.store.seam import StoreWriter
from qa.store.values import Canary, Changes, Committed, Progress, Recipe
from qa.types import IndexReport, Problem

# Stored in the index: after a change of the loading rules, every file is read again.
LOADING = "articles/5"
_CANARY = "North Korea is believed to have as many as 30,000 workers in Russia."


def build_index(
    paths: Path | str | Sequence[Path | str],
    index: Path | str,
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    forget: Sequence[Path | str] = (),
    rebuild: bool = False,
    follow_links: bool | None = None,
    progress: Progress | None = None,
) -> IndexReport:
    """Adds `paths` to the folders of the index at `index`, and brings the index up to date.

    An index stores the list of its folders and files; `forget` removes entries from it. All changes
    become visible at once, or none does. `rebuild` builds the index from scratch, also if it is
    damaged or was built with a different model. `follow_links`: whether to index links that lead
    out of the folders; None keeps the index's current setting, which is initially off. The report's
    `problems` list unreadable files and links that were not followed.

    Raises `InputError` if a path does not exist or nothing can be indexed, `IndexBusy` if another
    process is writing, `IndexMismatch` if `model` is not the index's model, `StoreError` if the
    folder cannot be written or contains other files but no index, `EncoderError` if a model is
    missing.
    """
    begun = time.perf_counter()
    root = Path(index).absolute()
    asked = [_absolute(path) for path in ([paths] if isinstance(paths, Path | str) else paths)]
    with open_writer(root) as writer:
        job = _Job(writer, root, progress or _silent, begun)
        forgotten = [_absolute(path) for path in forget]
        return job.run(asked, forgotten, model, encoder, rebuild, follow_links)


def repair_index(index: Path | str, *, progress: Progress | None = None) -> str:
    """Rebuilds the derived files from the record, without embedding; returns the new state's name.

    Raises `IndexDamaged` if the record itself is damaged.
    """
    return repair(Path(index).absolute(), progress or _silent)


def _absolute(path: Path | str) -> Path:
    """The path as the index stores it: absolute, without `..`, links not resolved."""
    plain = Path(os.path.abspath(path))  # noqa: PTH100
    if shown(plain) != str(plain):
        raise InputError(f"{shown(plain)} is not named in UTF-8; rename it.")
    return plain


def _silent(*_: object) -> None:
    """Ignores progress."""


class _Job:
    """One run of `build_index`, holding the writer."""

    def __init__(self, writer: StoreWriter, root: Path, progress: Progress, begun: float) -> None:
        self._writer = writer
        self._root = root
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
        follow_links: bool | None,
    ) -> IndexReport:
        writer = self._writer
        before = writer.committed(rebuild=rebuild)
        roots = _roots(self._root, before, paths, forget)
        if follow_links is None:
            follow_links = before is not None and before.follow_links
        files, unread = self._outside(*find_files(roots, follow_links=follow_links))
        parent = None if rebuild else before
        if parent is None and not files:
            raise InputError(_nothing(roots, unread))
        # Loading a model is slow, so all checks that do not need it come first.
        self._encoder = _choose_encoder(parent, model, encoder)
        recipe = Recipe(
            model=self._encoder.identity,
            loading=LOADING,
            splitting=SPLITTING,
            capacity=min(CAPACITY, self._encoder.capacity),
            analyzer=writer.analyzer,
            roots=tuple(str(path) for path in roots),
            follow_links=follow_links,
        )
        same_rules = writer.begin(recipe, rebuild=rebuild)
        steps = plan(files, unread, writer, same_rules, self._progress)
        Sync(writer, self._encoder.count, recipe.capacity, same_rules).run(steps, self._progress)
        changes = writer.changes()
        # An unfinished build with other folders stays in place until its own command runs again.
        if not writer.due(changes):
            return self._report(writer.current(), changes, changed=False)
        if parent is None and not (changes.added or changes.unchanged):
            raise InputError(_nothing(roots, writer.problems()))
        self._embed()
        vector = self._encoder.encode_questions([_CANARY])[0]
        canary = Canary(_CANARY, tuple(vector.tolist()))
        return self._report(writer.commit(canary, self._progress), changes, changed=True)

    def _embed(self) -> None:
        count, done = self._writer.without_vectors(), 0
        for batch in self._writer.batches():
            self._progress("embedding", done, count)
            begun = time.perf_counter()
            vectors = self._vectors(batch.texts)
            self._embed_seconds += time.perf_counter() - begun
            self._embedded += len(batch.texts)
            self._writer.put_vectors(batch, vectors)
            done += batch.passages
        self._progress("embedding", count, count)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._encoder.identity.dimension), np.float32)
        vectors: Vectors = self._encoder.encode_passages(texts)
        return vectors

    def _outside(
        self, files: Sequence[SourceFile], unread: Sequence[Problem]
    ) -> tuple[list[SourceFile], list[Problem]]:
        """Drops files and problems in the index folder, which may be inside an indexed folder."""
        return (
            [file for file in files if self._root not in file.path.parents],
            [problem for problem in unread if self._root not in Path(problem.path).parents],
        )

    def _report(self, state: Committed, changes: Changes, changed: bool) -> IndexReport:
        return IndexReport(
            path=str(self._root),
            generation=state.state,
            changed=changed,
            added=changes.added,
            updated=changes.updated,
            removed=changes.removed,
            unchanged=changes.unchanged,
            documents=state.documents,
            passages=state.passages,
            sentences=state.sentences,
            embedded=self._embedded,
            bytes=state.bytes,
            seconds=time.perf_counter() - self._begun,
            embed_seconds=self._embed_seconds,
            problems=state.problems,
        )


def _choose_encoder(before: Recipe | None, model: str | None, given: Encoder | None) -> Encoder:
    if before is None:
        return given or load_encoder(model or DEFAULT_MODEL)
    old = before.model
    chosen = given or (load_encoder(model) if model else encoder_of(old))
    if chosen.identity.fingerprint != old.fingerprint:
        raise IndexMismatch(
            f"This index was made with the model {old.name!r}, not with "
            f"{chosen.identity.name!r}. Leave --model out, or make the index anew with "
            "--rebuild."
        )
    return chosen


def _roots(index: Path, before: Recipe | None, paths: list[Path], forget: list[Path]) -> list[Path]:
    """The folders and files to index: those of the index and `paths`, without `forget`."""
    known = [Path(root) for root in before.roots] if before else []
    for path in forget:
        if path not in known:
            raise InputError(
                f"{path} is not one of the folders of this index: "
                f"{', '.join(map(str, known)) or 'it has none'}."
            )
    roots = [root for root in dict.fromkeys([*known, *paths]) if root not in forget]
    # A folder inside another root adds no files and would give its files a second id.
    roots = [root for root in roots if not any(other in root.parents for other in roots)]
    if not roots and not forget:
        raise InputError(f"No folder of articles was named. Run: nkqa index PATH --index {index}")
    for root in roots:
        if root not in paths and is_gone(root):
            raise InputError(
                f"{root}, which this index was made from, is gone; nothing was changed. Bring "
                f"it back, or drop its articles with `nkqa index --forget {root}`."
            )
    return roots


def _nothing(roots: Sequence[Path], problems: Sequence[Problem]) -> str:
    """The error message for folders without a usable article."""
    named = ", ".join(map(str, roots))
    if not problems:
        return f"{named} holds no article; nothing was indexed. nkqa reads {IN_WORDS} files."
    lines = "".join(f"\n  {p.path}: {p.reason}" for p in problems[:10])
    more = f"\n  and {len(problems) - 10} more" if len(problems) > 10 else ""
    return f"Nothing in {named} can be indexed:{lines}{more}"
