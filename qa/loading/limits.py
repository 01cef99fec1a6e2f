"""How much one file may cost. A file over a limit becomes a Problem and is never cut short."""

from dataclasses import dataclass

from qa.loading.extensions import JSONL

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; the defaults are far above any news article.

    `file_bytes`: a .txt, .md, .html or .pdf file.
    `lines_bytes`: a .jsonl file, which is read line by line; `line_bytes` one line of it, and
    `line_values` how many strings, numbers, lists and objects it may hold, each of which takes some
    hundred bytes of memory.
    `text_characters`: the text of one article, in code points.
    `seconds`: processor time for one .html or .pdf file, and where one is parsed at a time the
    clock on the wall.
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
        """The bytes that a file with this extension may have."""
        return self.lines_bytes if suffix.lower() in JSONL else self.file_bytes


def in_words(size: int) -> str:
    """A number of bytes as people write it: `2 GiB`, `64 MiB`, `1.5 KiB`, `100 bytes`."""
    for unit, name in ((1024 * MIB, "GiB"), (MIB, "MiB"), (1024, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
