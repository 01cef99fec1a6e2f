"""One committed state of an index: its manifest, and the checks of its files against it.

FAISS, SQLite and tantivy do not detect a flipped bit and return wrong results, so every file is
compared with the manifest before it is used. docs/index-format.md describes the fields.
"""

import base64
import datetime
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import xxhash

from embeddings import ModelIdentity
from embeddings.errors import IndexDamaged, IndexMismatch
from qa.store.local.generations.recently_checked import LARGE, remember, untouched
from qa.store.values import Canary, Recipe

FORMAT = "nkqa-index/4"
RECORD, VECTORS, TERMS = "articles.sqlite", "passages.faiss", "terms"
CURRENT, MANIFEST = "CURRENT", "MANIFEST.json"
UNFINISHED, BASIS = "unfinished", "BASIS.json"
# A generation's name: its number, and the first digits of its manifest's digest.
GENERATION = re.compile(r"gen-\d{6,}-[0-9a-f]{8}")
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of MANIFEST.json. `files` maps a relative path to its `(bytes, xxh3_128)`."""

    parent: str | None
    created: str
    written_by: str
    recipe: Recipe
    counts: dict[str, int]
    canary: Canary
    files: dict[str, tuple[int, str]]

    def to_json(self) -> bytes:
        values = asdict(self)
        vector = np.array(self.canary.vector, dtype="<f4").tobytes()
        values["canary"]["vector"] = base64.b64encode(vector).decode()
        return json.dumps({"format": FORMAT, **values}, indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, data: bytes, where: Path) -> Self:
        """The manifest in the bytes of the file `where`.

        Raises `IndexMismatch` if its format is not `FORMAT`.
        """
        values: dict[str, Any] = json.loads(data)
        if values.pop("format", None) != FORMAT:
            raise IndexMismatch(
                f"{where} was written in another format than {FORMAT!r}, which this version of "
                "nkqa reads. Index the articles again with `nkqa index --rebuild PATH`."
            )
        recipe = values.pop("recipe")
        model = ModelIdentity(**recipe.pop("model"))
        roots = tuple(recipe.pop("roots"))
        canary = values.pop("canary")
        vector = np.frombuffer(base64.b64decode(canary["vector"]), dtype="<f4")
        files = {name: (size, digest) for name, (size, digest) in values.pop("files").items()}
        return cls(
            **values,
            recipe=Recipe(**recipe, model=model, roots=roots),
            canary=Canary(canary["text"], tuple(vector.tolist())),
            files=files,
        )


@dataclass(frozen=True, slots=True)
class Generation:
    """One committed state of an index, by its folder and manifest."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.path.name

    def read(self, name: str) -> bytes:
        """The checked bytes of one file. Raises `IndexDamaged` if they differ from the manifest."""
        try:
            data = (self.path / name).read_bytes()
        except OSError as error:
            raise damaged(self.path / name, "a readable file", error) from error
        self._compare(name, len(data), xxhash.xxh3_128_hexdigest(data))
        return data

    def check(self, names: list[str] | None = None, *, recheck: bool = True) -> None:
        """Compares the files (all, or those in `names`) with the manifest. Raises `IndexDamaged`.

        Without `recheck`, skips a large record that was checked recently and is unchanged. This is
        safe for the record alone: each of its rows has a digest, which is checked when the row is
        read.
        """
        for name in sorted(self.manifest.files) if names is None else names:
            path, (size, digest) = self.path / name, self.manifest.files[name]
            large = name == RECORD and size >= LARGE
            if large and not recheck and untouched(path, digest):
                continue
            try:
                found = digest_of(path)
            except OSError as error:
                raise damaged(path, "a readable file", error.strerror) from error
            self._compare(name, *found)
            if large:
                remember(path, digest)

    def faults(self) -> dict[str, IndexDamaged]:
        """The error of each file that differs from the manifest, by name."""
        found = {}
        for name in sorted(self.manifest.files):
            try:
                self.check([name])
            except IndexDamaged as error:
                found[name] = error
        return found

    def _compare(self, name: str, size: int, digest: str) -> None:
        expected = self.manifest.files[name]
        if (size, digest) != expected:
            raise damaged(
                self.path / name,
                f"{expected[0]} bytes with digest {expected[1][:16]}",
                f"{size} bytes with digest {digest[:16]}",
            )

    def size(self) -> int:
        """Total bytes of its files."""
        return sum(size for size, _ in self.manifest.files.values())


def load(path: Path) -> tuple[Generation, bytes]:
    """The generation in the folder `path`, and the bytes of its manifest.

    Raises `IndexDamaged` unless the folder's name ends with the manifest's digest.
    """
    file = path / MANIFEST
    try:
        data = file.read_bytes()
    except OSError as error:
        raise damaged(file, "a manifest", error.strerror) from error
    expected, found = path.name.rsplit("-", 1)[-1], xxhash.xxh3_128_hexdigest(data)
    if not found.startswith(expected):
        raise damaged(file, f"a file with digest {expected}", f"digest {found[:8]}")
    return Generation(path, Manifest.from_json(data, file)), data


def damaged(path: Path, expected: str, found: object) -> IndexDamaged:
    """The error for a damaged file, with the command that repairs it."""
    in_terms = path.parent.name == TERMS
    name = f"{TERMS}/{path.name}" if in_terms else path.name
    root = path.parents[0 if path.name == CURRENT else 2 if in_terms else 1]
    mend = (
        f"`nkqa repair --index {root}` makes it again from the record."
        if in_terms or path.name == VECTORS
        else f"`nkqa rollback --index {root}` returns to the generation before where there is one, "
        f"`nkqa index --rebuild PATH --index {root}` makes the index anew."
    )
    return IndexDamaged(
        f"The index is damaged, so nothing is answered from it: {name} ({path}) should be "
        f"{expected}, found {found}. {mend}"
    )


def digest_of(path: Path) -> tuple[int, str]:
    """Size and XXH3-128 of a file."""
    total, size = xxhash.xxh3_128(), 0
    with path.open("rb", buffering=0) as file:
        while block := file.read(_READ):
            total.update(block)
            size += len(block)
    return size, total.hexdigest()


def new_manifest(
    recipe: Recipe, counts: dict[str, int], canary: Canary, parent: str | None
) -> Manifest:
    """A manifest for `Writer.commit` to complete."""
    from qa.version import __version__

    return Manifest(
        parent=parent,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        written_by=f"nkqa {__version__}",
        recipe=recipe,
        counts=counts,
        canary=canary,
        files={},
    )
