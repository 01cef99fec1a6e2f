"""How much one file may cost. A file over a limit becomes a Problem and is never cut short."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; the defaults are far above any news article.

    `file_bytes`: a .txt, .md, .html or .pdf file. Files of .jsonl are streamed and may have any
    size; `line_bytes` bounds one line of them.
    `text_characters`: the text of one article, in code points.
    `seconds`: processor time for one .html or .pdf file, and where one is parsed at a time the
    clock on the wall.
    `memory_bytes`: address space of the process that parses .html and .pdf files.
    """

    file_bytes: int = 64 * MIB
    line_bytes: int = 64 * MIB
    text_characters: int = 32 * MIB
    seconds: float = 30.0
    memory_bytes: int = 2048 * MIB


def in_words(size: int) -> str:
    """A number of bytes as people write it: `2 GiB`, `64 MiB`, `1.5 KiB`, `100 bytes`."""
    for unit, name in ((1024 * MIB, "GiB"), (MIB, "MiB"), (1024, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
