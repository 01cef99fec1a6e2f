"""Load documents from files of any format, with a Problem for each file or line that fails."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace

from qa.loading.article import Article, NotLoaded, Part
from qa.loading.extensions import JSONL, MARKDOWN, PDF, TEXT, WEB
from qa.loading.files import SourceFile, shown
from qa.loading.formats import jsonl, plain
from qa.loading.formats.plain import opening
from qa.loading.limits import Limits
from qa.loading.parser.process import ParserProcess
from qa.loading.reading import hash_stream, open_regular, read_bytes, reason
from qa.types import Document, Problem


class Loader:
    """Reads files; a context manager, because HTML and PDF are parsed in a child process.

        with Loader() as loader:
            for item in loader.documents(file):   # Document | Problem

    The child process starts at the first HTML or PDF file. A Loader serves a single thread;
    `at_once` is the number of Loaders that share the processor.
    """

    def __init__(self, limits: Limits | None = None, at_once: int = 1) -> None:
        self._limits = limits or Limits()
        self._parser = ParserProcess(self._limits, at_once)

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the parser process, if running; the loader can be used again."""
        self._parser.close()

    def stop(self) -> None:
        """Abort parsing in another thread; that thread gets a Problem."""
        self._parser.stop()

    def documents(self, file: SourceFile) -> Iterator[Document | Problem]:
        """The articles of the file, and the problems with the file or its lines.

        A Problem that begins "indexed, but" belongs to the Document just before it.
        """
        try:
            if file.path.suffix.lower() in JSONL:
                yield from self._lines(file)
            else:
                yield from self._whole(file)
        except NotLoaded as error:
            yield Problem(shown(file.path), None, str(error))
        except OSError as error:
            yield Problem(shown(file.path), None, f"cannot be read: {reason(error)}")

    def _whole(self, file: SourceFile) -> Iterator[Document | Problem]:
        data = read_bytes(file.place, self._limits.file_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        for number, (line, _, found) in enumerate(self._parse(file, data), 1):
            if isinstance(found, NotLoaded):
                yield Problem(shown(file.path), line, str(found))
                continue
            if len(found.text) > self._limits.text_characters:
                limit = self._limits.text_characters
                yield Problem(shown(file.path), line, f"its text is longer than {limit} characters")
                continue
            if found.title is None:
                found = replace(found, title=file.path.stem if number == 1 else opening(found.text))
            # The first article has the file's own id, so that it keeps it when another is added.
            doc_id = file.doc_id if number == 1 else f"{file.doc_id}:{number}"
            yield from _items(file, doc_id, found, line, sha256)

    def _parse(self, file: SourceFile, data: bytes) -> Iterator[Part]:
        suffix = file.path.suffix.lower()
        if suffix in MARKDOWN:
            # Imported here: a folder without Markdown needs no Markdown or YAML parser.
            from qa.loading.formats import markdown

            yield from markdown.read(data)
        elif suffix in TEXT:
            yield from plain.read(data)
        elif suffix in WEB:
            yield None, None, self._parser.read("html", data)
        elif suffix in PDF:
            yield None, None, self._parser.read("pdf", data)
        else:
            raise NotLoaded(f"not a kind nkqa reads: {suffix or 'no extension'}")

    def _lines(self, file: SourceFile) -> Iterator[Document | Problem]:
        with open_regular(file.place, self._limits.lines_bytes) as stream:
            before = os.fstat(stream.fileno())
            sha256 = hash_stream(stream)
            stream.seek(0)
            for number, name, found in jsonl.read(stream, self._limits):
                if isinstance(found, NotLoaded):
                    yield Problem(shown(file.path), number, str(found))
                else:
                    doc_id = name or f"{file.doc_id}:{number}"
                    yield from _items(file, doc_id, found, number, sha256)
            after = os.fstat(stream.fileno())
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                yield Problem(shown(file.path), None, "changed while it was read; index it again")


def _items(
    file: SourceFile, doc_id: str, article: Article, line: int | None, sha256: str
) -> Iterator[Document | Problem]:
    yield Document(
        doc_id=doc_id,
        title=article.title or "",
        text=article.text,
        source=article.source,
        author=article.author,
        published=article.published,
        published_from=article.published_from,
        url=article.url,
        path=shown(file.path),
        line=line,
        encoding=article.encoding,
        file_sha256=sha256,
        text_sha256=hashlib.sha256(article.text.encode()).hexdigest(),
    )
    for warning in article.warnings:
        yield Problem(shown(file.path), line, f"indexed, but {warning}", "warning")
