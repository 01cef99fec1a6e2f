"""The characters of a text file, as they are: for texts that are no articles."""

from pathlib import Path

from qa.loading.encodings import decode
from qa.loading.limits import Limits
from qa.loading.reading import read_bytes


def read_text(path: Path) -> str:
    """The text of the file, in any encoding that can be recognised, with "\\n" as line break.

    A link is followed. Raises: NotLoaded if it is no regular file, cannot be read or holds no text.
    """
    text, _, _ = decode(read_bytes(path.resolve(), Limits().file_bytes))
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
