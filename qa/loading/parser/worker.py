"""The parser process: `python -m qa.loading.parser.worker MEMORY_BYTES SECONDS TEXT_CHARACTERS`.

HTML and PDF parsers are large and meet hostile files. Here, too much memory or time, or a crash,
costs one file and not the whole run. A message on standard input or output is an eight-byte
big-endian length followed by that many bytes:

    to the worker     `html` or `pdf`, then the file's bytes
    from the worker   `ready` once, then for each file a JSON object: the Article's fields, or
                      {"refused": reason}

The worker exits at the end of its input. Only the worker imports trafilatura and pypdf.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import IO

from qa.loading.article import Article, NotLoaded

# The exit status that reports out of memory; exiting needs no memory.
OUT_OF_MEMORY = 83


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message."""
    stream.write(len(message).to_bytes(8, "big"))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message; None if the other side has closed."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    message = stream.read(size)
    return message if len(message) == size else None


def main(memory: int, seconds: int, longest: int) -> None:
    """Serve requests until the input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Output printed by a library must not reach the parent as an answer.
    os.dup2(2, 1)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    try:
        _import_parsers()
        send(answers, b"ready")
        while (kind := receive(requests)) is not None and (data := receive(requests)) is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1)
            send(answers, _answer(kind, data, longest))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _import_parsers() -> None:
    """Import the parsers before the parent's timeout for the first file starts."""
    from qa.loading.formats import html, pdf  # noqa: F401


def _answer(kind: bytes, data: bytes, longest: int) -> bytes:
    try:
        article = _read(kind, data, longest)
        if len(article.text) > longest:
            raise NotLoaded(f"its text is longer than {longest} characters")
        return json.dumps(asdict(article)).encode()
    except NotLoaded as error:
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  a parser bug costs this file only
        reason = f"the parser failed: {type(error).__name__}: {str(error)[:100]}"
    return json.dumps({"refused": reason}).encode()


def _read(kind: bytes, data: bytes, longest: int) -> Article:
    if kind == b"html":
        from qa.loading.formats import html

        return html.read(data)
    from qa.loading.formats import pdf

    return pdf.read(data, longest)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(what, (value, hard))
    except (ValueError, OSError):
        # On a system without this limit, the parent's timeout still applies.
        return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
