"""Find the files in the folders to index and assign their ids."""

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
# A folder with both is an index that nkqa wrote; so is a folder with a generation in it.
_INDEX = {"CURRENT", "LOCK"}
_COMPILED = "__pycache__"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load: its absolute path and its id.

    The id is `<folder>/<path in it>`, or the file name if the file itself is a root.
    `target` is the real path of a file reached through links. It is resolved when the file is
    found; no link is followed when the file is opened.
    """

    path: Path
    doc_id: str
    target: Path | None = None

    @property
    def place(self) -> Path:
        """The path to open."""
        return self.target or self.path


def find_files(
    roots: Sequence[Path], *, follow_links: bool = False
) -> tuple[tuple[SourceFile, ...], tuple[Problem, ...]]:
    """All readable files under the roots, sorted by id, and a Problem for each unreadable file.

    Skips hidden files and folders, `__pycache__`, every nkqa index, and all of a BEIR collection
    but its corpus. A root may be a link. A link in a folder that leads out of all roots is a
    Problem unless `follow_links`. All other links are followed last, so a file that is reached
    twice gets the id of its real path, and a loop of links ends.

    Raises: InputError if a root does not exist or cannot be read.
    """
    absolute = [Path(os.path.abspath(root)) for root in roots]  # noqa: PTH100  keeps links
    for root in absolute:
        _check(root)
    real = [Path(os.path.realpath(root)) for root in absolute]
    walk = _Walk(real, follow_links)
    for root, label, target in zip(absolute, _labels(absolute), real, strict=True):
        walk.visit(root, label, target)
    walk.visit_links()
    files = sorted(walk.files, key=lambda file: file.doc_id)
    return tuple(files), tuple(sorted(walk.problems, key=lambda each: (each.path, each.reason)))


def shown(path: Path) -> str:
    r"""The path as encodable text; bytes that are not UTF-8 become `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_gone(path: Path) -> bool:
    """Whether the path does not exist. A path that cannot be checked counts as existing."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


class _Walk:
    """The state of one walk: files and problems found, and paths already visited.

    Each file or folder has two paths: the path it was reached by, and the real path without links.
    """

    def __init__(self, roots: list[Path], follow_links: bool) -> None:
        self._roots = roots
        self._follow_links = follow_links
        self.files: list[SourceFile] = []
        self.problems: list[Problem] = []
        self._links: list[tuple[Path, str]] = []
        self._seen: set[tuple[int, int] | str] = set()

    def visit(self, path: Path, label: str, real: Path) -> None:
        """Add a file, or all files of a folder; links in it are queued for `visit_links`."""
        waiting = [(path, label, real)]
        while waiting:
            path, label, real = waiting.pop()
            try:
                status = os.lstat(real)
                if stat.S_ISLNK(status.st_mode):
                    self._links.append((path, label))
                elif stat.S_ISDIR(status.st_mode):
                    waiting.extend(reversed(list(self._inside(path, label, real, status))))
                else:
                    self._file(path, label, real, status.st_mode)
            except OSError as error:
                self._problem(path, f"cannot be read: {reason(error)}")

    def visit_links(self) -> None:
        """Follow the queued links, and the links found while following them."""
        while self._links:
            links, self._links = sorted(self._links), []
            for path, label in links:
                try:
                    real = Path(os.path.realpath(path, strict=True))
                except OSError as error:
                    lost = isinstance(error, FileNotFoundError)
                    why = "a broken link" if lost else f"cannot be read: {reason(error)}"
                    self._problem(path, why)
                    continue
                if self._leads_out(path, real):
                    why = f"a link to {shown(real)}, which no indexed folder holds"
                    self._problem(path, f"{why}; `nkqa index --follow-links` follows such links")
                else:
                    self.visit(path, label, real)

    def _leads_out(self, path: Path, real: Path) -> bool:
        """Whether a link leads to a folder or article outside all roots although it must not."""
        if self._follow_links or any(root in (real, *real.parents) for root in self._roots):
            return False
        article = path.suffix.lower() in EXTENSIONS and os.path.isfile(real)  # noqa: PTH113
        return article or os.path.isdir(real)  # noqa: PTH112  neither ever raises

    def _inside(
        self, path: Path, label: str, real: Path, status: os.stat_result
    ) -> Iterator[tuple[Path, str, Path]]:
        if (status.st_dev, status.st_ino) in self._seen:
            return
        self._seen.add((status.st_dev, status.st_ino))
        names = sorted(os.listdir(real))  # noqa: PTH208  names alone are needed
        if _is_index(real, names):
            return
        if set(names) >= _COLLECTION:
            names = ["corpus.jsonl"]
        for name in names:
            if not name.startswith(".") and name != _COMPILED:
                yield path / name, f"{label}/{name}" if label else name, real / name

    def _file(self, path: Path, label: str, real: Path, mode: int) -> None:
        suffix = path.suffix.lower()
        if not stat.S_ISREG(mode):
            self._problem(path, f"not a regular file but {kind_of(mode)}")
        elif suffix not in EXTENSIONS:
            why = f"not a kind nkqa reads: {suffix or 'no extension'} (it reads {IN_WORDS})"
            self._problem(path, why, "skipped")
        elif not os.access(real, os.R_OK):
            self._problem(path, "cannot be read: permission denied")
        elif not is_utf8(label):
            self._problem(path, "its name is not UTF-8; rename it")
        elif (place := str(real)) not in self._seen:
            self._seen.add(place)
            self.files.append(SourceFile(path, label, None if real == path else real))

    def _problem(self, path: Path, why: str, kind: ProblemKind = "unread") -> None:
        self.problems.append(Problem(shown(path), None, why, kind))


def _is_index(path: Path, names: Sequence[str]) -> bool:
    """Whether the folder is an nkqa index, whose files are neither articles nor problems."""
    generations = (name for name in names if name.startswith("gen-"))
    return _INDEX.issubset(names) or any(
        os.path.isfile(path / name / "MANIFEST.json")  # noqa: PTH113  never raises
        for name in generations
    )


def _labels(roots: list[Path]) -> list[str]:
    """The id prefix of each root: its name, and as many parents as make it unique."""
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
    """Whether ids under the two labels could collide."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _check(root: Path) -> None:
    if is_gone(root):
        raise InputError(f"{shown(root)} does not exist; {_nearest(root)}")
    try:
        root.stat()
    except OSError as error:
        raise InputError(f"{shown(root)} cannot be read: {reason(error)}") from error


def _nearest(path: Path) -> str:
    """A hint for a missing path: similar names that exist, else the nearest existing folder."""
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
