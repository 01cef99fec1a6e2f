"""The file operations on the index folder, all in one place.

Each does one thing or raises `OSError`. Bytes are on disk when `write` or `flush` returns. A power
failure may undo the creation, renaming or removal of a name until its folder is flushed.
"""

import contextlib
import os
import shutil
from pathlib import Path


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Creates one folder, which must not exist; by default only its owner has access."""
    path.mkdir(mode)


def make_folders(path: Path) -> list[Path]:
    """Creates a folder and its missing parents, on disk; returns the created ones, parents first.

    Only the owner has access to `path`; its parents get the default permissions.
    """
    missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
    made = []
    for folder in reversed(missing):
        try:
            make_folder(folder, 0o700 if folder == path else 0o777)
        except FileExistsError:  # Another process created it in between.
            continue
        made.append(folder)
        with contextlib.suppress(PermissionError):  # The parent is not readable.
            flush(folder.parent)
    return made


def write(path: Path, data: bytes) -> None:
    """Writes a file and flushes it; its name is on disk once its folder is flushed."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def overwrite(path: Path, data: bytes) -> None:
    """Replaces the first bytes of a file with one write, without flushing it."""
    with path.open("r+b", buffering=0) as file:
        file.write(data)


def flush(path: Path) -> None:
    """Flushes a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rename(path: Path, target: Path) -> None:
    """Renames a file or folder atomically; replaces a file at `target`."""
    path.replace(target)


def copy(path: Path, target: Path) -> None:
    """Copies the bytes of a file."""
    shutil.copyfile(path, target)


def link_or_copy(path: Path, target: Path) -> None:
    """Creates a hard link, or a copy if the file system refuses links.

    Callers must modify neither file afterwards.
    """
    try:
        target.hardlink_to(path)
    except OSError:  # EPERM, EOPNOTSUPP, EXDEV, EMLINK: a copy works in every case.
        copy(path, target)


def remove(path: Path) -> None:
    """Removes a file, or a folder with its contents; a missing path is not an error."""
    with contextlib.suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def remove_empty(path: Path) -> None:
    """Removes a folder if it is empty."""
    with contextlib.suppress(OSError):
        path.rmdir()
