"""The file operations of the index folder, all in one place.

Each does one thing or raises `OSError`. Bytes are on the disk when `write` or `flush` returns. A
power failure may take back the making, changing or removing of a name until the folder that it
stands in is flushed.
"""

import contextlib
import os
import shutil
from pathlib import Path


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Makes one folder, which must not be there; by default only its owner may enter it."""
    path.mkdir(mode)


def make_folders(path: Path) -> list[Path]:
    """Makes a folder and what is missing above it, on the disk; returns what it made, from above.

    Only the owner may enter `path`; the folders above it get the usual permissions.
    """
    missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
    made = []
    for folder in reversed(missing):
        try:
            make_folder(folder, 0o700 if folder == path else 0o777)
        except FileExistsError:  # Another process made it meanwhile.
            continue
        made.append(folder)
        with contextlib.suppress(PermissionError):  # A folder that may not be listed.
            flush(folder.parent)
    return made


def write(path: Path, data: bytes) -> None:
    """Writes a file and flushes it; its name is on the disk once its folder is flushed."""
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
    """Renames a file or folder at once; a file at `target` is replaced."""
    path.replace(target)


def copy(path: Path, target: Path) -> None:
    """Copies the bytes of a file."""
    shutil.copyfile(path, target)


def link_or_copy(path: Path, target: Path) -> None:
    """Gives a file a second name; where the file system refuses that, copies it.

    Whoever calls this changes neither file afterwards.
    """
    try:
        target.hardlink_to(path)
    except OSError:  # EPERM, EOPNOTSUPP, EXDEV, EMLINK: whatever it is, a copy serves.
        copy(path, target)


def remove(path: Path) -> None:
    """Removes a file, or a folder with all that is in it; it may be gone already."""
    with contextlib.suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def remove_empty(path: Path) -> None:
    """Removes a folder unless something is in it."""
    with contextlib.suppress(OSError):
        path.rmdir()
