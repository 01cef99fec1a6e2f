"""What an update must do: the files on disk compared with those that the index knows.

A file's content decides. Nothing is written here, and no article is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.loading import NotLoaded, SourceFile, hash_file
from qa.store.seam import StoreWriter
from qa.store.values import Progress
from qa.types import Problem


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of an update, in reading order, and what happens to each.

    `read` are new, have another content, or hold an article that waits for an id; `keep` are as the
    index has them. `unread` cannot be read. `gone` are paths that the index knows and that are no
    longer there.
    """

    files: tuple[SourceFile, ...]
    read: frozenset[str]
    keep: frozenset[str]
    unread: tuple[Problem, ...]
    gone: tuple[str, ...]


def plan(
    files: Sequence[SourceFile],
    unread: Sequence[Problem],
    writer: StoreWriter,
    same_rules: bool,
    progress: Progress,
) -> Plan:
    """The plan that makes the documents of `writer` those of `files`.

    `unread` are paths that were found and cannot be read. Without `same_rules` every file is read
    again.
    """
    known = writer.files()
    present = {str(file.path) for file in files} | {problem.path for problem in unread}
    gone = tuple(sorted(known.keys() - present))
    refused = list(unread)
    read: set[str] = set()
    keep: set[str] = set()
    for done, file in enumerate(files):
        path = str(file.path)
        if not same_rules or path not in known:
            read.add(path)
            continue
        progress("checking", done, len(files))
        try:
            same = _same(file, known)
        except NotLoaded as error:
            refused.append(Problem(path, None, str(error)))
            continue
        (keep if same and not writer.waits(path) else read).add(path)
    return Plan(tuple(files), frozenset(read), frozenset(keep), tuple(refused), gone)


def _same(file: SourceFile, known: Mapping[str, tuple[str, str]]) -> bool:
    """Whether the file holds what the index read from it. Raises `NotLoaded`."""
    return known[str(file.path)] == (file.doc_id, hash_file(file.place, file.path.suffix))
