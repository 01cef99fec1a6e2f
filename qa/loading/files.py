"""Which files stand in the folders to index, and the id that each of them gets."""

import difflib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import InputError
from qa.loading.extensions import EXTENSIONS, IN_WORDS
from qa.loading.reading import kind_of, reason
from qa.text.invisible import is_utf8
from qa.types import Problem, ProblemKind

# A folder with both is a BEIR collection: its questions and judgements are not articles.
_COLLECTION = {"corpus.jsonl", "queries.jsonl"}
# A folder with both is an index that nkqa wrote; so is one with a generation in it.
_INDEX = {"CURRENT", "LOCK"}
_COMPILED = "__pycache__"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load: its absolute path, and as id `<folder>/<path in it>` or, alone, its name."""

    path: Path
    doc_id: str


def find_files(roots: Sequence[Path]) -> tuple[tuple[SourceFile, ...], tuple[Problem, ...]]:
    """All files under the roots that can be read, by id, and a Problem for each that cannot.

    Hidden files and folders are passed over, `__pycache__`, every nkqa index, and all of a BEIR
    collection but its corpus. Links are followed after everything else, so a file that is reached
    twice has the id of its own place, and a loop of links ends.

    Raises: InputError when a root does not exist.
    """
    walk = _Walk()
    absolute = [Path(os.path.abspath(root)) for root in roots]  # noqa: PTH100  keeps links
    for root in absolute:
        _check(root)
    for root, label in zip(absolute, _labels(absolute), strict=True):
        walk.visit(root, label, follow=True)
    walk.visit_links()
    files = sorted(walk.files, key=lambda file: file.doc_id)
    return tuple(files), tuple(sorted(walk.problems, key=lambda each: (each.path, each.reason)))


def shown(path: Path) -> str:
    r"""The path as text that can be written anywhere; bytes that are not UTF-8 as `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Walk:
    """The state of one walk: what was found and what was seen already."""

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self.problems: list[Problem] = []
        self._links: list[tuple[Path, str]] = []
        self._seen: set[tuple[int, int] | str] = set()

    def visit(self, path: Path, label: str, *, follow: bool) -> None:
        """Take in a file, or a folder with all that it holds; links wait unless `follow`."""
        waiting = [(path, label)]
        while waiting:
            path, label = waiting.pop()
            try:
                if path.is_symlink() and not follow:
                    self._links.append((path, label))
                    continue
                follow = False
                status = path.stat()
                if stat.S_ISDIR(status.st_mode):
                    waiting.extend(reversed(list(self._inside(path, label, status))))
                else:
                    self._file(path, label, status.st_mode)
            except OSError as error:
                broken = path.is_symlink() and isinstance(error, FileNotFoundError)
                self._problem(
                    path, "a broken link" if broken else f"cannot be read: {reason(error)}"
                )

    def visit_links(self) -> None:
        """Follow the links met so far, and those met on the way."""
        while self._links:
            links, self._links = sorted(self._links), []
            for path, label in links:
                self.visit(path, label, follow=True)

    def _inside(self, path: Path, label: str, status: os.stat_result) -> Iterator[tuple[Path, str]]:
        if (status.st_dev, status.st_ino) in self._seen:
            return
        self._seen.add((status.st_dev, status.st_ino))
        names = sorted(os.listdir(path))  # noqa: PTH208  names alone are needed
        if _is_index(path, names):
            return
        if set(names) >= _COLLECTION:
            names = ["corpus.jsonl"]
        for name in names:
            if not name.startswith(".") and name != _COMPILED:
                yield path / name, f"{label}/{name}" if label else name

    def _file(self, path: Path, label: str, mode: int) -> None:
        suffix = path.suffix.lower()
        if not stat.S_ISREG(mode):
            self._problem(path, f"not a regular file but {kind_of(mode)}")
        elif suffix not in EXTENSIONS:
            why = f"not a kind nkqa reads: {suffix or 'no extension'} (it reads {IN_WORDS})"
            self._problem(path, why, "skipped")
        elif not os.access(path, os.R_OK):
            self._problem(path, "cannot be read: permission denied")
        elif not is_utf8(label):
            self._problem(path, "its name is not UTF-8; rename it")
        elif (real := str(path.resolve())) not in self._seen:
            self._seen.add(real)
            self.files.append(SourceFile(path, label))

    def _problem(self, path: Path, why: str, kind: ProblemKind = "unread") -> None:
        self.problems.append(Problem(shown(path), None, why, kind))


def _is_index(path: Path, names: Sequence[str]) -> bool:
    """Whether nkqa wrote the folder: nothing in it is an article, and none of it is a mistake."""
    generations = (name for name in names if name.startswith("gen-"))
    return _INDEX.issubset(names) or any(
        os.path.isfile(path / name / "MANIFEST.json")  # noqa: PTH113  never raises
        for name in generations
    )


def _labels(roots: list[Path]) -> list[str]:
    """What the ids under each root begin with: its name, and as many parents as tell it apart."""
    depth = [1] * len(roots)
    while True:
        labels = ["/".join(root.parts[1:][-n:]) for root, n in zip(roots, depth, strict=True)]
        clash = [
            any(
                root != other and _overlap(label, of)
                for other, of in zip(roots, labels, strict=True)
            )
            for root, label in zip(roots, labels, strict=True)
        ]
        deeper = [
            n + 1 if hit and n < len(root.parts) - 1 else n
            for n, hit, root in zip(depth, clash, roots, strict=True)
        ]
        if deeper == depth:
            return labels
        depth = deeper


def _overlap(one: str, other: str) -> bool:
    """Whether ids under the two labels could be the same."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _check(root: Path) -> None:
    try:
        root.stat()
    except OSError as error:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise InputError(f"{shown(root)} cannot be read: {reason(error)}") from error
        raise InputError(f"{shown(root)} does not exist; {_nearest(root)}") from error


def _nearest(path: Path) -> str:
    """What does exist nearby: names like the missing one, else the last folder that exists."""
    missing = path
    while not path.is_dir() and path != path.parent:
        missing, path = path, path.parent
    try:
        names = [name for name in os.listdir(path) if not name.startswith(".")]  # noqa: PTH208
    except OSError:
        names = []
    if like := difflib.get_close_matches(missing.name, names, 3, 0.6):
        return f"did you mean {' or '.join(shown(path / name) for name in like)}?"
    return f"the nearest folder that does is {shown(path)}"
