"""Resource limits per file. A file over a limit becomes a Problem and is never truncated."""

from dataclasses import dataclass

from qa.loading.extensions import JSONL

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; the defaults are far above any news article.

    `file_bytes`: a .txt, .md, .html or .pdf file.
    `lines_bytes`: a .jsonl file, which is read line by line.
    `line_bytes`: one line of a .jsonl file.
    `line_values`: strings, numbers, lists and objects in that line; each takes about a hundred
    bytes of memory.
    `text_characters`: the text of one article, in code points.
    `seconds`: processor time for one .html or .pdf file; also the wall-clock time if files are
    parsed one at a time.
    `memory_bytes`: address space of the process that parses .html and .pdf files.
    """

    file_bytes: int = 64 * MIB
    lines_bytes: int = 16 * 1024 * MIB
    line_bytes: int = 64 * MIB
    line_values: int = 2_000_000
    text_characters: int = 32 * MIB
    seconds: float = 30.0
    memory_bytes: int = 2048 * MIB

    def of_file(self, suffix: str) -> int:
        """The size limit in bytes for a file with this extension."""
        return self.lines_bytes if suffix.lower() in JSONL else self.file_bytes


def in_words(size: int) -> str:
    """Format a number of bytes: `2 GiB`, `64 MiB`, `1.5 KiB`, `100 bytes`."""
    for unit, name in ((1024 * MIB, "GiB"), (MIB, "MiB"), (1024, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
