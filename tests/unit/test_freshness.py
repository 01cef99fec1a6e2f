"""A cited file is compared with the indexed one without waiting and without reading endlessly."""

import hashlib
import os
from pathlib import Path
from typing import Any

from qa.store.source_files import file_state, stamp

_OLD = (5, 1)
_SHA256 = hashlib.sha256(b"words").hexdigest()


def test_a_file_with_the_same_bytes_is_the_same_whenever_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert file_state(str(path), _OLD, _SHA256) == "gone"
    path.write_text("words")
    assert file_state(str(path), _OLD, _SHA256) == "same"
    path.write_text("sword")
    assert file_state(str(path), _OLD, _SHA256) == "changed"
    assert file_state(str(path), stamp(str(path)) or _OLD, _SHA256) == "same"
    path.write_text("more words")
    assert file_state(str(path), _OLD, _SHA256) == "changed"


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(script: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    code = (
        "import signal, sys; from qa.store.source_files import file_state\n"
        "signal.alarm(30)\n"  # Ends a process that waits for a writer.
        "print(file_state(sys.argv[1], (0, 1), ''))"
    )
    assert script(code, tmp_path / "a.txt") == "changed\n"
