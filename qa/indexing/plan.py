"""Plan an update: compare the files on disk with the files in the index.

Files are compared by content hash. Planning writes nothing and loads no article.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.loading import NotLoaded, SourceFile, hash_file
from qa.store.seam import StoreWriter
from qa.store.values import Progress
from qa.types import Problem

Reason: TypeAlias = Literal["new", "changed", "other rules", "waits for an id"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of an update, in reading order, and the action for each.

    `read` maps each path to read to the reason; all other `files` are unchanged. `unread` are the
    problems of paths that cannot be read. `gone` are indexed paths that no longer exist.
    """

    files: tuple[SourceFile, ...]
    read: Mapping[str, Reason]
    unread: tuple[Problem, ...]
    gone: tuple[str, ...]


def plan(
    files: Sequence[SourceFile],
    unread: Sequence[Problem],
    writer: StoreWriter,
    same_rules: bool,
    progress: Progress,
) -> Plan:
    """The plan that updates the documents of `writer` to match `files`.

    `unread` are the problems of paths that were found but cannot be read. Without `same_rules`
    every file is read again.
    """
    known = writer.files()
    present = {str(file.path) for file in files} | {problem.path for problem in unread}
    gone = tuple(sorted(known.keys() - present))
    refused = list(unread)
    read: dict[str, Reason] = {}
    for done, file in enumerate(files):
        path = str(file.path)
        if path not in known:
            read[path] = "new"
            continue
        if not same_rules:
            read[path] = "other rules"
            continue
        progress("checking", done, len(files))
        try:
            if not _same(file, known):
                read[path] = "changed"
            elif writer.waits(path):
                read[path] = "waits for an id"
        except NotLoaded as error:
            refused.append(Problem(path, None, str(error)))
    return Plan(tuple(files), read, tuple(refused), gone)


def _same(file: SourceFile, known: Mapping[str, tuple[str, str]]) -> bool:
    """Whether the file's id and content hash are those in the index.

    Raises `NotLoaded` if the file cannot be read.
    """
    return known[str(file.path)] == (file.doc_id, hash_file(file.place, file.path.suffix))
